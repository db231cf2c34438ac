"""
What is shown instead of written: changes, what a text is written in; differences are in ``unified``.

In: a report or a profile. Out: lines for standard output, or JSON. Never: time that grows faster
than the text, as comparing line by line would; the edits already say where everything is.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from hanfix.cli.decoding import MOST_UNREAD

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
        points: How many characters of the file stand before it.
    """

    def __init__(self, text: str, before: int = 0, column: int = 0, points: int = 0) -> None:
        self.text, self.before, self.column, self.points = text, before, column, points
        self.starts = [0]
        at = text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)
        if len(self.starts) > 1 and self.starts[-1] == len(text):
            # Behind the last line feed there is no line.
            self.starts.pop()

    @property
    def part(self) -> str:
        """Which part of its file it is, if it is not the first."""
        return f"line {self.before + 1}" if self.before else ""

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

    def keys(self, position: int) -> dict[str, object]:
        """The place as JSON has it."""
        line, column = self.point(position)
        return {"line": line, "column": column}

    def range(self, first: int, last: int) -> tuple[int, int]:
        """Start and end of the lines from ``first`` up to and without ``last``."""
        start = self.starts[first] if first < len(self.starts) else len(self.text)
        end = self.starts[last] if last < len(self.starts) else len(self.text)
        return start, end


class Cell(Lines):
    """
    A text of a table that is no text itself: its place is a row and a field, and one in the text.

    Args:
        text: All of it.
        row: Which row, from 1.
        field: The name of the column.
    """

    def __init__(self, text: str, row: int, field: str) -> None:
        super().__init__(text)
        self.row, self.field = row, field

    @property
    def part(self) -> str:
        return f"row {self.row}"

    def place(self, position: int) -> str:
        """Row, field, and the character in the text, from 1: ``3:title:14``."""
        return f"{self.row}:{visible(self.field)}:{position + 1}"

    def keys(self, position: int) -> dict[str, object]:
        del position
        return {"row": self.row, "field": self.field}


# An account, and where it belongs.
Told = tuple["Report", Lines]


def visible(text: str) -> str:
    r"""
    Text on one line, with escapes for what has no ink.

    >>> visible("中\u200b文\n")
    '中\\u200b文\\n'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def explain(name: str, told: Sequence[Told], encoding: str, script: str, colour: bool = False) -> Iterator[str]:
    """
    Every edit by kind, with its place and what stands around it; then what was lost, and what is worth a look.

    Args:
        name: The file, or the part of it.
        told: The texts of it, in order.
        encoding: What it is written in.
        script: The script that it is in.
    """
    edits = [(edit, lines) for report, lines in told for edit in sorted(report.edits, key=lambda edit: edit.start)]
    total = len(edits)
    head = f"{name}: {encoding}, {script}, {total} change{'s' * (total != 1)}"
    yield f"{BOLD}{head}{PLAIN}\n" if colour else f"{head}\n"
    edits.sort(key=lambda one: (one[0].stage, one[0].kind))
    for (stage, kind), group in groupby(edits, key=lambda one: (one[0].stage, one[0].kind)):
        of_kind = list(group)
        yield f"  {stage}: {kind} ({len(of_kind)})\n"
        for edit, lines in of_kind:
            yield f"    {lines.place(edit.start):<8} {in_context(lines.text, lines, edit, colour)}\n"
    if losses := [(loss, lines) for report, lines in told for loss in report.losses]:
        yield f"  beyond repair ({len(losses)})\n"
        for loss, lines in losses:
            lost = visible(lines.text[loss.start : loss.end][: 4 * CONTEXT_CHARACTERS])
            yield f"    {lines.place(loss.start):<8} {lost}  {loss.cause}\n"
    if doubts := [(doubt, lines) for report, lines in told for doubt in report.doubts()]:
        yield f"  worth a look ({len(doubts)})\n"
        for doubt, lines in doubts:
            shown = in_context(lines.text, lines, doubt, colour)
            others = ", ".join(map(visible, doubt.alternatives))
            or_else = f", or {others}" if others else ""
            yield f"    {lines.place(doubt.start):<8} {shown}  {doubt.confidence:.0%}{or_else}\n"


def unread(losses: Sequence[Loss]) -> Iterator[str]:
    """
    The bytes of a file that could not be read, which have no place in its text.

    Args:
        losses: At their bytes, which count from 0 as they do in errors.
    """
    first = "the first " if len(losses) == MOST_UNREAD else ""
    yield f"  unreadable bytes ({first}{len(losses)})\n"
    for loss in losses:
        last = f"-{loss.end - 1}" if loss.end > loss.start + 1 else ""
        yield f"    {loss.start}{last}  {loss.cause}\n"


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
    place, and at the end what came of it.
    """

    def __init__(self, name: str, encoding: str | None) -> None:
        self.head = f'{{"path": {to_json(name)}, "encoding": {to_json(encoding)}, "edits": ['
        self.losses: list[dict[str, object]] = []
        self._has_begun = self._has_rows = False

    def add(self, told: Sequence[Told]) -> bytes:
        """The next piece; positions count from the beginning of the file, or of the text in a table."""
        # Bytes from the beginning: of a piece that changes everywhere, strings of all rows took a third of the memory.
        rows = bytearray()
        for report, lines in told:
            before = lines.points
            for edit in report.edits:
                placed = {**lines.keys(edit.start), **edit.to_dict()}
                placed["start"], placed["end"] = edit.start + before, edit.end + before
                rows += json_bytes((", " if rows or self._has_rows else "") + to_json(placed))
            for loss in report.losses:
                keys = lines.keys(loss.start)
                keys.pop("column", None)
                shifted = loss._replace(start=loss.start + before, end=loss.end + before)
                self.losses.append({**keys, **shifted.to_dict()})
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
