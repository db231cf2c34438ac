"""
Never half-written: whatever stops a run, each file is the old one or the new one, and another run
with ``--resume`` does the rest and nothing twice.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import COMMAND, HANS, MIXED, PLAIN, left, normalize, write

JOURNAL = ".normalize-journal"


def is_root() -> bool:
    """Whether this process may mount."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 512 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = is_root() and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", place], check=False, capture_output=True
    )
    if not mounted or mounted.returncode != 0:
        pytest.skip("a file system can be mounted by root only")
    yield place
    subprocess.run(["umount", place], check=True)


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """The command, running."""
    return subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=PLAIN)


def killed(after: float, *arguments: str | Path) -> bool:
    """Run for so many seconds; whether it had not ended by itself."""
    with start(*arguments) as running:
        try:
            running.wait(after)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            return True
    return False


def texts(folder: Path) -> dict[str, str]:
    """What stands in the files of a folder, but hidden ones."""
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize("seed", range(2))
def test_a_kill_at_any_moment_leaves_old_or_new_and_resume_does_the_rest(seed: int, tmp_path: Path) -> None:
    """In place, with backups, which a second run must not overwrite with what is new already."""
    moments = random.Random(seed)
    folder = tmp_path / "in"
    old, new = {}, {}
    for number in range(600):
        old[f"{number % 7}/{number}.txt"] = f"{number} {MIXED}" * (1 + number % 40)
        new[f"{number % 7}/{number}.txt"] = f"{number} {HANS}" * (1 + number % 40)
    for name, text in old.items():
        write(folder / name, text)
    arguments = ["-t", "hans", "-i", "--backup", ".bak", "--resume"]
    for _ in range(12):
        was_killed = killed(moments.uniform(0.15, 0.5), *arguments, folder)
        for name, text in texts(folder).items():
            if name.endswith(".bak"):
                assert text == old[name.removesuffix(".bak")]
            else:
                assert text in (old[name], new[name])
                assert text == old[name] or (folder / f"{name}.bak").exists()
        if not was_killed:
            break
    assert normalize(*arguments, folder).code == 0
    after = texts(folder)
    assert {name: text for name, text in after.items() if not name.endswith(".bak")} == new
    assert {name.removesuffix(".bak"): text for name, text in after.items() if name.endswith(".bak")} == old
    assert not [name for name in left(folder) if "/." in name or name.startswith(".")]


@pytest.mark.parametrize("begun", [b"", b"0123"])
def test_a_journal_that_a_kill_left_empty_has_finished_nothing(begun: bytes, tmp_path: Path) -> None:
    """A kill between making it and its first line: the next run said that it had other options."""
    given = write(tmp_path / "in" / "a.txt", MIXED)
    (tmp_path / "in" / ".normalize-journal").write_bytes(begun)
    assert normalize("-t", "hans", "-i", "--resume", tmp_path / "in").code == 0
    assert given.read_text("utf-8") == HANS
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a.txt"]


def test_a_backup_that_a_kill_left_beside_the_old_file_is_no_second_file(tmp_path: Path) -> None:
    """Killed between backup and rename, both are names of one file; the next run leaves no third."""
    given = write(tmp_path / "a.txt", MIXED)
    os.link(given, tmp_path / "a.txt.bak")
    assert normalize("-t", "hans", "-i", "--backup", ".bak", "--resume", given).code == 0
    assert given.read_text("utf-8") == HANS
    assert (tmp_path / "a.txt.bak").read_text("utf-8") == MIXED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "a.txt.bak"]


def test_resume_skips_what_is_there_and_only_that(tmp_path: Path) -> None:
    """What was finished keeps its inode; what was changed, taken away, or edited at its source since is done again."""
    for number in range(1_000):
        write(tmp_path / "in" / f"{number:04}.txt", MIXED * 300)
    out = tmp_path / "out"
    arguments: list[str | Path] = ["-t", "hans", "-j", "1", "-o", out, tmp_path / "in"]
    with start(*arguments) as running:
        while running.poll() is None and not (out / "0050.txt").exists():
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL)
    rows = [line for line in (out / JOURNAL).read_bytes().split(b"\n")[1:] if line]
    finished = [Path(json.loads(row)[1]) for row in rows]
    finished = [path for path in finished if path.exists()]
    assert 3 < len(finished) < 1_000
    before = {path: path.stat().st_ino for path in finished}
    gone, altered, edited = finished[:3]
    gone.unlink()
    altered.write_text("x", "utf-8")
    write(tmp_path / "in" / edited.name, MIXED)
    assert normalize(*arguments, "--resume").code == 0
    assert edited.read_text("utf-8") == HANS
    assert set(texts(out).values()) == {HANS * 300, HANS}
    assert len(texts(out)) == 1_000
    kept = [path for path in finished[3:] if path.stat().st_ino == before[path]]
    assert kept == finished[3:]
    assert not (out / JOURNAL).exists()


def test_resume_refuses_to_go_on_with_other_options(tmp_path: Path) -> None:
    """Half a folder in one script and half in the other is nobody's wish."""
    write(tmp_path / "in" / "a.txt", MIXED)
    bad = write(tmp_path / "in" / "b.txt", b"\xff\xfe\x00")
    assert normalize("-t", "hans", "--strict", "-i", tmp_path / "in").code in (0, 2)
    write(tmp_path / "in" / "c.txt", b"\xe9\x97\xff" + MIXED.encode())
    bad.unlink()
    assert normalize("-t", "hans", "--strict", "-e", "utf-8", "-i", tmp_path / "in").code == 2
    ran = normalize("-t", "hant", "--strict", "-e", "utf-8", "-i", "--resume", tmp_path / "in")
    ran.refused("--resume", "other options")
    assert normalize("-t", "hans", "--strict", "-e", "utf-8", "-i", "--resume", tmp_path / "in").code == 2
    (tmp_path / "in" / "c.txt").unlink()
    assert normalize("-t", "hans", "--strict", "-e", "utf-8", "-i", "--resume", tmp_path / "in").code == 0
    assert left(tmp_path / "in") == {"a.txt"}


def test_a_dictionary_counts_for_what_it_holds_when_a_run_is_gone_on_with(tmp_path: Path) -> None:
    """Not for where it lies: a pipe has another name each time."""
    write(tmp_path / "in" / "a.txt", MIXED)
    write(tmp_path / "in" / "b.txt", "问题".encode() + b"\xff" + "复杂".encode())
    words = [write(tmp_path / name, text) for name, text in (("1", "甲\t乙\n"), ("2", "甲\t乙\n"), ("3", "甲\t丙\n"))]
    arguments: list[str | Path] = ["-t", "hans", "-i", "--strict", "-e", "utf-8", tmp_path / "in", "--dictionary"]
    normalize(*arguments, words[0]).refused("b.txt")
    normalize(*arguments, words[1], "--resume").refused("b.txt")
    normalize(*arguments, words[2], "--resume").refused("other options")


def test_a_full_disk_fails_the_file_and_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    """The file that does not fit is named; the others are there, whole."""
    write(tmp_path / "in" / "a.txt", MIXED)
    write(tmp_path / "in" / "b.txt", MIXED * 60_000)
    write(tmp_path / "in" / "c.txt", MIXED)
    out = small_disk / "out"
    ran = normalize("-t", "hans", "-o", out, tmp_path / "in")
    ran.refused("b.txt", "No space left")
    assert texts(out) == {"a.txt": HANS, "c.txt": HANS}
    assert left(out) <= {"a.txt", "c.txt", JOURNAL}


@pytest.mark.parametrize("name", ["report.jsonl", "report.html"])
def test_a_report_that_does_not_fit_is_given_up(name: str, small_disk: Path, tmp_path: Path) -> None:
    """It is said in one line and leaves nothing; the files are done."""
    for number in range(40):
        write(tmp_path / "in" / f"{number}.txt", MIXED * 300)
    (small_disk / "ballast").write_bytes(bytes(500 << 10))
    ran = normalize("-t", "hans", "-i", "--report", small_disk / name, tmp_path / "in")
    assert ran.code == 2
    assert re.fullmatch(r"normalize: --report: .*No space left on device\n", ran.err)
    assert left(small_disk) == {"ballast"}
    assert set(texts(tmp_path / "in").values()) == {HANS * 300}


def test_a_full_disk_leaves_the_old_file_in_place(small_disk: Path) -> None:
    """As it was, byte for byte."""
    old = (MIXED * 14_000).encode()
    file = write(small_disk / "a.txt", old)
    normalize("-t", "hans", "-i", file).refused("a.txt", "No space left")
    assert file.read_bytes() == old
    assert left(small_disk) == {"a.txt"}


def test_a_folder_that_is_read_only_fails_in_one_line_a_file(tmp_path: Path, small_disk: Path) -> None:
    """And everything is as it was."""
    for name in ("a.txt", "b.txt"):
        write(small_disk / name, MIXED)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    ran = normalize("-t", "hans", "-i", small_disk)
    assert ran.code == 2
    assert [line.rpartition(": ")[2] for line in ran.err.splitlines()] == ["Read-only file system"] * 2
    assert set(texts(small_disk).values()) == {MIXED}
    assert normalize("-t", "hans", "-o", tmp_path / "out", small_disk).code == 0


@pytest.mark.skipif(is_root(), reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_fails_in_one_line(tmp_path: Path) -> None:
    """As any other that fails."""
    file = write(tmp_path / "in" / "a.txt", MIXED)
    file.parent.chmod(0o500)
    try:
        normalize("-t", "hans", "-i", file).refused("a.txt", "ermission")
    finally:
        file.parent.chmod(0o700)
    assert file.read_text("utf-8") == MIXED


@pytest.mark.parametrize("way", ["grows", "is replaced"])
def test_a_file_that_changes_while_it_is_read_is_left_alone(way: str, tmp_path: Path) -> None:
    """Whoever writes to it has not finished; what they write must not be lost."""
    file = write(tmp_path / "a.txt", MIXED * 1_500_000)
    with start("-t", "hans", "-i", file) as running:
        while running.poll() is None and not [name for name in left(tmp_path) if name.startswith(".normalize-")]:
            time.sleep(0.002)
        if way == "grows":
            with file.open("a", encoding="utf-8") as more:
                more.write("問題\n")
        else:
            write(tmp_path / "b.txt", "問題\n").replace(file)
        error = running.stderr.read() if running.stderr else b""
    assert running.returncode == 2, error
    assert error.count(b"\n") == 1
    assert b"changed while it was read" in error
    assert file.read_text("utf-8").endswith("問題\n")
    assert left(tmp_path) == {"a.txt"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_no_temporary_files(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a large file, ``kill``, or a terminal that is closed."""
    file = write(tmp_path / "a.txt", MIXED * 1_500_000)
    running = subprocess.Popen(
        [COMMAND, "-t", "hans", "-i", file],
        stderr=subprocess.PIPE,
        env=PLAIN,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while running.poll() is None and len(left(tmp_path)) < 2:
        time.sleep(0.002)
    running.send_signal(number)
    assert running.wait(60) == 128 + number
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()
    assert left(tmp_path) == {"a.txt"}
    assert file.stat().st_size == len((MIXED * 1_500_000).encode())


def test_what_a_run_was_told_to_ignore_does_not_stop_it(tmp_path: Path) -> None:
    """``nohup`` lets it go on when the terminal is closed."""
    file = write(tmp_path / "a.txt", MIXED * 400_000)
    running = subprocess.Popen(
        [COMMAND, "-t", "hans", "-i", file],
        env=PLAIN,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    while running.poll() is None and len(left(tmp_path)) < 2:
        time.sleep(0.002)
    running.send_signal(signal.SIGHUP)
    assert running.wait(60) == 0
    assert file.read_text("utf-8") == HANS * 400_000


def test_an_interrupt_right_behind_the_making_of_a_file_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is there, and its descriptor has not been written down yet."""
    from hanfix.cli import output

    made = os.open

    def interrupted(*arguments: Any) -> int:
        os.close(made(*arguments))
        raise KeyboardInterrupt

    finisher = output.Finisher(None, None)
    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        output.Sink(str(tmp_path / "a.txt"), None)
    monkeypatch.undo()
    assert left(tmp_path)
    finisher.discard()
    assert not left(tmp_path)
