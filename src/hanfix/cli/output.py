"""
How bytes are written: encoding, byte-order mark, standard output, files.

In: text, and where it goes. Out: nothing but the file as it was or the file as it should be, at any
moment. Never: a half-written file, lost permissions, a link replaced by a file.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from hanfix.cli.files import Failure, is_regular

# Byte-order marks by the name of the encoding; UTF-32 before UTF-16, whose mark begins like it.
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "gb18030": b"\x84\x31\x95\x33",
}

# What Python calls the largest member of the family that decode means by a name.
CODECS = {"ascii": "utf-8", "big5": "big5hkscs", "shift-jis": "cp932", "euc-kr": "cp949"}


def has_mark(raw: bytes) -> bool:
    """Whether bytes begin with a byte-order mark."""
    return raw.startswith(tuple(MARKS.values()))


def encode(text: str, encoding: str, *, mark: bool, exact: bool = False) -> bytes:
    """
    Text as bytes.

    Args:
        text: Any text; lone surrogates are written as they are where the encoding has room for them.
        exact: Whether they stand for bytes that were no UTF-8, which are written again.
        encoding: The name that ``decode`` gave, or ``utf-8``.
        mark: Whether a byte-order mark stands in front; only Unicode encodings and GB18030 have one.

    Raises:
        Failure: A character has no place in the encoding.

    >>> encode("文", "utf-8", mark=True)
    b'\\xef\\xbb\\xbf\\xe6\\x96\\x87'
    """
    name = encoding.lower().replace("_", "-")
    name = CODECS.get(name, name)
    text = text.removeprefix("\ufeff")
    try:
        errors = "surrogateescape" if exact else "surrogatepass" if name.startswith("utf-") else "strict"
        body = text.encode(name, errors)
    except LookupError:
        raise Failure(f"cannot be written as {encoding}; use --output-encoding utf-8") from None
    except UnicodeEncodeError as wrong:
        line = text.count("\n", 0, wrong.start) + 1
        column = wrong.start - (text.rfind("\n", 0, wrong.start) + 1) + 1
        character = text[wrong.start]
        raise Failure(
            f"{line}:{column}: {character} U+{ord(character):04X} is not in {encoding}; use --output-encoding utf-8"
        ) from None
    return (MARKS.get(name, b"") if mark else b"") + body


@contextlib.contextmanager
def replacing(path: str, like: str | None = None) -> Iterator[BinaryIO]:
    """
    A file to write, which takes the place of ``path`` once all of it is on the disk.

    Args:
        path: Where it will be; a device or a pipe is written directly.
        like: Whose permissions it gets, if ``path`` is not there yet.

    Raises:
        OSError: It cannot be written; ``path`` is as it was.
    """
    path = os.path.realpath(path)
    if not is_regular(path):
        with open(path, "wb") as file:
            yield file
        return
    folder = os.path.dirname(path)
    # Begins with a dot: what a kill leaves behind is not taken for an input next time.
    descriptor, temporary = tempfile.mkstemp(prefix=".normalize-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            _keep_permissions(descriptor, path, like)
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)


def _keep_permissions(descriptor: int, path: str, like: str | None) -> None:
    for model in (path, like):
        if model is None:
            continue
        with contextlib.suppress(FileNotFoundError):
            found = os.stat(model)
            if hasattr(os, "fchown"):
                # Only root may give a file away; anybody else's copy is their own.
                with contextlib.suppress(PermissionError):
                    os.fchown(descriptor, found.st_uid, found.st_gid)
                os.fchmod(descriptor, found.st_mode & 0o7777)
            return
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o666 & ~_umask())


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync_folder(folder: str) -> None:
    """Put the rename itself on the disk; not every file system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_file(path: str, data: bytes, like: str | None = None) -> None:
    """
    Put bytes in place of a file; folders on the way are made.

    Raises:
        Failure: It cannot be written.
    """
    try:
        if folder := os.path.dirname(path):
            os.makedirs(folder, exist_ok=True)
        with replacing(path, like) as file:
            file.write(data)
    except OSError as wrong:
        raise Failure(f"cannot be written to {path}: {wrong.strerror}") from None


def write_stdout(data: bytes) -> None:
    """
    Raises:
        BrokenPipeError: Nobody reads on.
        Failure: Standard output takes no more, for another reason.
    """
    if sys.stdout is None:
        raise Failure("standard output is closed")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as wrong:
        raise Failure(f"standard output: {wrong.strerror}") from None


def discard_stdout() -> None:
    """Send what is still buffered nowhere, so that closing the stream says nothing more."""
    if sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """One line on standard error, if there is one."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(message, file=sys.stderr, flush=True)
