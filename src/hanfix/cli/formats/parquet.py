"""
Parquet: columns of text, row group by row group; the schema and all other columns stay.

In: a file. Out: one with the same schema and metadata, and the same row groups but for those that are
larger than 32 MiB. Never: more in memory than that.
"""

from __future__ import annotations

import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from hanfix.cli.errors import Failure
from hanfix.cli.inspect import Cell
from hanfix.cli.streams import Input, packing

if TYPE_CHECKING:
    from hanfix import Normalizer, Report
    from hanfix.cli.inspect import Told
    from hanfix.cli.jobs import Job
    from hanfix.cli.options import Options
    from hanfix.cli.sources import Source
    from hanfix.cli.work import Result

# Rows at a time: pages of long text stay a few mebibytes.
ROWS = 2_048
# Bytes of an account that are held in memory.
MOST_ACCOUNT = 1 << 22
# A row group with more bytes than this, unpacked, is written as several: it would not fit in memory.
MOST_HELD = 1 << 25


def library() -> Any:
    """
    pyarrow's Parquet.

    Raises:
        Failure: It is not installed.
    """
    try:
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise Failure("Parquet needs pyarrow; add it with: pip install 'hanfix[arrow]'") from None
    return pyarrow.parquet


def opened(path: str) -> Any:
    """
    A file, for reading.

    Raises:
        Failure: It is none, or cannot be read.
    """
    parquet = library()
    import pyarrow as pa

    refuse_packed(path)
    try:
        return parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 16)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as wrong:
        raise Failure(f"not valid parquet: {first_line(wrong)}") from None
    except OSError as wrong:
        # pyarrow has such errors for damaged files as well, with no number and several lines.
        raise Failure(f"cannot be read: {wrong.strerror or first_line(wrong)}") from None


def refuse_packed(path: str) -> None:
    """
    What is in a packed file is not found without all of it, and Parquet is packed inside.

    Raises:
        Failure: The name says that it is packed.
    """
    if suffix := packing(path):
        raise Failure(f"Parquet is packed inside; {suffix} around it is neither read nor written")


def is_text(kind: Any) -> bool:
    """Whether a column of this type is text."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    is_view = getattr(pa.types, "is_string_view", lambda _: False)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or is_view(kind))


def columns(schema: Any, fields: tuple[str, ...]) -> list[int]:
    """
    The columns that are text, from 0.

    Raises:
        Failure: One that was asked for is not there, or is not text.
    """
    texts = [name for name, kind in zip(schema.names, schema.types, strict=True) if is_text(kind)]
    for field in fields:
        if field not in texts:
            what = "is not text" if field in schema.names else "is not there"
            raise Failure(f"column {field} {what}; columns of text: {', '.join(texts) or 'none'}")
    return [at for at, name in enumerate(schema.names) if name in (fields or texts)]


def task(job: Job, options: Options) -> Callable[[Normalizer], Result]:
    """What is to be done with a file; it is done beside the others."""

    def run(normalizer: Normalizer) -> Result:
        from hanfix.cli.work import Result

        assert job.source.path is not None
        if options.mode == "write" and job.source.target is None:
            raise Failure("Parquet is no text; add --in-place or --output FILE")
        job.input = Input(job.source)
        try:
            return Rewriting(job, options, normalizer).run() if options.mode != "detect" else detected(job, options)
        except Failure as wrong:
            if job.sink is not None:
                job.sink.discard()
            return Result(failure=str(wrong))
        finally:
            job.input.close()

    return run


def detected(job: Job, options: Options) -> Result:
    """What the text of a file is written in."""
    from hanfix import _detect
    from hanfix.cli.work import Result

    text = "\n".join("\n".join(column) for some in islice(texts_of_columns(job.source, options), 1) for column in some)
    return Result(profile=_detect.detect(text), encoding="utf-8")


def sample(source: Source, options: Options) -> Iterator[str]:
    """Some of the text of a file; nothing of one that cannot be read."""
    with suppress(Failure):
        for columns in islice(texts_of_columns(source, options), 1):
            for column in columns:
                yield "\n".join(column)


def texts(source: Source, options: Options) -> Iterator[str]:
    """The texts of a file, as far as it can be read."""
    with suppress(Failure):
        for columns in texts_of_columns(source, options):
            for column in columns:
                yield from column


def texts_of_columns(source: Source, options: Options) -> Iterator[list[list[str]]]:
    """
    Some rows at a time, the texts of each column.

    Raises:
        Failure: It cannot be read.
    """
    assert source.path is not None
    file = opened(source.path)
    names = [file.schema_arrow.names[at] for at in columns(file.schema_arrow, options.fields)]
    before = 0
    with reading():
        for batch in file.iter_batches(batch_size=ROWS, columns=names):
            yield [
                [text for text in strings(column, column, name, before) if text is not None]
                for name, column in zip(names, batch.columns, strict=True)
            ]
            before += batch.num_rows


@contextmanager
def reading() -> Iterator[None]:
    """
    What reads or writes a file.

    Raises:
        Failure: It is damaged, or the disk is full.
    """
    import pyarrow as pa

    try:
        yield
    except pa.ArrowException as wrong:
        raise Failure(f"not valid parquet: {first_line(wrong)}") from None
    except OSError as wrong:
        raise Failure(f"cannot be read or written: {wrong.strerror or first_line(wrong)}") from None


def first_line(wrong: Exception) -> str:
    """What is wrong, as the library says it, on one line."""
    return next(iter(str(wrong).strip().splitlines()), type(wrong).__name__).rstrip(" :")


def strings(values: Any, column: Any, name: str, before: int) -> list[str | None]:
    """
    The values of a column, or of its dictionary; ``before`` rows came earlier.

    Raises:
        Failure: One is not UTF-8, as Parquet says all are; other programs write such files.
    """
    try:
        found: list[str | None] = values.to_pylist()
    except UnicodeDecodeError:
        row = next((row for row in range(len(column)) if not is_utf_8(column[row])), 0)
        raise Failure(
            f"row {before + row + 1}, column {name}: not valid UTF-8; write it anew as UTF-8, or name other columns"
            " with --field"
        ) from None
    return found


def is_utf_8(value: Any) -> bool:
    """Whether a value can be read."""
    try:
        value.as_py()
    except UnicodeDecodeError:
        return False
    return True


class Rewriting:
    """A file that is read and written again."""

    def __init__(self, job: Job, options: Options, normalizer: Normalizer) -> None:
        self.job, self.options = job, options
        self.normalizer: Normalizer = normalizer
        self.account = Account() if options.mode in ("diff", "explain") or options.report is not None else None
        self.is_changed = False
        self.losses = 0
        # How many are done.
        self.rows = 0

    def run(self) -> Result:
        """
        All of it.

        Raises:
            Failure: It cannot be read or written.
        """
        library()
        import pyarrow as pa

        from hanfix.cli import output
        from hanfix.cli.work import Result

        job, options = self.job, self.options
        path = job.source.path
        assert path is not None
        assert job.input is not None
        file = opened(path)
        schema = file.schema_arrow
        chosen = columns(schema, options.fields)
        writer = None
        if options.mode == "write":
            assert job.source.target is not None
            refuse_packed(job.source.target)
            job.sink = output.Sink(job.source.target, job.input.before)
            stream = pa.PythonFile(SinkFile(job.sink), mode="w")
            writer = library().ParquetWriter(stream, schema, **written_as(file))
        try:
            with reading():
                for group in range(file.num_row_groups):
                    held: list[Any] = []
                    for batch in file.iter_batches(batch_size=ROWS, row_groups=[group]):
                        made = self.batch(batch, chosen)
                        if self.account is not None:
                            self.account.end_batch()
                        self.rows += batch.num_rows
                        if writer is not None:
                            held.append(made)
                            if sum(one.nbytes for one in held) > MOST_HELD:
                                write_group(writer, held)
                                held = []
                    if writer is not None and held:
                        write_group(writer, held)
        finally:
            if writer is not None:
                writer.close()
        job.input.finish()
        job.bytes_read = os.path.getsize(path)
        return Result(is_changed=self.is_changed, encoding="utf-8", losses=self.losses, cells=self.account)

    def batch(self, batch: Any, chosen: list[int]) -> Any:
        """Some rows, with their texts normalized."""
        import pyarrow as pa

        columns = list(batch.columns)
        for at in chosen:
            column, name = columns[at], batch.schema.names[at]
            kind = column.type
            if pa.types.is_dictionary(kind):
                rows: list[list[int]] = [[] for _ in range(len(column.dictionary))]
                for row, index in enumerate(column.indices.to_pylist() if self.options.is_telling else ()):
                    if index is not None:
                        rows[index].append(row)
                values = self.texts(column.dictionary, column, name, rows)
                if values is not None:
                    columns[at] = pa.DictionaryArray.from_arrays(column.indices, values, ordered=kind.ordered)
                continue
            made = self.texts(column, column, name, None)
            if made is not None:
                columns[at] = made
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)

    def texts(self, values: Any, column: Any, name: str, rows: list[list[int]] | None) -> Any:
        """
        Texts of a column; ``None`` if they stay as they are.

        Args:
            values: The column, or its dictionary.
            rows: Where in the column each value of a dictionary stands.
        """
        import pyarrow as pa

        old = strings(values, column, name, self.rows)
        if not self.options.is_telling:
            new = self.normalizer.batch(old)
        else:
            new = [
                None if text is None else self.explained(text, name, [at] if rows is None else rows[at])
                for at, text in enumerate(old)
            ]
        if new == old:
            return None
        self.is_changed = True
        return pa.array(new, type=values.type)

    def explained(self, text: str, name: str, rows: list[int]) -> str:
        """A text, with its account for each row that it stands in."""
        report = self.normalizer.explain(text)
        report.stages = ()
        if not rows:
            return report.text
        self.job.scripts.add(report.script)
        for kind, count in Counter((edit.stage, edit.kind) for edit in report.edits).items():
            self.job.kinds[kind] += count * len(rows)
        self.job.edits += len(report.edits) * len(rows)
        self.losses += len(report.losses) * len(rows)
        if self.account is not None and (report.edits or report.losses or report.kept):
            for row in rows:
                self.account.add(report, self.rows + row + 1, name)
        return report.text


class Account:
    """
    Accounts of texts, which wait until those of the files before are shown: in a file where they are many, as those
    of a large table take many times its memory.
    """

    def __init__(self) -> None:
        import tempfile

        self._file = tempfile.SpooledTemporaryFile(MOST_ACCOUNT)  # noqa: SIM115  closed once it was read
        self._waiting: list[tuple[Report, int, str]] = []

    def add(self, report: Report, row: int, field: str) -> None:
        """One more text."""
        self._waiting.append((report, row, field))

    def end_batch(self) -> None:
        """Some rows are through; in order of rows, not of columns."""
        if self._waiting:
            self._waiting.sort(key=lambda one: one[1])
            pickle.dump(self._waiting, self._file, pickle.HIGHEST_PROTOCOL)
            self._waiting = []

    def __iter__(self) -> Iterator[list[Told]]:
        """The texts of some rows at a time; of none, one list of none."""
        end = self._file.tell()
        self._file.seek(0)
        if end == 0:
            yield []
        while self._file.tell() < end:
            yield [(report, Cell(report.original, row, field)) for report, row, field in pickle.load(self._file)]
        self._file.close()


def write_group(writer: Any, batches: list[Any]) -> None:
    """Rows as one row group."""
    import pyarrow as pa

    table = pa.Table.from_batches(batches)
    writer.write_table(table, row_group_size=max(table.num_rows, 1))


class SinkFile:
    """A sink, as pyarrow writes to it."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self._at = 0
        self.closed = False

    def write(self, data: Any) -> int:
        """Put more behind what was written."""
        data = bytes(data)
        self._sink.write(data)
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written."""
        return self._at

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """The sink is closed by whoever made it."""
        self.closed = True

    def readable(self) -> bool:
        """No."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """No."""
        return False


def written_as(file: Any) -> dict[str, Any]:
    """How a file was packed: the compression of its first row group, column by column."""
    if file.num_row_groups == 0:
        return {}
    group = file.metadata.row_group(0)
    found = {}
    for at in range(group.num_columns):
        column = group.column(at)
        found[column.path_in_schema] = column.compression.lower()
    codecs = {name: "none" if codec == "uncompressed" else codec for name, codec in found.items()}
    # Lists have had two names for what is in them.
    is_old = any(".list.item" in name for name in found)
    return {
        "compression": codecs,
        "version": "2.6",
        "use_compliant_nested_type": not is_old,
        "use_deprecated_int96_timestamps": has_int96(file),
    }


def has_int96(file: Any) -> bool:
    """
    Whether timestamps are kept in the way of old programs.

    Raises:
        Failure: Only some are: pyarrow writes all in one way.
    """
    columns = [file.schema.column(at) for at in range(len(file.schema.names))]
    old = [column.path for column in columns if column.physical_type == "INT96"]
    new = [column.path for column in columns if column.logical_type.type == "TIMESTAMP"]
    if old and new:
        raise Failure(
            f"column {old[0]} has INT96 timestamps and {new[0]} others, which cannot be written into one file; make"
            " them alike"
        )
    return bool(old)
