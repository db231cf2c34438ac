"""pandas: a Series in, a Series out; index, name, dtype and missing values stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_series(normalizer: Normalizer, texts: Any) -> Any:
    """Each text of a Series; what is missing (``None``, ``NaN``, ``NA``) stays as it is."""
    if not hasattr(texts, "isna") or getattr(texts, "ndim", 0) != 1:
        raise TypeError(f"batch takes a Series, not a {type(texts).__name__}: name one column")
    missing = texts.isna()
    done = texts.copy()
    # By position: pandas 2.3 fails on a list behind a mask where nothing is missing.
    done.iloc[(~missing).to_numpy().nonzero()[0]] = normalizer.batch(texts[~missing].tolist())
    return done
