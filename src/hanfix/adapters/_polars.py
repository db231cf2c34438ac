"""polars: a Series in, a Series out; name, dtype and nulls stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_series(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of a Series; nulls stay null.

    Raises:
        TypeError: It is something else, or its type has no room for any text.
    """
    import polars as pl

    if not isinstance(texts, pl.Series):
        raise TypeError(f"batch takes a Series, not a {type(texts).__name__}: name one column")
    if texts.dtype not in (pl.String, pl.Categorical, pl.Object, pl.Null):
        # An Enum too: it has the texts that its schema names, and no others.
        raise TypeError(f"batch takes a Series of String, not of {texts.dtype.base_type().__name__}: cast it first")
    return type(texts)(texts.name, normalizer.batch(texts.to_list()), dtype=texts.dtype)
