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
