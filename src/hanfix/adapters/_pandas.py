"""pandas: a Series or an Index in, the same out; index, name, dtype and missing values stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_series(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of a Series or an Index; what is missing (``None``, ``NaN``, ``NA``) stays as it is.

    Categories are worked on themselves; those that become the same text become one.

    Raises:
        TypeError: It is something else, or holds something else than text.
    """
    import pandas as pd

    if isinstance(texts, pd.Index) and texts.nlevels == 1:
        done = batch_series(normalizer, pd.Series(texts, index=range(len(texts)), dtype=texts.dtype))
        return pd.Index(done, dtype=done.dtype, name=texts.name)
    if not isinstance(texts, pd.Series):
        raise TypeError(f"batch takes a Series or an Index, not a {type(texts).__name__}: name one column")
    if isinstance(texts.dtype, pd.CategoricalDtype):
        given = texts.cat.categories
        categories = batch_series(normalizer, given)
        kind = pd.CategoricalDtype(categories.unique(), texts.dtype.ordered)
        return texts.map(dict(zip(given, categories, strict=True))).astype(kind)
    if isinstance(texts.dtype, pd.ArrowDtype):
        # Arrow's own way: pandas 3.1 puts texts of other rows into a column with a dictionary that it assigns to.
        from hanfix.adapters._arrow import batch_arrow

        made = pd.arrays.ArrowExtensionArray(batch_arrow(normalizer, texts.array.__arrow_array__()))
        return texts._constructor(made, index=texts.index, name=texts.name).__finalize__(texts)
    missing = texts.isna()
    done = texts.copy()
    # By position: pandas 2.3 fails on a list behind a mask where nothing is missing.
    done.iloc[(~missing).to_numpy().nonzero()[0]] = normalizer.batch(texts[~missing].tolist())
    return done
