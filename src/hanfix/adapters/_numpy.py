"""NumPy: a one-dimensional array of texts in, the same kind out; what is missing stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_array(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of an array of objects, of fixed-width text, or of ``StringDType``.

    Raises:
        TypeError: The array has more than one dimension, or holds something else than text.
    """
    import numpy as np

    if texts.ndim != 1 or texts.dtype.kind not in "OUT":
        raise TypeError(f"batch takes an array of text in one dimension, not {texts.ndim} of {texts.dtype}")
    done = normalizer.batch(texts.tolist())
    if texts.dtype.kind == "U":
        # As wide as the longest text now is.
        return np.array(done, dtype=str)
    array = np.empty(len(done), dtype=texts.dtype)
    array[:] = done
    return array
