"""
What a run has finished, so that another run can go on where it was stopped.

In: files, just before they are renamed. Out: a hidden file in the folder that is written to, with a
line for each; it goes when all is done. Never: a file that was not finished counts as finished. A line
names the inode of the file that is about to take its place, and counts only while that very file is
there; so it makes no difference whether a run was stopped before or after the rename. Where that is another
file than the source, the line has the source's size and time too: one that was edited since is done again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable

from hanfix.cli.errors import Failure
from hanfix.cli.options import Options
from hanfix.cli.output import TEMPORARY
from hanfix.cli.streams import state

NAME = ".normalize-journal"
# What may differ between a run and the one that goes on with it.
SAME_RESULT = {
    "jobs", "quiet", "verbose", "resume", "report", "paths", "files_from", "nul", "json", "backup", "dictionary",
}  # fmt: skip


def fingerprint(options: Options, entries: Iterable[tuple[str, str]]) -> str:
    """The options that decide what comes out, as one word; a dictionary is what it holds, wherever it lies."""
    # Most runs have no journal, and this is 2 ms of a start.
    import hashlib

    from hanfix import __version__

    fields = {name: value for name, value in vars(options).items() if name not in SAME_RESULT}
    text = json.dumps([__version__, fields, sorted(entries)], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Journal:
    """
    The journal of a run.

    Args:
        folder: Where it lies.
        options: Those of the run.
        entries: What its dictionary holds.

    Raises:
        Failure: ``--resume``, and the journal is one of a run with other options.
    """

    def __init__(self, folder: str, options: Options, entries: Iterable[tuple[str, str]]) -> None:
        self.path = os.path.join(folder, NAME)
        self._head = fingerprint(options, entries)
        self._finished: dict[str, tuple[str, tuple[int, int, int], list[int]]] = {}
        # Size and time of sources, until what is made of them is written down.
        self._read_as: dict[str, list[int]] = {}
        self._descriptor = -1
        # Asked for once: for every path of 40,000 files it took a second.
        try:
            self._here = os.getcwd()
        except OSError:
            # A folder that is gone; only paths from the root are left.
            self._here = ""
        self._cleaned: set[str] | None = None
        if options.resume:
            self._cleaned = set()
            self._read()

    def _read(self) -> None:
        try:
            with open(self.path, "rb") as file:
                head = file.readline()
                if not head.endswith(b"\n"):
                    # Killed before it had begun: it is empty, and nothing was finished.
                    return
                if head.strip() != self._head.encode():
                    raise Failure(f"{self.path}: that run had other options; use them again, or leave out --resume")
                for line in file:
                    # The last one may be cut off.
                    with contextlib.suppress(ValueError, TypeError):
                        source, target, inode, size, time, *read_as = json.loads(line)
                        self._finished[source] = (target, (inode, size, time), read_as)
        except FileNotFoundError:
            return
        except OSError as wrong:
            raise Failure(f"{self.path}: {wrong.strerror}") from None

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._here, path))

    def has(self, source: str) -> bool:
        """Whether a source was finished and is as it was, and what was made of it is still there."""
        found = self._finished.get(self._absolute(source))
        if found is None:
            return False
        target, known, read_as = found
        try:
            if read_as and read_as != size_and_time(os.stat(source)):
                return False
            return state(os.stat(target)) == known
        except OSError:
            return False

    def note(self, source: str, found: os.stat_result) -> None:
        """How a source was when it was read, which is another file than what is made of it."""
        self._read_as[source] = size_and_time(found)

    def clean(self, folder: str) -> None:
        """Remove what a run that was killed has left behind in a folder that is written to again."""
        if self._cleaned is None or folder in self._cleaned:
            return
        self._cleaned.add(folder)
        with contextlib.suppress(OSError), os.scandir(folder or ".") as listing:
            for entry in listing:
                owner = entry.name[len(TEMPORARY) :].partition("-")[0]
                if entry.name.startswith(TEMPORARY) and owner.isdigit() and not is_alive(int(owner)):
                    with contextlib.suppress(OSError):
                        os.unlink(entry.path)

    def write(self, finished: Iterable[tuple[str, str, os.stat_result]]) -> None:
        """Sources, what they become, and the state of what is about to be there."""
        lines = [
            json.dumps([self._absolute(source), self._absolute(target), *state(found), *self._read_as.pop(source, ())])
            for source, target, found in finished
        ]
        if not lines:
            return
        # Without a journal the run is as good, but cannot be gone on with.
        with contextlib.suppress(OSError):
            if self._descriptor < 0:
                self._open()
            os.write(self._descriptor, ("\n".join(lines) + "\n").encode())
            getattr(os, "fdatasync", os.fsync)(self._descriptor)

    def _open(self) -> None:
        os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
        begins = not self._finished
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | (os.O_TRUNC if begins else 0)
        self._descriptor = os.open(self.path, flags, 0o600)
        # A line that was cut off ends here.
        os.write(self._descriptor, (self._head if begins else "").encode() + b"\n")

    def close(self, done: bool) -> None:
        """The run has ended; if all is done there is nothing to go on with."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        if done:
            with contextlib.suppress(OSError):
                os.unlink(self.path)


def size_and_time(found: os.stat_result) -> list[int]:
    """What tells whether a file was edited, also one that was copied to another disk meanwhile."""
    return [found.st_size, found.st_mtime_ns]


def is_alive(process: int) -> bool:
    """Whether a process is running."""
    if process == os.getpid() or os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
