"""
What is shown and said while files are done: tables and lines on standard output, notices on standard
error, the report.

In: pieces and what came of them, in order. Out: nothing but lines. Never: a file's account in memory
whole; what is long is written as its pieces come.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from hanfix.cli import inspect, output, stdio
from hanfix.cli.errors import Contradiction, Failure
from hanfix.cli.formats.base import joined_script
from hanfix.cli.jobs import Job
from hanfix.cli.options import Options
from hanfix.cli.work import Piece, Result

if TYPE_CHECKING:
    from hanfix import Profile
    from hanfix.cli.page import Page

# Of one kind; a run over a corpus would bury the screen.
MOST_NOTICES = 20
CHECK_HEADER = "encoding       changes  lost  file\n"


class Counted:
    """What a file in several pieces is written in."""

    def __init__(self) -> None:
        self.length = 0
        self.off_script = 0
        self.amounts: dict[str, float] = {}
        self.confidence: float | None = None
        self.runners_up: tuple[tuple[str, float], ...] = ()

    def add(self, profile: Profile, length: int) -> None:
        """One more piece."""
        self.length += length
        self.off_script += len(profile.off_script)
        if profile.confidence is not None:
            self.confidence, self.runners_up = profile.confidence, profile.runners_up
        for kind, share in profile.shares.items():
            self.amounts[kind] = self.amounts.get(kind, 0.0) + share * length

    def shares(self) -> dict[str, float]:
        """Parts of all characters."""
        return {kind: amount / (self.length or 1) for kind, amount in self.amounts.items()}


class Shown:
    """Standard output, standard error and the report of a run."""

    def __init__(self, options: Options, program: str) -> None:
        self.options, self.program = options, program
        self.is_terminal = stdio.is_terminal(sys.stdout)
        self.colour = self.is_terminal and "NO_COLOR" not in os.environ
        self.page: Page | None = None
        self._report: IO[bytes] | None = None
        self._stack = contextlib.ExitStack()
        self._has_head = False
        self._notices: Counter[str] = Counter()
        self.files = self.changed = self.skipped = self.failed = 0
        self.has_report_failed = False

    def __enter__(self) -> Shown:  # noqa: PYI034  Self is younger than Python 3.10
        report = self.options.report
        if report is not None:
            if report.lower().endswith((".html", ".htm")):
                from hanfix.cli.page import Page

                self.page = Page(self.options)
            try:
                self._report = self._stack.enter_context(output.replacing(report))
            except Failure as wrong:
                raise Contradiction(f"--report: {wrong}") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            try:
                if self.page is not None and self._report is not None:
                    self.page.write(self._report)
                self._stack.__exit__(None, None, None)
            except (Failure, OSError) as wrong:
                self._give_up(wrong)
            self._sum_up()
        else:
            self._stack.__exit__(kind, *rest)  # type: ignore[arg-type]

    def say(self, job: Job, message: str) -> None:
        """One line on standard error about a file."""
        stdio.say(f"{self.program}: {job.source.name}: {message}")

    def _put(self, data: bytes) -> None:
        """More of the report, if there is one."""
        if self._report is not None:
            try:
                self._report.write(data)
            except OSError as wrong:
                self._give_up(wrong)

    def _give_up(self, wrong: Failure | OSError) -> None:
        """A report that cannot be written is said once, and leaves nothing; the files are done all the same."""
        report, self._report, self.has_report_failed = self.options.report, None, True
        why = f"cannot be written to {report}: {wrong.strerror or wrong}" if isinstance(wrong, OSError) else wrong
        stdio.say(f"{self.program}: --report: {why}")
        with contextlib.suppress(Failure, OSError):
            self._stack.__exit__(type(wrong), wrong, wrong.__traceback__)

    def _write(self, text: str) -> None:
        stdio.write_stdout(stdio.to_bytes(text))

    def piece(self, job: Job, piece: Piece, result: Result) -> None:
        """Show what came of a piece."""
        if result.profile is not None:
            counted = job.others.setdefault("counted", Counted())
            length = (
                len((piece.data or b"").decode("utf-8", "replace")) if not piece.is_last or not piece.is_first else 1
            )
            counted.add(result.profile, length)
            job.scripts.add(result.profile.script)
        for told in result.cells or ():
            self._tell(job, told, False)
        report = result.report
        if report is None:
            return
        job.scripts.add(report.script)
        job.edits += len(report.edits)
        job.kinds.update((edit.stage, edit.kind) for edit in report.edits)
        report.encoding = job.encoding
        column, points = job.others.get("place", (0, 0))
        lines = inspect.Lines(report.original, piece.line, column, points)
        end = report.original.rfind("\n")
        # Of a line that is longer than a piece, the next one has the rest.
        column = len(report.original) - end - 1 + (column if end < 0 else 0)
        job.others["place"] = column, points + len(report.original)
        self._tell(job, [(report, lines)], piece.is_last)

    def _tell(self, job: Job, told: list[inspect.Told], is_last: bool) -> None:
        """Show an account of a piece, or of texts in a table."""
        options = self.options
        if self.page is not None:
            for report, lines in told:
                self.page.piece(job, report, lines)
        elif self._report is not None:
            self._put(self._json_line(job, "report").add(told))
        if options.mode == "diff" and not options.json:
            for line in self._differences(job, told, is_last):
                self._write(line)
        elif options.mode == "explain" and not options.json:
            name = job.source.name
            if told and (part := told[0][1].part):
                name += f" from {part}"
            script = joined_script({report.script for report, _ in told} or job.scripts)
            for line in inspect.explain(name, told, job.encoding, script, self.colour):
                self._write(line)
        elif options.mode in ("diff", "explain"):
            stdio.write_stdout(self._json_line(job, "shown").add(told))

    def _differences(self, job: Job, told: list[inspect.Told], is_last: bool) -> Iterator[str]:
        from hanfix.cli.unified import Diff, of_cell

        for report, lines in told:
            if isinstance(lines, inspect.Cell):
                yield from of_cell(job.source.name, report, lines, self.colour)
                continue
            if "diff" not in job.others:
                job.others["diff"] = Diff(job.source.name, self.colour)
            yield from job.others["diff"].piece(report, is_last)

    def _json_line(self, job: Job, name: str) -> inspect.JsonLine:
        line = job.others.get(name)
        if line is None:
            line = job.others[name] = inspect.JsonLine(job.source.name, job.encoding)
        assert isinstance(line, inspect.JsonLine)
        return line

    def end(self, job: Job) -> None:
        """Show what came of a file, and say what a person should know of it."""
        options = self.options
        self.files += 1
        self.changed += job.changed
        self.skipped += job.skipped is not None
        self.failed += job.failure is not None
        if self.page is not None:
            self.page.end(job)
        elif self._report is not None:
            self._put(self._ended(job, "report"))
        if job.unread and options.mode == "explain" and not options.json and job.failure is None:
            for line in inspect.unread(job.unread):
                self._write(line)
        if options.mode in ("diff", "explain") and options.json and "shown" in job.others:
            stdio.write_stdout(self._ended(job, "shown"))
        if job.failure is not None:
            self.say(job, job.failure)
            return
        if job.skipped is not None:
            self._say_some("were skipped", job, job.skipped)
            return
        if options.mode == "check":
            self._check(job)
        elif options.mode == "detect":
            self._detect(job)
        self._notice(job)
        if options.verbose:
            kinds = ", ".join(f"{stage} {kind} {count}" for (stage, kind), count in job.kinds.most_common())
            total = f"{job.edits} change{'s' * (job.edits != 1)}"
            script = joined_script(job.scripts)
            self.say(job, f"{job.encoding}, {script}, {total}{f': {kinds}' if kinds else ''}")

    def _ended(self, job: Job, name: str) -> bytes:
        line = self._json_line(job, name)
        others: dict[str, object] = {}
        if job.unread:
            others["undecodable"] = [loss.to_dict() for loss in job.unread]
        if job.others.get("broken"):
            others["broken"] = job.broken
        if job.skipped is not None:
            others["skipped"] = job.skipped
        if job.failure is not None:
            others["failure"] = job.failure
        return line.end(joined_script(job.scripts), job.changed, **others)

    def _notice(self, job: Job) -> None:
        fields = self.options.fields
        if fields and job.format_name == "jsonl" and not job.texts and job.bytes_read and self.options.mode != "detect":
            # Not an error, as a column that is missing is one: records need not be alike.
            what = f"no text in {' or '.join(fields)}; see --field"
            self._say_some("have no text in the fields that were named", job, what)
        if job.losses:
            what = f"{job.losses} place{'s' * (job.losses != 1)} beyond repair; --explain shows them"
            self._say_some("have places beyond repair", job, what)
        if count := job.others.get("broken", 0):
            first = ", ".join(map(str, job.broken))
            more = ", …" if count > len(job.broken) else ""
            lines = f"line{'s' * (count != 1)} {first}{more}"
            what = f"{lines}: {' or '.join(job.others['broken_why'])}; passed through unchanged"
            self._say_some("have lines that are not valid", job, what)

    def _say_some(self, kind: str, job: Job, message: str) -> None:
        """A notice; of a hundred thousand the first few, and how many there were."""
        if self.options.quiet:
            return
        self._notices[kind] += 1
        if self._notices[kind] <= MOST_NOTICES or self.options.verbose:
            self.say(job, message)

    def _check(self, job: Job) -> None:
        """
        Names only, for other programs; for a person the encoding beside it, and what was counted.
        """
        if self.options.json:
            row = {"path": job.source.name, "changed": job.changed, "encoding": job.encoding, "losses": job.losses}
            stdio.write_stdout(inspect.json_bytes(inspect.to_json(row) + "\n"))
        elif job.changed and self.is_terminal:
            self._head(CHECK_HEADER)
            changes = str(job.edits) if self.options.is_telling else "yes"
            self._write(f"{job.encoding:<12} {changes:>9}  {job.losses or '-':>4}  {job.source.name}\n")
        elif job.changed:
            self._write(f"{job.source.name}\n")

    def _detect(self, job: Job) -> None:
        from hanfix import Profile

        counted = job.others.get("counted")
        if not isinstance(counted, Counted):
            return
        script = joined_script(job.scripts)
        shares = counted.shares()
        confidence, runners_up = counted.confidence, counted.runners_up
        if confidence is None and job.decoding is not None:
            confidence, runners_up = job.decoding.confidence, job.decoding.runners_up
        if self.options.json:
            row = {
                "path": job.source.name, "script": script, "encoding": job.encoding, "confidence": confidence,
                "runners_up": runners_up, "shares": shares, "off_script": counted.off_script, "losses": job.losses,
            }  # fmt: skip
            stdio.write_stdout(inspect.json_bytes(inspect.to_json(row) + "\n"))
            return
        self._head(inspect.DETECT_HEADER)
        off_script = tuple(range(counted.off_script))
        profile = Profile(script, shares, off_script, job.encoding, confidence, runners_up)
        self._write(inspect.detect_row(job.source.name, profile))

    def _head(self, header: str) -> None:
        if not self._has_head:
            self._has_head = True
            self._write(f"{inspect.BOLD}{header}{inspect.PLAIN}" if self.colour else header)

    def _sum_up(self) -> None:
        """What a person reads last."""
        for kind, count in self._notices.items():
            if count > MOST_NOTICES and not self.options.verbose:
                stdio.say(f"{self.program}: {count - MOST_NOTICES} more files {kind}; -v names them")
        if self.options.mode == "check" and self.is_terminal and not self.options.json and self.files > 1:
            parts = [f"{self.changed} of {self.files} files would change"]
            if self.skipped:
                parts.append(f"{self.skipped} are no text")
            if self.failed:
                parts.append(f"{self.failed} failed")
            self._write(", ".join(parts) + "\n")
