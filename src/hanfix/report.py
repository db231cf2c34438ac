"""
What was changed, where, and why: the words that all results share.

Positions count code points of the text that was given, unless a name says bytes. Edits are in
order and never overlap, so replaying them from left to right gives the output.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs as much as the rest of the package
    from typing import Any, NamedTuple

    class _Edit(NamedTuple):
        start: int
        end: int
        old: str
        new: str
        stage: str
        kind: str
        confidence: float = 1.0
        alternatives: tuple[str, ...] = ()

    class _Loss(NamedTuple):
        start: int
        end: int
        cause: str

    class _Pooled(NamedTuple):
        glossed: str = ""
        doubled: bool = False
else:
    _Edit = namedtuple(  # noqa: PYI024  see above
        "_Edit", "start end old new stage kind confidence alternatives", defaults=(1.0, ())
    )
    _Loss = namedtuple("_Loss", "start end cause")  # noqa: PYI024
    _Pooled = namedtuple("_Pooled", "glossed doubled", defaults=("", False))  # noqa: PYI024


# What is less sure than this, a person should look at.
DOUBTFUL = 0.9


class Edit(_Edit):
    """
    A range of a text, and what stands there afterwards.

    Attributes:
        start: First code point that was replaced.
        end: One past the last; equal to ``start`` where something was put in.
        old: What stood there.
        new: What stands there now.
        stage: ``decode``, ``repair``, ``clean`` or ``convert``; joined by ``+`` where several
            stages changed the same place.
        kind: Why: ``mojibake``, ``gloss``, ``width``, ``script`` …; joined by ``+`` likewise.
        confidence: From 0 to 1: how likely ``new`` is, of all that may stand there. Convert weighs the characters
            that Traditional text writes in several ways; of what is not weighed, it is 1.
        alternatives: What else may stand there, the likeliest first; empty where several stages changed the same place.

    >>> Edit(0, 2, "发展", "發展", "convert", "script").to_dict()["new"]
    '發展'
    """

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, for JSON."""
        return self._asdict()


class Loss(_Loss):
    """
    A range that is damaged beyond repair, and was left as it is.

    Attributes:
        start: First code point of it.
        end: One past the last.
        cause: What happened, as a sentence part: ``"GBK read as UTF-8"``.
    """

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, for JSON."""
        return self._asdict()


class Pooled(_Pooled):
    """
    What the glosses of a corpus have shown; see :meth:`~hanfix.Normalizer.shown`.

    Attributes:
        glossed: The characters that it glosses nearly wherever they stand: 發進.
        doubled: Whether it has readings without tones, doubled: 系(xi)(xi).
    """

    __slots__ = ()


class Value:
    """What is equal, hashed, copied and pickled by its fields: what its class is called with, in that order."""

    __slots__ = ()

    def _fields(self) -> tuple[Any, ...]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._fields()


def replay(text: str, edits: Iterable[Edit]) -> str:
    """
    The text after the edits.

    Args:
        text: What the edits were made for.
        edits: In order and disjoint, as every result has them.

    Raises:
        ValueError: The edits belong to another text.

    >>> replay("发展了", [Edit(0, 2, "发展", "發展", "convert", "script")])
    '發展了'
    """
    pieces: list[str] = []
    done = 0
    for edit in edits:
        if edit.start < done or text[edit.start : edit.end] != edit.old:
            raise ValueError(f"the edit at {edit.start} belongs to another text")
        pieces += (text[done : edit.start], edit.new)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)


def doubtful(edits: Iterable[Edit], below: float) -> tuple[Edit, ...]:
    """Those that are less sure, by place."""
    return tuple(sorted(edit for edit in edits if edit.confidence < below))


class Report(Value):
    """
    The whole account of one text's way through all stages.

    Attributes:
        original: The text that was given; for bytes, the text that was decoded from them.
        text: The output.
        edits: Every change, at its place in ``original``: ``replay(report.original, report.edits)``
            is ``report.text``.
        losses: What could not be undone, at its place in ``original``.
        stages: The stages that changed something, in their order, each with its own edits at their
            places in what the stage before it left: ``(("repair", edits), ("clean", edits))``.
            Repair and clean have a second turn where the first one brought something to light.
        kept: What convert weighed and left, though something else may be meant, at its place in ``original``: edits
            of the kind ``kept``, whose ``new`` is what stands there.
        script: The script of the output: ``Hans``, ``Hant``, ``mixed``, ``shared``, ``Jpan``
            or ``none``.
        encoding: What bytes were decoded from; ``None`` where text was given.
        undecodable: Where bytes could not be read; these places alone are those of bytes.
    """

    __slots__ = (
        "_byte_places", "edits", "encoding", "kept", "losses", "original", "script", "stages", "text", "undecodable",
    )  # fmt: skip

    def __init__(
        self,
        original: str,
        text: str,
        edits: tuple[Edit, ...],
        losses: tuple[Loss, ...],
        stages: tuple[tuple[str, tuple[Edit, ...]], ...],
        script: str,
        encoding: str | None = None,
        undecodable: tuple[Loss, ...] = (),
        byte_places: Callable[[Sequence[int]], list[int]] | None = None,
        kept: tuple[Edit, ...] = (),
    ) -> None:
        self.original, self.text = original, text
        self.edits, self.losses, self.stages, self.kept = edits, losses, stages, kept
        self.script, self.encoding, self.undecodable = script, encoding, undecodable
        self._byte_places = byte_places

    def _fields(self) -> tuple[Any, ...]:
        # Without the bytes: reports that say the same are equal.
        return (
            *(self.original, self.text, self.edits, self.losses, self.stages),
            *(self.script, self.encoding, self.undecodable, self.kept),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        *fields, kept = self._fields()
        return Report, (*fields, self._byte_places, kept)

    def byte_range(self, place: Edit | Loss) -> tuple[int, int]:
        """
        Where an edit or a loss stands in the bytes that were given.

        Returns:
            First byte and one past the last.

        Raises:
            ValueError: The report began with text, not with bytes.
        """
        if self._byte_places is None:
            raise ValueError("this report began with text: there are no bytes to point into")
        start, end = self._byte_places((place.start, place.end))
        return start, end

    def doubts(self, below: float = DOUBTFUL) -> tuple[Edit, ...]:
        """
        The places that a person should look at: what was changed or kept and is less sure than ``below``.

        >>> from hanfix import Normalizer
        >>> report = Normalizer(to="hant-tw").explain("他舍了家")
        >>> [(doubt.new, doubt.alternatives) for doubt in report.doubts(below=0.99)]
        [('捨', ('舍',))]
        """
        return doubtful((*self.edits, *self.kept), below)

    def to_dict(self) -> dict[str, Any]:
        """Everything by name, for JSON."""
        return {
            "original": self.original,
            "text": self.text,
            "script": self.script,
            "encoding": self.encoding,
            "edits": [edit.to_dict() for edit in self.edits],
            "kept": [edit.to_dict() for edit in self.kept],
            "losses": [loss.to_dict() for loss in self.losses],
            "undecodable": [loss.to_dict() for loss in self.undecodable],
            "stages": [{"stage": name, "edits": [edit.to_dict() for edit in edits]} for name, edits in self.stages],
        }

    def __repr__(self) -> str:
        return f"<Report: {len(self.edits)} edits, {len(self.losses)} losses, {self.script}>"
