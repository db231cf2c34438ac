"""
Files in another encoding than the one they are written in, that say which it is.
"""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from command import converted, normalize, write

from hanfix.cli.declaration import saying_utf8

PAGES = {
    "a.html": '<title>問題</title><META http-equiv=content-type content="text/html; Charset={}"><p>複雜的問題</p>',
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
        assert converted(tmp_path, name, given_page.encode("gbk")) == want.replace("{}", "utf-8")
        kept = write(tmp_path / name, given_page.encode("gbk"))
        ran = normalize("-t", "hans", "--output-encoding", "keep", kept)
        assert ran.raw.decode("gbk") == want.replace("{}", "GBK")
        # What was UTF-8 before is none of ours to say.
        assert converted(tmp_path, name, given_page) == want.replace("{}", "GBK")


def test_what_is_no_page_may_speak_of_one(tmp_path: Path) -> None:
    """In text a declaration is a quotation."""
    text = "複雜的問題：<meta charset=gbk> <?xml version='1.0' encoding='gbk'?>"
    want = text.replace("問題", "问题").replace("複雜", "复杂")
    assert converted(tmp_path, "e.txt", text.encode("gbk")) == want


def references(text: str) -> str:
    """In ASCII, as HTML and XML write what an encoding lacks."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("more", ["", "<!-- " + "x" * 600_000 + " -->\n"], ids=["short", "long"])
def test_references_that_become_characters_make_it_utf8(tmp_path: Path, name: str, more: str) -> None:
    """A page in ASCII is right under any declaration, and one with characters in UTF-8 under one alone."""
    page = references(PAGES[name]) + more
    ran = converted(tmp_path, name, page.replace("{}", "gb2312"))
    assert not ran.isascii()
    want = PAGES[name].replace("問題", "问题").replace("複雜", "复杂").replace("{}", "utf-8")
    assert html.unescape(ran) == want + more


@pytest.mark.parametrize("name", PAGES)
def test_ascii_that_is_kept_keeps_its_references(tmp_path: Path, name: str) -> None:
    """Else it would be in an encoding that it does not declare."""
    page = references(PAGES[name].replace("{}", "big5"))
    ran = normalize("-t", "hans", "--output-encoding", "keep", write(tmp_path / name, page))
    assert ran.out == references(PAGES[name].replace("{}", "big5").replace("問題", "问题").replace("複雜", "复杂"))


def test_ascii_that_stays_ascii_keeps_its_declaration(tmp_path: Path) -> None:
    """It is true, whatever it says; and a long file is not touched for it."""
    page = "<meta charset=gb2312><p>no such thing</p>\n"
    assert converted(tmp_path, "a.html", page) == page
    long = write(tmp_path / "b.html", page + "<p>hello</p>\n" * 60_000)
    before = long.read_bytes()
    assert normalize("-t", "hans", "-i", long).code == 0
    assert long.read_bytes() == before


@pytest.mark.parametrize("head", ['<meta charset="gb2312">\n', '<?xml version="1.0" encoding="gb2312"?>\n'])
def test_a_long_file_that_begins_with_ascii_says_utf8_too(tmp_path: Path, head: str) -> None:
    """What it is read as is not known before the first characters, and then its beginning is written already."""
    text = head + "<p>hello</p>\n" * 60_000 + "<p>問題很複雜</p>\n" * 900
    want = text.replace("問題", "问题").replace("複雜", "复杂").replace("gb2312", "utf-8")
    assert converted(tmp_path, "a.html", text.encode("gbk")) == want
    assert "utf-8" in converted(tmp_path, "a.html", references(text))
    ran = normalize("-t", "hans", "--output-encoding", "keep", write(tmp_path / "a.html", text.encode("gbk")))
    assert ran.raw.decode("gbk") == want.replace("utf-8", "gb2312")


GBK, UTF8 = "<meta charset=gb2312>", "<meta charset=utf-8>"
DECLARATIONS = {
    # Of a page: what is left of it, and what declares.
    f"<!-- {GBK} -->{GBK}": f"<!-- {GBK} -->{UTF8}",
    f"<!--> {GBK}": f"<!--> {UTF8}",
    f"{GBK}<!-- {GBK}": f"{UTF8}<!-- {GBK}",
    f"{GBK}<META CHARSET='GBK'/>": f"{UTF8}<META CHARSET='utf-8'/>",
    f"<meta name=a content='charset=utf-8, or not'>{GBK}": f"<meta name=a content='charset=utf-8, or not'>{UTF8}",
    f"<meta name=a content='charset=gbk'>{GBK}": f"<meta name=a content='charset=gbk'>{UTF8}",
    f"<meta name=a content='{GBK}'>{GBK}": f"<meta name=a content='{GBK}'>{UTF8}",
    f"<p title='{GBK}'>": f"<p title='{GBK}'>",
    f"<p title=\"it's\">{GBK}<p title='{GBK}": f"<p title=\"it's\">{UTF8}<p title='{GBK}",
    "<meta data-charset=gbk accept-charset=gbk charset = gbk charset=big5>": (
        "<meta data-charset=gbk accept-charset=gbk charset = utf-8 charset=big5>"
    ),
    "<meta content='text/html; charset=gbk' http-equiv=Content-Type>": (
        "<meta content='text/html; charset=utf-8' http-equiv=Content-Type>"
    ),
    "<metadata charset=gbk></meta charset>< meta charset=gbk><meta charset><meta charset=>": (
        "<metadata charset=gbk></meta charset>< meta charset=gbk><meta charset><meta charset=>"
    ),
    "<?php a ?><!doctype html><!></>" + GBK: "<?php a ?><!doctype html><!></>" + UTF8,
    "<?xml version='1.0'" + " " * 2018 + "encoding='gb": "<?xml version='1.0'" + " " * 2018 + "encoding='gb",
    "<p " + "x" * 2024 + "><meta charset=gb": "<p " + "x" * 2024 + "><meta charset=gb",
}


@pytest.mark.parametrize("given", DECLARATIONS)
def test_what_declares_is_rewritten_and_nothing_else(given: str) -> None:
    """As the standard has it: each ``meta`` outside comments, and no other element or attribute."""
    assert saying_utf8(given.encode() + b"2312>", True) == DECLARATIONS[given].encode() + b"2312>"


def test_the_page_shows_which_declaration_counts(tmp_path: Path) -> None:
    """From the file to the answer."""
    page = f"<!-- {GBK} --><meta name=description content='charset=utf-8'>{GBK}<p>問題很複雜</p>"
    want = page.replace(f"{GBK}<p>", f"{UTF8}<p>").replace("問題", "问题").replace("複雜", "复杂")
    assert converted(tmp_path, "a.html", page.encode("gbk")) == want
