"""
What is shown instead of written: changes, what a text is written in; differences are in ``unified``.

In: a report or a profile. Out: lines for standard output, or JSON. Never: time that grows faster
than the text, as comparing line by line would; the edits already say where everything is.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanfix import Edit, Loss, Profile, Report

# On either side of a change: enough to read the sentence, and to keep it on one line.
CONTEXT_CHARACTERS = 8

DETECT_HEADER = "script  encoding     sure    Hans    Hant  off-script  file\n"

BOLD, DIM, RED, GREEN, CYAN, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"


class Lines:
    """
    Where the lines of a text begin; only line feed ends a line, as editors and diff count.

    Args:
        text: A file, or a piece of one.
        before: How many lines of the file end before it.
        column: How many characters of its first line stand before it.
    """

    def __init__(self, text: str, before: int = 0, column: int = 0) -> None:
        self.text, self.before, self.column = text, before, column
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

    def point(self, position: int) -> tuple[int, int]:
        """Line and column in the file, both from 1."""
        line = self.index(position)
        return self.before + line + 1, position - self.starts[line] + 1 + (self.column if line == 0 else 0)

    def place(self, position: int) -> str:
        """Line and column: ``3:14``."""
        line, column = self.point(position)
        return f"{line}:{column}"

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


def explain(name: str, report: Report, lines: Lines, colour: bool = False) -> Iterator[str]:
    """Every edit by kind, with its place and what stands around it; then what was lost, and what is worth a look."""
    total = len(report.edits)
    part = f" from line {lines.before + 1}" if lines.before else ""
    head = f"{name}{part}: {report.encoding or 'text'}, {report.script}, {total} change{'s' * (total != 1)}"
    yield f"{BOLD}{head}{PLAIN}\n" if colour else f"{head}\n"
    kinds = sorted(report.edits, key=lambda edit: (edit.stage, edit.kind))
    for (stage, kind), group in groupby(kinds, key=lambda edit: (edit.stage, edit.kind)):
        edits = sorted(group, key=lambda edit: edit.start)
        yield f"  {stage}: {kind} ({len(edits)})\n"
        for edit in edits:
            yield f"    {lines.place(edit.start):<8} {in_context(report.original, lines, edit, colour)}\n"
    if report.losses:
        yield f"  beyond repair ({len(report.losses)})\n"
        for loss in report.losses:
            lost = visible(report.original[loss.start : loss.end][: 4 * CONTEXT_CHARACTERS])
            yield f"    {lines.place(loss.start):<8} {lost}  {loss.cause}\n"
    if doubts := report.doubts():
        yield f"  worth a look ({len(doubts)})\n"
        for doubt in doubts:
            shown = in_context(report.original, lines, doubt, colour)
            others = ", ".join(map(visible, doubt.alternatives))
            or_else = f", or {others}" if others else ""
            yield f"    {lines.place(doubt.start):<8} {shown}  {doubt.confidence:.0%}{or_else}\n"


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

    def add(self, report: Report, lines: Lines) -> bytes:
        """The next piece; positions count from the beginning of the file."""
        # Bytes from the beginning: of a piece that changes everywhere, strings of all rows took a third of the memory.
        rows = bytearray()
        for edit in report.edits:
            line, column = lines.point(edit.start)
            placed = {"line": line, "column": column, **edit.to_dict()}
            placed["start"], placed["end"] = edit.start + self.points, edit.end + self.points
            rows += json_bytes((", " if rows or self._has_rows else "") + to_json(placed))
        for loss in report.losses:
            shifted = loss._replace(start=loss.start + self.points, end=loss.end + self.points)
            self.losses.append({"line": lines.point(loss.start)[0], **shifted.to_dict()})
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
