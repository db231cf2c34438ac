"""
The three standard streams, whatever a shell has done to them: closed, full, or read by nobody.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hanfix.cli.errors import OutputGone

if TYPE_CHECKING:
    from hanfix._core import Made


def write_stdout(data: bytes | Made) -> None:
    """
    Raises:
        BrokenPipeError: Nobody reads on.
        OutputGone: Standard output takes no more, for another reason.
    """
    if sys.stdout is None:
        raise OutputGone("standard output is closed")
    with writing_stdout():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextlib.contextmanager
def writing_stdout() -> Iterator[None]:
    """
    What writes to standard output; around click, which does so by itself.

    Raises:
        BrokenPipeError: Nobody reads on.
        OutputGone: Standard output takes no more, for another reason.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as wrong:
        raise OutputGone(f"standard output: {wrong.strerror}") from None


def discard_stdout() -> None:
    """Send what is still buffered nowhere, so that closing the stream says nothing more."""
    if sys.stdout is not None:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """One line on standard error, if there is one; a name that is no UTF-8 is said byte for byte."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
            sys.stderr.buffer.write(message.encode("utf-8", "surrogateescape") + b"\n")
            sys.stderr.buffer.flush()


def is_terminal(stream: object) -> bool:
    """Whether somebody is looking at a stream."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def to_bytes(text: str) -> bytes:
    """Lines for standard output: UTF-8, and names of files byte for byte as they are."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
