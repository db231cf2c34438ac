"""
CSV and TSV: the cells of a table. The first row has the names of the columns and stays; so do
separators, quotes and line ends.

In: a table in the way of RFC 4180, separated by commas, semicolons, tabs or bars, as its first row
tells. Out: a run for each cell. Never: a cell that no longer fits its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from hanfix.cli.errors import Failure
from hanfix.cli.formats.base import LONGEST, PIECE, TOO_LONG, Cutter, Format, Part, Run, Texts


class Shape(NamedTuple):
    """
    What must be known of a table to read a piece of it.

    Attributes:
        separator: What stands between cells.
        columns: Those that are text, from 0; ``None`` for all.
        has_head: Whether the piece begins with the names of the columns.
        is_kept: Whether the piece is to be left alone.
    """

    separator: str
    columns: frozenset[int] | None
    has_head: bool
    is_kept: bool = False


def cell_pattern(separator: str) -> re.Pattern[str]:
    """A cell and what ends it."""
    mark = re.escape(separator)
    quoted = rf'(?P<quoted>"[^"]*(?:""[^"]*)*"(?=[{mark}\r\n]|$))'
    return re.compile(rf"(?P<cell>{quoted}|[^{mark}\r\n]*)(?P<end>{mark}|\r\n|\n|\r|$)")


def separator_of(row: str) -> str:
    """
    What separates the cells of a row: the sign that stands most often outside quotes.

    >>> separator_of('"a;b",c,d'), separator_of("a;b;c"), separator_of("a")
    (',', ';', ',')
    """
    bare = re.sub(r'"[^"]*"', "", row)
    return max(",;\t|", key=bare.count) if any(sign in bare for sign in ",;\t|") else ","


class TableCutter(Cutter):
    """Whole records."""

    def __init__(self, separator: str | None, fields: tuple[str, ...]) -> None:
        self.separator, self.fields = separator, fields
        self.shape: Shape | None = None

    def cut(self, data: bytes, final: bool) -> tuple[int, Shape | None]:
        """
        Raises:
            Failure: A field that was asked for is no column.
        """
        if len(data) <= PIECE and not final:
            return 0, None
        first = self.shape is None
        if self.shape is None:
            self.shape = self._shape(data)
        shape = self.shape._replace(has_head=first)
        if len(data) <= PIECE:
            return len(data), shape
        end = record_end(data[:PIECE], shape.separator)
        if end:
            return end, shape
        if len(data) > LONGEST:
            return len(data), shape._replace(is_kept=True)
        end = record_end(data, shape.separator)
        return (len(data) if final and not end else end), shape

    def _shape(self, data: bytes) -> Shape:
        text = data[:PIECE].decode("utf-8", "replace")
        head = text[: text.find("\n") + 1] or text
        separator = self.separator or separator_of(head)
        if not self.fields:
            return Shape(separator, None, True)
        names: list[str] = []
        for match in cell_pattern(separator).finditer(text):
            names.append(match["cell"] if match["quoted"] is None else match["quoted"][1:-1].replace('""', '"'))
            if match["end"] != separator:
                break
        # Two may have one name.
        columns = frozenset(at for at, name in enumerate(names) if name in self.fields)
        if text and not columns:
            raise Failure(f"no column {self.fields[0]}; there are {', '.join(names)}")
        return Shape(separator, columns, True)


def record_end(data: bytes, separator: str) -> int:
    """
    One past the last line end outside quotes; 0 if there is none. A quote counts where a cell begins, and if what
    it opens ends with the cell: ``1,5" wide`` has none.

    >>> record_end(b'a,5" b\\nc,"d\\ne', ",")
    7
    """
    end, at = 0, 0
    for start, stop in quoted(data, separator):
        end = data.rfind(b"\n", at, start) + 1 or end
        at = stop
    return data.rfind(b"\n", at) + 1 or end


def quoted(data: bytes, separator: str) -> Iterator[tuple[int, int]]:
    """The cells in quotes; the last one may end behind the data."""
    mark = re.escape(separator.encode())
    pattern = re.compile(rb'(?:(?<=[%b\r\n])|\A)"[^"]*(?:""[^"]*)*("(?=[%b\r\n])|"?\Z)?' % (mark, mark))
    at = 0
    while match := pattern.search(data, at):
        at = match.start() + 1
        if match[1] is not None:
            at = max(match.end(), at)
            yield match.span()


class Table(Format):
    """CSV or TSV, with the names of the columns that are text."""

    def __init__(self, name: str, fields: tuple[str, ...]) -> None:
        self.name, self.fields = name, fields

    def cutter(self) -> Cutter:
        return TableCutter("\t" if self.name == "tsv" else None, self.fields)

    def texts(self, source: str, context: Any) -> Texts:
        shape: Shape = context
        if shape.is_kept:
            return Texts([], [0], TOO_LONG)
        runs: list[Run] = []
        column, is_head = 0, shape.has_head
        for match in cell_pattern(shape.separator).finditer(source):
            if not is_head and (shape.columns is None or column in shape.columns):
                runs += quoted_cell(source, *match.span("quoted")) if match["quoted"] else bare_cell(match)
            column += 1
            if match["end"] != shape.separator:
                column = 0
                is_head = is_head and match["end"] == ""
        return Texts(runs, [])

    def escape(self, new: str, source: str) -> str | None:
        if source.startswith('"'):
            return new.replace('"', '""')
        return None if re.search(r'[",;\t|\r\n]', new) else new


def bare_cell(match: re.Match[str]) -> list[Run]:
    """A cell without quotes around it; those that it begins with close nowhere, and are left out."""
    start, end = match.span("cell")
    start = end - len(match["cell"].lstrip('"'))
    return [[Part(start, end)]] if start < end else []


def quoted_cell(source: str, start: int, end: int) -> list[Run]:
    """A cell as a run: its quotes are read as nothing, and two as one."""
    run: Run = [Part(start, start + 1, "", True)]
    at = start + 1
    while at < end - 1:
        quote = source.find('""', at, end - 1)
        quote = end - 1 if quote < 0 else quote
        if at < quote:
            run.append(Part(at, quote))
        if quote < end - 1:
            run.append(Part(quote, quote + 2, '"'))
        at = quote + 2
    return [run] if len(run) > 1 else []


def make(name: str, fields: tuple[str, ...]) -> Format:
    """The format."""
    return Table(name, fields)
