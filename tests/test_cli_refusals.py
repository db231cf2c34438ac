"""
What the command refuses: one line on standard error, exit code 2, and nothing has changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from command import MIXED, left, normalize, write


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.txt"], ["missing.txt", "no such file"]),
        (["missing.txt", "-i"], ["missing.txt", "no such file"]),
        (["folder"], ["folder", "--in-place"]),
        (["a.txt", "b.txt"], ["several", "--in-place"]),
        (["-"  , "a.txt"], ["standard input"]),
        (["-t", "hanx", "a.txt"], ["hanx", "hant-tw"]),
        (["-i"], ["--in-place", "path"]),
        (["-i", "-"], ["--in-place"]),
        (["-i", "-o", "c.txt", "a.txt"], ["--in-place", "--output"]),
        (["-i", "--check", "a.txt"], ["--check", "--in-place"]),
        (["-o", "c.txt", "--diff", "a.txt"], ["--diff", "--output"]),
        (["--detect", "--explain", "a.txt"], ["--detect", "--explain"]),
        (["--backup", ".bak", "a.txt"], ["--backup", "--in-place"]),
        (["-i", "--backup", "x/y", "a.txt"], ["--backup"]),
        (["-o", "b.txt", "a.txt", "folder"], ["b.txt"]),
        (["-o", "folder"], ["folder"]),
        (["-q", "-v", "a.txt"], ["--quiet", "--verbose"]),
        (["--steps", "decode,wash", "a.txt"], ["wash", "repair"]),
        (["--steps", "", "a.txt"], ["--steps"]),
        (["--steps", "clean", "--words", "a.txt"], ["--words"]),
        (["--steps", "clean", "-e", "big5", "a.txt"], ["--encoding"]),
        (["-e", "klingon", "a.txt"], ["klingon"]),
        (["--bom", "maybe", "a.txt"], ["--bom", "keep"]),
        (["--output-encoding", "latin-1", "a.txt"], ["--output-encoding"]),
        (["-j", "0", "a.txt"], ["--jobs"]),
        (["--protect", "missing.txt", "a.txt"], ["--protect", "missing.txt"]),
        (["--dictionary", "missing.txt", "a.txt"], ["--dictionary", "missing.txt"]),
        (["--report", "a.txt", "-i", "a.txt"], ["--report"]),
        (["--resume", "a.txt"], ["--resume"]),
        (["-t"], ["-t"]),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_one_line_and_changes_nothing(
    arguments: list[str], words: list[str], tmp_path: Path
) -> None:
    """Exit code 2, and the line says what to do."""
    write(tmp_path / "folder" / "c.txt", MIXED)
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, MIXED)
    ran = normalize(*arguments, cwd=tmp_path, stdin=MIXED.encode())
    ran.refused(*words)
    assert ran.err.startswith("normalize: ")
    assert left(tmp_path) == {"a.txt", "b.txt", "folder/c.txt"}
    assert (tmp_path / "a.txt").read_text("utf-8") == MIXED


@pytest.mark.parametrize("option", ["--field", "--to", "--encoding", "--steps", "--glob"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt"])
def test_arguments_in_another_encoding_are_refused(option: str, name: str, tmp_path: Path) -> None:
    """As a terminal in GBK gives them; in the line stands which it is."""
    write(tmp_path / name, MIXED)
    normalize(option, "名".encode("gbk"), "-i", name, cwd=tmp_path).refused(option, "not valid UTF-8")
    assert (tmp_path / name).read_text("utf-8") == MIXED


def test_arguments_are_utf8_whatever_the_locale(tmp_path: Path) -> None:
    """Names of fields and globs, in a locale that knows ASCII alone."""
    write(tmp_path / "a.jsonl", '{"名": "問題", "b": "問題"}\n')
    write(tmp_path / "a.csv", "名,b\n問題,問題\n")
    assert normalize("-t", "hans", "--field", "名", "a.jsonl", cwd=tmp_path).out == '{"名": "问题", "b": "問題"}\n'
    assert normalize("-t", "hans", "--field", "名", "a.csv", cwd=tmp_path).out == "名,b\n问题,問題\n"
    write(tmp_path / "in" / "檔名.txt", MIXED)
    write(tmp_path / "in" / "b.txt", MIXED)
    assert normalize("-t", "hans", "--check", "-g", "檔*", "in", cwd=tmp_path).out == "in/檔名.txt\n"
