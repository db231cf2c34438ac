"""
Decode: bytes of unknown encoding, whole or damaged.

Comes in: bytes. Goes out: all the text that is there, which bytes were read as what, and what could
not be read. Never: an error for what the bytes are, unless ``strict`` asks for it.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from hanfix import _core
from hanfix.errors import UndecodableError
from hanfix.report import Edit, Loss

# One-byte text at least this long is charset-normalizer's: it knows more languages, and needs more
# text to tell them apart than pairs of letters do.
_ENOUGH_FOR_CHARSET_NORMALIZER = 48

# Nats by which its reading must be better where our own weighing had the same encoding before it.
_ALSO_WEIGHED = 2.0


class Decoded:
    """
    What :func:`decode` read.

    Attributes:
        text: The text, without a byte order mark; U+FFFD stands where bytes could not be read.
        spans: ``(byte_start, byte_end, encoding)``, in order; every byte is in exactly one.
        losses: What could not be read. Positions are those of *bytes*.
        encoding: What most of the text was read as, by its canonical lower-case name.
        confidence: From 0 to 1: how far behind the next best reading is.
    """

    __slots__ = ("_data", "_lengths", "confidence", "encoding", "losses", "spans", "text")

    def __init__(
        self,
        text: str,
        spans: tuple[tuple[int, int, str], ...],
        losses: tuple[Loss, ...],
        encoding: str,
        confidence: float,
        data: bytes,
        lengths: tuple[int, ...],
    ) -> None:
        self.text, self.spans, self.losses = text, spans, losses
        self.encoding, self.confidence = encoding, confidence
        self._data, self._lengths = data, lengths

    @property
    def edits(self) -> tuple[Edit, ...]:
        """
        What makes UTF-8 of the bytes: replacing ``data[e.start:e.end]`` by ``e.new.encode()`` from
        left to right gives ``text.encode()``. Positions are those of bytes, and ``old`` has one
        character a byte. A span that is UTF-8 already has none.
        """
        edits, at = [], 0
        for (start, end, encoding), length in zip(self.spans, self._lengths, strict=True):
            old, new = self._data[start:end], self.text[at : at + length]
            at += length
            if old != new.encode("utf-8", "surrogatepass"):
                edits.append(Edit(start, end, old.decode("latin-1"), new, "decode", encoding))
        return tuple(edits)

    def byte_places(self, points: Sequence[int]) -> list[int]:
        """
        Where in the bytes places of the text stand.

        Args:
            points: Places in ``text``, in ascending order.

        >>> decode("第一行".encode("gb18030")).byte_places([0, 2])
        [0, 4]
        """
        spans = [(*span, length) for span, length in zip(self.spans, self._lengths, strict=True)]
        losses = [(loss.start, loss.end) for loss in self.losses]
        return _core.byte_places(self._data, self.text, spans, losses, list(points))

    def __repr__(self) -> str:
        return f"Decoded(text={self.text!r}, encoding={self.encoding!r}, losses={self.losses!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decoded):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __reduce__(self) -> tuple[object, ...]:
        return Decoded, self._fields()

    def _fields(self) -> tuple[object, ...]:
        return self.text, self.spans, self.losses, self.encoding, self.confidence, self._data, self._lengths


def decode(data: bytes | bytearray | memoryview, *, encoding: str | None = None, strict: bool = False) -> Decoded:
    """
    The text of bytes in an unknown encoding.

    Each encoding's reading is weighed by how likely its text is, so a lost byte, a cut end or a
    line in another encoding costs what it is worth and no more: the rest is read.

    Args:
        data: Any bytes: UTF-8, UTF-16 and UTF-32 with or without a mark, GB 18030 and its subsets,
            Big5 with HKSCS, EUC-TW, HZ, ISO-2022, Shift_JIS, EUC-JP, EUC-KR and the one-byte
            encodings.
        encoding: What somebody says it is: a declaration, a header. It counts as evidence, and
            loses to the bytes where they contradict it.
        strict: Raise where bytes cannot be read, instead of putting U+FFFD there.

    Returns:
        Text, spans, losses and edits. Positions are those of bytes.

    Raises:
        TypeError: ``data`` is no bytes.
        ValueError: ``encoding`` is a name that nobody knows.
        UndecodableError: ``strict``, and some byte cannot be read. Nothing else raises.

    >>> decode("繁體中文".encode("big5")).text
    '繁體中文'
    >>> decode("第一行\\n第二行".encode("gb18030")[:-1]).text
    '第一行\\n第二\ufffd'
    """
    data = data if isinstance(data, bytes) else bytes(memoryview(data))
    hint = None
    if encoding is not None:
        hint = encoding if _core.knows_encoding(encoding) else None
        if hint is None:
            _lookup(encoding)
    text = _core.decode_utf8(data)
    if text is not None:
        name = "ascii" if text.isascii() else "utf-8"
        spans = ((0, len(data), name),) if data else ()
        return Decoded(text, spans, (), name, 1.0, data, (len(text),) if data else ())
    answer, spans_and_lengths, lost, name, confidence, is_single = _core.decode_bytes(data, hint)
    if is_single and (other := _other_language(data, answer, encoding, hint)):
        return other
    losses = tuple(Loss(*loss) for loss in lost)
    if strict and losses:
        raise UndecodableError(name, losses[0].start)
    return Decoded(
        answer,
        tuple((start, end, read_as) for start, end, read_as, _ in spans_and_lengths),
        losses,
        name,
        confidence,
        data,
        tuple(length for *_, length in spans_and_lengths),
    )


def _lookup(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise ValueError(f"unknown encoding: {encoding}") from None


def _other_language(data: bytes, ours: str, encoding: str | None, hint: str | None) -> Decoded | None:
    """What is neither Unicode nor East Asian, if its hint or charset-normalizer reads it better."""
    name = None
    if encoding is not None and hint is None:
        name = encoding
    elif len(data) >= _ENOUGH_FOR_CHARSET_NORMALIZER:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        name = best.encoding if best else None
    if name is None:
        return None
    try:
        text = data.decode(name).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None
    # Both read the same bytes, so the likelier text is the better reading. What we know ourselves has
    # been weighed already, with how rare it is: `oxygčne` is no better than `oxygène`.
    margin = _ALSO_WEIGHED if _core.knows_encoding(name) else 0.0
    if _core.likelihood(text) <= _core.likelihood(ours) + margin:
        return None
    return Decoded(text, ((0, len(data), name),), (), name, 0.5, data, (len(text),))
