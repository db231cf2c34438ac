"""Arrow: an array or a chunked array in, the same out; type, chunks and nulls stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_arrow(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of an Arrow column.

    Chunks are worked on one after another, so that a long column needs the memory of one more chunk.

    Raises:
        TypeError: The column holds something else than text.
    """
    import pyarrow as pa

    if not isinstance(texts, pa.Array | pa.ChunkedArray):
        is_array = hasattr(texts, "__arrow_c_array__")
        texts = pa.array(texts) if is_array else pa.chunked_array(texts)
    if isinstance(texts, pa.ChunkedArray):
        chunks = [batch_arrow(normalizer, chunk) for chunk in texts.chunks]
        return pa.chunked_array(chunks, type=texts.type)
    if not any(texts.type == kind for kind in (pa.string(), pa.large_string(), pa.string_view())):
        raise TypeError(f"batch takes a column of text, not of {texts.type}")
    return pa.array(normalizer.batch(texts.to_pylist()), type=texts.type)
