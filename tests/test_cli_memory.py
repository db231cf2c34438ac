"""
Memory stays the same for a file of any size, and the answer is that of its parts.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import COMMAND, HANS, MIXED, PLAIN, normalize, write

# What is promised, and what the files here are: large enough that nothing that grows could hide.
MOST_MEMORY = 200 << 20
SIZE = 300 << 20
SENTENCE, DONE = "这个问题很複雜，需要大家一起討論。", "这个问题很复杂，需要大家一起讨论。"

MEASURE = "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


def made(path: Path, unit: str, size: int = SIZE, end: str = "") -> int:
    """A file of this size, of one text over and over; how often it is in there."""
    block = unit.encode() * (max(1, (1 << 20) // len(unit.encode())))
    count = size // len(block)
    with path.open("wb") as file:
        for _ in range(count):
            file.write(block)
        file.write(end.encode())
    return count * (len(block) // len(unit.encode()))


def digest(blocks: Iterator[bytes]) -> str:
    """Of a whole that is too long to compare at once."""
    hashed = hashlib.sha256()
    for block in blocks:
        hashed.update(block)
    return hashed.hexdigest()


def in_blocks(path: Path) -> Iterator[bytes]:
    """A file, some at a time."""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block


def repeated(unit: str, count: int) -> Iterator[bytes]:
    """A text so often, some at a time."""
    block = unit.encode() * 1_000
    for _ in range(count // 1_000):
        yield block
    yield unit.encode() * (count % 1_000)


def measured(*arguments: str | Path) -> int:
    """Peak memory of a run in bytes."""
    command: list[str | Path] = [sys.executable, "-c", MEASURE, COMMAND, *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env=PLAIN)
    code, most = done.stdout.split()
    assert code == b"0", done.stderr
    # Linux counts in KiB, macOS in bytes.
    return int(most) * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize(
    ("unit", "want"),
    [(SENTENCE + "\n", DONE + "\n"), (SENTENCE, DONE)],
    ids=["lines", "one line"],
)  # fmt: skip
def test_a_large_text_takes_no_more_memory(unit: str, want: str, tmp_path: Path) -> None:
    """Of many lines or of one; and every part of it comes out as it does alone."""
    given, out = tmp_path / "a.txt", tmp_path / "b.txt"
    count = made(given, unit)
    assert measured("-t", "hans", "-o", out, given) < MOST_MEMORY
    assert digest(in_blocks(out)) == digest(repeated(want, count))


@pytest.mark.parametrize(
    ("name", "unit", "want", "size"),
    [
        ("a.jsonl", json.dumps({"text": SENTENCE}, ensure_ascii=False) + "\n",
         json.dumps({"text": DONE}, ensure_ascii=False) + "\n", SIZE // 4),
        ("a.html", f"<p>{SENTENCE}<b>{SENTENCE}</b></p>\n", f"<p>{DONE}<b>{DONE}</b></p>\n", SIZE // 30),
        ("a.md", f"# {SENTENCE}\n\n", f"# {DONE}\n\n", SIZE // 30),
        ("a.csv", f"{SENTENCE},{SENTENCE}\n", f"{DONE},{DONE}\n", SIZE // 30),
    ],
    ids=["jsonl", "html", "md", "csv"],
)  # fmt: skip
def test_other_formats_take_no_more(name: str, unit: str, want: str, size: int, tmp_path: Path) -> None:
    """They are read in pieces too."""
    given, out = tmp_path / name, tmp_path / f"out-{name}"
    count = made(given, unit, size)
    assert measured("-t", "hans", "-o", out, given) < MOST_MEMORY
    first = unit if name.endswith(".csv") else ""
    rest = repeated(want, count - bool(first))
    assert digest(in_blocks(out)) == digest(iter([first.encode(), *rest]))


@pytest.mark.parametrize("mode", [["--diff"], ["--explain"], ["--report", "report.jsonl", "--check"]])
def test_telling_every_change_of_a_large_text_takes_no_more(mode: list[str], tmp_path: Path) -> None:
    """What is told is written as it comes."""
    given = tmp_path / "a.txt"
    made(given, SENTENCE + "\n", 24 << 20)
    command: list[str | Path] = [sys.executable, "-c", MEASURE, COMMAND, "-t", "hans", *mode, given]
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(command, stdout=out, check=True, env=PLAIN, cwd=tmp_path)
    assert done.returncode == 0
    with (tmp_path / "out").open("rb") as shown:
        shown.seek(-40, os.SEEK_END)
        most = int(shown.read().split()[-1]) * (1 if sys.platform == "darwin" else 1024)
    assert most < MOST_MEMORY


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig", "utf-16-le"])
def test_long_files_in_other_encodings_are_decoded_in_pieces(encoding: str, tmp_path: Path) -> None:
    """No character is lost where pieces meet, with line ends or without."""
    for number, end in enumerate(("\n", "")):
        unit = ("我們今天討論的這個問題很複雜。" if encoding == "big5" else "我们今天讨论的这个問題很复杂。") + end
        given, out = tmp_path / f"{number}.txt", tmp_path / f"{number}.out"
        write(given, (unit * 90_000).encode(encoding))
        assert normalize("-t", "hans", "--bom", "drop", "-o", out, given).code == 0
        want = "我们今天讨论的这个问题很复杂。" + end
        assert out.read_text("utf-8") == want * 90_000
        keep = normalize("-t", "keep", "--output-encoding", "keep", "-o", out, given)
        assert (keep.code, keep.err) == (0, "")
        assert out.read_bytes() == given.read_bytes()


def test_a_long_file_that_stays_as_it_is_is_not_touched(tmp_path: Path) -> None:
    """Though that is known only at its end."""
    file = write(tmp_path / "a.txt", HANS * 60_000)
    before = file.stat()
    assert normalize("-t", "hans", "-i", "--backup", ".bak", file).code == 0
    after = file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert normalize("-t", "hans", "--check", file).code == 0


def test_standard_input_of_any_length_is_a_stream() -> None:
    """The beginning comes out while the end is not there yet."""
    reading = subprocess.Popen([COMMAND, "-t", "hans"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=PLAIN)
    assert reading.stdin is not None
    assert reading.stdout is not None
    seen = threading.Event()

    def endless() -> None:
        """A text that has no end before its beginning has come out."""
        assert reading.stdin is not None
        while not seen.is_set():
            reading.stdin.write(MIXED.encode() * 1_000)
        reading.stdin.close()

    writing = threading.Thread(target=endless)
    writing.start()
    assert reading.stdout.read(len(HANS.encode())) == HANS.encode()
    seen.set()
    while reading.stdout.read(1 << 20):
        pass
    writing.join()
    reading.stdout.close()
    assert reading.wait(60) == 0


def test_auto_looks_at_no_more_than_the_beginning_of_a_large_file(tmp_path: Path) -> None:
    """One decision for all of it."""
    file = write(tmp_path / "a.txt", HANS * 40_000 + "這個問題\n" * 9)
    ran = normalize(file)
    assert ran.out.endswith("这个问题\n" * 9)
    assert normalize(stdin=file.read_bytes()).out == ran.out


