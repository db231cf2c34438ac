"""
A unified diff between the text of a file and what becomes of it, made of edits.

In: the accounts of its pieces, in order. Out: lines that ``patch`` takes; on a terminal each character that
changes is marked in colour. Never: a line cut in two where a piece ends, or a context cut short there, at
which ``patch`` fails; more in memory than a piece, a line, and one hunk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hanfix.cli.inspect import BOLD, CYAN, GREEN, PLAIN, RED, Cell, Lines, visible

if TYPE_CHECKING:
    from hanfix import Edit, Report

# As diff and git have it.
CONTEXT_LINES = 3
# Characters of a hunk that is shown before it ends: where every line changes it would be the whole file.
MOST_HELD = 1 << 20
# What goes and what comes: red and green as everywhere, reversed so that a space shows too.
GONE, NEW, END_MARK = "\x1b[7m", "\x1b[7m", "\x1b[27m"

# A stretch of a line, and whether it is what changed.
Stretch = tuple[str, bool]


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


class Diff:
    """
    The diff of one file.

    Args:
        name: The file.
        colour: Whether a person looks at it.
    """

    def __init__(self, name: str, colour: bool = False) -> None:
        head = f"--- {name}\n+++ {name} (normalized)\n"
        self._head = f"{BOLD}{head}{PLAIN}" if colour else head
        self.colour = colour
        # Lines of the file that are through, and how many more the output has.
        self._at = self._shift = 0
        # What stands before the next hunk.
        self._context: deque[str] = deque(maxlen=CONTEXT_LINES)
        # The hunk that goes on: its lines, where it begins, how many of them stand before the first change,
        # how many it takes from the file and has for the output, and the lines behind its last change.
        self._body: list[str] = []
        self._size = self._first = self._lead = self._old = self._new = 0
        self._behind: list[str] = []
        # Lines whose end has not come yet.
        self._open: tuple[list[Stretch], list[Stretch]] | None = None

    def piece(self, report: Report, is_last: bool) -> Iterator[str]:
        """What the next piece adds."""
        lines = Lines(report.original)
        total = len(lines.starts) if report.original else 0
        at = 0
        for block in changed_blocks(lines, report.edits):
            yield from self._unchanged(lines, at, block.first, is_last)
            # Of a piece without text, what is put in stands on a line that is not there.
            yield from self._changed(block.old, block.new, is_last)
            at = min(block.last, total)
        yield from self._unchanged(lines, at, total, is_last)
        if is_last:
            if self._open is not None:
                yield from self._changed([], [], True)
            yield from self._end_hunk()

    def _unchanged(self, lines: Lines, first: int, last: int, is_last: bool) -> Iterator[str]:
        if first >= last:
            return
        if self._open is not None:
            yield from self._changed(*_twice(_lines_of(lines, first, first + 1)), is_last)
            first += 1
        ended = last
        if first < last == len(lines.starts) and not lines.text.endswith("\n") and not is_last:
            ended = last - 1
        count = ended - first
        # Of many lines only those count that stand near a change.
        if self._body:
            near = min(count, 2 * CONTEXT_LINES + 1 - len(self._behind))
            self._behind += _ended(_lines_of(lines, first, first + near))
            if len(self._behind) > 2 * CONTEXT_LINES:
                yield from self._end_hunk()
        self._context += _ended(_lines_of(lines, max(first, ended - CONTEXT_LINES), ended))
        self._at += count
        if ended < last:
            self._open = _twice(_lines_of(lines, ended, last))

    def _changed(self, old: list[Stretch], new: list[Stretch], is_last: bool) -> Iterator[str]:
        if not self.colour:
            # Of a line that is very long, its text alone.
            old, new = _joined(old), _joined(new)
        was_open = self._open is not None
        if self._open is not None:
            old, new = self._open[0] + old, self._open[1] + new
            self._open = None
        if not is_last and not (_is_ended(old) and _is_ended(new)):
            self._open = old, new
            return
        if was_open and _text(old) == _text(new):
            # A line that was cut, and has not changed.
            for line in _ended(_text(old)):
                if self._body:
                    self._behind.append(line)
                    if len(self._behind) > 2 * CONTEXT_LINES:
                        yield from self._end_hunk()
                self._context.append(line)
                self._at += 1
            return
        removed, added = marked_lines("-", old, self.colour), marked_lines("+", new, self.colour)
        if not self._body:
            self._first = self._at - len(self._context)
            self._body = [" " + line for line in self._context]
            self._lead = self._old = self._new = len(self._body)
        self._body += [" " + line for line in self._behind]
        self._old, self._new = self._old + len(self._behind), self._new + len(self._behind)
        self._behind.clear()
        self._context.clear()
        self._body += removed
        self._body += added
        self._old, self._new = self._old + len(removed), self._new + len(added)
        self._at += len(removed)
        self._size += sum(map(len, removed)) + sum(map(len, added))
        if self._size > MOST_HELD:
            # patch takes a hunk with less context behind it than before it for the last one of the file.
            del self._body[: self._lead]
            self._first += self._lead
            self._old, self._new = self._old - self._lead, self._new - self._lead
            yield from self._end_hunk()

    def _end_hunk(self) -> Iterator[str]:
        if not self._body:
            return
        behind = self._behind[:CONTEXT_LINES]
        self._body += [" " + line for line in behind]
        old, new = self._old + len(behind), self._new + len(behind)
        if self._head:
            yield self._head
            self._head = ""
        place = f"@@ -{span(self._first, old)} +{span(self._first + self._shift, new)} @@"
        yield f"{CYAN}{place}{PLAIN}\n" if self.colour else f"{place}\n"
        yield from self._body
        self._shift += new - old
        self._body, self._behind = [], []
        self._size = 0


def of_cell(name: str, report: Report, cell: Cell, colour: bool = False) -> Iterator[str]:
    """What changes in a text of a table that is no text itself: nothing that ``patch`` would try."""
    place = f"{name}: row {cell.row}, {visible(cell.field)}"
    for block in changed_blocks(cell, report.edits):
        yield f"{CYAN}{place}{PLAIN}\n" if colour else f"{place}\n"
        for sign, stretches in (("-", block.old), ("+", block.new)):
            # That a text has no line end at its end is the rule there.
            ended = stretches if _is_ended(stretches) else [*stretches, ("\n", False)]
            yield from marked_lines(sign, ended, colour)


def _lines_of(lines: Lines, first: int, last: int) -> str:
    start, end = lines.range(first, last)
    return lines.text[start:end]


def _ended(text: str) -> list[str]:
    """Lines with their ends; one without says so."""
    return [line[1:] for line in marked_lines(" ", [(text, False)], False)]


def _twice(text: str) -> tuple[list[Stretch], list[Stretch]]:
    return [(text, False)], [(text, False)]


def _text(stretches: list[Stretch]) -> str:
    return "".join(text for text, _ in stretches)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    return [(_text(stretches), True)]


def _is_ended(stretches: list[Stretch]) -> bool:
    """Whether whole lines stand there, or none."""
    last = next((text for text, _ in reversed(stretches) if text), "\n")
    return last.endswith("\n")


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
