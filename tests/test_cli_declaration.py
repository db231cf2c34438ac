"""
Files in another encoding than the one they are written in, that say which it is.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from command import normalize, write


def run(tmp_path: Path, name: str, given: str | bytes) -> str:
    """A file of this name after ``-t hans``."""
    ran = normalize("-t", "hans", write(tmp_path / name, given))
    assert ran.code == 0, ran.err
    return ran.out


PAGES = {
    "a.html": '<html><head><title>問題</title><META content="text/html; Charset={}"></head><p>複雜的問題</p>',
    "b.htm": "<meta charset={}><title>問題</title><p>複雜的問題</p>",
    "c.xhtml": "<?xml version='1.0' encoding='{}'?><html><meta charset='{}'/><p>複雜的問題</p></html>",
    "d.xml": '<?xml version="1.0" encoding="{}" ?><a>複雜的問題</a>',
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("more", ["", "<!-- " + "x" * 600_000 + " -->\n"], ids=["short", "long"])
def test_what_is_written_in_utf8_says_so(tmp_path: Path, name: str, more: str) -> None:
    """Unless the encoding is kept; whether or not a text changes."""
    for text in (PAGES[name], PAGES[name].replace("問題", "问题").replace("複雜", "复杂")):
        page = text + more
        given_page = page.replace("{}", "GBK")
        want = page.replace("問題", "问题").replace("複雜", "复杂")
        assert run(tmp_path, name, given_page.encode("gbk")) == want.replace("{}", "utf-8")
        kept = write(tmp_path / name, given_page.encode("gbk"))
        ran = normalize("-t", "hans", "--output-encoding", "keep", kept)
        assert ran.raw.decode("gbk") == want.replace("{}", "GBK")
        # What was UTF-8 before is none of ours to say.
        assert run(tmp_path, name, given_page) == want.replace("{}", "GBK")


def test_what_is_no_page_may_speak_of_one(tmp_path: Path) -> None:
    """In text a declaration is a quotation."""
    text = "複雜的問題：<meta charset=gbk> <?xml version='1.0' encoding='gbk'?>"
    want = text.replace("問題", "问题").replace("複雜", "复杂")
    assert run(tmp_path, "e.txt", text.encode("gbk")) == want
