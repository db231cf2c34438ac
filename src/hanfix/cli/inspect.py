"""
What is shown instead of written: changes, differences, what a text is written in.

In: a report or a profile. Out: lines for standard output, or JSON. Never: time that grows faster
than the text, as comparing line by line would; the edits already say where everything is.

On a terminal each character that changes is marked in colour; what goes to a file or a program is plain,
and a diff is one that ``patch`` takes.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanfix import Edit, Loss, Profile, Report

# As diff and git have it.
CONTEXT_LINES = 3
# On either side of a change: enough to read the sentence, and to keep it on one line.
CONTEXT_CHARACTERS = 8

DETECT_HEADER = "script  encoding     sure    Hans    Hant  off-script  file\n"

BOLD, DIM, RED, GREEN, CYAN, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"
# What goes and what comes: red and green as everywhere, reversed so that a space shows too.
GONE, NEW, END_MARK = "\x1b[7m", "\x1b[7m", "\x1b[27m"

# A stretch of a line, and whether it is what changed.
Stretch = tuple[str, bool]


class Lines:
    """Where the lines of a text begin; only line feed ends a line, as editors and diff count."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0]
        at = text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)
        if len(self.starts) > 1 and self.starts[-1] == len(text):
            # Behind the last line feed there is no line.
            self.starts.pop()

    def index(self, position: int) -> int:
        """The line, from 0, that a position lies in."""
        return bisect_right(self.starts, position) - 1

    def place(self, position: int, before: int = 0) -> str:
        """Line and column, both from 1: ``3:14``; ``before`` lines stand before the text."""
        line = self.index(position)
        return f"{before + line + 1}:{position - self.starts[line] + 1}"

    def range(self, first: int, last: int) -> tuple[int, int]:
        """Start and end of the lines from ``first`` up to and without ``last``."""
        start = self.starts[first] if first < len(self.starts) else len(self.text)
        end = self.starts[last] if last < len(self.starts) else len(self.text)
        return start, end


def visible(text: str) -> str:
    r"""
    Text on one line, with escapes for what has no ink.

    >>> visible("中\u200b文\n")
    '中\\u200b文\\n'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def explain(name: str, report: Report, before: int = 0, colour: bool = False) -> Iterator[str]:
    """Every edit by kind, with its place and what stands around it; then what was lost, and what is worth a look."""
    lines = Lines(report.original)
    total = len(report.edits)
    part = f" from line {before + 1}" if before else ""
    head = f"{name}{part}: {report.encoding or 'text'}, {report.script}, {total} change{'s' * (total != 1)}"
    yield f"{BOLD}{head}{PLAIN}\n" if colour else f"{head}\n"
    kinds = sorted(report.edits, key=lambda edit: (edit.stage, edit.kind))
    for (stage, kind), group in groupby(kinds, key=lambda edit: (edit.stage, edit.kind)):
        edits = sorted(group, key=lambda edit: edit.start)
        yield f"  {stage}: {kind} ({len(edits)})\n"
        for edit in edits:
            yield f"    {lines.place(edit.start, before):<8} {in_context(report.original, lines, edit, colour)}\n"
    if report.losses:
        yield f"  beyond repair ({len(report.losses)})\n"
        for loss in report.losses:
            lost = visible(report.original[loss.start : loss.end][: 4 * CONTEXT_CHARACTERS])
            yield f"    {lines.place(loss.start, before):<8} {lost}  {loss.cause}\n"
    if doubts := report.doubts():
        yield f"  worth a look ({len(doubts)})\n"
        for doubt in doubts:
            shown = in_context(report.original, lines, doubt, colour)
            others = ", ".join(map(visible, doubt.alternatives))
            or_else = f", or {others}" if others else ""
            yield f"    {lines.place(doubt.start, before):<8} {shown}  {doubt.confidence:.0%}{or_else}\n"


def around(text: str, lines: Lines, edit: Edit | Loss, count: int = CONTEXT_CHARACTERS) -> tuple[str, str]:
    """What stands before and behind a place, within its line."""
    start, _ = lines.range(lines.index(edit.start), lines.index(edit.start) + 1)
    _, end = lines.range(lines.index(edit.end), lines.index(edit.end) + 1)
    before = text[max(start, edit.start - count) : edit.start]
    return visible(before), visible(text[edit.end : min(end, edit.end + count)].rstrip("\r\n"))


def in_context(text: str, lines: Lines, edit: Edit, colour: bool = False) -> str:
    """An edit as ``before[old → new]after``, within its line."""
    before, after = around(text, lines, edit)
    old, new = visible(edit.old), visible(edit.new)
    if edit.kind == "kept":
        return f"{before}[{old} kept]{after}"
    if colour:
        return f"{before}[{RED}{old}{PLAIN} → {GREEN}{new}{PLAIN}]{after}"
    return f"{before}[{old} → {new}]{after}"


class Block:
    """
    Lines that change, and what takes their place.

    Attributes:
        first: The first line, from 0.
        last: One past the last.
        old: The lines as they are, in stretches.
        new: The lines that take their place.
    """

    __slots__ = ("first", "last", "new", "old")

    def __init__(self, lines: Lines, first: int, last: int, edits: Sequence[Edit]) -> None:
        self.first, self.last = first, last
        start, end = lines.range(first, last)
        self.old: list[Stretch] = []
        self.new: list[Stretch] = []
        at = start
        for edit in edits:
            same = (lines.text[at : edit.start], False)
            self.old += (same, (lines.text[edit.start : edit.end], True))
            self.new += (same, (edit.new, True))
            at = edit.end
        rest = (lines.text[at:end], False)
        self.old.append(rest)
        self.new.append(rest)


def changed_blocks(lines: Lines, edits: Sequence[Edit]) -> Iterator[Block]:
    """The lines that change, in order, disjoint."""
    block: list[Edit] = []
    first = last = 0
    for edit in edits:
        if block and lines.index(edit.start) > last:
            yield Block(lines, first, last + 1, block)
            block = []
        first = first if block else lines.index(edit.start)
        # The line of the position behind the edit: where a line end goes, two lines become one.
        last = max(lines.index(edit.end), last if block else 0)
        block.append(edit)
    if block:
        yield Block(lines, first, last + 1, block)


def diff(name: str, report: Report, before: int = 0, shift: int = 0, colour: bool = False) -> Iterator[str]:
    """
    A unified diff between the text as decoded and the output, made from the edits.

    Args:
        before: How many lines of the file stand before this text.
        shift: How many lines more the output has than the file, up to here.
    """
    if not report.edits:
        return
    lines = Lines(report.original)
    total = len(lines.starts) if report.original else 0
    if before == 0:
        head = f"--- {name}\n+++ {name} (normalized)\n"
        yield f"{BOLD}{head}{PLAIN}" if colour else head
    for hunk in hunks(list(changed_blocks(lines, report.edits))):
        begin = max(hunk[0].first - CONTEXT_LINES, 0)
        finish = min(hunk[-1].last + CONTEXT_LINES, total)
        body: list[str] = []
        at, grown = begin, 0
        for block in hunk:
            body += marked_lines(" ", [(lines_of(lines, at, block.first), False)], colour)
            body += marked_lines("-", block.old, colour)
            added = marked_lines("+", block.new, colour)
            body += added
            grown += len(added) - (min(block.last, total) - block.first)
            at = block.last
        body += marked_lines(" ", [(lines_of(lines, at, finish), False)], colour)
        old, new_length = finish - begin, finish - begin + grown
        place = f"@@ -{span(before + begin, old)} +{span(before + begin + shift, new_length)} @@"
        yield f"{CYAN}{place}{PLAIN}\n" if colour else f"{place}\n"
        yield from body
        shift += grown


def lines_of(lines: Lines, first: int, last: int) -> str:
    """Lines as they are."""
    start, end = lines.range(first, last)
    return lines.text[start:end]


def hunks(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks whose context would meet, together."""
    hunk: list[Block] = []
    for block in blocks:
        if hunk and block.first - hunk[-1].last > 2 * CONTEXT_LINES:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def span(first: int, count: int) -> str:
    """A range as unified diff writes it: from 1, and an empty one names the line before."""
    return f"{first + (count > 0)},{count}" if count != 1 else f"{first + 1}"


def marked_lines(sign: str, stretches: list[Stretch], colour: bool) -> list[str]:
    """Lines of a diff, each with a sign in front; one without an end says so."""
    made: list[str] = []
    line: list[Stretch] = []
    for text, is_marked in stretches:
        first, *others = text.split("\n")
        if first:
            line.append((first, is_marked))
        for other in others:
            made.append(dressed(sign, line, colour) + "\n")
            line = [(other, is_marked)] if other else []
    if line:
        made.append(f"{dressed(sign, line, colour)}\n\\ No newline at end of file\n")
    return made


def dressed(sign: str, line: list[Stretch], colour: bool) -> str:
    """A line with its sign; in colour, with what changed marked."""
    if not colour or sign == " ":
        return sign + "".join(text for text, _ in line)
    mark = GONE if sign == "-" else NEW
    inside = "".join(f"{mark}{visible(text)}{END_MARK}" if is_marked else text for text, is_marked in line)
    return f"{RED if sign == '-' else GREEN}{sign}{inside}{PLAIN}"


def to_json(row: object) -> str:
    """JSON as people read it: what is Chinese stays so."""
    return json.dumps(row, ensure_ascii=False)


def json_bytes(text: str) -> bytes:
    """A lone surrogate, in a name or a text, has no UTF-8; its backslash form is what JSON calls it."""
    return text.encode("utf-8", "backslashreplace")


class JsonLine:
    """
    One input as a line of JSON, written as its pieces come: what it is, every edit and loss with its
    line and column, and at the end what came of it.
    """

    def __init__(self, name: str, encoding: str | None) -> None:
        self.head = f'{{"path": {to_json(name)}, "encoding": {to_json(encoding)}, "edits": ['
        self.losses: list[dict[str, object]] = []
        self.points = 0
        self._has_begun = self._has_rows = False

    def add(self, report: Report, before: int) -> bytes:
        """The next piece; positions count from the beginning of the file."""
        lines = Lines(report.original)
        # Bytes from the beginning: of a piece that changes everywhere, strings of all rows took a third of the memory.
        rows = bytearray()
        for edit in report.edits:
            line = lines.index(edit.start)
            placed = {"line": before + line + 1, "column": edit.start - lines.starts[line] + 1, **edit.to_dict()}
            placed["start"], placed["end"] = edit.start + self.points, edit.end + self.points
            rows += json_bytes((", " if rows or self._has_rows else "") + to_json(placed))
        for loss in report.losses:
            shifted = loss._replace(start=loss.start + self.points, end=loss.end + self.points)
            self.losses.append({"line": before + lines.index(loss.start) + 1, **shifted.to_dict()})
        self.points += len(report.original)
        head = b"" if self._has_begun else json_bytes(self.head)
        self._has_begun, self._has_rows = True, self._has_rows or bool(rows)
        return head + rows

    def end(self, script: str, changed: bool, **others: object) -> bytes:
        """What came of it."""
        row = to_json({"losses": self.losses, "script": script, "changed": changed, **others})
        head = "" if self._has_begun else self.head
        return json_bytes(f"{head}], {row[1:]}\n")


def detect_row(name: str, profile: Profile) -> str:
    """What one input is written in."""
    hans, hant = (f"{profile.shares.get(script, 0):.1%}" for script in ("hans", "hant"))
    encoding = profile.encoding or "-"
    sure = "-" if profile.confidence is None else f"{profile.confidence:.0%}"
    return (
        f"{profile.script:<6}  {encoding:<11}  {sure:>4}  {hans:>6}  {hant:>6}  {len(profile.off_script):>10}  {name}\n"
    )
