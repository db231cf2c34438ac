"""
Bytes as they come, in whatever encoding; UTF-8 as it goes on.

In: the bytes of one file, some at a time. Out: the same text as UTF-8, never cut inside a character.
Never: decided on too little; the first call has all of a small file, or the first half mebibyte of a
large one.

This is the only place of the command that knows how a stream is decoded. What is UTF-8 beyond doubt
passes as it is, which is most of what there is; from the first stretch on that is not, the core's own
stream reads, and holds back what it needs to decide. What is left at the end and too little to decide by is
read as what came before it, and what that cannot be is a loss.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from hanfix import HanfixError, _core, _decode, decode
from hanfix.cli.errors import Failure
from hanfix.report import Loss

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Iterable

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


# Bytes that are enough to be decided by themselves.
ENOUGH = 1 << 14
# Bytes of a line that tell what the rest of it is.
LINE = 1 << 12
# Places in a file that are told one by one: of one that is no text after all there may be millions.
MOST_UNREAD = 1000
# What a character may go on with.
CONTINUATION = bytes(range(0x80, 0xC0))


class Decoding:
    """
    One file's bytes on their way to UTF-8.

    Attributes:
        encoding: What it was read as where it first was more than ASCII; a file is written in one encoding.
        confidence: From 0 to 1, how far behind the next best encoding is.
        runners_up: The next best encodings with theirs.
        mark: The byte order mark that it began with, if any.
        losses: How many places could not be read.
        unread: The first of them, at their bytes in the file.
        is_exact: Whether what has come out is what went in, but for the mark.
    """

    def __init__(self, hint: str | None, strict: bool, decodes: bool = True) -> None:
        self.hint, self.strict, self.decodes = hint, strict, decodes
        self.encoding = "ascii"
        self.confidence = 1.0
        self.runners_up: tuple[tuple[str, float], ...] = ()
        self.mark = b""
        self.losses = 0
        self.unread: list[Loss] = []
        self.is_exact = True
        self._has_begun = False
        self._pending = b""
        self._stream: _core.DecodeStream | None = None
        # Bytes that have passed, and those before the stream's first.
        self._passed = self._before = 0
        # Where the line begins that the last of them are in, or what of it is enough.
        self._line = b""
        # Of all bytes given and all made, once a stream reads them.
        self._digests: tuple[hashlib.blake2b, hashlib.blake2b]

    def feed(self, data: bytes, final: bool) -> bytes:
        """
        The next bytes, as UTF-8.

        Raises:
            Failure: ``strict``, and some byte cannot be read; or nothing is decoded, and a mark says that it must be.
        """
        if not self._has_begun:
            self._has_begun = True
            self._see_mark(data)
            if not self.decodes and self.mark not in (b"", codecs.BOM_UTF8):
                # Its bytes are not those of its text, which would be written between them.
                raise Failure(f"{self.encoding} by its byte order mark, and --steps leaves decode out; add decode")
            if not self.decodes or self.mark == codecs.BOM_UTF8:
                data = data[len(self.mark) :]
                self.encoding = "utf-8"
            if final and self.decodes:
                return self._whole(data)
        if not self.decodes:
            # Carried through as it is: what is no UTF-8 comes out as what it was.
            data = self._pending + data
            end = len(data) if final else character_end(data)
            self._pending = data[end:]
            return data[:end]
        if self._stream is not None:
            return self._streamed(data, final)
        data = self._pending + data
        end = len(data) if final else character_end(data)
        whole = data[:end]
        is_ascii = _core.utf8_is_ascii(whole)
        if is_ascii is None:
            if not final and len(data) < ENOUGH:
                self._pending = data
                return b""
            if final and self.encoding == "utf-8":
                return self._rest(data)
            return self._streamed(data, final)
        if not is_ascii:
            self.encoding = "utf-8"
        self._pending = data[end:]
        self._passed += end
        self._line = (self._line + whole[-LINE:])[-LINE:].rpartition(b"\n")[2]
        return whole

    def _see_mark(self, data: bytes) -> None:
        for mark, encoding in MARKS:
            if data.startswith(mark):
                self.mark, self.encoding = mark, encoding
                return

    def _whole(self, data: bytes) -> bytes:
        try:
            decoded = decode(data, encoding=self.hint, strict=self.strict)
        except HanfixError as wrong:
            raise Failure(str(wrong)) from None
        if not self.mark:
            self.encoding = decoded.encoding
            self.confidence, self.runners_up = decoded.confidence, decoded.runners_up
        self._lose(decoded.losses, 0)
        made = decoded.text.encode("utf-8", "surrogatepass")
        self.is_exact = made == data
        return made

    def _lose(self, losses: Iterable[Loss], before: int) -> None:
        for loss in losses:
            self.losses += 1
            if len(self.unread) < MOST_UNREAD:
                self.unread.append(loss._replace(start=loss.start + before, end=loss.end + before))

    def _place(self) -> int:
        """How many bytes of the file stand before those that have not passed yet."""
        return self._passed + (len(self.mark) if self.mark == codecs.BOM_UTF8 else 0)

    def _rest(self, data: bytes) -> bytes:
        """
        The end of what was UTF-8 so far. By themselves a byte or two, cut off or strange, are a letter in some
        encoding; so they are read behind a mark, which leaves no choice, and the line that they stand in.
        """
        for line in (self._line.lstrip(CONTINUATION), b""):
            head = codecs.BOM_UTF8 + line
            decoded = decode(head + data)
            before = line.decode()
            if decoded.text.startswith(before):
                break
        if decoded.losses and self.strict:
            raise Failure(f"not valid utf-8 at byte {self._place() + decoded.losses[0].start - len(head)}")
        self._lose(decoded.losses, self._place() - len(head))
        made = decoded.text[len(before) :].encode("utf-8", "surrogatepass")
        self.is_exact = made == data
        return made

    def _streamed(self, data: bytes, final: bool) -> bytes:
        if self._stream is None:
            # What was UTF-8 so far is likely to go on.
            hint = "utf-8" if self.encoding == "utf-8" and not self.hint else self.hint
            known = _decode.hint_of(hint) if hint is not None else None
            self._stream = _core.DecodeStream(known, False, _decode._others)
            self._pending = b""
            self._before = self._place()
            import hashlib

            self._digests = hashlib.blake2b(), hashlib.blake2b()
        text, _, losses = self._stream.feed(data)
        if final:
            rest, _, more = self._stream.finish()
            text, losses = text + rest, losses + more
        decision = self._stream.decision()
        if decision is not None and self.encoding == "ascii":
            self.encoding, self.confidence = decision[0], decision[1]
            self.runners_up = tuple(decision[2])
        if losses and self.strict:
            raise Failure(f"not valid {self.encoding} at byte {self._before + losses[0][0]}")
        self._lose(map(Loss._make, losses), self._before)
        made = text.encode("utf-8", "surrogatepass")
        # Bytes and text are not cut alike; at the end it is known whether they are the same.
        given_digest, made_digest = self._digests
        given_digest.update(data)
        made_digest.update(made)
        self.is_exact = final and given_digest.digest() == made_digest.digest()
        return made


def character_end(data: bytes) -> int:
    """
    Where data that may be UTF-8 ends, but for a character that is cut off.

    >>> character_end("文字".encode()[:5])
    3
    """
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 != 0x80:
            whole = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) if back >= whole else len(data) - back
    return len(data)
