"""
The work itself: every input read, normalized, and written or shown; several at a time.

In: :class:`Options`. Out: an exit code. Never: one input's trouble keeps another from being done;
answers or messages in another order than the inputs.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from hanfix.cli import files, inspect, output
from hanfix.cli.files import Failure, Source
from hanfix.cli.options import Contradiction, Options

if TYPE_CHECKING:
    from hanfix import Normalizer, Report

Answer = TypeVar("Answer")


@dataclass
class Outcome:
    """What became of one input."""

    shown: bytes = b""
    report: bytes = b""
    notices: list[str] = field(default_factory=list)
    details: str = ""
    failure: str | None = None
    changed: bool = False


class Run:
    """One run of the command."""

    def __init__(self, options: Options, program: str) -> None:
        self.options = options
        self.program = program

    def go(self) -> int:
        """
        Do everything.

        Raises:
            Contradiction: Nothing has been done, because it cannot be meant.
        """
        options = self.options
        normalizer = self.make(options.to)
        sources, troubles = files.find(options)
        self.guard_report(sources)
        if options.to == "auto" and len(sources) > 1 and options.mode != "detect":
            normalizer = self.make(self.decide(sources))
        failed = changed = False
        for name, trouble in troubles:
            self.say(f"{name}: {trouble}")
            failed = True
        if options.mode == "detect" and sources:
            output.write_stdout(inspect.DETECT_HEADER.encode())
        with self.report_file() as report:
            for source, outcome in self.outcomes(sources, normalizer):
                if outcome.shown:
                    output.write_stdout(outcome.shown)
                if report is not None:
                    report.write(outcome.report)
                if outcome.failure is not None:
                    self.say(f"{source.name}: {outcome.failure}")
                    failed = True
                if not options.quiet:
                    for notice in outcome.notices:
                        self.say(f"{source.name}: {notice}")
                if options.verbose and outcome.details:
                    self.say(f"{source.name}: {outcome.details}")
                changed = changed or outcome.changed
        if failed:
            return 2
        return 1 if options.check and changed else 0

    def make(self, target: str) -> Normalizer:
        """The normalizer that was asked for, with this target."""
        from hanfix import HanfixError, Normalizer, decode

        options = self.options
        try:
            # An encoding that nobody knows is refused before anything is read.
            decode(b"", encoding=options.encoding)
            return Normalizer(
                to=target,
                steps=options.steps,
                words=options.words,
                protect=options.protect,
                dictionary=options.dictionary,
                encoding=options.encoding,
                strict=options.strict,
            )
        except (ValueError, HanfixError) as wrong:
            raise Contradiction(str(wrong)) from None
        except OSError as wrong:
            raise Contradiction(f"--dictionary: {options.dictionary}: {wrong.strerror}") from None

    def say(self, message: str) -> None:
        """One line on standard error."""
        output.say(f"{self.program}: {message}")

    def guard_report(self, sources: list[Source]) -> None:
        """The report may not take the place of an input or an answer."""
        if self.options.report is None:
            return
        place = os.path.realpath(self.options.report)
        for source in sources:
            for path in (source.path, source.target):
                if path is not None and os.path.realpath(path) == place:
                    raise Contradiction(f"--report {self.options.report}: also an input or an output")

    @contextlib.contextmanager
    def report_file(self) -> Iterator[BinaryIO | None]:
        """Where the report is written, if one was asked for."""
        if self.options.report is None:
            yield None
            return
        try:
            with output.replacing(self.options.report) as file:
                yield file
        except BrokenPipeError:
            raise
        except OSError as wrong:
            raise Contradiction(f"--report {self.options.report}: {wrong.strerror}") from None

    def decide(self, sources: list[Source]) -> str:
        """
        One target for all inputs: the script that most of their text is in.

        They are read twice for this; ``--to`` saves the first time. Damage counts as what it was,
        so every text is repaired before it is looked at.
        """
        look = self.make("keep")

        def weigh(source: Source) -> tuple[float, float]:
            from hanfix import HanfixError, detect

            try:
                raw = source.read()
                if files.looks_binary(raw):
                    return 0.0, 0.0
                text = look(raw)
            except (Failure, HanfixError):
                # Said when its turn comes.
                return 0.0, 0.0
            shares = detect(text).shares
            return shares.get("hans", 0.0) * len(text), shares.get("hant", 0.0) * len(text)

        simplified = traditional = 0.0
        for _, (hans, hant) in self.in_order(sources, weigh):
            simplified += hans
            traditional += hant
        target = "hant" if traditional > simplified else "hans"
        if self.options.verbose or (sys.stderr is not None and sys.stderr.isatty() and not self.options.quiet):
            total = simplified + traditional
            share = f"{max(simplified, traditional) / total:.0%}" if total else "nothing"
            self.say(f"target for all {len(sources)} files: {target} ({share} of what tells the scripts apart)")
        return target

    def outcomes(self, sources: list[Source], normalizer: Normalizer) -> Iterator[tuple[Source, Outcome]]:
        """What becomes of each, in order."""
        return self.in_order(sources, lambda source: self.do(source, normalizer))

    def in_order(self, sources: list[Source], work: Callable[[Source], Answer]) -> Iterator[tuple[Source, Answer]]:
        """Source and answer, in order; a few more under way than there are threads, never all."""
        if len(sources) == 1 or self.options.jobs == 1:
            for source in sources:
                yield source, work(source)
            return
        with ThreadPoolExecutor(self.options.jobs) as pool:
            waiting: deque[tuple[Source, Future[Answer]]] = deque()
            try:
                for source in sources:
                    waiting.append((source, pool.submit(work, source)))
                    if len(waiting) > 2 * self.options.jobs:
                        first, future = waiting.popleft()
                        yield first, future.result()
                while waiting:
                    first, future = waiting.popleft()
                    yield first, future.result()
            finally:
                for _, future in waiting:
                    future.cancel()

    def do(self, source: Source, normalizer: Normalizer) -> Outcome:
        """Read one input, and write or show what comes of it."""
        outcome = Outcome()
        try:
            raw = source.read()
            if files.looks_binary(raw):
                if source.alone:
                    raise Failure("not text: nothing to write")
                outcome.notices.append("not text: skipped")
                return outcome
            if self.options.mode == "detect":
                outcome.shown = self.detected(source, raw)
            else:
                self.normalized(source, raw, normalizer, outcome)
        except Failure as wrong:
            outcome.failure = str(wrong)
        except MemoryError:
            outcome.failure = "larger than memory"
        return outcome

    def normalized(self, source: Source, raw: bytes, normalizer: Normalizer, outcome: Outcome) -> None:
        """
        Normalize one input, and write or show it.

        Raises:
            Failure: It could not be decoded, or not be written.
        """
        options = self.options
        given, text, encoding, losses, report = self.answer(raw, normalizer)
        if text == given and options.output_encoding == "keep" and options.bom == "keep":
            # Not encoded again: some encodings have several codes for one character.
            data = raw
        else:
            written_as = encoding if options.output_encoding == "keep" else "utf-8"
            mark = options.bom == "add" or (options.bom == "keep" and output.has_mark(raw))
            data = output.encode(text, written_as, mark=mark, exact="decode" not in options.steps)
        outcome.changed = data != raw
        if losses:
            outcome.notices.append(f"{losses} place{'s' * (losses != 1)} beyond repair; --explain shows them")
        if report is not None:
            outcome.details = f"{encoding}, {report.script}, {len(report.edits)} changes"
            outcome.report = inspect.json_line(source.name, report, outcome.changed)
        if options.mode == "check":
            outcome.shown = inspect.to_bytes(f"{source.name}\n") if outcome.changed else b""
        elif options.mode == "diff":
            assert report is not None
            outcome.shown = inspect.to_bytes("".join(inspect.diff(source.name, report)))
        elif options.mode == "explain":
            assert report is not None
            outcome.shown = inspect.to_bytes("".join(inspect.explain(source.name, report)))
        elif source.target is None:
            outcome.shown = data
        else:
            self.write(source, raw, data)

    def answer(self, raw: bytes, normalizer: Normalizer) -> tuple[str, str, str, int, Report | None]:
        """Text as decoded, as normalized, encoding, number of losses, and a report if something is to be told."""
        from hanfix import HanfixError, decode

        options = self.options
        telling = options.mode in ("diff", "explain") or options.report is not None or options.verbose
        try:
            if "decode" in options.steps:
                if telling:
                    report = normalizer.explain(raw)
                    return report.original, report.text, report.encoding or "utf-8", len(report.losses), report
                decoded = decode(raw, encoding=options.encoding, strict=options.strict)
                given, encoding, losses = decoded.text, decoded.encoding or "utf-8", len(decoded.losses)
            else:
                # Not decoded: what is no UTF-8 is carried through as it is, in surrogates.
                given, encoding, losses = raw.decode("utf-8", "surrogateescape"), "utf-8", 0
            if telling:
                report = normalizer.explain(given)
                return given, report.text, encoding, losses + len(report.losses), report
            return given, normalizer(given), encoding, losses, None
        except HanfixError as wrong:
            raise Failure(str(wrong)) from None

    def write(self, source: Source, raw: bytes, data: bytes) -> None:
        """Put the answer in its place; a file that stays as it is is not touched."""
        assert source.target is not None
        if self.options.in_place:
            if data == raw:
                return
            if not files.is_regular(source.target):
                raise Failure("not a file that could be rewritten")
            if self.options.backup is not None:
                output.write_file(source.target + self.options.backup, raw, like=source.target)
        output.write_file(source.target, data, like=source.path)

    def detected(self, source: Source, raw: bytes) -> bytes:
        """A row on one input."""
        from hanfix import detect

        return inspect.to_bytes(inspect.detect_row(source.name, detect(raw)))
