"""
The installed command, for tests to start: as a person starts it, in a folder of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path

from hanfix import Normalizer, replay
from hanfix.cli.formats import base
from hanfix.cli.formats.base import Format

COMMAND = Path(sys.executable).parent / "normalize"
# What the locale and the terminal are must not matter.
PLAIN = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "NO_COLOR": "1"}

TO_HANS = Normalizer(to="hans")
MIXED = "这个問題很複雜。\n"
HANS = "这个问题很复杂。\n"
HANT = "這個問題很複雜。\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + zlib.compress(bytes(range(256)) * 9)


class Ran:
    """How a run of the command ended."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code, self.raw, self.out = done.returncode, done.stdout, done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    def refused(self, *words: str) -> None:
        """Exit 2, nothing on standard output, and one line on standard error that says these words."""
        assert self.code == 2
        assert self.raw == b""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1
        for word in words:
            assert word in self.err


def normalize(*arguments: str | Path | bytes, stdin: bytes = b"", cwd: Path | None = None) -> Ran:
    command = [COMMAND, *arguments]
    return Ran(subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=PLAIN, timeout=120, check=False))


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def converted(tmp_path: Path, name: str, given: str | bytes, *arguments: str) -> str:
    """A file of this name after ``-t hans``."""
    ran = normalize("-t", "hans", *arguments, write(tmp_path / name, given))
    assert ran.code == 0, ran.err
    return ran.out


def rewritten(source: str, format: Format, normalizer: Normalizer = TO_HANS) -> str:
    """A document as the command rewrites it, in pieces if it is long."""
    cutter = format.cutter()
    data = source.encode()
    made = []
    while data:
        length, context = cutter.cut(data, True)
        piece, data = data[: length or None].decode(), data[length or len(data) :]
        texts = format.texts(piece, context)
        assert texts is not None
        report = base.explain(piece, texts, format, normalizer, everything=False)
        assert replay(piece, report.edits) == report.text
        made.append(report.text)
    return "".join(made)


def left(folder: Path) -> set[str]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
