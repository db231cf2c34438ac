"""
Progress on a terminal: files, bytes, rate, time left.

In: how much is done. Out: a line on standard error that goes when all is done. Never: on a pipe; work
held up by counting, which another thread does meanwhile.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from hanfix.cli.sources import Sources


class Progress:
    """A line at the foot of the terminal."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._bar = Bar(
            TextColumn("{task.fields[files]}/{task.fields[all_files]} files"),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, files=0, all_files="…")
        self._bytes = 0
        self._ends = threading.Event()

    def __enter__(self) -> Progress:  # noqa: PYI034  Self is younger than Python 3.10
        self._bar.start()
        # A daemon: nobody waits for a count when the work is done.
        threading.Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(self, *rest: object) -> None:
        self._ends.set()
        self._bar.stop()

    def advance(self, files: int, more: int) -> None:
        """So many files are done, and so many bytes more."""
        self._bytes += more
        self._bar.update(self._task, completed=self._bytes, files=files)

    def _count(self) -> None:
        """All files and bytes; not of a list from a pipe, which two threads would read at a time."""
        listing = self._sources.listing
        if (listing is not None and not listing.is_file) or self._sources.options.reads_stdin:
            return
        files = total = 0
        for source in self._sources:
            if self._ends.is_set():
                return
            path = getattr(source, "path", None)
            if path is None:
                continue
            files += 1
            try:
                total += os.stat(path).st_size
            except OSError:
                continue
        self._bar.update(self._task, total=total, all_files=files)
