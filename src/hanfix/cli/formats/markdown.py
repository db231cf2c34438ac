"""
Markdown: paragraphs, headings, items, cells. Code, HTML, targets of links and metadata stay.

Where text stands is said by a parser of CommonMark in the core. A long document is cut between blocks, where
nothing is open: no fence, no comment, no element that is no text. The parser says so too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any

from hanfix import _core
from hanfix.cli.formats.base import PIECE, Cutter, Format, Part, Texts
from hanfix.cli.formats.text import cut_text

# A block that is longer is cut all the same.
LONGEST = 1 << 24
# Where something may begin that goes on behind a blank line.
OPENS = re.compile(rb"```|~~~|<[!?]|<(?:pre|script|style|textarea)", re.IGNORECASE)
# Behind a blank line or, where there is none, behind any; what is indented belongs to what stands before it, and
# what begins like metadata would be taken for it.
BREAKS = (
    re.compile(rb"\n[ \t]*\r?\n(?=[^ \t\r\n])(?!---|\+\+\+)"),
    re.compile(rb"\n(?=[^ \t\r\n])(?!---|\+\+\+|===)"),
)
LONE_CR = re.compile(r"\r(?!\n)")
# Places that are tried; each costs as much as to parse the piece.
MOST_TRIES = 16
# A paragraph to see whether it would be one.
PROBE = "hanfix"


class MarkdownCutter(Cutter):
    """Whole blocks."""

    def __init__(self) -> None:
        # A block that is longer than what was looked at is looked at again when there is twice as much.
        self._wanted = PIECE

    def cut(self, data: bytes, final: bool) -> tuple[int, None]:
        if len(data) <= self._wanted and not final:
            return 0, None
        if len(data) <= PIECE:
            return len(data), None
        end = cut_blocks(data[:PIECE], BREAKS)
        if end is None and len(data) < LONGEST:
            end = cut_blocks(data, BREAKS[:1]) or (len(data) if final else 0)
            self._wanted = PIECE if end else 2 * len(data)
            return end, None
        self._wanted = PIECE
        return end or cut_text(data), None


def cut_blocks(data: bytes, breaks: tuple[re.Pattern[bytes], ...]) -> int | None:
    """Where nothing is open, as far behind as can be; ``None`` if all may be, 0 if there is no line to cut behind."""
    is_safe = OPENS.search(data) is None
    for pattern in breaks:
        places = [match.end() for match in pattern.finditer(data)]
        if not places:
            continue
        if is_safe:
            return places[-1]
        at = len(places) - 1
        tried: set[int] = set()
        while at >= 0 and at not in tried and len(tried) < MOST_TRIES:
            tried.add(at)
            text_end = end_of_text(data[: places[at]])
            if text_end is None:
                return places[at]
            # What is open begins behind the last text: there, or else before that text.
            first = bisect_left(places, text_end)
            at = first if first < at and first not in tried else first - 1
    return 0 if is_safe or b"\n" not in data else None


def end_of_text(data: bytes) -> int | None:
    """Where the last text ends, in bytes; ``None`` if what comes next would be text as well."""
    source = data.decode("utf-8", "replace")
    runs = runs_of(f"{source}\n\n{PROBE}\n")
    if not runs:
        return 0
    end = runs[-1][-1][1]
    return None if end > len(source) else len(source[:end].encode("utf-8", "surrogatepass"))


def runs_of(source: str) -> list[list[tuple[int, int, str | None, bool]]]:
    """Where text stands. A line may end in CR alone, and the core's parser knows that not everywhere."""
    return _core.markdown_runs(LONE_CR.sub("\n", source))


class Markdown(Format):
    """CommonMark with tables, footnotes and math."""

    name = "md"

    def cutter(self) -> Cutter:
        return MarkdownCutter()

    def texts(self, source: str, context: Any) -> Texts:
        del context
        return Texts([[Part(*part) for part in run] for run in runs_of(source)], [])

    def escape(self, new: str, source: str) -> str:
        del source
        return new.replace("&", "&amp;").replace("<", "&lt;")


def make(name: str, fields: tuple[str, ...]) -> Format:
    """The format."""
    del name, fields
    return Markdown()
