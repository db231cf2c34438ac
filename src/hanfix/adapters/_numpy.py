"""NumPy: a one-dimensional array of texts in, the same kind out; what is missing or masked stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_array(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of an array of objects, of fixed-width text, or of ``StringDType``.

    What is missing (``None``, ``NaN``, ``NA``) stays as it is, and so does what a mask hides.

    Raises:
        TypeError: The array has more than one dimension, or holds something else than text.
    """
    import numpy as np

    if texts.ndim != 1 or texts.dtype.kind not in "OUT":
        raise TypeError(f"batch takes an array of text in one dimension, not {texts.ndim} of {texts.dtype}")
    if isinstance(texts, np.ma.MaskedArray):
        shown = batch_array(normalizer, texts.compressed())
        # As wide as before at least: what is hidden may be the longest.
        done = texts.astype(np.result_type(texts.dtype, shown.dtype))
        done[~np.ma.getmaskarray(texts)] = shown
        return done
    done = texts.tolist()
    present = [at for at, text in enumerate(done) if not _is_missing(text)]
    for at, text in zip(present, normalizer.batch([done[at] for at in present]), strict=True):
        done[at] = text
    if texts.dtype.kind == "U":
        # As wide as the longest text now is.
        return np.array(done, dtype=str)
    array = np.empty(len(done), dtype=texts.dtype)
    array[:] = done
    return array


def _is_missing(value: Any) -> bool:
    """Whether it is nothing, or not equal to itself: NaN is not, and pandas' NA does not know."""
    import numpy as np

    if value is None or isinstance(value, str | bytes):
        return value is None
    equal = value == value
    return equal is value or (isinstance(equal, bool | np.bool_) and not equal)
