"""
Decode: bytes of unknown encoding, whole or damaged.

Comes in: bytes. Goes out: all the text that is there, which bytes were read as what, and what could
not be read. Never: an error for what the bytes are, unless ``strict`` asks for it.
"""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from hanfix import _core
from hanfix.errors import UndecodableError
from hanfix.report import Edit, Loss, Value

# A codec of more than one byte that only Python has is tried on no more than this: it reads all or nothing.
_WINDOW = 1 << 18
_ONE_BYTE = bytes(range(0x80, 0x100))
# What decode names that Python has no codec for; their escapes tell them, and a name adds nothing.
_BY_ESCAPES = frozenset(("iso-2022-cn", "iso-2022-cn-ext"))


class Decoded(Value):
    """
    What :func:`decode` read.

    Attributes:
        text: The text, without a byte order mark; U+FFFD stands where bytes could not be read.
        spans: ``(byte_start, byte_end, encoding)``, in order; every byte is in exactly one.
        losses: What could not be read. Positions are those of *bytes*.
        encoding: What most of the text was read as, by its canonical lower-case name.
        confidence: From 0 to 1: how far behind the next best reading is.
        runners_up: The next best readings, ``(encoding, confidence)``, the nearest first.
        start: Which byte the first is: not 0 for a piece of a stream.
    """

    __slots__ = ("_data", "_lengths", "confidence", "encoding", "losses", "runners_up", "spans", "start", "text")

    def __init__(
        self,
        text: str,
        spans: tuple[tuple[int, int, str], ...],
        losses: tuple[Loss, ...],
        encoding: str,
        confidence: float,
        data: bytes,
        lengths: tuple[int, ...],
        runners_up: tuple[tuple[str, float], ...] = (),
        start: int = 0,
    ) -> None:
        self.text, self.spans, self.losses = text, spans, losses
        self.encoding, self.confidence = encoding, confidence
        self.runners_up, self.start = runners_up, start
        self._data, self._lengths = data, lengths

    @property
    def edits(self) -> tuple[Edit, ...]:
        """
        What makes UTF-8 of the bytes: replacing ``data[e.start:e.end]`` by ``e.new.encode()`` from
        left to right gives ``text.encode("utf-8", "surrogatepass")``. Positions are those of bytes, and ``old`` has one
        character a byte. A span that is UTF-8 already has none.
        """
        edits, at = [], 0
        for (start, end, encoding), length in zip(self.spans, self._lengths, strict=True):
            old, new = self._data[start - self.start : end - self.start], self.text[at : at + length]
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
        spans = [
            (start - self.start, end - self.start, name, length)
            for (start, end, name), length in zip(self.spans, self._lengths, strict=True)
        ]
        losses = [(loss.start - self.start, loss.end - self.start) for loss in self.losses]
        places = _core.byte_places(self._data, self.text, spans, losses, list(points))
        return [place + self.start for place in places] if self.start else places

    def __repr__(self) -> str:
        return f"Decoded(text={self.text!r}, encoding={self.encoding!r}, losses={self.losses!r})"

    def _fields(self) -> tuple[object, ...]:
        return (
            *(self.text, self.spans, self.losses, self.encoding, self.confidence, self._data, self._lengths),
            *(self.runners_up, self.start),
        )


def decode(
    data: bytes | bytearray | memoryview, *, encoding: str | None = None, strict: bool = False, keep: bool = False
) -> Decoded:
    """
    The text of bytes in an unknown encoding.

    Each encoding's reading is weighed by how likely its text is, so a lost byte, a cut end or a
    line in another encoding costs what it is worth and no more: the rest is read.

    Args:
        data: Any bytes: UTF-8, CESU-8, UTF-16 and UTF-32 with or without a mark, GB 18030 and its
            subsets, Big5 with HKSCS, EUC-TW, HZ, ISO-2022, Shift_JIS, EUC-JP, EUC-KR, Johab and the
            one-byte encodings.
        encoding: What somebody says it is: a header, a catalogue. It counts as evidence, and loses to
            the bytes where they contradict it. Without it, what a document declares of itself counts.
        strict: Raise where bytes cannot be read, instead of putting U+FFFD there.
        keep: Write bytes that cannot be read as lone surrogates (PEP 383) instead, so that encoding
            their part of the text with ``errors="surrogateescape"`` gives them back.

    Returns:
        Text, spans, losses and edits. Positions are those of bytes.

    Raises:
        TypeError: ``data`` is no bytes, or ``encoding`` no string.
        ValueError: ``encoding`` is a name that nobody knows.
        UndecodableError: ``strict``, and some byte cannot be read. Nothing else raises.

    >>> decode("繁體中文".encode("big5")).text
    '繁體中文'
    >>> decode("第一行\\n第二行".encode("gb18030")[:-1]).text
    '第一行\\n第二\ufffd'
    >>> decode("第一行\\n第二行".encode("gb18030")[:-1], keep=True).text[-1]
    '\\udcd0'
    """
    data = bytes_of(data)
    hint = None if encoding is None else hint_of(encoding)
    text = _core.decode_utf8(data)
    if text is not None:
        name = "ascii" if text.isascii() else "utf-8"
        spans = ((0, len(data), name),) if data else ()
        return Decoded(text, spans, (), name, 1.0, data, (len(text),) if data else ())
    if encoding is not None and hint is None and (other := _by_codec(data, encoding)):
        return other
    piece, decision = _core.decode_bytes(data, hint, keep, _others)
    decoded = _decoded(piece, decision, data, 0)
    if strict and decoded.losses:
        raise UndecodableError(decoded.encoding, decoded.losses[0].start)
    return decoded


def bytes_of(data: bytes | bytearray | memoryview, wanted: str = "data is bytes") -> bytes:
    """
    Bytes, whatever holds them, if it gives them out by the buffer protocol: a mapped file is as good. Other buffers are
    refused: what numbers, references or the characters of a string are held as is no text in any encoding.

    Raises:
        TypeError: It is something else than was wanted.
    """
    if isinstance(data, bytes):
        return data
    try:
        view = memoryview(data)
    except TypeError:
        raise TypeError(f"{wanted}, not {type(data).__name__}") from None
    if view.format not in ("B", "b", "c"):
        raise TypeError(f"{wanted}, not {type(data).__name__} of format {view.format}")
    return bytes(view)


def decode_stream(
    chunks: Iterable[bytes | bytearray | memoryview],
    *,
    encoding: str | None = None,
    strict: bool = False,
    keep: bool = False,
) -> Iterator[Decoded]:
    """
    The text of bytes that come in chunks, in constant memory.

    However the bytes are cut, the texts put together are that of :func:`decode` for all of them, the
    losses are the same, and every byte that is not ASCII is read as the same encoding. The encoding
    is decided by the first quarter of a megabyte behind the first byte that tells encodings apart; so
    much is held back, and from then on no more than a line, or 64 KiB of a longer one. Later lines
    that do not fit are read in their own encoding, as always.

    Args:
        chunks: Bytes of any length, the empty ones included.
        encoding: As for :func:`decode`.
        strict: As for :func:`decode`. What was read before the first loss has been given by then.
        keep: As for :func:`decode`.

    Yields:
        Pieces with some text or spans, in order. Positions are those of all bytes: ``spans`` and
        ``losses`` of one piece follow those of the piece before. ``encoding`` and ``confidence`` are
        ``"ascii"`` and 1 until something else is found, and then the same for every piece.

    Raises:
        TypeError: A chunk is no bytes, or ``encoding`` no string.
        ValueError: ``encoding`` is a name that nobody knows.
        UndecodableError: ``strict``, and some byte cannot be read.

    >>> lines = "第一行\\n第二行".encode("big5")
    >>> "".join(piece.text for piece in decode_stream([lines[:3], lines[3:]]))
    '第一行\\n第二行'
    """
    hint = None if encoding is None else hint_of(encoding)
    # What a name means that is no codec of ours is decided like that of all bytes: as far as they go.
    stream = _Stream(encoding if hint is None else None, hint, keep)
    return stream.pieces(chunks, strict)


class _Stream:
    """Bytes that were taken and not given as text yet."""

    def __init__(self, codec: str | None, hint: str | None, keep: bool) -> None:
        self.codec = codec
        self.stream = _core.DecodeStream(hint, keep, _others)
        self.pending: deque[bytes] = deque()
        self.start = 0

    def pieces(self, chunks: Iterable[bytes | bytearray | memoryview], strict: bool) -> Iterator[Decoded]:
        """What is read, as it is, or an error where something is lost and that is not wanted."""
        for decoded in self._all(chunks):
            if strict and decoded.losses:
                raise UndecodableError(decoded.encoding, decoded.losses[0].start)
            yield decoded

    def _all(self, chunks: Iterable[bytes | bytearray | memoryview]) -> Iterator[Decoded]:
        given: Iterator[bytes] = map(bytes_of, chunks)
        if self.codec is not None:
            head = []
            size = 0
            for chunk in given:
                head.append(chunk)
                size += len(chunk)
                if size > _WINDOW:
                    break
            data = b"".join(head)
            if data and _core.decode_utf8(data) is None and (other := _by_codec(data, self.codec)):
                yield other
                return
            given = chain((data,), given)
        for chunk in given:
            self.pending.append(chunk)
            piece = self.stream.feed(chunk)
            if piece[1]:
                yield self._piece(piece)
        piece = self.stream.finish()
        if piece[1]:
            yield self._piece(piece)

    def _piece(self, piece: _core._Piece) -> Decoded:
        """A piece with the bytes that it was made of, which are pending no longer."""
        end = piece[1][-1][1]
        wanted = end - self.start
        taken = []
        while wanted > 0:
            chunk = self.pending.popleft()
            if len(chunk) > wanted:
                self.pending.appendleft(chunk[wanted:])
                chunk = chunk[:wanted]
            taken.append(chunk)
            wanted -= len(chunk)
        start, self.start = self.start, end
        return _decoded(piece, self.stream.decision() or ("ascii", 1.0, []), b"".join(taken), start)


def _decoded(piece: _core._Piece, decision: _core._Decision, data: bytes, start: int) -> Decoded:
    text, spans, losses = piece
    name, confidence, runners_up = decision
    if len(spans) == 1 and spans[0][2] == "ascii":
        name = "ascii"
    return Decoded(
        text,
        tuple((start, end, read_as) for start, end, read_as, _ in spans),
        tuple(Loss(*loss) for loss in losses),
        name,
        confidence,
        data,
        tuple(length for *_, length in spans),
        tuple(runners_up),
        start,
    )


def hint_of(encoding: str) -> str | None:
    """
    The name as the core knows it, made known if need be; ``None`` for a codec that only Python has, and for
    an encoding that is told by its escapes.

    Raises:
        TypeError: It is no string.
        ValueError: Nobody knows it.
    """
    if not isinstance(encoding, str):
        raise TypeError(f"encoding is a name, not {type(encoding).__name__}")
    if _core.knows_encoding(encoding):
        return encoding
    if encoding.lower().replace("_", "-") in _BY_ESCAPES:
        return None
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        raise ValueError(f"unknown encoding: {encoding}") from None
    upper = _upper_half(codec.name)
    if upper is None:
        return None
    _core.register_encoding(codec.name, upper)
    return codec.name


def _upper_half(name: str) -> str | None:
    """The characters of the bytes from 0x80 on, if it is one byte a character, and ASCII below."""
    try:
        lower = bytes(range(0x80)).decode(name)
        upper = _ONE_BYTE.decode(name, "replace")
    except (LookupError, UnicodeError):
        return None
    return upper if len(upper) == 0x80 and lower.isascii() and len(lower) == 0x80 else None


def _others(window: bytes) -> tuple[str, str] | None:
    """What charset-normalizer takes one-byte text for: it knows more languages."""
    from charset_normalizer import from_bytes

    best = from_bytes(window).best()
    upper = _upper_half(best.encoding) if best else None
    return (best.encoding, upper) if best and upper else None


def _by_codec(data: bytes, encoding: str) -> Decoded | None:
    """What a codec that only Python has makes of bytes, if it reads them all and they make more sense so."""
    if len(data) > _WINDOW:
        return None
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        return None
    (ours, _, losses), _ = _core.decode_bytes(data, None, False, _others)
    if not losses and _core.likelihood(text) <= _core.likelihood(ours):
        return None
    return Decoded(text, ((0, len(data), encoding),), (), encoding, 0.5, data, (len(text),))
