"""
What all formats share: texts as runs of parts, and edits of a text as edits of its source.

In: a piece of a file as it was decoded, and its runs. Out: edits with places in the piece, so that
replaying them gives the new piece. Never: an edit of anything that is no text.

A run is what a reader takes for one text: a paragraph, a value, the lines of a subtitle. What stands
between its parts (a tag, an escape) is not seen by whatever looks at the text, and stays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from hanfix import Edit, Loss, Normalizer, Report

# Bytes of UTF-8 that are looked at as one text: a chapter. Twice as much makes no decision better, and
# a piece whose every character changes costs the memory of three hundred bytes a character when each
# change is told.
PIECE = 1 << 19

# A line or a record that is longer is none that anybody reads as one; it passes through unchanged, and is said.
LONGEST = 1 << 24
TOO_LONG = "longer than 16 MiB"


class Part(NamedTuple):
    """
    A part of a run.

    Attributes:
        start: First code point in the piece.
        end: One past the last.
        value: What it is read as; ``None`` for what stands there.
        locked: Whether it is only read, and never changed.
    """

    start: int
    end: int
    value: str | None = None
    locked: bool = False


Run = list[Part]


class Texts(NamedTuple):
    """
    What was found in a piece.

    Attributes:
        runs: The texts, in order.
        broken: Lines, from 0, that are not what the format says, and pass through unchanged.
        why: What they are instead; nothing where they are just not valid.
    """

    runs: list[Run]
    broken: list[int]
    why: str = ""


class Cutter(ABC):
    """Where a file may be cut. One is made for each file, and may remember what it has seen."""

    @abstractmethod
    def cut(self, data: bytes, final: bool) -> tuple[int, Any]:
        """
        How many bytes of ``data`` make the next piece, 0 to wait for more, and what whoever looks
        at the piece must know of what stood before it. ``data`` is UTF-8 and begins where the last
        piece ended; ``final`` says that nothing follows.
        """


class Format(ABC):
    """A kind of file."""

    name: str

    @abstractmethod
    def cutter(self) -> Cutter:
        """A new one, for one file."""

    def texts(self, source: str, context: Any) -> Texts | None:
        """Where in a piece text stands; ``None``: it is text all over."""
        del source, context
        return None

    def escape(self, new: str, source: str) -> str | None:
        """
        A new text as the format writes it; ``None`` if it has no way to, and all must stay.

        Args:
            new: The text.
            source: All that the run stood in, as it was written.
        """
        del source
        return new


def values(source: str, run: Run) -> str:
    """What a run is read as."""
    if len(run) == 1 and run[0].value is None:
        return source[run[0].start : run[0].end]
    return "".join([source[part.start : part.end] if part.value is None else part.value for part in run])


def explain(source: str, texts: Texts, format: Format, normalizer: Normalizer, everything: bool) -> Report:
    """
    The account of a piece: edits and losses at their places in it.

    Args:
        everything: Also look for losses in texts that stay as they are, which takes as long again.
    """
    from hanfix import Report, replay

    read = [values(source, run) for run in texts.runs]
    done = read if everything else normalizer.batch(read)
    edits: list[Edit] = []
    losses: list[Loss] = []
    kept: list[Edit] = []
    scripts = set()
    for run, old, new in zip(texts.runs, read, done, strict=True):
        if not everything and new == old:
            continue
        report = normalizer.explain(old)
        places = Places(source, run, format)
        edits += places.edits(report.edits)
        losses += places.losses(report.losses)
        kept += places.kept(report.kept)
        scripts.add(report.script)
    text = replay(source, edits)
    return Report(source, text, tuple(edits), tuple(losses), (), joined_script(scripts), kept=tuple(kept))


def joined_script(scripts: set[str]) -> str:
    """
    The script of several texts together.

    >>> joined_script({"Hans", "shared"}), joined_script({"Hans", "Hant"}), joined_script(set())
    ('Hans', 'mixed', 'none')
    """
    if "mixed" in scripts or {"Hans", "Hant"} <= scripts:
        return "mixed"
    for script in ("Hans", "Hant", "Jpan", "shared"):
        if script in scripts:
            return script
    return "none"


class Places:
    """A run, as places in its source."""

    def __init__(self, source: str, run: Run, format: Format) -> None:
        self.source, self.run, self.format = source, run, format
        self.starts: list[int] = []
        at = 0
        for part in run:
            self.starts.append(at)
            at += part.end - part.start if part.value is None else len(part.value)
        self.length = at
        self.written = source[run[0].start : run[-1].end] if run else ""

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """Edits of the run's text as edits of the source."""
        shares: dict[int, list[tuple[int, int, str, Edit]]] = {}
        for edit in edits:
            for index, start, end, new in self._shares(edit):
                shares.setdefault(index, []).append((start, end, new, edit))
        made: list[Edit] = []
        for index in sorted(shares):
            made += self._of_part(index, shares[index])
        return made

    def losses(self, losses: Sequence[Loss]) -> list[Loss]:
        """Losses of the run's text at their places in the source."""
        return [loss._replace(start=self._place(loss.start), end=self._place(loss.end)) for loss in losses]

    def kept(self, kept: Sequence[Edit]) -> list[Edit]:
        """What stays, at its places in the source."""
        placed = ((edit, self._place(edit.start), self._place(edit.end)) for edit in kept)
        return [edit._replace(start=start, end=end, old=self.source[start:end]) for edit, start, end in placed]

    def _place(self, point: int) -> int:
        index = max(bisect_right(self.starts, point) - 1, 0)
        part = self.run[index]
        inside = point - self.starts[index]
        return min(part.start + inside, part.end) if part.value is None else part.start

    def _end(self, index: int) -> int:
        return self.starts[index + 1] if index + 1 < len(self.starts) else self.length

    def _shares(self, edit: Edit) -> list[tuple[int, int, int, str]]:
        """Parts with what becomes of which range of their text; none if that cannot be told."""
        first = max(bisect_right(self.starts, edit.start) - 1, 0)
        if edit.start == edit.end:
            # Put in behind what stands before it, if that may grow.
            if first > 0 and self.starts[first] == edit.start and not self.run[first - 1].locked:
                first -= 1
            if self.run[first].locked:
                return []
            at = edit.start - self.starts[first]
            return [(first, at, at, edit.new)]
        last = max(bisect_right(self.starts, edit.end - 1) - 1, 0)
        ranges = []
        for index in range(first, last + 1):
            begin, end = max(edit.start, self.starts[index]), min(edit.end, self._end(index))
            if begin < end:
                ranges.append((index, begin, end))
        if len(edit.new) == edit.end - edit.start:
            # Character for character: each part gets its own, and what is locked keeps its.
            found = [
                (index, begin - self.starts[index], end - self.starts[index],
                 edit.new[begin - edit.start : end - edit.start])
                for index, begin, end in ranges if not self.run[index].locked
            ]  # fmt: skip
            return [one for one in found if one[3] != self._text(one[0])[one[1] : one[2]]]
        if any(self.run[index].locked for index, _, _ in ranges):
            return []
        made = []
        new = edit.new
        for index, begin, end in ranges:
            made.append((index, begin - self.starts[index], end - self.starts[index], new))
            new = ""
        return made

    def _text(self, index: int) -> str:
        part = self.run[index]
        return self.source[part.start : part.end] if part.value is None else part.value

    def _of_part(self, index: int, shares: list[tuple[int, int, str, Edit]]) -> list[Edit]:
        part = self.run[index]
        if part.value is None:
            made = []
            for start, end, new, edit in shares:
                begin, finish = part.start + start, part.start + end
                old, escaped = self.source[begin:finish], self.format.escape(new, self.written)
                if escaped is not None and escaped != old:
                    made.append(edit._replace(start=begin, end=finish, old=old, new=escaped))
            return made
        # What is written otherwise is written anew, once for all that happens to it.
        pieces: list[str] = []
        done = 0
        for start, end, new, _ in shares:
            pieces += (part.value[done:start], new)
            done = end
        pieces.append(part.value[done:])
        old = self.source[part.start : part.end]
        stages = "+".join(dict.fromkeys(edit.stage for *_, edit in shares))
        kinds = "+".join(dict.fromkeys(edit.kind for *_, edit in shares))
        escaped = self.format.escape("".join(pieces), self.written)
        if escaped is None or escaped == old:
            return []
        least = min(edit.confidence for *_, edit in shares)
        whole = shares[0][3]._replace(start=part.start, end=part.end, old=old, new=escaped, stage=stages, kind=kinds)
        # What else may stand in a part of it says nothing of the whole.
        return [whole._replace(confidence=least, alternatives=())]
