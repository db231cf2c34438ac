"""
The work itself: every input read, normalized, and written or shown; many at a time.

In: :class:`Options`. Out: an exit code. Never: one input's trouble keeps another from being done;
answers or messages in another order than the inputs; more than four batches of pieces in memory.

How: pieces of files are read into batches here, threads work on the last two batches with all cores, and
here again what came of the one before is written. So reading, work and writing overlap, and no two
threads want the interpreter at once but in passing.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from hanfix import _core
from hanfix.cli import decide, output, stdio
from hanfix.cli.errors import Contradiction, Failure, OutputGone
from hanfix.cli.formats.base import PIECE
from hanfix.cli.jobs import Job, Reader
from hanfix.cli.journal import Journal
from hanfix.cli.options import Options
from hanfix.cli.shown import Shown
from hanfix.cli.sources import Source, Sources, Trouble
from hanfix.cli.streams import Input, state
from hanfix.cli.work import Piece, Result, Worker

if TYPE_CHECKING:
    from hanfix import Normalizer
    from hanfix.cli.progress import Progress

# Pieces worked on at a time: enough for each core to have some, and little enough that four batches
# stay small in memory.
BATCH_PIECES = 512
# Batches worked on at a time: while the last piece of one keeps one core, the others begin with the next.
AT_WORK = 2


class Run:
    """One run of the command."""

    def __init__(self, options: Options, program: str) -> None:
        self.options = options
        self.program = program
        self.failed = self.changed = False
        # An account takes a hundred times the memory of the text that it is of: one is shown before the next is made.
        self.at_work = 0 if options.is_telling else AT_WORK
        self.batch_bytes = PIECE if options.is_telling else min(max(8, options.jobs), 24) * PIECE
        self.reader = Reader(options)
        # Read once: what comes from a pipe is there but once.
        self.entries: dict[str, str] | None = None
        self.journal: Journal | None = None
        self.files_done = 0

    def go(self) -> int:
        """
        Do everything.

        Raises:
            Contradiction: Nothing has been done, because it cannot be meant.
        """
        options = self.options
        _core.keep_memory()
        # Before its pool is made, which is when the first batch comes.
        os.environ["RAYON_NUM_THREADS"] = str(options.jobs)
        normalizer = self.make(options.to)
        sources = Sources(options)
        if options.to == "auto" and options.mode != "detect":
            normalizer = self.decided(sources, normalizer)
        if options.pooled and options.mode != "detect":
            normalizer = self.shown_all(sources, normalizer)
        self.journal = self.make_journal(sources)
        self.finisher = output.Finisher(self.journal, options.backup)
        with contextlib.ExitStack() as stack:
            self.shown = stack.enter_context(Shown(options, self.program))
            self.progress = self.make_progress(sources)
            if self.progress is not None:
                stack.enter_context(self.progress)
            worker = Worker(options, normalizer)
            stack.callback(worker.close)
            try:
                self.overlap(sources, worker)
                self.finish(self.finisher.flush())
            except BaseException:
                self.finisher.discard()
                if self.journal is not None:
                    self.journal.close(done=False)
                raise
        if self.journal is not None:
            self.journal.close(done=not self.failed)
        if self.failed or self.shown.has_report_failed:
            return 2
        return 1 if options.check and self.changed else 0

    def make(self, target: str) -> Normalizer:
        """The normalizer that was asked for, with this target."""
        from hanfix import HanfixError, Normalizer

        options = self.options
        try:
            made = Normalizer(
                to=target,
                steps=options.steps,
                words=options.words,
                protect=options.protect,
                dictionary=options.dictionary if self.entries is None else self.entries,
                encoding=options.encoding,
                strict=options.strict,
                min_confidence=options.min_confidence,
            )
        except (ValueError, HanfixError) as wrong:
            raise Contradiction(str(wrong)) from None
        except OSError as wrong:
            raise Contradiction(f"--dictionary: {options.dictionary}: {wrong.strerror}") from None
        self.entries = dict(made.dictionary)
        return made

    def decided(self, sources: Sources, normalizer: Normalizer) -> Normalizer:
        """One target for all inputs, if they are more than one short text, which decides for itself."""
        options = self.options
        if sources.is_single and decide.is_short_text(sources, options):
            return normalizer
        target, share = decide.target(sources, self.make("keep"), options)
        is_watched = stdio.is_terminal(sys.stderr) and not options.quiet
        if options.verbose or is_watched:
            share_text = f"{share:.0%} of what tells the scripts apart" if share else "nothing tells the scripts apart"
            self.say(f"target for all: {target} ({share_text})")
        return self.make(target)

    def shown_all(self, sources: Sources, normalizer: Normalizer) -> Normalizer:
        """The normalizer, once it has seen all inputs."""
        from hanfix.cli import pooled

        made = pooled.shown(sources, normalizer, self.options)
        if self.options.verbose:
            glossed, doubled = made.pooled
            found = [f"glosses behind {glossed}"] * bool(glossed) + ["doubled readings"] * doubled
            self.say(f"damage in all texts together: {', '.join(found) or 'none'}")
        return made

    def make_journal(self, sources: Sources) -> Journal | None:
        """Where it is written what is finished; one file needs none."""
        options = self.options
        if sources.is_single or not (options.in_place or options.output):
            return None
        if options.output is not None:
            folder = options.output
        else:
            # No folder is made for a path that is not there.
            folder = next(filter(os.path.exists, sources.paths), ".")
            if not os.path.isdir(folder):
                folder = os.path.dirname(folder) or "."
        try:
            return Journal(folder, options, (self.entries or {}).items())
        except Failure as wrong:
            raise Contradiction(f"--resume: {wrong}") from None

    def make_progress(self, sources: Sources) -> Progress | None:
        """What a person at a terminal sees while it takes time."""
        if self.options.quiet or not stdio.is_terminal(sys.stderr) or self.options.reads_stdin:
            return None
        if stdio.is_terminal(sys.stdout) and not (self.options.in_place or self.options.output):
            # What is shown would run through it.
            return None
        from hanfix.cli.progress import Progress

        return Progress(sources)

    def say(self, message: str) -> None:
        """One line on standard error."""
        stdio.say(f"{self.program}: {message}")

    def overlap(self, sources: Sources, worker: Worker) -> None:
        """Read, work, write: each on another batch."""
        with ThreadPoolExecutor(max(1, self.at_work), thread_name_prefix="batch") as background:
            waiting: deque[tuple[list[Piece], Future[list[Result]]]] = deque()
            try:
                for batch in self.batches(sources):
                    waiting.append((batch, background.submit(worker.work, batch)))
                    if len(waiting) > self.at_work:
                        self.accept_all(*waiting.popleft())
                while waiting:
                    self.accept_all(*waiting.popleft())
            finally:
                for _, future in waiting:
                    future.cancel()

    def batches(self, sources: Sources) -> Iterator[list[Piece]]:
        """Pieces, so many that all cores have something to do."""
        batch: list[Piece] = []
        size = 0
        for piece in self.pieces(sources):
            batch.append(piece)
            size += len(piece.data or b"")
            if size >= self.batch_bytes or len(batch) >= BATCH_PIECES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def pieces(self, sources: Sources) -> Iterator[Piece]:
        """The pieces of all files."""
        for source in sources:
            if isinstance(source, Trouble):
                job = Job(Source(source.name))
                job.failure = source.why
                yield Piece(job, None)
                continue
            if self.options.resume and self.journal is not None and self.journal.has(source.path or ""):
                continue
            yield from self.reader.pieces(Job(source))

    def accept_all(self, batch: list[Piece], future: Future[list[Result]]) -> None:
        """Take over what came of a batch."""
        read = 0
        for piece, result in zip(batch, future.result(), strict=True):
            self.accept(piece, result)
            read += len(piece.data or b"")
        if self.progress is not None:
            self.progress.advance(self.files_done, read)

    def accept(self, piece: Piece, result: Result) -> None:
        """Take over what came of a piece; in order, so files are put together here."""
        job = piece.job
        if result.failure is not None and job.failure is None:
            job.failure = result.failure
        if job.failure is None and piece.data is not None:
            try:
                self.take(job, piece, result)
            except OutputGone:
                raise
            except Failure as wrong:
                job.failure = str(wrong)
        if piece.is_last:
            self.end(job)

    def take(self, job: Job, piece: Piece, result: Result) -> None:
        """
        A piece that went well.

        Raises:
            Failure: It cannot be written.
        """
        options = self.options
        if piece.is_first:
            job.encoding = result.encoding or piece.encoding
        elif job.encoding == "ascii":
            job.encoding = piece.encoding
        if options.output_encoding == "keep":
            self.reject_two_encodings(job, result)
        job.losses += result.losses
        job.unread = job.unread or result.unread
        if piece.is_last and job.decoding is not None:
            # An account may name these places again.
            job.losses = max(job.losses, job.decoding.losses)
            job.unread = job.unread or job.decoding.unread
        job.texts += result.texts
        if result.broken:
            why = result.why or f"not valid {job.format_name}"
            if options.strict:
                raise Failure(f"line {piece.line + result.broken[0] + 1}: {why}")
            job.others.setdefault("broken_why", {})[why] = True
            job.broken += [piece.line + line + 1 for line in result.broken[: 10 - len(job.broken)]]
            job.others["broken"] = job.others.get("broken", 0) + len(result.broken)
        data = self.written(job, piece, result)
        if options.mode == "write" and piece.call is None:
            if job.source.target is None:
                stdio.write_stdout(data)
            elif job.raw is None or not options.in_place or job.changed:
                if job.sink is None:
                    self.open(job)
                assert job.sink is not None
                job.sink.write(data)
        self.shown.piece(job, piece, result)

    @staticmethod
    def reject_two_encodings(job: Job, result: Result) -> None:
        """
        ASCII whose escapes have become characters is UTF-8, and what comes behind it must be too.

        Raises:
            Failure: It is in another encoding.
        """
        if job.encoding == "ascii" and result.data is not None:
            job.others["is_utf8"] = job.others.get("is_utf8", False) or not bytes(result.data).isascii()
        elif job.encoding not in ("ascii", "utf-8") and job.others.get("is_utf8"):
            raise Failure(f"its escapes are UTF-8 now, and {job.encoding} follows; use --output-encoding utf-8")

    def written(self, job: Job, piece: Piece, result: Result) -> bytes | _core.Made:
        """The bytes of a piece as they are written, the mark in front of the first."""
        options = self.options
        data = result.data if result.data is not None else piece.data or b""
        if piece.call is not None:
            job.changed = result.is_changed
            return b""
        if job.raw is not None:
            is_same = not result.is_changed and options.output_encoding == "keep" and options.bom == "keep"
            if piece.is_raw and not job.mark and options.bom != "add":
                job.changed = result.data is not None
                return data
            data = job.raw if is_same else self.mark(job) + bytes(data)
            job.changed = data != job.raw
            return data
        if piece.is_first:
            mark = self.mark(job)
            job.changed = mark != job.mark
            data = mark + bytes(data) if mark else data
        job.changed = job.changed or result.is_changed
        if piece.is_last and job.decoding is not None and options.output_encoding == "utf-8":
            job.changed = job.changed or not job.decoding.is_exact
        return data

    def mark(self, job: Job) -> bytes:
        """The byte order mark that the file is to begin with."""
        if self.options.bom == "drop" or (self.options.bom == "keep" and not job.mark):
            return b""
        return output.mark_of(job.encoding if self.options.output_encoding == "keep" else "utf-8")

    def open(self, job: Job) -> None:
        """
        Begin to write.

        Raises:
            Failure: It cannot be written.
        """
        assert job.source.target is not None
        before = job.input.before if job.input is not None else None
        if self.options.in_place and before is not None and not stat.S_ISREG(before.st_mode):
            raise Failure("not a file that could be rewritten")
        if self.journal is not None:
            self.journal.clean(os.path.dirname(job.source.target))
        job.sink = output.Sink(job.source.target, before)

    def end(self, job: Job) -> None:
        """A file is through."""
        self.files_done += 1
        if job.failure is None and job.skipped is None and self.options.mode == "write":
            try:
                self.put(job)
            except Failure as wrong:
                job.failure = str(wrong)
        if job.failure is not None:
            self.failed = True
            if job.sink is not None:
                job.sink.discard()
        elif job.changed:
            self.changed = True
        self.shown.end(job)
        job.raw = None

    def put(self, job: Job) -> None:
        """Put what was written in its place, soon."""
        target, before = job.source.target, job.input.before if job.input is not None else None
        if target is None:
            return
        if self.options.in_place and before is not None:
            try:
                now = os.stat(target)
            except OSError as wrong:
                raise Failure(f"changed while it was read: {wrong.strerror}") from None
            if state(now) != state(before):
                raise Failure("changed while it was read; run again")
            if not job.changed:
                if job.sink is not None:
                    job.sink.discard()
                self.finisher.note(job.source.path or "", target, now)
                return
        if job.sink is None:
            self.open(job)
        assert job.sink is not None
        is_kept = not job.changed and self.options.output_encoding == "keep"
        if is_kept and job.raw is None and job.decoding is not None and job.sink.temporary is not None:
            self.copy(job)
        job.sink.close()
        if self.journal is not None and before is not None and not self.options.in_place:
            self.journal.note(job.source.path or "", before)
        self.finish(self.finisher.add(job.sink, job.source.path or ""))

    def copy(self, job: Job) -> None:
        """
        A long file that stays as it is, byte for byte: some encodings have several codes for one
        character, so it is not encoded again.
        """
        assert job.sink is not None
        job.sink.discard()
        self.open(job)
        source = Input(job.source)
        try:
            while data := source.read():
                job.sink.write(data)
            source.finish()
        finally:
            source.close()

    def finish(self, failed: Iterator[tuple[str, Failure]]) -> None:
        """Say which of a group could not be put in their place."""
        for source, why in failed:
            self.failed = True
            self.say(f"{source or '(stdin)'}: {why}")
