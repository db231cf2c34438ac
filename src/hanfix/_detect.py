"""
Detect: which script a text is in, and where it is not.

Comes in: text. Goes out: a profile. Never raises on any content,
and never changes anything.
"""

from __future__ import annotations

from hanfix import _core
from hanfix.report import Value

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs as much as the rest of the package
    from typing import Any

SCRIPTS = ("Hans", "Hant", "mixed", "shared", "Jpan", "none")


class Profile(Value):
    """
    What was found in a text.

    Attributes:
        script: ``Hans`` or ``Hant``; ``mixed`` if characters of both are there; ``shared`` if none
            of either; ``Jpan``; ``none`` without ideographs and kana.
        shares: Parts of all characters, by kind: ``hans`` and ``hant`` (of one script only),
            ``shared`` (other ideographs), ``kana`` and ``other``. They sum to 1, or are all 0.
        off_script: In mixed text, where the characters of the smaller script stand.
        encoding: Of bytes, the encoding they were read in; of text, ``None``.
        confidence: Of bytes, from 0 to 1, how far behind the next best encoding is; of text, ``None``.
        runners_up: The next best encodings with theirs, ``(encoding, confidence)``, the nearest first.
    """

    __slots__ = ("confidence", "encoding", "off_script", "runners_up", "script", "shares")

    def __init__(
        self,
        script: str,
        shares: dict[str, float],
        off_script: tuple[int, ...],
        encoding: str | None = None,
        confidence: float | None = None,
        runners_up: tuple[tuple[str, float], ...] = (),
    ) -> None:
        self.script, self.shares, self.off_script = script, shares, off_script
        self.encoding, self.confidence, self.runners_up = encoding, confidence, runners_up

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, for JSON."""
        names = ("script", "shares", "off_script", "encoding", "confidence", "runners_up")
        return dict(zip(names, self._fields(), strict=True))

    def _fields(self) -> tuple[Any, ...]:
        return self.script, self.shares, self.off_script, self.encoding, self.confidence, self.runners_up

    def __hash__(self) -> int:
        # Without the shares, which are a dict.
        return hash((self.script, self.off_script, self.encoding))

    def __repr__(self) -> str:
        return f"<Profile: {self.script}>"


def detect(
    text: str,
    encoding: str | None = None,
    confidence: float | None = None,
    runners_up: tuple[tuple[str, float], ...] = (),
) -> Profile:
    """
    Find out which script a text is in.

    A character counts for a script if the other never has it; 后 or 里 tell nothing. Japanese is known
    by its kana and the characters that only Japan writes.

    Args:
        text: Any string.
        encoding: What it was decoded from, if it was.
        confidence: How sure that is.
        runners_up: What else it might have been.

    Returns:
        A profile. Places count code points of the text.

    Raises:
        TypeError: ``text`` is no string.

    >>> detect("我們的学校").script, detect("我們的学校").off_script
    ('mixed', (3,))
    """
    script, counts, off_script = _core.detect(text)
    total = sum(counts) or 1
    names = ("hans", "hant", "shared", "kana", "other")
    shares = {name: count / total for name, count in zip(names, counts, strict=True)}
    return Profile(script, shares, tuple(off_script), encoding, confidence, runners_up)
