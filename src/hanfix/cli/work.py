"""
What is done with pieces of files, many at a time.

In: pieces as they were read. Out: a :class:`Result` for each, in order. Never: an exception for what a
piece holds; it is in the result.

Where no account is asked for, text and JSON lines go through the core as bytes: read, normalized and
written without the interpreter. All else goes through :meth:`Normalizer.explain`, which gives the same
text; tests hold both to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from hanfix import HanfixError, Normalizer, Profile, Report, _core, _decode, _detect
from hanfix.cli.declaration import saying_utf8
from hanfix.cli.decoding import Decoding
from hanfix.cli.errors import Failure
from hanfix.cli.formats import base
from hanfix.cli.options import Options
from hanfix.cli.output import encode

if TYPE_CHECKING:
    from hanfix import Loss
    from hanfix.cli.inspect import Told
    from hanfix.cli.jobs import Job


class Piece:
    """
    A part of a file, or all of it.

    Attributes:
        data: As UTF-8, or as it was read if ``is_raw``; ``None`` where the file failed.
        context: What its format must know of what stood before it.
        encoding: What the file is written in, as far as is known.
        line: How many lines stand before it.
        call: What is to be done instead, for a file that has a way of its own.
    """

    __slots__ = ("call", "context", "data", "encoding", "is_first", "is_last", "is_raw", "job", "line")

    def __init__(
        self, job: Job, data: bytes | None, *, context: Any = None, is_raw: bool = False, is_first: bool = True,
        is_last: bool = True, encoding: str = "utf-8", line: int = 0,
        call: Callable[[Normalizer], Result] | None = None,
    ) -> None:  # fmt: skip
        self.job, self.data, self.context, self.is_raw = job, data, context, is_raw
        self.is_first, self.is_last, self.encoding, self.line, self.call = is_first, is_last, encoding, line, call


class Result:
    """
    What became of a piece.

    Attributes:
        data: The new bytes; ``None`` if they are the old ones.
        losses: Places that could not be read or repaired.
        unread: Those that could not be read, at their bytes in the file.
        broken: Lines of the piece, from 0, that are not what the format says.
        why: What they are instead; nothing where they are just not valid.
        texts: How many texts a format with fields found in the piece.
        cells: Accounts of the texts in a table that is no text itself, some at a time.
        is_changed: Whether anything in the text has.
    """

    __slots__ = (
        "broken", "cells", "data", "encoding", "failure", "is_changed", "losses", "profile", "report", "texts",
        "unread", "why",
    )  # fmt: skip

    def __init__(
        self, data: bytes | _core.Made | None = None, encoding: str | None = None, losses: int = 0,
        report: Report | None = None, broken: list[int] | None = None, failure: str | None = None,
        profile: Profile | None = None, is_changed: bool = False, texts: int = 0,
        cells: Iterable[list[Told]] | None = None, unread: Sequence[Loss] = (), why: str = "",
    ) -> None:  # fmt: skip
        self.data, self.encoding, self.losses, self.report = data, encoding, losses, report
        self.broken, self.failure, self.profile, self.is_changed = broken or [], failure, profile, is_changed
        self.texts, self.cells, self.unread, self.why = texts, cells, unread, why


class Worker:
    """All that the work needs, made once."""

    def __init__(self, options: Options, normalizer: Normalizer) -> None:
        self.options, self.normalizer = options, normalizer
        self.hint = _decode.hint_of(options.encoding) if options.encoding is not None else None
        self.errors = "surrogatepass" if "decode" in options.steps else "surrogateescape"
        self._pool: ThreadPoolExecutor | None = None

    def work(self, batch: list[Piece]) -> list[Result]:
        """A result for each."""
        results: list[Result | None] = [None] * len(batch)
        ways: dict[str, list[int]] = {"raw": [], "utf-8": [], "jsonl": [], "one": []}
        for number, piece in enumerate(batch):
            if piece.data is None and piece.call is None:
                results[number] = Result()
            else:
                ways[self._way(piece)].append(number)
        slow = ways["one"]
        for way in ("raw", "utf-8"):
            if ways[way]:
                self._rewrite(batch, ways[way], way == "raw", results, slow)
        if ways["jsonl"]:
            self._rewrite_json(batch, ways["jsonl"], results)
        if len(slow) > 1 and self.options.jobs > 1:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.options.jobs, thread_name_prefix="work")
            for number, result in zip(slow, self._pool.map(self.one, [batch[at] for at in slow]), strict=True):
                results[number] = result
        else:
            for number in slow:
                results[number] = self.one(batch[number])
        return [result for result in results if result is not None]

    def _way(self, piece: Piece) -> str:
        """How a piece is worked on: by the core as ``raw``, ``utf-8`` or ``jsonl``, or as ``one`` by itself."""
        job = piece.job
        if piece.call is not None or self.options.is_telling or self.options.mode == "detect":
            return "one"
        if job.is_plain_text:
            # A name that the core does not know is one of a codec that only Python has.
            is_known = not piece.is_raw or self.hint is not None or self.options.encoding is None
            return "one" if not is_known else "raw" if piece.is_raw else "utf-8"
        is_lines = job.format is not None and job.format.name == "jsonl" and not piece.context
        return "jsonl" if is_lines else "one"

    def _rewrite(
        self, batch: list[Piece], numbers: list[int], is_raw: bool, results: list[Result | None], slow: list[int]
    ) -> None:
        given = [batch[number].data or b"" for number in numbers]
        answers = _core.rewrite(self.normalizer._plan, given, self.hint if is_raw else None, not is_raw)
        for number, answer in zip(numbers, answers, strict=True):
            if answer is None or (answer[2] and self.options.strict):
                slow.append(number)
                continue
            data, encoding, losses = answer
            results[number] = self._finished(
                batch[number], Result(data, encoding if is_raw else None, losses, is_changed=data is not None)
            )

    def _rewrite_json(self, batch: list[Piece], numbers: list[int], results: list[Result | None]) -> None:
        # All at once: a piece at a time in two threads, JSON lines took 1.66 s where text took 1.58.
        given = [batch[number].data or b"" for number in numbers]
        answers = _core.rewrite_json(self.normalizer._plan, given, list(self.options.fields))
        for number, (data, broken, changed, found) in zip(numbers, answers, strict=True):
            result = Result(data, broken=broken, is_changed=changed > 0, texts=found)
            results[number] = self._finished(batch[number], result)

    def _finished(self, piece: Piece, result: Result) -> Result:
        """A result in the encoding of its file, or why it has none."""
        try:
            return self._encoded(piece, result)
        except Failure as wrong:
            return Result(failure=str(wrong))

    def one(self, piece: Piece) -> Result:
        """A piece by itself, in Python."""
        try:
            if piece.call is not None:
                return piece.call(self.normalizer)
            return self._encoded(piece, self._one(piece))
        except (Failure, HanfixError) as wrong:
            return Result(failure=str(wrong))
        except MemoryError:
            return Result(failure="larger than memory")

    def _one(self, piece: Piece) -> Result:
        data, encoding, losses, sure = piece.data or b"", None, 0, None
        unread: Sequence[Loss] = ()
        if piece.is_raw:
            options = self.options
            decoding = Decoding(options.encoding, options.strict, "decode" in options.steps)
            decoded = decoding.feed(data, final=True)
            encoding, losses, unread = decoding.encoding, decoding.losses, decoding.unread
            sure = decoding.confidence, decoding.runners_up
            is_same = decoded == data
            data = decoded
        else:
            is_same = True
        if self.options.mode == "detect":
            profile = _detect.detect(data.decode("utf-8", self.errors), encoding, *(sure or ()))
            return Result(None, encoding, losses, profile=profile)
        format = piece.job.format
        if format is None:
            format = base_text()
        source = data.decode("utf-8", self.errors)
        texts = format.texts(source, piece.context)
        broken, why = (texts.broken, texts.why) if texts is not None else ([], "")
        if texts is not None:
            report = base.explain(source, texts, format, self.normalizer, self.options.is_telling)
            text, losses = report.text, losses + len(report.losses)
        elif self.options.is_telling:
            report = self.normalizer.explain(source)
            # Each stage's own account is not shown, and as large as the whole.
            report.stages = ()
            text, losses = report.text, losses + len(report.losses)
        else:
            report = None
            text = self.normalizer(source)
        is_changed = text != source
        made = text.encode("utf-8", self.errors) if is_changed or not is_same else None
        return Result(
            made, encoding, losses, report if self.options.is_telling else None, broken, is_changed=is_changed,
            texts=len(texts.runs) if texts is not None else 0, unread=unread, why=why,
        )  # fmt: skip

    def _encoded(self, piece: Piece, result: Result) -> Result:
        """In the encoding of the file, if that is to be kept; else it says of itself that it is UTF-8."""
        if self.options.mode == "detect" or "decode" not in self.options.steps:
            return result
        encoding = result.encoding or piece.encoding
        if self.options.output_encoding == "keep":
            self._keep(piece, result, encoding)
        elif piece.is_first and encoding != "utf-8" and (result.data is not None or not piece.is_raw):
            # What was UTF-8 before is none of ours to say.
            written = bytes(result.data if result.data is not None else piece.data or b"")
            # What begins with ASCII may go on with more, and references become more.
            if encoding != "ascii" or not piece.is_last or not written.isascii():
                declared = saying_utf8(written, piece.job.format_name == "html")
                if declared is not written:
                    result.data = declared
        return result

    @staticmethod
    def _keep(piece: Piece, result: Result, encoding: str) -> None:
        if encoding == "utf-8" or (result.data is None and (piece.is_raw or encoding == "ascii")):
            return
        text = str(result.data if result.data is not None else piece.data or b"", "utf-8", "surrogatepass")
        if encoding == "ascii" and piece.job.is_markup:
            # Its references have become characters, which it has no other way to write under what it declares.
            result.data = text.encode("ascii", "xmlcharrefreplace")
        else:
            result.data = encode(text, encoding, piece.line + 1)

    def close(self) -> None:
        """No more work comes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def base_text() -> base.Format:
    """Text all over."""
    from hanfix.cli.formats.text import Text

    return Text()
