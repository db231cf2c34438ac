"""``--pooled``: what all inputs together show of glosses decides each of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import normalize, write

TITLES = ["城市的發(fā)展", "穩步推進(jìn)", "經濟發(fā)達"]
CLEAN = ["城市的發展", "穩步推進", "經濟發達"]


def lines(texts: list[str]) -> str:
    return "".join(json.dumps({"title": text}, ensure_ascii=False) + "\n" for text in texts)


def test_lines_of_json_are_decided_together(tmp_path: Path) -> None:
    """No line has two glosses, so by itself each stays."""
    file = write(tmp_path / "a.jsonl", lines(TITLES))
    assert normalize("-t", "keep", file).out == lines(TITLES)
    assert normalize("-t", "keep", "--pooled", file).out == lines(CLEAN)


def test_files_are_decided_together(tmp_path: Path) -> None:
    """Files of one title each, in a table, a page and an encoding of their own."""
    write(tmp_path / "in" / "a.txt", TITLES[0] + "\n")
    write(tmp_path / "in" / "b.csv", "id,title\n1," + TITLES[1] + "\n")
    write(tmp_path / "in" / "c.html", f"<p>{TITLES[2]}</p>\n")
    write(tmp_path / "in" / "d.txt", (TITLES[1] + "\n").encode("gb18030"))
    ran = normalize("-t", "keep", "--pooled", tmp_path / "in", "-o", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    made = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    assert made == {
        "a.txt": CLEAN[0] + "\n",
        "b.csv": "id,title\n1," + CLEAN[1] + "\n",
        "c.html": f"<p>{CLEAN[2]}</p>\n",
        "d.txt": CLEAN[1] + "\n",
    }


def test_columns_of_parquet_are_decided_together(tmp_path: Path) -> None:
    """Row by row, each would stay."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"title": [*TITLES, None]}), tmp_path / "a.parquet")
    ran = normalize("-t", "keep", "--pooled", tmp_path / "a.parquet", "-o", tmp_path / "b.parquet")
    assert (ran.code, ran.err) == (0, "")
    assert pq.read_table(tmp_path / "b.parquet").column("title").to_pylist() == [*CLEAN, None]


def test_what_readers_need_stays(tmp_path: Path) -> None:
    """A lesson among other texts: what it glosses stands bare elsewhere."""
    lesson = ["發(fā)燒的時候要多喝水", "頭髮很長，發(fā)型也好", "發展和發現", "進步與推進", "進(jìn)門"]
    file = write(tmp_path / "a.jsonl", lines(lesson))
    assert normalize("-t", "keep", "--pooled", file).out == lines(lesson)


def test_an_input_that_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    """By the run itself, not by the look at all texts."""
    file = write(tmp_path / "a.jsonl", lines(TITLES))
    broken = write(tmp_path / "b.jsonl.gz", b"\x1f\x8b no gzip behind this")
    ran = normalize("-t", "keep", "--pooled", file, broken, "-i")
    assert ran.code == 2
    assert ran.err.count("b.jsonl.gz") == 1
    assert file.read_text("utf-8") == lines(CLEAN)


def test_verbose_says_what_was_seen(tmp_path: Path) -> None:
    """So that a person can tell why."""
    file = write(tmp_path / "a.jsonl", lines(TITLES))
    assert "glosses behind 發進" in normalize("-v", "-t", "keep", "--pooled", file).err
    plain = write(tmp_path / "b.txt", "城市的發展\n")
    assert "in all texts together: none" in normalize("-v", "-t", "keep", "--pooled", plain).err


def test_what_cannot_be_read_twice_is_refused() -> None:
    """Standard input, and a way without clean."""
    normalize("--pooled", stdin=b"x").refused("--pooled", "standard input")
    normalize("--pooled", "--steps", "convert", "x").refused("--pooled", "clean")
