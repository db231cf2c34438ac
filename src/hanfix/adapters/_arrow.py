"""Arrow: an array or a chunked array in, the same out; type, chunks and nulls stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_arrow(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of an Arrow column.

    Chunks are worked on one after another, so that a long column needs the memory of one more chunk. Of a
    column with a dictionary, only that is worked on; a column of nulls has no text and stays.

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
    if pa.types.is_null(texts.type):
        return texts
    if isinstance(texts, pa.DictionaryArray) and _is_text(texts.type.value_type):
        return _with_dictionary(texts, batch_arrow(normalizer, texts.dictionary))
    if not _is_text(texts.type):
        raise TypeError(f"batch takes a column of text, not of {texts.type}")
    return pa.array(normalizer.batch(texts.to_pylist()), type=texts.type)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return any(kind == text for text in (pa.string(), pa.large_string(), pa.string_view()))


def _with_dictionary(texts: Any, dictionary: Any) -> Any:
    """A column with another dictionary, in which each text stands once: pandas takes no other."""
    import pyarrow as pa

    indices, distinct = texts.indices, dict.fromkeys(dictionary.to_pylist())
    if len(distinct) < len(dictionary):
        places = {text: at for at, text in enumerate(distinct)}
        moved = pa.array([places[text] for text in dictionary.to_pylist()], indices.type)
        indices, dictionary = moved.take(indices), pa.array(list(distinct), dictionary.type)
    return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=texts.type.ordered)
