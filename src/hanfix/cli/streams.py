"""
Files as streams of bytes, unpacked and packed by their suffix.

In: a path. Out: its bytes, some at a time. Never: all of a file at once; an answer made of a file that
changed while it was read.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from functools import partial
from typing import IO, TYPE_CHECKING, Any, cast

from hanfix.cli.errors import Failure

if TYPE_CHECKING:
    from hanfix.cli.sources import Source

PACKED = (".gz", ".zst", ".bz2", ".xz")
BLOCK = 1 << 19


def packing(path: str | None) -> str:
    """The suffix that says how a file is packed, or nothing."""
    suffix = os.path.splitext(path)[1].lower() if path else ""
    return suffix if suffix in PACKED else ""


def zstd() -> Any:
    """
    The library for zstd.

    Raises:
        Failure: It is not installed.
    """
    try:
        import zstandard
    except ModuleNotFoundError:
        raise Failure("zstd is not installed here; add it with: pip install 'hanfix[zstd]'") from None
    return zstandard


def unpacked(file: IO[bytes], suffix: str) -> IO[bytes]:
    """The bytes in a packed file."""
    if suffix == ".gz":
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file, mode="rb"))
    if suffix == ".bz2":
        import bz2

        return cast("IO[bytes]", _Members(file, bz2.BZ2Decompressor))
    if suffix == ".xz":
        import lzma

        return cast("IO[bytes]", _Members(file, partial(lzma.LZMADecompressor, lzma.FORMAT_XZ), padding=4))
    return cast("IO[bytes]", _Members(file, zstd().ZstdDecompressor().decompressobj))


class _Members:
    """
    A packed file that is being unpacked; several in one, as parallel packers and `cat` make them, are one stream.

    Not the readers of the libraries: what they cannot read behind the first member, or the end of the file inside one,
    is the end of the data to them, and half of a text would be taken for all.

    Args:
        file: The packed bytes.
        begin: Makes what unpacks one member.
        padding: How many NULs may stand behind a member, any number of times. Members are as long as a multiple of it.
    """

    # Four bytes of zstd may stand for 128 KiB, so no more than 16 MiB are made at a time; the others take a limit.
    _AT_ONCE = 512

    def __init__(self, file: IO[bytes], begin: Callable[[], Any], padding: int = 0) -> None:
        self._file, self._begin, self._padding = file, begin, padding
        self._member: Any = begin()
        self._packed = b""
        self._made = bytearray()

    def read(self, count: int) -> bytes:
        """
        The next bytes.

        Raises:
            EOFError: The file ends inside a member.
        """
        while len(self._made) < count and self._has_more():
            self._unpack(count - len(self._made))
        data = bytes(self._made[:count])
        del self._made[:count]
        return data

    def _has_more(self) -> bool:
        """Whether there is more to unpack, which then stands ready."""
        while not self._packed and getattr(self._member, "needs_input", True):
            self._packed = self._file.read(self._AT_ONCE)
            if not self._packed:
                if self._member is not None:
                    raise EOFError
                return False
            if self._member is None:
                self._skip_padding()
        return True

    def _unpack(self, most: int) -> None:
        if self._member is None:
            self._member = self._begin()
        limit = (most,) if hasattr(self._member, "needs_input") else ()
        self._made += self._member.decompress(self._packed, *limit)
        self._packed = b""
        if self._member.eof:
            self._packed, self._member = self._member.unused_data, None
            self._skip_padding()

    def _skip_padding(self) -> None:
        if self._padding:
            nulls = len(self._packed) - len(self._packed.lstrip(b"\0"))
            self._packed = self._packed[nulls - nulls % self._padding :]


def packed(file: IO[bytes], suffix: str) -> IO[bytes]:
    """A file that packs what is written to it; closing it leaves ``file`` open."""
    if suffix == ".gz":
        import gzip

        # No time and no name: the same text is the same file.
        made = gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0)
        return cast("IO[bytes]", made)
    if suffix == ".bz2":
        import bz2

        return bz2.BZ2File(file, "wb")
    if suffix == ".xz":
        import lzma

        return lzma.LZMAFile(file, "wb")
    stream: IO[bytes] = zstd().ZstdCompressor().stream_writer(file, closefd=False)
    return stream


def _damaged(suffix: str, wrong: Exception) -> Failure:
    kind = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}.get(suffix, "")
    if isinstance(wrong, EOFError):
        return Failure(f"cannot be read: the {kind} data is cut off")
    if "too much memory" in str(wrong):
        # The library's limit is that of the format's own program.
        return Failure(f"cannot be read: the {kind} window is over 128 MiB; pack it again without --long")
    return Failure(f"cannot be read: not valid {kind}")


class StandardInput:
    """
    Standard input, whose beginning can be looked at before it is read.

    Raises:
        Failure: It is closed.
    """

    def __init__(self) -> None:
        if sys.stdin is None:
            raise Failure("closed")
        self._file = sys.stdin.buffer
        self._head = b""

    def peek(self, count: int) -> bytes:
        """The next bytes, which stay to be read."""
        if len(self._head) < count:
            try:
                self._head += self._file.read(count - len(self._head))
            except OSError as wrong:
                raise Failure(f"cannot be read: {wrong.strerror}") from None
        return self._head[:count]

    def read(self, count: int) -> bytes:
        """The next bytes."""
        data, self._head = self._head[:count], self._head[count:]
        return data + self._file.read(count - len(data)) if len(data) < count else data


_standard_input: list[StandardInput] = []


def standard_input() -> StandardInput:
    """Standard input, of which there is one."""
    if not _standard_input:
        _standard_input.append(StandardInput())
    return _standard_input[0]


class Input:
    """
    A file that is being read.

    Raises:
        Failure: It cannot be read; also from every method.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.suffix = packing(source.path)
        self.before: os.stat_result | None = None
        self.bytes_read = 0
        self._file: IO[bytes]
        self._descriptor, self._size = -1, -1
        try:
            if source.path is None:
                self._file = standard_input()  # type: ignore[assignment]
                return
            self._descriptor = os.open(source.path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | os.O_CLOEXEC)
            self.before = os.fstat(self._descriptor)
            if stat.S_ISDIR(self.before.st_mode):
                raise Failure("a folder")
            if stat.S_ISREG(self.before.st_mode):
                self._size = self.before.st_size
        except OSError as wrong:
            raise Failure(f"cannot be read: {wrong.strerror}") from None
        except Failure:
            self.close()
            raise
        if self.suffix:
            try:
                self._file = unpacked(os.fdopen(self._descriptor, "rb", closefd=False), self.suffix)
            except Failure:
                self.close()
                raise

    def read(self, count: int = BLOCK) -> bytes:
        """So many bytes, or as many as there are until the end."""
        try:
            if self.source.path is not None and not self.suffix:
                data = os.read(self._descriptor, count)
                # Short reads are the rule from pipes, and the end of a file only when nothing comes; or when all
                # that it held is there, and if it grew meanwhile it is refused anyhow.
                while (
                    len(data) < count
                    and (self.bytes_read + len(data) != self._size or not data)
                    and (more := os.read(self._descriptor, count - len(data)))
                ):
                    data += more
            else:
                data = self._file.read(count)
        except (EOFError, OSError) as wrong:
            if isinstance(wrong, OSError) and wrong.strerror:
                raise Failure(f"cannot be read: {wrong.strerror}") from None
            raise _damaged(self.suffix, wrong) from None
        except Exception as wrong:
            # zlib.error, LZMAError, ZstdError: each library has its own, and none is imported for this.
            if self.suffix and type(wrong).__module__.partition(".")[0] in ("zlib", "_lzma", "lzma", "zstandard"):
                raise _damaged(self.suffix, wrong) from None
            raise
        self.bytes_read += len(data)
        return data

    def finish(self) -> None:
        """
        Close it, once all of it was read.

        Raises:
            Failure: It changed meanwhile.
        """
        try:
            if self.before is not None and stat.S_ISREG(self.before.st_mode):
                after = os.fstat(self._descriptor)
                if state(after) != state(self.before):
                    raise Failure("changed while it was read; run again")
        finally:
            self.close()

    def close(self) -> None:
        """Close it, whatever has been read."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def state(found: os.stat_result) -> tuple[int, int, int]:
    """What tells one state of a file from another."""
    return found.st_ino, found.st_size, found.st_mtime_ns
