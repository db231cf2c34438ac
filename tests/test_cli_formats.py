"""
The command on formats: only the texts change, and everything between them stays byte for byte.

The laws compare what a reader of the format sees before and after; those readers are the standard
library's and pyarrow's, which know nothing of how the command finds its texts.
"""

from __future__ import annotations

import html.parser
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import MIXED, TO_HANS, converted, normalize, rewritten, write
from hypothesis import given
from hypothesis import strategies as st

from hanfix import _core
from hanfix.cli.formats import load
from hanfix.cli.formats.html import Scanner, State

# -- HTML ----------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html>
<html lang="zh"><head><title>{0}</title><meta name="description" content="問題">
<style>.問題 {{ content: "問題" }}</style><script>if (1 < 2) say("問題</b>")</script></head>
<body class='問題'><!-- 問題 <p> --><h1 title="問題>">{0}</h1>
<p>甲<b>{0}</b>乙<a href="問題.html">{0}</a>&amp;&lt;{0}&gt;</p>
<pre>問題</pre><p>用<code>問題</code>，<kbd>問題</kbd>。<p translate="no">問題</p><textarea>{0}</textarea>
<img alt="問題" src=問題.png><br/>{0}<![CDATA[問題]]></body></html>
"""


def test_html_changes_texts_only(tmp_path: Path) -> None:
    """Attributes, scripts, styles, comments, code, and what is not to be translated stay."""
    want = PAGE.format("问题").replace("<textarea>问题", "<textarea>問題")
    assert converted(tmp_path, "a.html", PAGE.format("問題")) == want


def test_html_in_other_languages_and_of_templates_stays() -> None:
    """As the page says; what is filled in later is named by what stands there."""
    for kept in (
        '<p lang="ja">學會,會社</p>',
        "<span class=a lang=ko-KR>學會</span>",
        "<div xml:lang='ja'><p>學會</p></div>",
        "<title lang=ja>學會</title>",
        "<p>{{ 問題,學會 }}</p>",
        '<p>{% trans "問題,學會" %}</p>',
    ):
        assert rewritten(kept + "<p>問題</p>", load("html", ())) == kept + "<p>问题</p>"
    for other in ('<p lang="zh">{}</p>', "<p data-lang=ja>{}</p>", "<p hreflang=ja>{}</p>", "<p>{{{{{}</p>"):
        assert rewritten(other.format("問題"), load("html", ())) == other.format("问题")


def test_html_reads_words_across_tags(tmp_path: Path) -> None:
    """頭髮 is one word, wherever it is bold; and what the converter needs to see is not the tag."""
    given = "<p>头<b>发</b>，出<i>发</i>，<b>皇</b>后</p>"
    file = write(tmp_path / "a.html", given)
    assert normalize("-t", "hant-tw", file).out == "<p>頭<b>髮</b>，出<i>發</i>，<b>皇</b>后</p>"


def test_html_keeps_character_references_where_nothing_changes(tmp_path: Path) -> None:
    """And what takes their place is escaped."""
    assert converted(tmp_path, "a.html", "<p>&#21839;題&nbsp;&copy; a&lt;b &amp;amp;</p>").startswith("<p>问题")
    assert "&lt;b" in converted(tmp_path, "b.html", "<p>a&lt;b 問題</p>")


class Seen(html.parser.HTMLParser):
    """Everything a parser reports but texts, and whether there was one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[tuple[Any, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append(("<", tag, attrs, self.get_starttag_text()))

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("/", tag))

    def handle_comment(self, data: str) -> None:
        self.events.append(("!", data))

    def handle_decl(self, decl: str) -> None:
        self.events.append(("!", decl))

    def handle_pi(self, data: str) -> None:
        self.events.append(("?", data))


def seen(document: str) -> list[tuple[Any, ...]]:
    """What a parser reports of the markup."""
    parser = Seen()
    parser.feed(document)
    parser.close()
    return parser.events


MARKUP = [
    "<p>", "</p>", "<b>", "</b>", '<a href="發>展">', "<img alt='發'>", "<!-- 發 -->", "<br/>", "<pre>發</pre>",
    "<script>發<b></script>", "<code>", "</code>", "&amp;", "&#30332;", "&發;", "&lt;發&gt;", "<p title=發 x>", "\n",
    "發展", "問題,很複雜", "推進(jìn)實質(zhì)", " a<b ", "<發>", "1 < 2",
]  # fmt: skip


@given(st.lists(st.sampled_from(MARKUP), max_size=14).map("".join))
def test_a_parser_sees_the_same_markup_before_and_after(document: str) -> None:
    """Whatever the document, only texts differ."""
    assert seen(rewritten(document, load("html"))) == seen(document)


@given(st.lists(st.sampled_from([*MARKUP, "<!--", "-->", "<script>", "</script>", '<a b="', "<", "</"]), max_size=14))
def test_html_ends_wherever_it_is_cut_off(parts: list[str]) -> None:
    """Unfinished markup is markup, and each construct is passed once."""
    document = "".join(parts)
    scanner = Scanner(document, State(), final=True)
    scanner.scan()
    at = 0
    for part in (part for run in scanner.runs for part in run):
        assert at <= part.start < part.end <= len(document)
        at = part.end


@pytest.mark.parametrize(
    "head", ["<!--", "<script>", '<a b="', "<title>", "&", "<", "</", "<a ", "<p x='", "<![CDATA["]
)
def test_hostile_html_takes_no_longer_than_its_length(head: str) -> None:
    """A hundred thousand that nothing closes."""
    rewritten(head * 100_000, load("html"))


def test_html_in_pieces_is_html_in_one(tmp_path: Path) -> None:
    """Comments, scripts and attributes longer than a piece of a file."""
    body = "<p>這個<b>問題</b>很複雜</p>\n" * 9_000
    picture = '<img src="' + "data:image/png;base64," + "A" * 1_300_000 + '" alt="問題">'
    script = "<script>" + "say('問題');\n" * 60_000 + "</script>"
    comment = "<!--" + "問題 <p>\n" * 80_000 + "-->"
    kept = "<pre>" + "問題\n" * 90_000 + "</pre>"
    given = "".join([body, picture, body, script, body, comment, body, kept, body])
    plain = "<p>这个<b>问题</b>很复杂</p>\n" * 9_000
    want = "".join([plain, picture, plain, script, plain, comment, plain, kept, plain])
    assert converted(tmp_path, "a.html", given) == want


# -- Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_markdown_changes_texts_only(end: str, tmp_path: Path) -> None:
    """Code, HTML, targets, labels, metadata and references stay, whatever ends their lines."""
    given = (
        '---\ntitle: 問題\n---\n\n# {0}的**{0}**\n\n用`問題`和[{0}](問題.md "問題")，見<http://問題.tw>。\n'
        "{0} &amp; \\*{0}\n\n"
        "```text\n問題\n```\n\n    問題\n\n<div>問題</div>\n\n| {0} | b |\n|---|---|\n| {0} | `問題` |\n\n"
        "- [ ] {0}[^1]\n\n![{0}](問題.png)與[問題]。\n\n[^1]: {0}\n\n[問題]: http://x.tw\n"
    )
    given = given.replace("\n", end)
    want = given.format("问题").replace("與", "与").replace("見<", "见<")
    assert converted(tmp_path, "a.md", given.format("問題")) == want


def test_a_long_markdown_file_is_cut_outside_its_fences(tmp_path: Path) -> None:
    """Code stays code, in whatever piece of the file it is."""
    block, fence = "這個問題很複雜。\n\n" * 30, "```\n這個問題\n\n很複雜\n```\n\n" * 9
    given = (block + fence) * 1_200
    assert len(given.encode()) > 1 << 20
    assert converted(tmp_path, "a.md", given) == (block.replace("這個問題很複雜", "这个问题很复杂") + fence) * 1_200


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("~~~", "~~~"), ("````\n```", "````"), ("- 甲\n\n  ```", "  ```"), ("<!-- 注", "-->"), ("<pre>", "</pre>"),
     ("<script>", "</script>"), ("<?php", "?>")],
)  # fmt: skip
@pytest.mark.parametrize("size", [9, 2_000, 20_000], ids=["short", "long", "longer than a piece"])
def test_a_long_markdown_file_is_cut_where_nothing_is_open(opening: str, closing: str, size: int) -> None:
    """Fences of all kinds, comments and elements that are no text, wherever a piece would end; in a list as well."""
    from hanfix.cli.formats import load
    from hanfix.cli.formats.base import PIECE

    indent = "  " * opening.startswith("-")
    block = f"{opening}\n" + f"{indent}這個問題\n\n{indent}很複雜\n\n" * size + f"{closing}\n\n"
    text = "這個問題很複雜。\n\n"
    given = (text * (PIECE // 28 - 50) + block + text * 20_000).encode()
    cutter, at, ends = load("md").cutter(), 0, []
    while at < len(given):
        size = PIECE + 1
        while not (length := cutter.cut(given[at : at + size], at + size >= len(given))[0]):
            size += PIECE
        at += length
        ends.append(at)
    begin = given.index(opening.encode())
    assert len(ends) > 1 and not any(begin < end < begin + len(block.encode()) - 2 for end in ends)


def test_a_long_markdown_file_without_blank_lines_is_cut_behind_a_line() -> None:
    """A list; a paragraph, behind a sentence."""
    from hanfix.cli.formats import load
    from hanfix.cli.formats.base import PIECE

    for text in ("- 這個問題很複雜\n", "這個問題很複雜。"):
        length, _ = load("md").cutter().cut((text * 40_000).encode()[: PIECE + 1], False)
        assert length > PIECE // 2 and length % len(text.encode()) == 0


# -- subtitles -----------------------------------------------------------------------------------


SUBTITLES = [
    ("a.srt", "1\r\n"
     "00:00:01,000 --> 00:00:02,000\r\n<i>{0}</i>很\r\n{0}\r\n\r\n2\n0:00:03,000 --> 0:00:04,000\n{{\\an8}}{0}\n"
     "2\n"),
    ("a.vtt", "WEBVTT 問題\n\nSTYLE\n::cue(問題) {{}}\n\nNOTE 問題\n問題\n\n問題一\n"
     "00:01.000 --> 00:02.000 line:0\n- <v 問題>{0}</v>&amp;<c.問題>{0}</c>\n"),
    ("a.ass", "[Script Info]\nTitle: 問題\n[V4+ Styles]\nStyle: 問題,Arial\n[Events]\n"
     "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
     "Comment: 0,0:00:01.00,0:00:02.00,問題,,0,0,0,,問題\n"
     "Dialogue: 0,0:00:01.00,0:00:02.00,問題,問題,0,0,0,,{{\\fn問題}}{0},{0}\\N{0}\n"),
    ("b.ass", "[Events]\nFormat: Start, End, Style, Text\nDialogue: 0:00:01.00,0:00:02.00,問題,{0}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given"), SUBTITLES, ids=["srt", "vtt", "ass", "ass, other columns"])
def test_subtitles_change_what_is_said_only(name: str, given: str, tmp_path: Path) -> None:
    """Times, numbers, styles, names, notes and marks stay."""
    want = given.format("问题")
    if name == "a.ass":
        want = want.replace("问题,问题\\N", "问题，问题\\N")
    assert converted(tmp_path, name, given.format("問題")) == want


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("number", range(len(SUBTITLES)))
def test_subtitles_have_any_line_ends(number: int, end: str, tmp_path: Path) -> None:
    """The same cues, whatever ends their lines."""
    name, text = SUBTITLES[number]
    given = text.format("問題").replace("\r\n", "\n")
    want = converted(tmp_path, name, given)
    assert converted(tmp_path, name, given.replace("\n", end)) == want.replace("\n", end)


def test_a_long_subtitle_file_loses_no_cue(tmp_path: Path) -> None:
    """Wherever it is cut."""
    cue = "{0}\n00:00:01,000 --> 00:00:02,000\n這個問題\n很複雜\n\n"
    given = "".join(cue.format(number) for number in range(20_000))
    want = given.replace("這個問題", "这个问题").replace("很複雜", "很复杂")
    assert converted(tmp_path, "a.srt", given) == want


# -- JSON lines ----------------------------------------------------------------------------------


def test_json_lines_change_values_and_not_keys(tmp_path: Path) -> None:
    """Spaces, order, numbers and escapes stay as they were written."""
    given = '{{"問題" : "{0}", "n": 1.50, "list": ["{0}", {{"問題": "{0}\\n\\t\\"{0}\\""}}]}}\r\n\n"{0}"\n'
    assert converted(tmp_path, "a.jsonl", given.format("問題")) == given.format("问题")


def test_json_that_is_written_in_ascii_stays_in_ascii(tmp_path: Path) -> None:
    """As Python writes it unless told otherwise."""
    given = json.dumps({"text": "這個問題😀\n"}) + "\n"
    out = converted(tmp_path, "a.jsonl", given)
    assert out == json.dumps({"text": "这个问题😀\n"}) + "\n"


def test_fields_choose_what_is_text(tmp_path: Path) -> None:
    """Nested ones by dots, through lists."""
    given = '{"text":"問題","meta":{"title":"問題","id":"問題"},"turns":[{"say":"問題","who":"問題"}]}\n'
    want = '{"text":"问题","meta":{"title":"问题","id":"問題"},"turns":[{"say":"问题","who":"問題"}]}\n'
    fields = ["--field", "text", "--field", "meta.title", "--field", "turns.say"]
    assert converted(tmp_path, "a.jsonl", given, *fields) == want
    assert converted(tmp_path, "a.jsonl", given, "--field", "meta") == given.replace(
        '"title":"問題","id":"問題"', '"title":"问题","id":"问题"'
    )


@pytest.mark.parametrize("mode", [(), ("--check",), ("--explain",)])
def test_a_field_that_no_line_has_is_said(mode: tuple[str, ...], tmp_path: Path) -> None:
    """Not where some line has it, as records need not be alike."""
    file = write(tmp_path / "a.jsonl", '{"text": "發展"}\n{"title": "發展"}\n')
    ran = normalize("-t", "hans", *mode, "--field", "titel", "--field", "txet", file)
    assert ran.err == f"normalize: {file}: no text in titel or txet; see --field\n"
    assert ran.code == 0
    if not mode:
        assert ran.out == file.read_text("utf-8")
    assert normalize("-t", "hans", *mode, "--field", "titel", "--field", "title", file).err == ""
    assert normalize("-t", "hans", *mode, "--field", "title", write(tmp_path / "empty.jsonl", "")).err == ""


def test_a_broken_line_passes_through_and_is_said(tmp_path: Path) -> None:
    """The lines beside it are done."""
    file = write(tmp_path / "a.jsonl", '"問題"\n{"a": "問題"\n"問題"\n')
    ran = normalize("-t", "hans", file)
    assert (ran.code, ran.out) == (0, '"问题"\n{"a": "問題"\n"问题"\n')
    assert "line 2" in ran.err
    assert ran.err.count("\n") == 1
    normalize("-t", "hans", "--strict", file).refused("a.jsonl", "line 2")


def test_json_lines_in_another_encoding_are_read(tmp_path: Path) -> None:
    """They become UTF-8, as JSON must be."""
    given = '{"text": "我们今天讨论的这个问题很复杂"}\n' * 20
    assert converted(tmp_path, "a.jsonl", given.encode("gb18030")) == given


def test_a_line_of_json_beyond_all_measure_passes_through(tmp_path: Path) -> None:
    """It is no record; the lines beside it are done."""
    long = '"' + "問題" * 3_000_000 + '"\n'
    file = write(tmp_path / "a.jsonl", f'"問題"\n{long}"問題"\n')
    ran = normalize("-t", "hans", file)
    assert ran.out == f'"问题"\n{long}"问题"\n'
    assert ran.err == f"normalize: {file}: line 2: longer than 16 MiB; passed through unchanged\n"
    normalize("-t", "hans", "--strict", "-i", file).refused("line 2: longer than 16 MiB")


TEXTS = st.text(st.sampled_from([*'問題發展,"\\/\n\t\x01😀a推進(jìn)實(shí) é&', "\ud800"]), max_size=12)
VALUES = st.recursive(
    TEXTS | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
FORMS: list[Callable[[Any], str]] = [
    json.dumps,
    lambda value: json.dumps(value, ensure_ascii=False).replace("\ud800", "\\ud800"),
    lambda value: json.dumps(value, ensure_ascii=False, indent=None, separators=(" , ", " : ")).replace("\ud800", "?"),
    lambda value: json.dumps(value).replace("/", "\\/"),
    lambda value: json.dumps(value).upper().replace("\\U", "\\u").replace("\\N", "\\n").replace("\\T", "\\t"),
]


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """A value with its texts changed, but for keys."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {key: mapped(one, change) for key, one in value.items()}
    return value


@given(st.lists(st.tuples(VALUES, st.sampled_from(FORMS)), max_size=4))
def test_both_ways_through_json_are_one_and_are_python_s(rows: list[tuple[Any, Callable[[Any], str]]]) -> None:
    """The core rewrites lines by itself, or Python does with an account; a JSON library says the same."""
    lines = [form(value) for value, form in rows]
    source = "".join(f"{line}\n" for line in lines)
    once, again = _core.rewrite_json(TO_HANS._plan, [source.encode()] * 2, [])
    broken = once[1]
    fast, second = (source if new is None else str(new, "utf-8") for new in (once[0], again[0]))
    assert (second, again[1]) == (fast, broken)
    slow = rewritten(source, load("jsonl"))
    assert fast == slow
    for number, (old, new) in enumerate(zip(source.split("\n"), slow.split("\n"), strict=True)):
        try:
            value = json.loads(old) if old else None
        except ValueError:
            assert new == old
            assert number in broken
            continue
        if old:
            assert number not in broken
            assert json.loads(new) == mapped(value, TO_HANS)


@given(st.text(st.sampled_from('{}[]",:\\u0129.eE+-truefalsn \t問'), max_size=24))
def test_what_is_json_is_what_python_takes_for_json(line: str) -> None:
    """No more, and no less."""
    try:
        json.loads(line)
        is_json = True
    except ValueError:
        is_json = False
    assert (_core.json_places(line.encode(), []) is not None) == is_json


# -- all of them ---------------------------------------------------------------------------------


def test_a_format_can_be_named(tmp_path: Path) -> None:
    """For standard input, and for names that say nothing."""
    assert normalize("-t", "hans", "-f", "html", stdin="<p title=問題>問題".encode()).out == "<p title=問題>问题"
    assert converted(tmp_path, "notes", "`問題`問題\n    問題\n", "-f", "md").startswith("`問題`问题")


@pytest.mark.parametrize(
    ("name", "given"),
    [("a.html", "<p>這個<b>問</b>題</p>\n"), ("a.md", "# 這個**問**題\n"), ("a.jsonl", '{"a": "這個\\u554f題"}\n'),
     ("a.csv", 'a,b\n"這""個",問題\n'), ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n這個\n問題\n"), ("a.txt", MIXED)],
)  # fmt: skip
def test_every_format_is_explained_in_its_own_places(name: str, given: str, tmp_path: Path) -> None:
    """Replaying the edits of the report gives what is written."""
    import hanfix

    file = write(tmp_path / name, given)
    report = tmp_path / "report.jsonl"
    out = normalize("-t", "hans", "--report", report, file).out
    row = json.loads(report.read_text("utf-8"))
    edits = [hanfix.Edit(*(edit[field] for field in hanfix.Edit._fields)) for edit in row["edits"]]
    assert edits
    assert hanfix.replay(given, edits) == out != given
