"""
HTML: the texts of elements. Tags, comments, scripts, styles, code and what templates fill in stay byte for byte.

In: a document, whole or in pieces. Out: a run for each paragraph, as a browser would show it: a tag
inside a line (``<b>``, ``<a>``) is between two parts of it. Never: fails on bad markup; what the
standard makes of it counts, and every construct is passed once, so time grows with length alone.

How: the tokenizer of the HTML standard, as far as it tells text from markup. A library that keeps
places byte for byte, takes documents in pieces and knows unfinished markup was not found.
"""

from __future__ import annotations

import html
import re
from typing import Any, NamedTuple

from hanfix.cli.formats.base import PIECE, Cutter, Format, Part, Run, Texts

# Elements whose contents are no markup; of these, the text of a title is read by people.
RAW = {"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title", "plaintext"}
# Elements whose text is left alone, whatever is in them.
KEPT = {"code", "pre", "kbd", "samp", "tt", "var", "math", "svg", "template"}
# Elements that are part of a line: a word may begin before and end behind their tags.
INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "label",
    "mark", "nobr", "q", "rb", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "wbr",
}  # fmt: skip
# Languages that are written with ideographs as well, in forms of their own.
OTHER_LANGUAGES = "ja|ko"
# What code is read as by whatever looks at the text around it.
CODE = "`x`"

NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
# The rest of a tag: attributes with their quotes, up to the bracket. A quote counts behind `=` only.
TAG_END = re.compile(r"[^>=]*(?:(?:=\s*\"[^\"]*\"|=\s*'[^']*'|=(?!\s*[\"']))[^>=]*)*>")
NOT_TRANSLATED = re.compile(
    r"\btranslate\s*=\s*[\"']?no\b|\bclass\s*=\s*[\"'][^\"']*\bnotranslate\b"
    rf"|(?<![\w-])lang\s*=\s*[\"']?(?:{OTHER_LANGUAGES})\b",
    re.IGNORECASE,
)
# What a program puts a value in place of; 400, as for code in running text.
TEMPLATE = r"\{\{[^{}]{0,400}\}\}|\{%[^%]{0,400}%\}"
REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
REFERENCE_OR_TEMPLATE = re.compile(f"{REFERENCE}|{TEMPLATE}")


class State(NamedTuple):
    """
    What a piece begins in.

    Attributes:
        inside: ``""`` in text, ``"<!--"`` in a comment, ``"<"`` in a tag, or the name of a raw element.
        kept: The element whose text is left alone, if one is open, and how many of its name are.
        depth: See above.
        quote: In a tag, the quotation mark that is open.
    """

    inside: str = ""
    kept: str = ""
    depth: int = 0
    quote: str = ""


class Scanner:
    """A piece of a document, gone through once."""

    def __init__(self, source: str, state: State, final: bool) -> None:
        self.source, self.final = source, final
        self.inside, self.kept, self.depth, self.quote = state
        self.runs: list[Run] = []
        self.run: Run = []
        # Where the piece could end, and in what.
        self.end = 0
        self.block_end = 0

    @property
    def state(self) -> State:
        """What stands open at ``end``."""
        return State(self.inside, self.kept, self.depth, self.quote)

    def scan(self) -> None:
        """Go through all of it."""
        source = self.source
        at = 0
        if self.inside:
            at = self._leave(0)
        while at >= 0 and at < len(source):
            opening = source.find("<", at)
            if opening < 0:
                self._text(at, len(source))
                at = self.end = len(source)
                break
            self._text(at, opening)
            self.end = opening
            at = self._markup(opening)
        self._flush()

    def _text(self, start: int, end: int) -> None:
        if start >= end:
            return
        if self.kept:
            if not (self.run and self.run[-1].value == CODE):
                self.run.append(Part(start, end, CODE, True))
            return
        at = start
        for match in REFERENCE_OR_TEMPLATE.finditer(self.source, start, end):
            is_template = match[0][0] == "{"
            meant = CODE if is_template else html.unescape(match[0])
            if meant == match[0]:
                continue
            if at < match.start():
                self.run.append(Part(at, match.start()))
            self.run.append(Part(match.start(), match.end(), meant, is_template))
            at = match.end()
        if at < end:
            self.run.append(Part(at, end))

    def _flush(self) -> None:
        if any(not part.locked for part in self.run):
            self.runs.append(self.run)
        self.run = []

    def _markup(self, at: int) -> int:
        """One past what begins with ``<``; -1 if the piece ends inside it."""
        source = self.source
        if source.startswith("<!--", at):
            self.inside = "<!--"
            # `<!-->` and `<!--->` are whole comments.
            for short in ("<!-->", "<!--->"):
                if source.startswith(short, at):
                    self.inside = ""
                    return self._passed(at + len(short))
            return self._leave(at + 4)
        second = source[at + 1 : at + 2]
        if second in ("!", "?") or (second == "/" and not source[at + 2 : at + 3].isalpha() and len(source) > at + 2):
            return self._leave_simply(at)
        name = NAME.match(source, at)
        if name is None:
            if second == "" and not self.final:
                return -1
            self._text(at, at + 1)
            return at + 1
        if name.end() == len(source) and not self.final:
            return -1
        end = TAG_END.match(source, name.end())
        if end is None:
            return self._unfinished(at)
        return self._tag(at, end.end(), name[1].lower(), is_end=source[at + 1] == "/")

    def _tag(self, at: int, end: int, name: str, is_end: bool) -> int:
        closes_itself = self.source.endswith("/>", at, end)
        if self.kept:
            if name == self.kept and not closes_itself:
                self.depth += -1 if is_end else 1
                if self.depth == 0:
                    self.kept = ""
        elif not is_end and name in RAW and not (name == "title" and self._is_not_translated(at, end)):
            self._flush()
            self.inside = name
            return self._leave(end)
        elif not is_end and not closes_itself and (name in KEPT or self._is_not_translated(at, end)):
            if name not in ("code", "kbd", "samp", "tt", "var", *INLINE):
                self._flush()
            if name not in VOID:
                self.kept, self.depth = name, 1
        elif name not in INLINE:
            self._flush()
            self.block_end = end
        return self._passed(end)

    def _is_not_translated(self, at: int, end: int) -> bool:
        return end - at > 10 and NOT_TRANSLATED.search(self.source, at, end) is not None

    def _passed(self, at: int) -> int:
        self.end = at
        return at

    def _leave_simply(self, at: int) -> int:
        """Past ``<!DOCTYPE …>``, ``<?…>``, ``</3>``; CDATA is what its own end closes."""
        is_data = self.source.startswith("<![CDATA[", at)
        end = self.source.find("]]>" if is_data else ">", at)
        if end < 0:
            return self._unfinished(at)
        return self._passed(end + (3 if is_data else 1))

    def _unfinished(self, at: int) -> int:
        if self.final:
            # The standard drops a tag that the document ends in; here it stays.
            self.end = len(self.source)
            return -1
        self.end = at
        return -1

    def _leave(self, at: int) -> int:
        """Past the end of a comment, a raw element or a long tag that is open at ``at``."""
        source = self.source
        if self.inside == "<!--":
            found = re.compile(r"--!?>").search(source, at)
            if found is None:
                return self._stay(3)
            self.inside = ""
            return self._passed(found.end())
        if self.inside == "<":
            return self._leave_tag(at)
        if self.inside == "plaintext":
            return self._stay(0)
        closing = re.compile(f"</{self.inside}(?=[\\s/>])", re.IGNORECASE).search(source, at)
        end = closing.start() if closing else len(source)
        if self.inside == "title":
            self._text(at, end)
            self._flush()
        if closing is None:
            return self._stay(len(self.inside) + 3)
        self.inside = ""
        self.end = closing.start()
        bracket = source.find(">", closing.end())
        if bracket < 0:
            return self._unfinished(closing.start())
        return self._passed(bracket + 1)

    def _leave_tag(self, at: int) -> int:
        source = self.source
        while True:
            if self.quote:
                end = source.find(self.quote, at)
                if end < 0:
                    return self._stay(0)
                self.quote, at = "", end + 1
            found = re.compile(r">|=\s*[\"']").search(source, at)
            if found is None:
                return self._stay(2)
            at = found.end()
            if found[0] == ">":
                self.inside = ""
                return self._passed(at)
            self.quote = found[0][-1]

    def _stay(self, spare: int) -> int:
        """The piece ends inside; but for a few characters that may belong to its end."""
        self.end = len(self.source) if self.final else max(len(self.source) - spare, 0)
        return -1


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class HtmlCutter(Cutter):
    """Behind a block; inside what is longer than a piece, with a note of what it is."""

    def __init__(self) -> None:
        self.state = State()

    def cut(self, data: bytes, final: bool) -> tuple[int, tuple[State, bool]]:
        state = self.state
        if len(data) <= PIECE:
            return (len(data) if final else 0), (state, True)
        text = data[:PIECE].decode("utf-8", "ignore")
        scanner = Scanner(text, state, final=False)
        scanner.scan()
        if scanner.block_end * 2 > len(text):
            cut = scanner.block_end
            # What is open there is told by going there once more.
            scanner = Scanner(text[:cut], state, final=False)
            scanner.scan()
        cut = scanner.end
        if cut == 0:
            # A tag that is longer than a piece: a picture in an attribute.
            self.state = State("<", scanner.kept, scanner.depth)
            inner = Scanner(text, self.state, final=False)
            inner.scan()
            self.state, cut = inner.state, max(inner.end, 1)
            return len(text[:cut].encode("utf-8", "surrogatepass")), (State("<", state.kept, state.depth), False)
        self.state = scanner.state
        return len(text[:cut].encode("utf-8", "surrogatepass")), (state, False)


class Html(Format):
    """HTML, and XHTML read as HTML."""

    name = "html"

    def cutter(self) -> Cutter:
        return HtmlCutter()

    def texts(self, source: str, context: Any) -> Texts:
        state, final = context
        scanner = Scanner(source, state, final)
        scanner.scan()
        return Texts(scanner.runs, [])

    def escape(self, new: str, source: str) -> str:
        del source
        return new.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def make(name: str, fields: tuple[str, ...]) -> Format:
    """The format."""
    del name, fields
    return Html()
