"""
A file on its way: read in pieces here, put together again by ``run``.

In: a source. Out: pieces, the first of which knows what the file is. Never: more of a file in memory
than a piece and what is read ahead of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hanfix import _core
from hanfix.cli import formats
from hanfix.cli.declaration import is_xml
from hanfix.cli.decoding import MARKS, Decoding
from hanfix.cli.errors import Failure
from hanfix.cli.formats.base import PIECE, Format
from hanfix.cli.options import Options
from hanfix.cli.output import Sink
from hanfix.cli.sniff import SAMPLE_BYTES, looks_binary
from hanfix.cli.sources import Source
from hanfix.cli.streams import Input
from hanfix.cli.work import Piece

if TYPE_CHECKING:
    from hanfix import Loss

# Bytes of a long file that are read at a time, at least.
LEAST = 1 << 14

_MARK_HEADS = tuple(mark for mark, _ in MARKS)


class Job:
    """
    A file on its way, and what has become of it so far.

    Attributes:
        format: How it is read; ``None`` for Parquet and for what is no text.
        is_markup: Whether it may declare an encoding, and write what that has not as references.
        raw: All its bytes, if they fit in a piece.
        skipped: Why it is left out, if it is.
        failure: Why it cannot be done, if it cannot.
        kinds: How many changes of each ``(stage, kind)``.
        texts: How many texts were found in fields.
        unread: What could not be read, at its bytes in the file.
    """

    __slots__ = (
        "broken", "bytes_read", "changed", "decoding", "edits", "encoding", "failure", "format", "format_name", "input",
        "is_markup", "is_plain_text", "kinds", "losses", "mark", "others", "raw", "scripts", "sink", "skipped",
        "source", "state", "texts", "unread",
    )  # fmt: skip

    def __init__(self, source: Source) -> None:
        self.source = source
        self.input: Input | None = None
        self.format: Format | None = None
        self.format_name = "text"
        self.is_plain_text = True
        self.is_markup = False
        self.decoding: Decoding | None = None
        self.raw: bytes | None = None
        self.mark = b""
        self.sink: Sink | None = None
        self.skipped: str | None = None
        self.failure: str | None = None
        self.encoding = "ascii"
        self.changed = False
        self.edits = 0
        self.losses = self.texts = 0
        self.unread: Sequence[Loss] = ()
        self.broken: list[int] = []
        self.bytes_read = 0
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.scripts: set[str] = set()
        # What one mode or another keeps.
        self.others: dict[str, Any] = {}
        self.state: Any = None


class Reader:
    """Files into pieces."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._formats: dict[str, Format] = {}
        # What text is neither decoded nor encoded by Python.
        self._is_direct = (
            "decode" in options.steps
            and options.output_encoding == "utf-8"
            and not options.is_telling
            and options.mode != "detect"
        )

    def pieces(self, job: Job) -> Iterator[Piece]:
        """The pieces of a file; one without data if it fails, or is left out."""
        try:
            yield from self._pieces(job)
        except Failure as wrong:
            job.failure = str(wrong)
        except MemoryError:
            job.failure = "larger than memory"
        else:
            return
        finally:
            if job.input is not None:
                job.input.close()
        yield Piece(job, None)

    def _pieces(self, job: Job) -> Iterator[Piece]:
        options = self.options
        name = job.format_name = formats.name_of(options.format, job.source.path)
        if name == "parquet":
            yield from self._parquet(job)
            return
        job.input = Input(job.source)
        data = job.input.read(PIECE + 1)
        is_whole = len(data) <= PIECE
        if looks_binary(data[:SAMPLE_BYTES] if len(data) > SAMPLE_BYTES else data):
            if job.source.alone:
                raise Failure("not text: nothing to write")
            job.skipped = "not text: skipped"
            job.input.close()
            yield Piece(job, None)
            return
        job.is_plain_text = name == "text"
        job.is_markup = name == "html" or is_xml(data)
        if is_whole:
            job.input.finish()
            job.bytes_read = len(data)
            job.raw = data
            if self._is_direct and job.is_plain_text and not data.startswith(_MARK_HEADS):
                yield Piece(job, data, is_raw=True)
                return
        format = self._formats.get(name)
        if format is None:
            format = self._formats[name] = formats.load(name, options.fields)
        job.format = format
        yield from self._decoded(job, data, is_whole)

    def _decoded(self, job: Job, data: bytes, is_whole: bool) -> Iterator[Piece]:
        options = self.options
        assert job.input is not None
        assert job.format is not None
        decoding = job.decoding = Decoding(options.encoding, options.strict, "decode" in options.steps)
        cutter = job.format.cutter()
        waiting = decoding.feed(data, is_whole)
        job.mark = decoding.mark
        is_first, line, final = True, 0, is_whole
        while True:
            # One character of what is to come, so that the last piece is known to be the last.
            while not final and len(waiting) <= PIECE:
                # As much as is wanting, so that little is left behind the cut, to be moved once more.
                data = job.input.read(max(PIECE + LEAST - len(waiting), LEAST))
                if len(data) == 0:
                    final = True
                    job.input.finish()
                    waiting += decoding.feed(b"", True)
                else:
                    waiting += decoding.feed(data, False)
                job.bytes_read = job.input.bytes_read
            length, context = cutter.cut(waiting, final)
            if length == 0 and not final:
                data = job.input.read()
                final = not data
                if final:
                    job.input.finish()
                waiting += decoding.feed(data, final)
                continue
            length = length or len(waiting)
            is_last = final and length == len(waiting)
            piece = waiting[:length]
            waiting = waiting[length:]
            yield Piece(
                job, piece, context=context, is_first=is_first, is_last=is_last, encoding=decoding.encoding, line=line
            )
            if is_last:
                return
            is_first = False
            line += _core.line_ends(piece)

    def _parquet(self, job: Job) -> Iterator[Piece]:
        from hanfix.cli.formats import parquet

        if job.source.path is None:
            raise Failure("Parquet cannot be read from standard input; give a file")
        job.is_plain_text = False
        job.encoding = "utf-8"
        yield Piece(job, b"", call=parquet.task(job, self.options))
