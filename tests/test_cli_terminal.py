"""
The command as a person sees it at a terminal, and as a program reads it with ``--json``.
"""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, HANS, MIXED, PLAIN, PNG, normalize, write

pty = pytest.importorskip("pty", reason="no terminals here")


def at_terminal(*arguments: str | Path, cwd: Path, out: Path | None = None, colour: bool = True) -> tuple[int, str]:
    """Exit code and what stands on the terminal; standard output goes to a file if one is named."""
    main, side = pty.openpty()
    environment = {name: value for name, value in PLAIN.items() if name != "NO_COLOR" or not colour}
    environment |= {"TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
    with out.open("wb") if out else os.fdopen(os.dup(side), "wb") as shown:
        running = subprocess.Popen(
            [COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=shown, stderr=side, cwd=cwd, env=environment
        )
    os.close(side)
    seen = b""
    while True:
        try:
            block = os.read(main, 1 << 16)
        except OSError as wrong:
            if wrong.errno != errno.EIO:
                raise
            # How Linux says that nobody holds the other side.
            break
        if not block:
            break
        seen += block
    os.close(main)
    return running.wait(60), seen.decode("utf-8", "replace").replace("\r\n", "\n")


def test_progress_has_files_bytes_rate_and_time_left(tmp_path: Path) -> None:
    """While it takes time; afterwards the line is gone, and on a pipe there never is one."""
    for number in range(3_000):
        write(tmp_path / "in" / f"{number}.txt", MIXED * 60)
    code, seen = at_terminal("-t", "hans", "-i", "in", cwd=tmp_path)
    assert code == 0
    assert re.search(r"\d+/(?:3000|…) files", seen)
    assert re.search(r"[kM]i?B", seen)
    assert "/s" in seen
    assert re.search(r"\d:\d\d:\d\d|-:--:--", seen)
    assert normalize("-t", "hans", "-i", tmp_path / "in").err == ""
    assert "files" not in at_terminal("-t", "hans", "-i", "-q", "in", cwd=tmp_path)[1]


def test_a_diff_marks_each_character_in_colour(tmp_path: Path) -> None:
    """At a terminal; without the marks it is the diff that a file gets."""
    write(tmp_path / "a.txt", "这个问題很複雜。\n")
    code, seen = at_terminal("-t", "hans", "--diff", "a.txt", cwd=tmp_path)
    assert code == 0
    assert "\x1b[31m-这个问\x1b[7m題\x1b[27m很" in seen
    assert "\x1b[32m+这个问\x1b[7m题\x1b[27m很" in seen
    plain = normalize("-t", "hans", "--diff", "a.txt", cwd=tmp_path).out
    assert re.sub(r"\x1b\[\d*m", "", seen) == plain
    assert at_terminal("-t", "hans", "--diff", "a.txt", cwd=tmp_path, colour=False)[1] == plain


def test_a_check_is_a_table_at_a_terminal(tmp_path: Path) -> None:
    """With a head and a sum; to a pipe it is names, as other programs want them."""
    write(tmp_path / "in" / "a.txt", MIXED)
    write(tmp_path / "in" / "b.txt", ("我们今天讨论的这个问题很复杂。\n" * 5).encode("gb18030"))
    write(tmp_path / "in" / "c.txt", HANS)
    write(tmp_path / "in" / "d.png", PNG)
    code, seen = at_terminal("-t", "hans", "--check", "in", cwd=tmp_path, colour=False)
    assert code == 1
    lines = [line for line in seen.splitlines() if "skipped" not in line]
    assert lines[0].split() == ["encoding", "changes", "lost", "file"]
    assert [line.split()[0] for line in lines[1:3]] == ["utf-8", "gb18030"]
    assert lines[-1] == "2 of 4 files would change, 1 are no text"
    assert normalize("-t", "hans", "--check", "in", cwd=tmp_path).out == "in/a.txt\nin/b.txt\n"


def test_every_look_has_json(tmp_path: Path) -> None:
    """A line a file, also for those that stay as they are."""
    write(tmp_path / "a.txt", MIXED)
    write(tmp_path / "b.txt", HANS)
    rows = {}
    for look in ("check", "diff", "detect", "explain"):
        ran = normalize("-t", "hans", f"--{look}", "--json", "a.txt", "b.txt", cwd=tmp_path)
        assert ran.code == (1 if look == "check" else 0)
        rows[look] = [json.loads(line) for line in ran.out.splitlines()]
        assert [row["path"] for row in rows[look]] == ["a.txt", "b.txt"]
    assert [row["changed"] for row in rows["check"]] == [True, False]
    assert [row["script"] for row in rows["detect"]] == ["mixed", "Hans"]
    assert rows["detect"][0]["off_script"] == 2
    assert [len(row["edits"]) for row in rows["explain"]] == [4, 0]
    assert rows["explain"] == rows["diff"]
    normalize("--json", "a.txt", cwd=tmp_path).refused("--json", "--check")


def test_what_auto_decides_for_many_is_said_at_a_terminal(tmp_path: Path) -> None:
    """And by how much."""
    write(tmp_path / "in" / "a.txt", HANS * 9)
    write(tmp_path / "in" / "b.txt", MIXED)
    _, seen = at_terminal("-i", "in", cwd=tmp_path)
    assert re.search(r"target for all: hans \(\d+% of what tells the scripts apart\)", seen)
