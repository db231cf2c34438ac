"""
Bytes as they come, in whatever encoding; UTF-8 as it goes on.

In: the bytes of one file, some at a time. Out: the same text as UTF-8, cut where lines end or between
characters, never inside one. Never: decided on too little; the first call has all of a small file, or
the first half mebibyte of a large one, and what it finds is evidence for the rest.

This is the only place that knows how a stream is decoded: what is here asks :func:`hanfix.decode`
about one stretch of lines after the other.
"""

from __future__ import annotations

import codecs

from hanfix import HanfixError, _core, decode
from hanfix.cli.errors import Failure

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


class Decoding:
    """
    One file's bytes on their way to UTF-8.

    Attributes:
        encoding: What most of it was read as so far.
        mark: The byte order mark that it began with, if any.
        losses: How many places could not be read.
        is_exact: Whether what has come out is what went in, but for the mark.
    """

    def __init__(self, hint: str | None, strict: bool, decodes: bool = True) -> None:
        self.hint, self.strict, self.decodes = hint, strict, decodes
        self.encoding = "ascii"
        self.mark = b""
        self.losses = 0
        self.is_exact = True
        self._has_begun = False
        self._pending = b""
        self._read = 0
        self._wide: codecs.IncrementalDecoder | None = None

    def feed(self, data: bytes, final: bool) -> bytes:
        """
        The next bytes, as UTF-8.

        Raises:
            Failure: ``strict``, and some byte cannot be read.
        """
        if not self._has_begun:
            self._has_begun = True
            data = self._begin(data)
            # UTF-16 without a mark has no bytes to cut at.
            if not final and self.decodes and not self.mark and b"\0" in data[:4096]:
                encoding = decode(data[: 1 << 16], encoding=self.hint).encoding
                if encoding in WIDE:
                    self.encoding, self.is_exact = encoding, False
                    self._wide = codecs.getincrementaldecoder(encoding)("replace")
        if self._wide is not None:
            return self._widely(data, final)
        data = self._pending + data
        end = len(data) if final else self._safe_end(data)
        self._pending = data[end:]
        return self._stretch(data[:end])

    def _begin(self, data: bytes) -> bytes:
        for mark, encoding in MARKS:
            if data.startswith(mark):
                self.mark, self.encoding = mark, encoding
                if self.decodes:
                    self.hint = encoding
                    if encoding in WIDE:
                        self._wide = codecs.getincrementaldecoder(encoding)("replace")
                        self.is_exact = False
                self._read = len(mark)
                return data[len(mark) :]
        return data

    def _widely(self, data: bytes, final: bool) -> bytes:
        assert self._wide is not None
        text = self._wide.decode(data, final)
        if (lost := text.count("\ufffd")) and "\ufffd".encode(self.encoding) not in data:
            self.losses += lost
            if self.strict:
                raise Failure(f"not valid {self.encoding}")
        return text.encode("utf-8", "surrogatepass")

    def _stretch(self, data: bytes) -> bytes:
        """A stretch that ends where a character ends."""
        begin, self._read = self._read, self._read + len(data)
        if not data:
            return b""
        if not self.decodes:
            # Carried through as it is: what is no UTF-8 comes out as what it was.
            self.encoding = "utf-8"
            return data
        text = _core.decode_utf8(data)
        if text is not None:
            if not text.isascii():
                self.encoding = "utf-8"
            return data
        try:
            decoded = decode(data, encoding=self.hint, strict=self.strict)
        except HanfixError as wrong:
            offset = getattr(wrong, "byte_offset", None)
            if offset is None:
                raise Failure(str(wrong)) from None
            raise Failure(f"not valid {getattr(wrong, 'encoding', '')} at byte {begin + offset}") from None
        if decoded.encoding != "ascii" and (self.encoding == "ascii" or self.hint is None):
            self.encoding = decoded.encoding
            self.hint = decoded.encoding if _known(decoded.encoding) else self.hint
        self.losses += len(decoded.losses)
        made = decoded.text.encode("utf-8", "surrogatepass")
        if made != data:
            self.is_exact = False
        return made

    def _safe_end(self, data: bytes) -> int:
        """Where a stretch may end: behind a line, or any byte that is part of no other character."""
        end = data.rfind(b"\n") + 1
        if end * 2 > len(data):
            return end
        # In no encoding of several bytes a character is a byte below 0x30 part of another character.
        end = max(data.rfind(bytes([byte])) for byte in b"\n\r\t !,.-") + 1
        if end * 2 > len(data):
            return end
        end = len(data)
        if self.encoding in ("ascii", "utf-8"):
            while end > 0 and len(data) - end < 3 and data[end - 1] & 0xC0 == 0x80:
                end -= 1
            if end > 0 and data[end - 1] >= 0xC0:
                return end - 1
            return len(data)
        try:
            decoder = codecs.getincrementaldecoder(CODECS.get(self.encoding, self.encoding))("replace")
        except LookupError:
            return len(data)
        decoder.decode(data)
        held = decoder.getstate()[0]
        return len(data) - len(held) if isinstance(held, bytes) and len(held) < 8 else len(data)


# What Python calls the largest member of the family that decode means by a name.
CODECS = {"ascii": "utf-8", "big5": "big5hkscs", "shift-jis": "cp932", "shift_jis": "cp932", "euc-kr": "cp949"}


def _known(encoding: str) -> bool:
    try:
        decode(b"", encoding=encoding)
    except ValueError:
        return False
    return True
