"""
Columns and tables of other libraries: one in, the same kind out.

Comes in: a pandas or polars Series, a pandas Index, a NumPy array, anything that speaks Arrow's PyCapsule interface;
or, with :class:`Columns`, a table that has named columns. Goes out: the same kind, of the same
length, names and missing values kept. None of these libraries is needed to import hanfix; whoever
hands one in has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanfix.adapters._columns import Columns, libraries_of

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer

__all__ = ["Columns", "batch_like"]


def batch_like(normalizer: Normalizer, texts: Any) -> Any:
    """
    A column of texts, normalized.

    Args:
        normalizer: What to do with each text.
        texts: A pandas or polars Series; a pandas Index; a NumPy array; a pyarrow array or chunked array; or an object
            with ``__arrow_c_array__`` or ``__arrow_c_stream__``, which comes back as a pyarrow array.

    Raises:
        TypeError: It is none of these, or holds something else than text.
        ModuleNotFoundError: pyarrow is not there, and only it can read the object.
    """
    libraries = libraries_of(texts)
    if "pandas" in libraries:
        from hanfix.adapters._pandas import batch_series

        return batch_series(normalizer, texts)
    if "polars" in libraries:
        from hanfix.adapters._polars import batch_series

        return batch_series(normalizer, texts)
    if "numpy" in libraries and hasattr(texts, "dtype"):
        from hanfix.adapters._numpy import batch_array

        return batch_array(normalizer, texts)
    if hasattr(texts, "__arrow_c_array__") or hasattr(texts, "__arrow_c_stream__"):
        from hanfix.adapters._arrow import batch_arrow

        return batch_arrow(normalizer, texts)
    raise TypeError(f"batch takes a list, a Series or an array, not {type(texts).__name__}")
