"""polars: a Series in, a Series out; name, dtype and nulls stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_series(normalizer: Normalizer, texts: Any) -> Any:
    """Each text of a Series; nulls stay null."""
    if type(texts).__name__ != "Series":
        raise TypeError(f"batch takes a Series, not a {type(texts).__name__}: name one column")
    return type(texts)(texts.name, normalizer.batch(texts.to_list()), dtype=texts.dtype)
