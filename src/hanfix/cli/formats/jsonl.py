"""
JSON lines: one value a line. Strings are texts, keys are not; a line that is no JSON stays as it is.

The core finds the strings, and where no account is asked for it also rewrites them; a test holds both
ways to one answer.
"""

from __future__ import annotations

import re
from typing import Any

from hanfix import _core
from hanfix.cli.formats.base import LONGEST, PIECE, TOO_LONG, Cutter, Format, Part, Run, Texts

ESCAPE = re.compile(r"(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u])+")


# The parts of a line that is left alone.
FIRST, LATER = "first", "later"


class LineCutter(Cutter):
    """Whole lines; of a line beyond all measure, parts that are to be left alone."""

    def __init__(self) -> None:
        self.skips = False

    def cut(self, data: bytes, final: bool) -> tuple[int, str]:
        """The context is empty, or which part it is of a line that is to be left alone."""
        if self.skips:
            end = data.find(b"\n") + 1
            self.skips = not end
            return end or len(data), LATER
        if len(data) <= PIECE and not final:
            return 0, ""
        end = len(data) if len(data) <= PIECE else data.rfind(b"\n", 0, PIECE) + 1
        if end or not data:
            return end, ""
        end = data.find(b"\n") + 1
        if end or final:
            return end or len(data), ""
        if len(data) > LONGEST:
            self.skips = True
            return len(data), FIRST
        return 0, ""


class JsonLines(Format):
    """JSON lines, with the names of the fields that are text."""

    name = "jsonl"

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = list(fields)

    def cutter(self) -> Cutter:
        return LineCutter()

    def texts(self, source: str, context: Any) -> Texts:
        runs: list[Run] = []
        broken = []
        if context:
            return Texts([], [0] if context == FIRST else [], TOO_LONG)
        base = 0
        for number, line in enumerate(source.split("\n")):
            if line.strip():
                raw = line.encode("utf-8", "surrogatepass")
                places = _core.json_places(raw, self.fields)
                if places is None:
                    broken.append(number)
                elif places:
                    runs += self._runs(raw, places, base)
            base += len(line) + 1
        return Texts(runs, broken)

    @staticmethod
    def _runs(raw: bytes, places: list[tuple[int, int]], base: int) -> list[Run]:
        runs = []
        byte = 0
        for start, end in places:
            base += len(raw[byte : start + 1].decode("utf-8", "surrogatepass"))
            inside = raw[start + 1 : end - 1].decode("utf-8", "surrogatepass")
            byte = end - 1
            if inside:
                runs.append(parts(inside, base))
            base += len(inside)
        return runs

    def escape(self, new: str, source: str) -> str:
        in_ascii = source.isascii() and "\\u" in source
        return _core.json_write(new, in_ascii).decode("utf-8", "surrogatepass")


def parts(inside: str, base: int) -> Run:
    """What stands between quotes, as plain stretches and single escapes."""
    if "\\" not in inside:
        return [Part(base, base + len(inside))]
    run: Run = []
    at = 0
    for match in ESCAPE.finditer(inside):
        if at < match.start():
            run.append(Part(base + at, base + match.start()))
        for one in SINGLE.finditer(match[0]):
            text, _ = _core.json_read(b'"' + one[0].encode("utf-8", "surrogatepass") + b'"')
            start = base + match.start() + one.start()
            run.append(Part(start, start + len(one[0]), text))
        at = match.end()
    if at < len(inside):
        run.append(Part(base + at, base + len(inside)))
    return run


SINGLE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]")


def make(name: str, fields: tuple[str, ...]) -> Format:
    """The format."""
    del name
    return JsonLines(fields)
