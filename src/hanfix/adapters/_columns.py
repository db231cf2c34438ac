"""
Tables: one with named columns in, the same kind out, with the texts of some columns normalized.

Comes in: what data engines hand to a function that is mapped over batches. Goes out: a table of the
same kind with the same columns in the same order. Never: a change to the table that came in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from hanfix.report import Value

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def libraries_of(given: Any) -> set[str]:
    """The packages that its class and what that is derived from are of: a frame with places on a map is pandas'."""
    return {kind.__module__.partition(".")[0] for kind in type(given).__mro__}


class Columns(Value):
    """
    Normalize named columns of every table that comes: a function to map over batches.

    It can be pickled, so that engines send it to other processes and machines.

    Args:
        normalizer: What to do with each text.
        *names: The columns that hold text; strings, but pandas and mappings have others too.

    Raises:
        ValueError: No column is named.

    >>> from hanfix import Normalizer
    >>> to_hans = Columns(Normalizer(to="hans"), "title", "text")
    >>> to_hans({"id": [1, 2], "title": ["標題", None], "text": ["內容", "问题"]})
    {'id': [1, 2], 'title': ['标题', None], 'text': ['内容', '问题']}
    """

    __slots__ = ("names", "normalizer")

    def __init__(self, normalizer: Normalizer, *names: Hashable) -> None:
        if not names:
            raise ValueError("name at least one column")
        self.normalizer = normalizer
        self.names = names

    def __call__(self, table: Any) -> Any:
        """
        The table with its texts normalized.

        Args:
            table: A mapping of names to columns, a pandas or polars DataFrame, or a pyarrow Table or
                RecordBatch. A column is whatever :meth:`hanfix.Normalizer.batch` takes.

        Raises:
            KeyError: It has no column of that name.
            TypeError: It is none of these, or a column does not hold text.
        """
        if isinstance(table, Mapping):
            return {**table, **{name: self.normalizer.batch(table[name]) for name in self.names}}
        libraries = libraries_of(table)
        if "pandas" in libraries and hasattr(table, "assign"):
            return self._pandas(table)
        if "polars" in libraries and hasattr(table, "get_column"):
            return table.with_columns(self.normalizer.batch(self._column(table, name)) for name in self.names)
        if "pyarrow" in libraries and hasattr(table, "set_column"):
            return self._arrow(table)
        raise TypeError(f"Columns takes a table with named columns, not {type(table).__name__}")

    def _pandas(self, table: Any) -> Any:
        # A copy as assign makes it, which itself takes no name that is not a string.
        done = table.assign()
        for name in self.names:
            done[name] = self.normalizer.batch(table[name])
        return done

    @staticmethod
    def _column(table: Any, name: Hashable) -> Any:
        if name not in table.columns:
            raise KeyError(name)
        return table.get_column(name)

    def _arrow(self, table: Any) -> Any:
        for name in self.names:
            # Two may have one name.
            places = [at for at, other in enumerate(table.schema.names) if other == name]
            if not places:
                raise KeyError(name)
            for at in places:
                made = self.normalizer.batch(table.column(at))
                table = table.set_column(at, table.schema.field(at).with_type(made.type), made)
        return table

    def _fields(self) -> tuple[Any, ...]:
        return self.normalizer, *self.names

    def __repr__(self) -> str:
        return f"Columns({', '.join([repr(self.normalizer), *map(repr, self.names)])})"
