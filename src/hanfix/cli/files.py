"""
What is read: from the paths of the command line to files and their bytes.

In: paths. Out: :class:`Source`, one a file, in a stable order, no file twice. Never: follows a link
to a folder, looks into hidden files that nobody named, takes an image for text.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from hanfix.cli.options import Contradiction, Options

# Enough to tell, and little enough to look at in every file of a corpus.
SAMPLE_BYTES = 8192

# The beginnings of files that are no text, of those kinds that lie about in folders of text. Letters
# alone are no evidence ("BM", "ID3 標籤"), so each has a byte that no text has at that place; other
# kinds are told by their control characters.
SIGNATURE = re.compile(
    rb"\x89PNG\r\n\x1a|\xff\xd8\xff|GIF8[79]a[^\n]|%PDF-1|PK[\x03\x05][\x04\x06]|\x1f\x8b\x08|\x28\xb5\x2f\xfd|\xfd7zXZ\x00"
    rb"|BZh[1-9]1AY&SY|7z\xbc\xaf|Rar!\x1a|\x7fELF|MZ[^\n]\x00|SQLite format 3\x00|OggS\x00|fLaC\x00|ID3[\x02-\x04]"
    rb"|RIFF....(?:WEBP|WAVE|AVI )|wOF[F2]\x00|PAR1\x15|ARROW1\x00",
    re.DOTALL,
)

# Control characters that text has: tab, line ends, form feed, the escapes of ISO 2022 and terminals.
TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x0e\x0f\x1b")


# What people write: letters, marks, kana, ideographs, hangul; no control, private or unassigned ones.
WRITTEN = re.compile(
    "[\t\n\r -~\u00a0-\u024f\u0370-\u06ff\u0e00-\u0e7f\u2000-\u206f"
    "\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)


class Failure(Exception):
    """An input that could not be done, as a sentence part to stand behind its name."""


@dataclass(frozen=True)
class Source:
    """
    One input.

    Attributes:
        path: Where it is read; ``None`` for standard input.
        name: What it is called in messages: the path as the user would write it.
        target: Where the answer goes; ``None`` for standard output, or nowhere.
        alone: Whether it is the only input, named itself, so that no text is no answer.
    """

    path: str | None
    name: str
    target: str | None
    alone: bool

    def read(self) -> bytes:
        """
        Its bytes.

        Raises:
            Failure: It cannot be read.
        """
        try:
            if self.path is None:
                if sys.stdin is None:
                    raise Failure("closed")
                return sys.stdin.buffer.read()
            with open(self.path, "rb") as file:
                return file.read()
        except OSError as wrong:
            raise Failure(f"cannot be read: {wrong.strerror}") from None
        except MemoryError:
            raise Failure("cannot be read: larger than memory") from None


def find(options: Options) -> tuple[list[Source], list[tuple[str, str]]]:
    """
    All inputs, and where the answer for each goes.

    Returns:
        The inputs, and what could not be looked into: name and why.

    Raises:
        Contradiction: A path is not there, a folder has nowhere to go, two answers have one place.
    """
    if options.reads_stdin:
        if options.output and (os.path.isdir(options.output) or options.output.endswith(os.sep)):
            raise Contradiction(f"{options.output}: a folder; give a file for standard input")
        return [Source(None, "(stdin)", options.output, alone=True)], []
    for path in options.paths:
        if not os.path.exists(path):
            raise Contradiction(f"{path}: {'a link that leads nowhere' if os.path.islink(path) else 'no such file'}")
        if os.path.isdir(path) and options.mode == "write" and not (options.in_place or options.output):
            raise Contradiction(
                f"{path}: a folder; add --in-place or --output DIR, or look with --check, --diff, --detect or --explain"
            )
    into_folder = options.output is not None and is_folder_wanted(options)
    alone = len(options.paths) == 1 and not os.path.isdir(options.paths[0])
    alone = alone and options.mode == "write" and not options.in_place and not into_folder
    sources: list[Source] = []
    troubles: list[tuple[str, str]] = []
    seen: set[str] = set()
    taken: dict[str, str] = {}
    for path in options.paths:
        for found, below in files_under(path, options, troubles):
            real = os.path.realpath(found)
            if real in seen:
                continue
            seen.add(real)
            target = None
            if options.in_place:
                # A link stays a link: what it leads to is rewritten.
                target = real
            elif options.output is not None:
                target = os.path.join(options.output, below) if into_folder else options.output
                if taken.setdefault(os.path.realpath(target), found) != found:
                    other = taken[os.path.realpath(target)]
                    raise Contradiction(f"{other} and {found} would both be written to {target}")
            sources.append(Source(found, found, target, alone))
    return sources, troubles


def is_folder_wanted(options: Options) -> bool:
    """
    Whether ``--output`` means a folder.

    Raises:
        Contradiction: It must be one, and is a file.
    """
    assert options.output is not None
    needed = len(options.paths) > 1 or os.path.isdir(options.paths[0])
    if needed and os.path.exists(options.output) and not os.path.isdir(options.output):
        raise Contradiction(f"--output {options.output}: a file; several inputs need a folder")
    return needed or os.path.isdir(options.output) or options.output.endswith(os.sep)


def files_under(path: str, options: Options, troubles: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Path and path below the given one, of a file or of all files in a folder, by name."""
    if not os.path.isdir(path):
        yield path, os.path.basename(path)
        return
    output = os.path.realpath(options.output) if options.output else None
    pending = [""]
    while pending:
        below = pending.pop()
        folder = os.path.join(path, below) if below else path
        if output is not None and below and os.path.realpath(folder) == output:
            # What an earlier run has written is no input.
            continue
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as wrong:
            troubles.append((folder, f"cannot be looked into: {wrong.strerror}"))
            continue
        folders = []
        for entry in entries:
            inside = os.path.join(below, entry.name)
            if entry.name.startswith(".") or (options.backup and entry.name.endswith(options.backup)):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(inside)
            elif entry.is_file():
                yield os.path.join(path, inside), inside
        pending.extend(reversed(folders))


def is_regular(path: str) -> bool:
    """Whether a path is a file that can be replaced; a device or a pipe cannot."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return True


def looks_binary(raw: bytes) -> bool:
    """
    Whether bytes are an image, an archive, a program: anything but text.

    >>> looks_binary(b"\\x7fELF"), looks_binary("表\\0格".encode()), looks_binary("文字".encode("utf-16"))
    (True, False, False)
    """
    if SIGNATURE.match(raw):
        return True
    sample = raw[:SAMPLE_BYTES]
    # A byte-order mark of UTF-16 or UTF-32.
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    controls = sum(sample.count(bytes([byte])) for byte in range(32) if byte not in TEXT_CONTROLS)
    # Of random bytes one in eleven is a control character; of a text with stray NULs far fewer,
    # in every encoding of Chinese but UTF-16 and UTF-32.
    if controls * 50 <= len(sample):
        return False
    # What is valid UTF-8 is no noise, though every third character were a NUL.
    if controls * 5 <= len(sample) and not sample.isascii() and is_utf_8(sample):
        return False
    return not any(is_wide_text(sample, encoding) for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))


def is_wide_text(sample: bytes, encoding: str) -> bool:
    """
    Whether bytes without a mark are UTF-16 or UTF-32 of anything that people write.

    Noise read as UTF-16 is half ideographs and hangul, so both tell nothing unless nearly all of it
    is of the kinds that texts are made of.
    """
    text = sample[: len(sample) // 4 * 4].decode(encoding, "replace")
    return len(WRITTEN.findall(text)) * 20 >= len(text) * 19


def is_utf_8(sample: bytes) -> bool:
    """Whether bytes are UTF-8, but for a character that is cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
