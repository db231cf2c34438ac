"""
The command on tables, CSV and Parquet: only cells of text change.

The laws compare what the standard library and pyarrow read before and after.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from command import TO_HANS, converted, left, normalize, rewritten, write
from hypothesis import given
from hypothesis import strategies as st

from hanfix.cli.formats import load

# -- CSV and TSV --------------------------------------------------------------------------------------


def test_a_table_keeps_its_head_quotes_and_line_ends(tmp_path: Path) -> None:
    """Cells change, and nothing else."""
    given = '問題,b\r\n{0},"{0} ""{0}"" ,\n{0}"\r\n"",{0}\n,\n'
    assert converted(tmp_path, "a.csv", given.format("問題")) == given.format("问题")


@pytest.mark.parametrize(("name", "mark"), [("a.tsv", "\t"), ("a.csv", ";"), ("b.csv", "\t"), ("c.csv", "|")])
def test_a_table_is_separated_by_what_its_first_row_is(name: str, mark: str, tmp_path: Path) -> None:
    """Semicolons, tabs and bars as well."""
    given = f"a{mark}b{mark}c\n問題{mark}1,2{mark}問題\n"
    assert converted(tmp_path, name, given, "--field", "c") == f"a{mark}b{mark}c\n問題{mark}1,2{mark}问题\n"


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With those that are."""
    file = write(tmp_path / "a.csv", "a,標題\n1,問題\n")
    normalize("-t", "hans", "--field", "titel", file).refused("a.csv", "titel", "標題")


def test_columns_of_one_name_are_one_field(tmp_path: Path) -> None:
    """Who names it cannot mean one of them."""
    given = "a,b,a\n問題,問題,問題\n"
    assert converted(tmp_path, "a.csv", given, "--field", "a") == "a,b,a\n问题,問題,问题\n"


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_an_empty_table_has_nothing_to_change(name: str, tmp_path: Path) -> None:
    """And no column that could be missing."""
    assert converted(tmp_path, name, "", "--field", "titel") == ""
    normalize("--field", "titel", write(tmp_path / name, "\n")).refused("titel")


CELLS = st.text(st.sampled_from('問題發展a",\n推進(jìn)實(shí)'), max_size=9)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=4), st.booleans())
def test_a_csv_library_reads_each_cell_normalized(rows: list[list[str]], quotes_all: bool) -> None:
    """Cell for cell; the first row stays."""
    written = io.StringIO()
    dialect = csv.unix_dialect if quotes_all else csv.excel
    csv.writer(written, dialect, lineterminator="\n").writerows(rows)
    source = written.getvalue()
    # The separator is told by the first row; one without any is no table.
    if "," not in re.sub(r'"[^"]*"', "", source.split("\n")[0]):
        return
    after = list(csv.reader(io.StringIO(rewritten(source, load("csv")))))
    assert after[0] == rows[0]
    assert after[1:] == [[TO_HANS(cell) for cell in row] for row in rows[1:]]


def test_quotes_inside_a_cell_open_nothing(tmp_path: Path) -> None:
    """An inch in a long table; nothing passes through unchanged, and quoted cells with line ends stay whole."""
    row = '1,"這個\n""問題""",很複雜\n'
    given = "n,a,b\n" + row * 20_000 + '2,5" 顯示器,"問題" 也\n' + row * 20_000
    out = converted(tmp_path, "a.csv", given)
    for old, new in zip("這個問題複雜顯", "这个问题复杂显", strict=True):
        given = given.replace(old, new)
    assert out == given


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_cell_that_begins_with_a_quote_is_text_to_its_end(name: str, tmp_path: Path) -> None:
    """Where the quote does not close with it, it is a character as any other."""
    mark = "\t" if name == "a.tsv" else ","
    rows = [['"a', "b"], ['"開頭的問題', "問題"], ['"問題"的問題', '""問'], ['"', '"問"題"'], ['"問', "題"]]
    given = "".join(mark.join(row) + "\n" for row in rows)
    want = given.replace("開頭", "开头").replace("問", "问").replace("題", "题")
    assert converted(tmp_path, name, given) == want
    out = converted(tmp_path, name, given, "--field", '"a')
    assert [line.split(mark)[0] for line in out.splitlines()] == [line.split(mark)[0] for line in want.splitlines()]
    assert [line.split(mark)[1] for line in out.splitlines()] == [row[1] for row in rows]


def test_nothing_that_ends_a_cell_comes_into_one_without_quotes(tmp_path: Path) -> None:
    """However it begins; between quotes it may."""
    words = write(tmp_path / "words.txt", "問題\t問,題\n")
    given = 'a,b,c\n"問題甲,""問題,"問題"\n'
    assert converted(tmp_path, "a.csv", given, "--dictionary", str(words)) == given.replace('"問題"', '"問,題"')


# -- Parquet -------------------------------------------------------------------------------------


def test_parquet_keeps_schema_columns_and_row_groups(tmp_path: Path) -> None:
    """Texts change, in plain, large and dictionary columns; nulls, numbers and metadata stay."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "text": pa.array(["這個問題", None, "很複雜"] * 2_000),
            "large": pa.array(["問題"] * 6_000, pa.large_string()),
            "kind": pa.array(["發展", "問題"] * 3_000).dictionary_encode(),
            "n": pa.array(range(6_000)),
            "tags": pa.array([["問題"]] * 6_000),
        }
    ).replace_schema_metadata({"made": "by hand"})
    file = tmp_path / "in" / "a.parquet"
    file.parent.mkdir()
    pq.write_table(table, file, row_group_size=2_500, compression="zstd")
    ran = normalize("-t", "hans", "-o", tmp_path / "out", file.parent)
    assert (ran.code, ran.err) == (0, "")
    made = pq.ParquetFile(tmp_path / "out" / "a.parquet")
    given = pq.ParquetFile(file)
    assert made.schema_arrow.equals(given.schema_arrow, check_metadata=True)
    assert made.schema.equals(given.schema)
    assert [made.metadata.row_group(at).num_rows for at in range(made.num_row_groups)] == [2_500, 2_500, 1_000]
    assert made.metadata.row_group(0).column(0).compression == "ZSTD"
    after = made.read()
    assert after["text"].to_pylist() == ["这个问题", None, "很复杂"] * 2_000
    assert after["large"].to_pylist() == ["问题"] * 6_000
    assert after["kind"].to_pylist() == ["发展", "问题"] * 3_000
    assert after["n"].equals(table["n"])
    assert after["tags"].equals(table["tags"])


def test_parquet_fields_checks_and_refusals(tmp_path: Path) -> None:
    """One column of it; whether it would change; what is no Parquet; no way to standard output."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["問題"], "b": ["問題"]}), file)
    assert normalize("-t", "hans", "--check", file).code == 1
    assert normalize("-t", "hans", "-i", "--field", "b", file).code == 0
    assert pq.read_table(file).to_pydict() == {"a": ["問題"], "b": ["问题"]}
    assert normalize("-t", "hans", "--check", "--field", "b", file).code == 0
    normalize("-t", "hans", "--check", "--field", "c", file).refused("c", "a, b")
    normalize("-t", "hans", file).refused("a.parquet", "--output")
    broken = write(tmp_path / "b.parquet", b"PAR1" + bytes(99))
    normalize("-t", "hans", "-i", broken).refused("b.parquet", "not valid parquet")
    normalize("--detect", broken).refused("b.parquet", "not valid parquet")
    for target in ("auto", "hans"):
        normalize("-f", "parquet", "-t", target, "--check", stdin=b"PAR1").refused("(stdin)", "give a file")
    raw = bytearray(file.read_bytes())
    raw[-40:-12] = b"\xff" * 28
    normalize("--check", write(tmp_path / "c.parquet", bytes(raw))).refused("c.parquet", "cannot be read")


@pytest.mark.parametrize("arguments", [("--check",), ("--check", "--pooled"), ("--detect",)])
def test_parquet_with_text_that_is_none_fails_alone(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """With its row and column; other programs write bytes in other encodings as text."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    offsets, data = pa.array([0, 2, 5], pa.int32()).buffers()[1], pa.py_buffer(b"ab\xff\xfec")
    pq.write_table(pa.table({"a": pa.StringArray.from_buffers(2, offsets, data)}), tmp_path / "a.parquet")
    write(tmp_path / "b.txt", "這個問題")
    ran = normalize(*arguments, tmp_path)
    assert ran.code == 2
    assert re.fullmatch(r"normalize: .*a\.parquet: row 2, column a: not valid UTF-8; .*\n", ran.err)
    assert ("b.txt" in ran.out) == ("--detect" in arguments)


def test_parquet_is_accounted_for_by_row_and_field(tmp_path: Path) -> None:
    """Replaying the edits of the report gives what is written; people, diffs and pages have them too."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    import hanfix

    texts = [["這個問題", None, "第一行\n很複雜"] * 900, ["問題", "問題", None] * 900]
    table = pa.table({"a": texts[0], "b": pa.array(texts[1]).dictionary_encode(), "n": [1, 2, 3] * 900})
    file, report, page = tmp_path / "a.parquet", tmp_path / "r.jsonl", tmp_path / "r.html"
    pq.write_table(table, file)
    assert normalize("-t", "hans", "--report", report, "-o", tmp_path / "b.parquet", file).code == 0
    row = json.loads(report.read_text("utf-8"))
    assert (row["script"], row["changed"]) == ("Hans", True)
    cells: dict[tuple[int, str], list[hanfix.Edit]] = {}
    for edit in row["edits"]:
        cells.setdefault((edit["row"], edit["field"]), []).append(
            hanfix.Edit(*(edit[field] for field in hanfix.Edit._fields))
        )
    made = pq.read_table(tmp_path / "b.parquet")
    for field, column in zip("ab", texts, strict=True):
        for number, (old, new) in enumerate(zip(column, made[field].to_pylist(), strict=True), 1):
            assert new == (old and hanfix.replay(old, cells.get((number, field), [])))
    shown = normalize("-t", "hans", "--explain", "--report", page, file).out
    assert re.search(r"^ +3:a:6 +很\[複 → 复\]雜$", shown, re.MULTILINE)
    assert '"3:a:6"' in page.read_text("utf-8")
    assert json.loads(normalize("-t", "hans", "--diff", "--json", file).out) == row
    diff = normalize("-t", "hans", "--diff", file).out
    assert f"{file}: row 3, a\n-很複雜\n+很复杂\n{file}: row 4, a\n-這個問題\n" in diff
    assert f"{len(row['edits'])} changes" in normalize("-t", "hans", "--check", "-v", file).err
    assert "0 changes" in normalize("-t", "hans", "--explain", tmp_path / "b.parquet").out


def test_parquet_keeps_the_timestamps_of_old_programs(tmp_path: Path) -> None:
    """INT96 stays; of a file that has both kinds no library can write one that is alike."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    times = pa.array([0, 1], pa.timestamp("ns"))
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["問題", "好"], "t": times}), file, use_deprecated_int96_timestamps=True)
    schema, metadata = pq.ParquetFile(file).schema, pq.read_schema(file).metadata
    assert normalize("-t", "hans", "-i", file).code == 0
    assert pq.ParquetFile(file).schema.equals(schema)
    assert pq.read_schema(file).metadata == metadata
    assert pq.read_table(file).to_pydict() == {"a": ["问题", "好"], "t": times.to_pylist()}


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_parquet_is_neither_read_nor_written_packed(suffix: str, tmp_path: Path) -> None:
    """What is written could not be read again."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": ["問題"]}), tmp_path / "a.parquet")
    normalize("-t", "hans", "-o", f"b.parquet{suffix}", "a.parquet", cwd=tmp_path).refused("a.parquet", suffix)
    assert left(tmp_path) == {"a.parquet"}
    packed = write(tmp_path / f"a.parquet{suffix}", (tmp_path / "a.parquet").read_bytes())
    for arguments in (["-i"], ["-o", "c.parquet"], ["--check"], ["--detect"]):
        normalize("-t", "hans", *arguments, packed, cwd=tmp_path).refused(packed.name, suffix)
    assert left(tmp_path) == {"a.parquet", packed.name}
