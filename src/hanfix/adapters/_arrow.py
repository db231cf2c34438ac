"""
Arrow: an array or a chunked array in, the same out; type, chunks and nulls stay. Bytes become text of the same width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hanfix._pipeline import Normalizer


def batch_arrow(normalizer: Normalizer, texts: Any) -> Any:
    """
    Each text of an Arrow column.

    A column of bytes is decoded, each by itself, and comes back as one of text. Chunks are worked on one after
    another, so that a long column needs the memory of one more chunk. Of a column with a dictionary, only that is
    worked on; a column of nulls has no text and stays.

    Raises:
        TypeError: The column holds something else than text.
    """
    import pyarrow as pa

    if not isinstance(texts, pa.Array | pa.ChunkedArray):
        is_array = hasattr(texts, "__arrow_c_array__")
        texts = pa.array(texts) if is_array else pa.chunked_array(texts)
    if isinstance(texts, pa.ChunkedArray):
        chunks = [batch_arrow(normalizer, chunk) for chunk in texts.chunks]
        return pa.chunked_array(chunks, type=_made_of(texts.type))
    if pa.types.is_null(texts.type):
        return texts
    made_of = _made_of(texts.type)
    if isinstance(texts, pa.DictionaryArray):
        return _with_dictionary(texts, batch_arrow(normalizer, texts.dictionary))
    return pa.array(normalizer.batch(texts.to_pylist()), type=made_of)


def _made_of(kind: Any) -> Any:
    """The type of the texts that a column of some type becomes."""
    import pyarrow as pa

    if pa.types.is_null(kind):
        return kind
    is_dictionary = pa.types.is_dictionary(kind)
    held = kind.value_type if is_dictionary else kind
    texts = {
        pa.binary(): pa.string(), pa.large_binary(): pa.large_string(), pa.binary_view(): pa.string_view(),
    }  # fmt: skip
    if held not in (*texts, *texts.values()):
        raise TypeError(f"batch takes a column of text, not of {kind}")
    made = texts.get(held, held)
    return pa.dictionary(kind.index_type, made, kind.ordered) if is_dictionary else made


def _with_dictionary(texts: Any, dictionary: Any) -> Any:
    """A column with another dictionary, in which each text stands once: pandas takes no other."""
    import pyarrow as pa

    indices, distinct = texts.indices, dict.fromkeys(dictionary.to_pylist())
    if len(distinct) < len(dictionary):
        places = {text: at for at, text in enumerate(distinct)}
        moved = pa.array([places[text] for text in dictionary.to_pylist()], indices.type)
        indices, dictionary = moved.take(indices), pa.array(list(distinct), dictionary.type)
    return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=texts.type.ordered)
