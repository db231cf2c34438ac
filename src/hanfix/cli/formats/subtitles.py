"""
Subtitles: SRT, WebVTT, and ASS with its older kin. Only what is said changes; times, numbers, names of
styles and the marks inside a line (``<i>``, ``{\\an8}``, ``\\N``) stay byte for byte.

Which of the three a file is, is told by its first line. A long one is cut between lines.
"""

from __future__ import annotations

import html
import re
from typing import Any

from hanfix.cli.formats.base import PIECE, Cutter, Format, Part, Run, Texts

LINE_END = re.compile(r"\r\n?|\n")
TIMING = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->")
# Marks inside a line: tags, overrides of styles, escapes of ASS, character references.
MARKS = {
    "srt": re.compile(r"</?[a-zA-Z][^<>\n]*>|\{\\[^{}\n]*\}"),
    "vtt": re.compile(r"</?[a-zA-Z0-9.][^<>\n]*>|</>|&(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"),
    "ass": re.compile(r"\{[^{}\n]*\}|\\[Nnh]"),
}
# Text stands behind so many commas of a line, unless the file says otherwise.
ASS_COMMAS = 9
ASS_FORMAT = re.compile(rb"(?:\A|[\r\n])\[Events\][^\[]*?[\r\n]Format:([^\r\n]*)", re.IGNORECASE)


class SubtitleCutter(Cutter):
    """Lines; a cue is not torn from the line that counts it."""

    def __init__(self) -> None:
        self.kind = ""
        self.commas = ASS_COMMAS

    def cut(self, data: bytes, final: bool) -> tuple[int, tuple[str, int, bool]]:
        is_first = not self.kind
        if len(data) <= PIECE and not final:
            return 0, ("", 0, False)
        if is_first:
            self.kind = kind_of(data)
        end = len(data)
        if end > PIECE:
            blank = max(data.rfind(b"\n\n", 0, PIECE) + 2, data.rfind(b"\n\r\n", 0, PIECE) + 3)
            line = data.rfind(b"\n", 0, PIECE) + 1
            end = (blank if blank > 3 else 0) or line or (data.find(b"\n") + 1) or len(data)
        if self.kind == "ass" and (found := ASS_FORMAT.search(data[:end])):
            self.commas = found[1].count(b",")
        return end, (self.kind, self.commas, is_first)


def kind_of(data: bytes) -> str:
    """
    Which of the three.

    >>> kind_of(b"WEBVTT\\n"), kind_of(b"[Script Info]\\n"), kind_of(b"1\\n00:00:01,000 --> 00:00:02,000\\n")
    ('vtt', 'ass', 'srt')
    """
    head = data[:4096].lstrip()
    if head.startswith(b"WEBVTT"):
        return "vtt"
    if re.match(rb"\[[A-Za-z0-9+ ]+\]", head) or re.search(rb"[\r\n]Dialogue:", head):
        return "ass"
    return "srt"


class Subtitles(Format):
    """All three."""

    name = "srt"

    def cutter(self) -> Cutter:
        return SubtitleCutter()

    def texts(self, source: str, context: Any) -> Texts:
        kind, commas, is_first = context
        if kind == "ass":
            return Texts(list(dialogue(source, commas)), [])
        return Texts(list(cues(source, kind, is_first)), [])

    def escape(self, new: str, source: str) -> str | None:
        del source
        # A new line would end a cue, an arrow or a tag would be one.
        if "\n" in new or "\r" in new or "-->" in new or "<" in new:
            return None
        return new


def lines_of(source: str) -> list[tuple[int, int]]:
    """Start and end of each line, without its end."""
    found = []
    at = 0
    for end in LINE_END.finditer(source):
        found.append((at, end.start()))
        at = end.end()
    return [*found, (at, len(source))] if at < len(source) else found


def cues(source: str, kind: str, is_first: bool) -> list[Run]:
    """What is said in each cue of SRT or WebVTT; its lines are read as one text."""
    lines = lines_of(source)
    runs: list[Run] = []
    run: Run = []
    # In WebVTT all before the first time is a head; so is a block that begins with one of these words.
    is_kept = kind == "vtt" and is_first
    for number, (start, end) in enumerate(lines):
        line = source[start:end]
        following = source[slice(*lines[number + 1])] if number + 1 < len(lines) else ""
        if TIMING.match(line):
            is_kept = False
            finish(run, runs)
            run = []
        elif not line.strip():
            finish(run, runs)
            run = []
            is_kept = False
        elif TIMING.match(following) and (kind == "vtt" or line.strip("\ufeff \t").isdigit()):
            finish(run, runs)
            run = []
        elif kind == "vtt" and not run and re.match(r"(?:NOTE|STYLE|REGION)\b", line):
            is_kept = True
        elif not is_kept:
            if run:
                run.append(Part(run[-1].end, start, "\n", True))
            run += marked(source, start, end, kind)
    finish(run, runs)
    return runs


def dialogue(source: str, commas: int) -> list[Run]:
    """What is said in each line of ASS."""
    runs: list[Run] = []
    for start, end in lines_of(source):
        if not source.startswith("Dialogue:", start):
            continue
        at = start
        for _ in range(commas):
            at = source.find(",", at, end) + 1
            if not at:
                break
        if at:
            finish(marked(source, at, end, "ass"), runs)
    return runs


def marked(source: str, start: int, end: int, kind: str) -> Run:
    """A line as its text and the marks in it."""
    run: Run = []
    at = start
    for match in MARKS[kind].finditer(source, start, end):
        if at < match.start():
            run.append(Part(at, match.start()))
        if match[0][0] == "\\":
            run.append(Part(match.start(), match.end(), "\n", True))
        elif match[0][0] == "&":
            run.append(Part(match.start(), match.end(), html.unescape(match[0]), True))
        at = match.end()
    if at < end:
        run.append(Part(at, end))
    return run


def finish(run: Run, runs: list[Run]) -> None:
    """Take a run over, if there is text in it."""
    if any(not part.locked for part in run):
        runs.append(run)


def make(name: str, fields: tuple[str, ...]) -> Format:
    """The format."""
    del name, fields
    return Subtitles()
