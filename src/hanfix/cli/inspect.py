"""
What is shown instead of written: changes, differences, what a text is written in.

In: a report or a profile. Out: lines for standard output, or JSON. Never: time that grows faster
than the text, as comparing line by line would; the edits already say where everything is.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanfix import Edit, Profile, Report

# As diff and git have it.
CONTEXT_LINES = 3
# On either side of a change: enough to read the sentence, and to keep it on one line.
CONTEXT_CHARACTERS = 8

DETECT_HEADER = "script  encoding       Hans    Hant  off-script  file\n"


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

    def place(self, position: int) -> str:
        """Line and column, both from 1: ``3:14``."""
        line = self.index(position)
        return f"{line + 1}:{position - self.starts[line] + 1}"

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


def explain(name: str, report: Report) -> Iterator[str]:
    """Every edit by kind, with its place and what stands around it; then what was lost."""
    lines = Lines(report.original)
    total = len(report.edits)
    yield f"{name}: {report.encoding or 'text'}, {report.script}, {total} change{'s' * (total != 1)}\n"
    kinds = sorted(report.edits, key=lambda edit: (edit.stage, edit.kind))
    for (stage, kind), group in groupby(kinds, key=lambda edit: (edit.stage, edit.kind)):
        edits = sorted(group, key=lambda edit: edit.start)
        yield f"  {stage}: {kind} ({len(edits)})\n"
        for edit in edits:
            yield f"    {lines.place(edit.start):<8} {in_context(report.original, lines, edit)}\n"
    if report.losses:
        yield f"  beyond repair ({len(report.losses)})\n"
        for loss in report.losses:
            lost = visible(report.original[loss.start : loss.end][: 4 * CONTEXT_CHARACTERS])
            yield f"    {lines.place(loss.start):<8} {lost}  {loss.cause}\n"


def in_context(text: str, lines: Lines, edit: Edit) -> str:
    """An edit as ``before[old → new]after``, within its line."""
    start, _ = lines.range(lines.index(edit.start), lines.index(edit.start) + 1)
    _, end = lines.range(lines.index(edit.end), lines.index(edit.end) + 1)
    before = text[max(start, edit.start - CONTEXT_CHARACTERS) : edit.start]
    after = text[edit.end : min(end, edit.end + CONTEXT_CHARACTERS)].rstrip("\r\n")
    return f"{visible(before)}[{visible(edit.old)} → {visible(edit.new)}]{visible(after)}"


def changed_blocks(lines: Lines, edits: Sequence[Edit]) -> Iterator[tuple[int, int, str]]:
    """Lines from, up to and without, and the text that takes their place; in order, disjoint."""
    from hanfix import replay

    block: list[Edit] = []
    first = last = 0
    for edit in [*edits, None]:
        if block and (edit is None or lines.index(edit.start) > last):
            start, end = lines.range(first, last + 1)
            shifted = [one._replace(start=one.start - start, end=one.end - start) for one in block]
            yield first, last + 1, replay(lines.text[start:end], shifted)
            block = []
        if edit is not None:
            first = first if block else lines.index(edit.start)
            # The line of the position behind the edit: where a line end goes, two lines become one.
            last = max(lines.index(edit.end), last if block else 0)
            block.append(edit)


def diff(name: str, report: Report) -> Iterator[str]:
    """A unified diff between the text as decoded and the output, made from the edits."""
    if not report.edits:
        return
    lines = Lines(report.original)
    total = len(lines.starts) if report.original else 0
    yield f"--- {name}\n+++ {name} (normalized)\n"
    shift = 0
    for hunk in hunks(list(changed_blocks(lines, report.edits))):
        begin = max(hunk[0][0] - CONTEXT_LINES, 0)
        finish = min(hunk[-1][1] + CONTEXT_LINES, total)
        body: list[str] = []
        at, grown = begin, 0
        for first, last, new in hunk:
            body += marked(" ", lines, at, first)
            body += marked("-", lines, first, min(last, total))
            added = split_lines(new)
            body += [mark_line("+", line) for line in added]
            grown += len(added) - (min(last, total) - first)
            at = last
        body += marked(" ", lines, at, finish)
        old, new_length = finish - begin, finish - begin + grown
        yield f"@@ -{span(begin, old)} +{span(begin + shift, new_length)} @@\n"
        yield from body
        shift += grown


def hunks(blocks: list[tuple[int, int, str]]) -> Iterator[list[tuple[int, int, str]]]:
    """Blocks whose context would meet, together."""
    hunk: list[tuple[int, int, str]] = []
    for block in blocks:
        if hunk and block[0] - hunk[-1][1] > 2 * CONTEXT_LINES:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def span(first: int, count: int) -> str:
    """A range as unified diff writes it: from 1, and an empty one names the line before."""
    return f"{first + (count > 0)},{count}" if count != 1 else f"{first + 1}"


def split_lines(text: str) -> list[str]:
    """Lines with their ends; only line feed ends one."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def mark_line(mark: str, line: str) -> str:
    """A line of a diff; one without an end says so."""
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def marked(mark: str, lines: Lines, first: int, last: int) -> list[str]:
    """Lines of the original, each with a mark in front."""
    start, end = lines.range(first, last)
    return [mark_line(mark, line) for line in split_lines(lines.text[start:end])]


def json_line(name: str, report: Report, changed: bool) -> bytes:
    """One input as a line of JSON: what it is, every edit and loss with its line and column."""
    lines = Lines(report.original)

    def placed(thing: Edit) -> dict[str, object]:
        line = lines.index(thing.start)
        return {"line": line + 1, "column": thing.start - lines.starts[line] + 1, **thing.to_dict()}

    row = {
        "path": name,
        "encoding": report.encoding,
        "script": report.script,
        "changed": changed,
        "edits": [placed(edit) for edit in report.edits],
        "losses": [loss.to_dict() for loss in report.losses],
    }
    # A lone surrogate, in a name or a text, has no UTF-8; its backslash form is what JSON calls it.
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def detect_row(name: str, profile: Profile) -> str:
    """What one input is written in."""
    hans, hant = (f"{profile.shares.get(script, 0):.1%}" for script in ("hans", "hant"))
    encoding = profile.encoding or "-"
    return f"{profile.script:<6}  {encoding:<11}  {hans:>6}  {hant:>6}  {len(profile.off_script):>10}  {name}\n"


def to_bytes(text: str) -> bytes:
    """Lines for standard output: UTF-8, and names of files byte for byte as they are."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
