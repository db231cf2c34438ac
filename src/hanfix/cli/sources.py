"""
What is read: from the paths of the command line to the files they mean.

In: paths, folders, globs, lists of files. Out: a :class:`Source` a file, in a stable order, no file
twice, or a :class:`Trouble`. Never: holds all names of a corpus at once, but where several paths
could name one file twice; follows a link inside a folder, so loops of links are never walked.

Which files of a folder count is decided by ripgrep's own walk, in the core.
"""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator
from typing import IO

from hanfix.cli.errors import Contradiction
from hanfix.cli.options import Options

# As many names as are asked for at a time.
AT_ONCE = 512
# Bytes of a list of paths that are read at a time, and of one from a pipe that are kept in memory.
LIST_BLOCK = 1 << 16
LIST_IN_MEMORY = 1 << 20
# How the names begin that a run gives to files of its own.
OWN = ".normalize-"


class Source:
    """
    One input.

    Attributes:
        path: Where it is read; ``None`` for standard input.
        target: Where the answer goes; ``None`` for standard output, or nowhere.
        alone: Whether it is the only input, named itself, so that no text is no answer.
    """

    __slots__ = ("alone", "path", "target")

    def __init__(self, path: str | None, target: str | None = None, alone: bool = False) -> None:
        self.path, self.target, self.alone = path, target, alone

    @property
    def name(self) -> str:
        """What it is called in messages: the path as the user would write it."""
        return "(stdin)" if self.path is None else self.path


class Trouble:
    """A place that could not be looked into, and why."""

    __slots__ = ("name", "why")

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why


class Sources:
    """
    All inputs, as often as they are gone through.

    Raises:
        Contradiction: The only path is not there, a folder has nowhere to go, two answers have one place.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.paths = tuple(self._expanded(options.paths))
        self.listing = Listing(options.files_from, options.nul) if options.files_from is not None else None
        self.in_folder = False
        if options.reads_stdin:
            if options.output and (os.path.isdir(options.output) or options.output.endswith(os.sep)):
                raise Contradiction(f"{options.output}: a folder; give a file for standard input")
            self.is_single = self.is_alone = True
            return
        for path in self.paths:
            if len(self.paths) == 1 and (why := absence(path)):
                raise Contradiction(f"{path}: {why}")
            if os.path.isdir(path) and options.mode == "write" and not (options.in_place or options.output):
                raise Contradiction(
                    f"{path}: a folder; add --in-place or --output DIR, or look with --check, --diff, --detect or"
                    " --explain"
                )
        self.is_single = len(self.paths) == 1 and options.files_from is None and not os.path.isdir(self.paths[0])
        if options.output is not None:
            self.in_folder = self._wants_folder(options.output)
        self.is_alone = self.is_single and options.mode == "write" and not options.in_place and not self.in_folder
        self._guard()

    def _expanded(self, paths: tuple[str, ...]) -> Iterator[str]:
        """A pattern that no shell has expanded, because it was quoted, is expanded here."""
        for path in paths:
            if path != "-" and not os.path.lexists(path) and glob.has_magic(path):
                yield from sorted(glob.glob(path, recursive=True)) or [path]
            else:
                yield path

    def _wants_folder(self, output: str) -> bool:
        needed = not self.is_single
        if needed and os.path.exists(output) and not os.path.isdir(output):
            raise Contradiction(f"--output {output}: a file; several inputs need a folder")
        return needed or os.path.isdir(output) or output.endswith(os.sep)

    def _guard(self) -> None:
        """Refuse two answers for one place, and a report in the place of an input or an answer."""
        options = self.options
        report = os.path.realpath(options.report) if options.report is not None else None
        several = len(self.paths) > 1 or self.listing is not None
        taken: dict[str, str] = {}
        if report is None and not (several and self.in_folder):
            return
        for source in self if several and self.in_folder else map(Source, self.paths):
            if isinstance(source, Trouble) or source.path is None:
                continue
            target = source.target or (options.output if self.is_single else None)
            if report is not None and report in (os.path.realpath(source.path), target and os.path.realpath(target)):
                raise Contradiction(f"--report {options.report}: also an input or an output")
            if self.in_folder and target is not None:
                other = taken.setdefault(os.path.normpath(target), source.path)
                if other != source.path:
                    raise Contradiction(f"{other} and {source.path} would both be written to {target}")

    def __iter__(self) -> Iterator[Source | Trouble]:
        options = self.options
        if options.reads_stdin:
            yield Source(None, options.output, alone=True)
            return
        several = len(self.paths) > 1 or options.files_from is not None
        # What an earlier run has written is no input, and neither is the report.
        own = {os.path.realpath(path) for path in (options.report,) if path is not None}
        seen: set[str] = set()
        for path, below in self._named():
            if why := absence(path):
                yield Trouble(path, why)
            elif os.path.isdir(path):
                real_root = os.path.realpath(path)
                cut = len(os.path.join(path, ""))
                for found, why in self._walked(path):
                    if why is not None:
                        yield Trouble(found, f"cannot be looked into: {why}")
                        continue
                    inside = found[cut:]
                    if several or own:
                        real = os.path.join(real_root, inside)
                        if real in seen or real in own:
                            continue
                        if several:
                            seen.add(real)
                    yield self._source(found, os.path.join(below, inside) if below else inside)
            else:
                if several:
                    real = os.path.realpath(path)
                    if real in seen:
                        continue
                    seen.add(real)
                yield self._source(path, below or os.path.basename(path))

    def _source(self, path: str, below: str) -> Source:
        options = self.options
        if options.in_place:
            # A link stays a link: what it leads to is rewritten.
            return Source(path, os.path.realpath(path) if os.path.islink(path) else path)
        if options.output is None:
            return Source(path, None, self.is_alone)
        return Source(path, os.path.join(options.output, below) if self.in_folder else options.output, self.is_alone)

    def _named(self) -> Iterator[tuple[str, str]]:
        """Each path with the folder that its answers lie in below the output."""
        for path in self.paths:
            yield path, ""
        if self.listing is not None:
            for path in self.listing:
                # As the list has it, so that two files of one name in two folders have two answers.
                keeps = not os.path.isabs(path) and ".." not in path.split(os.sep)
                yield path, os.path.normpath(path) if keeps else ""

    def _walked(self, folder: str) -> Iterator[tuple[str, str | None]]:
        from hanfix import _core

        options = self.options
        output = os.path.realpath(options.output) if options.output and self.in_folder else None
        try:
            files = _core.Files(folder, list(options.globs), options.no_ignore, output)
        except ValueError as wrong:
            raise Contradiction(f"--glob: {wrong}") from None
        while some := files.next(AT_ONCE):
            if options.backup:
                some = [one for one in some if not one[0].endswith(options.backup)]
            if options.globs:
                # A glob finds hidden files too, as in ripgrep; what a run leaves behind is no input.
                some = [one for one in some if not os.path.basename(one[0]).startswith(OWN)]
            for path, why in some:
                yield in_locale(path), why


def in_locale(path: str) -> str:
    """A path that the core read as UTF-8, as this process has it where its locale knows ASCII alone."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return os.fsdecode(path.encode("utf-8", "surrogateescape"))
    return path


def absence(path: str) -> str | None:
    """Why there is nothing to be read at a path, if there is not."""
    try:
        os.stat(path)
        # A folder that was removed beneath the command is still ".", but has no path.
        os.path.abspath(path)
    except (FileNotFoundError, NotADirectoryError):
        return "a link that leads nowhere" if os.path.islink(path) else "no such file"
    except (OSError, ValueError) as wrong:
        return f"cannot be read: {getattr(wrong, 'strerror', wrong)}"
    return None


class Listing:
    """
    The paths in a file, a pipe or standard input, as often as they are gone through.

    What comes from a pipe comes once. It is kept as it comes, on the disk once it is long, so that a run
    begins with the first paths while others are still being found, and later passes see the same ones.

    Args:
        path: Where they stand; ``-`` for standard input.
        nul: Whether each ends in NUL.
    """

    def __init__(self, path: str, nul: bool) -> None:
        self.path, self.nul = path, nul
        self.is_file = path != "-" and os.path.isfile(path)
        self._source: IO[bytes] | None = None
        self._kept: IO[bytes] | None = None

    def __iter__(self) -> Iterator[str]:
        """
        Raises:
            Contradiction: They cannot be read.
        """
        end = b"\0" if self.nul else b"\n"
        rest = b""
        try:
            for block in self._file_blocks() if self.is_file else self._kept_blocks():
                *whole, rest = (rest + block).split(end)
                yield from map(self._name, filter(bytes.strip, whole))
        except OSError as wrong:
            raise Contradiction(f"--files-from {self.path}: {wrong.strerror}") from None
        if rest.strip():
            yield self._name(rest)

    def _name(self, line: bytes) -> str:
        return os.fsdecode(line if self.nul else line.rstrip(b"\r"))

    def _file_blocks(self) -> Iterator[bytes]:
        with open(self.path, "rb") as file:
            while block := file.read(LIST_BLOCK):
                yield block

    def _kept_blocks(self) -> Iterator[bytes]:
        """What earlier passes have read, then what is still to come."""
        if self._source is None or self._kept is None:
            import tempfile

            if self.path == "-" and sys.stdin is None:
                raise Contradiction("--files-from -: standard input is closed")
            self._source = sys.stdin.buffer if self.path == "-" else open(self.path, "rb")  # noqa: SIM115  read on later
            self._kept = tempfile.SpooledTemporaryFile(LIST_IN_MEMORY)  # noqa: SIM115
        assert self._kept is not None
        at = 0
        while True:
            # Another pass may have been here since.
            self._kept.seek(at)
            block = self._kept.read(LIST_BLOCK)
            if not block:
                block = self._source.read(LIST_BLOCK)
                if not block:
                    return
                self._kept.write(block)
            at += len(block)
            yield block
