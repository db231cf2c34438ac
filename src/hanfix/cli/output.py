"""
How answers are written: encoded, beside the old file, and in its place once all of it is on the disk.

In: bytes, and where they go. Out: nothing but the file as it was or the file as it should be, at any
moment. Never: a half-written file, lost permissions, a link replaced by a file.

Files are finished in groups: all of a group are put on the disk at once, then written down in the
journal, then renamed. What the journal names is known by its inode, which a rename does not change, so
a kill at any moment leaves no doubt about which of both files is there.
"""

from __future__ import annotations

import codecs
import contextlib
import itertools
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, TYPE_CHECKING, BinaryIO

from hanfix.cli import streams
from hanfix.cli.errors import Failure
from hanfix.cli.sources import OWN

if TYPE_CHECKING:
    from hanfix._core import Made
    from hanfix.cli.journal import Journal

# Begins with a dot: what a kill leaves behind is not taken for an input next time.
TEMPORARY = OWN
# Files put on the disk together: of 200 at a time, 9,000 a second; one by one, 3,300. Two groups are open at a
# time, and some systems allow a program no more than 256 files.
GROUP = 96
SYNCERS = 16
# That one thread does one after the other.
SHARE = GROUP // SYNCERS
# Bytes after which a long file begins to be put on the disk: 200 MB at once at the end took 0.13 s of 2.2.
BEHIND = 1 << 23

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
CODECS = {"ascii": "utf-8", "big5": "big5hkscs", "shift-jis": "cp932", "shift_jis": "cp932", "euc-kr": "cp949"}

_counter = itertools.count()
# Those that are being written; an interrupt leaves none of them behind.
_unfinished: set[Sink] = set()


def encode(text: str, encoding: str, first_line: int = 1) -> bytes:
    """
    Text as bytes.

    Args:
        text: Any text; lone surrogates are written as they are where the encoding has room for them.
        encoding: The name that ``decode`` gave, or ``utf-8``.
        first_line: The number of the text's first line, for the message.

    Raises:
        Failure: A character has no place in the encoding.

    >>> encode("文", "big5")
    b'\\xa4\\xe5'
    """
    name = encoding.lower().replace("_", "-")
    name = CODECS.get(name, name)
    try:
        return text.encode(name, "surrogatepass" if name.startswith("utf-") else "strict")
    except LookupError:
        raise Failure(f"cannot be written as {encoding}; use --output-encoding utf-8") from None
    except UnicodeEncodeError as wrong:
        line = text.count("\n", 0, wrong.start) + first_line
        column = wrong.start - (text.rfind("\n", 0, wrong.start) + 1) + 1
        character = text[wrong.start]
        raise Failure(
            f"{line}:{column}: {character} U+{ord(character):04X} is not in {encoding}; use --output-encoding utf-8"
        ) from None


def mark_of(encoding: str) -> bytes:
    """The byte-order mark of an encoding, if it has one."""
    name = encoding.lower().replace("_", "-")
    return MARKS.get(CODECS.get(name, name), b"")


def descriptor_of(path: str) -> int | None:
    """The descriptor of this process that a path leads to, as ``/dev/stdout`` and a shell's ``>(command)`` do."""
    ours = {"/dev/fd", os.path.realpath("/dev/fd"), os.path.realpath("/proc/self/fd")}
    for _ in range(40):
        folder, name = os.path.split(os.path.abspath(path))
        folder = os.path.realpath(folder)
        if folder in ours and name.isdecimal():
            return int(name)
        path = os.path.join(folder, name)
        if not os.path.islink(path):
            return None
        path = os.path.join(folder, os.readlink(path))
    return None


class Sink:
    """
    A file that is being written beside the one it will replace; or a device or a pipe, which has no place beside.

    Raises:
        Failure: It cannot be written; also from every method. What was there is there.
    """

    def __init__(self, path: str, like: os.stat_result | None) -> None:
        self.path = self.named = path
        self.temporary: str | None = None
        self._like = like
        self._outer: IO[bytes] | None = None
        # Bytes that are being put on the disk, and how many were written behind them.
        self._begun = self._waiting = 0
        self.descriptor = -1
        try:
            self._open()
        except OSError as wrong:
            raise self._failure(wrong) from None

    def _failure(self, wrong: OSError) -> Failure:
        self.discard()
        return Failure(f"cannot be written to {self.named}: {wrong.strerror or wrong}")

    def _open(self) -> None:
        found, ours = None, None
        with contextlib.suppress(FileNotFoundError):
            found = os.lstat(self.path)
            if stat.S_ISLNK(found.st_mode):
                # Before it is followed: what a pipe's link says is no path.
                found, ours = None, descriptor_of(self.path)
                self.path = self.path if ours is not None else os.path.realpath(self.path)
                found = os.stat(self.path)
        if ours is not None:
            # Behind what was written to it, though it be a file: whoever opened it wants it there.
            self.descriptor = os.dup(ours)
        elif found is not None and not stat.S_ISREG(found.st_mode):
            # A device or a pipe is written to, and not replaced.
            self.descriptor = os.open(self.path, os.O_WRONLY)
        else:
            model = found or self._like
            mode = stat.S_IMODE(model.st_mode) if model is not None else 0o666
            self._create(mode)
            if model is not None:
                self._become(model, mode)
        suffix = streams.packing(self.path)
        if suffix:
            self._outer = streams.packed(os.fdopen(self.descriptor, "wb", closefd=False), suffix)

    def _create(self, mode: int) -> None:
        folder, _ = os.path.split(self.path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_BINARY", 0)
        while True:
            self.temporary = os.path.join(folder, f"{TEMPORARY}{os.getpid()}-{next(_counter)}")
            # Before it is there: an interrupt comes between the file and the next line as well.
            _unfinished.add(self)
            try:
                self.descriptor = os.open(self.temporary, flags, mode & 0o777)
                return
            except FileExistsError:
                continue
            except FileNotFoundError:
                if not folder or os.path.isdir(folder):
                    raise
                os.makedirs(folder, exist_ok=True)
            except OSError:
                self.temporary = None
                raise

    def _become(self, model: os.stat_result, mode: int) -> None:
        """Owner and permissions as they were; only root may give a file away."""
        if not hasattr(os, "fchmod"):
            return
        if (model.st_uid, model.st_gid) != _self():
            with contextlib.suppress(PermissionError):
                os.fchown(self.descriptor, model.st_uid, model.st_gid)
        if mode & ~_umask() != mode or mode & 0o7000:
            os.fchmod(self.descriptor, mode)

    def write(self, data: bytes | Made) -> None:
        """Put more behind what was written."""
        try:
            if self._outer is not None:
                self._outer.write(data)
                return
            view = memoryview(data)
            while view:
                view = view[os.write(self.descriptor, view) :]
            self._waiting += len(data)
            if self._waiting >= BEHIND and self.temporary is not None:
                self._begin_sync()
        except OSError as wrong:
            raise self._failure(wrong) from None

    def _begin_sync(self) -> None:
        """Begin to put it on the disk, so that little is left to wait for at the end."""
        if hasattr(os, "posix_fadvise"):
            # Linux begins to write what is asked to leave the memory, and does not wait for it; what is
            # still to be written stays in memory, where the next program finds it.
            with contextlib.suppress(OSError):
                os.posix_fadvise(self.descriptor, self._begun, self._waiting, os.POSIX_FADV_DONTNEED)
        self._begun, self._waiting = self._begun + self._waiting, 0

    def close(self) -> None:
        """Nothing more comes."""
        if self._outer is not None:
            try:
                outer, self._outer = self._outer, None
                outer.close()
            except OSError as wrong:
                raise self._failure(wrong) from None

    def discard(self) -> None:
        """Leave nothing behind."""
        _unfinished.discard(self)
        self._outer = None
        if self.descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(self.descriptor)
            self.descriptor = -1
        if self.temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(self.temporary)
            self.temporary = None

    def sync(self) -> None:
        """Put it on the disk; a device or a pipe has none."""
        try:
            if self.temporary is not None:
                os.fsync(self.descriptor)
        except OSError as wrong:
            raise self._failure(wrong) from None

    def place(self, backup: str | None) -> None:
        """Take the place of what was there, which a backup keeps."""
        try:
            if self.descriptor >= 0:
                os.close(self.descriptor)
                self.descriptor = -1
            if self.temporary is None:
                return
            if backup is not None:
                keep(self.path, self.path + backup)
            os.replace(self.temporary, self.path)
            self.temporary = None
            _unfinished.discard(self)
        except OSError as wrong:
            raise self._failure(wrong) from None


def keep(path: str, backup: str) -> None:
    """The file under a second name; what had that name is gone, and at no moment neither is there."""
    folder = os.path.dirname(path)
    second = os.path.join(folder, f"{TEMPORARY}{os.getpid()}-{next(_counter)}")
    try:
        try:
            os.link(path, second)
        except OSError:
            import shutil

            # A file system without links.
            shutil.copy2(path, second)
        os.replace(second, backup)
    finally:
        # Of two names of one file, as a kill between backup and rename leaves them, a rename takes neither away;
        # and an interrupt may come before it.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(second)


_known_self: list[tuple[int, int]] = []


def _self() -> tuple[int, int]:
    if not _known_self:
        _known_self.append((os.geteuid(), os.getegid()))
    return _known_self[0]


_known_umask: list[int] = []


def _umask() -> int:
    if not _known_umask:
        mask = os.umask(0o022)
        os.umask(mask)
        _known_umask.append(mask)
    return _known_umask[0]


def sync_folder(folder: str) -> None:
    """Put the renames in a folder on the disk; not every file system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class Finisher:
    """
    Files that are written and wait to be put in their place, some at a time.

    While one group is put on the disk, the next one is written: so two groups of files are open, and
    what a group has failed in is said when the next one is full.
    """

    def __init__(self, journal: Journal | None, backup: str | None) -> None:
        self.journal, self.backup = journal, backup
        self._waiting: list[tuple[Sink, str]] = []
        self._untouched: list[tuple[str, str, os.stat_result]] = []
        self._pool: ThreadPoolExecutor | None = None
        self._on_the_way: tuple[list[tuple[Sink, str]], Iterator[list[Failure | None]]] | None = None

    def add(self, sink: Sink, source: str) -> Iterator[tuple[str, Failure]]:
        """One more; answers with those of the group before that failed, as source and why."""
        self._waiting.append((sink, source))
        if len(self._waiting) >= GROUP:
            yield from self._send()

    def note(self, source: str, target: str, found: os.stat_result) -> None:
        """A file that stays as it is: nothing is to be done with it, now or when the run is gone on with."""
        if self.journal is not None:
            self._untouched.append((source, target, found))
            if len(self._untouched) >= GROUP:
                self._write([])

    def _write(self, ready: list[tuple[str, str, os.stat_result]]) -> None:
        if self.journal is not None:
            self.journal.write([*self._untouched, *ready])
            self._untouched = []

    def flush(self) -> Iterator[tuple[str, Failure]]:
        """Put all that wait in their place."""
        yield from self._send()
        yield from self._settle()
        self._write([])

    def _send(self) -> Iterator[tuple[str, Failure]]:
        """Begin to put those that wait on the disk, and those before them in their place."""
        group, self._waiting = self._waiting, []
        sinks = [sink for sink, _ in group]
        syncing: Iterator[list[Failure | None]]
        if len(sinks) < 3:
            syncing = iter([_synced(sinks)])
        else:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(SYNCERS, thread_name_prefix="sync")
            syncing = self._pool.map(_synced, [sinks[at : at + SHARE] for at in range(0, len(sinks), SHARE)])
        try:
            yield from self._settle()
        finally:
            self._on_the_way = group, syncing

    def _settle(self) -> Iterator[tuple[str, Failure]]:
        """Put those that are on the disk in their place."""
        if self._on_the_way is None:
            return
        group, syncing = self._on_the_way
        failed: list[tuple[str, Failure]] = []
        ready: list[tuple[Sink, str]] = []
        for one, failure in zip(group, itertools.chain.from_iterable(syncing), strict=True):
            if failure is None:
                ready.append(one)
            else:
                failed.append((one[1], failure))
        self._on_the_way = None
        self._write([(source, sink.path, os.fstat(sink.descriptor)) for sink, source in ready])
        folders = dict.fromkeys(os.path.dirname(sink.path) for sink, _ in ready if sink.temporary is not None)
        for sink, source in ready:
            if (failure := _tried(partial(sink.place, self.backup))) is not None:
                failed.append((source, failure))
        for folder in folders:
            sync_folder(folder)
        yield from failed

    def discard(self) -> None:
        """Leave everything that is being written, or waits, as it was."""
        if self._pool is not None:
            # No descriptor is closed that a thread may still use.
            self._pool.shutdown(cancel_futures=True)
        for sink in list(_unfinished):
            sink.discard()
        self._waiting, self._on_the_way = [], None


def _synced(sinks: list[Sink]) -> list[Failure | None]:
    """Put some on the disk, one after the other; why not, for each that cannot be."""
    return [_tried(sink.sync) for sink in sinks]


def _tried(work: Callable[[], None]) -> Failure | None:
    try:
        work()
    except Failure as wrong:
        return wrong
    return None


@contextlib.contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """
    A single file to write, which takes the place of ``path`` once all of it is on the disk.

    Raises:
        Failure: It cannot be written; ``path`` is as it was.
    """
    sink = Sink(path, None)
    try:
        with os.fdopen(sink.descriptor, "wb", closefd=False) as file:
            yield file
        sink.sync()
        sink.place(None)
        sync_folder(os.path.dirname(sink.path))
    except BaseException:
        sink.discard()
        raise
