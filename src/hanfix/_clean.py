"""
Clean: undo what scraping, PDF extraction, OCR and careless normalization do to characters.

Comes in: any text. Goes out: text, and edits with the step that made each. Never raises on a text,
and never applies a compatibility fold (NFKC) to Chinese punctuation.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanfix import _core
from hanfix.report import Edit, Loss, Value

STEPS = (
    "escapes", "invisible", "ideographs", "gloss", "spaces", "width",
    "lines", "punctuation", "quotes", "lookalikes", "variation",
)  # fmt: skip
DEFAULT_STEPS = STEPS[:6]


class Cleaned(Value):
    """
    What clean made of a text.

    Attributes:
        text: The text after all steps.
        edits: What was changed, in order; places are those of the text that was given.
        losses: Private use that no table knows, where the step ``ideographs`` ran; it stays.
    """

    __slots__ = ("edits", "losses", "text")

    def __init__(self, text: str, edits: tuple[Edit, ...], losses: tuple[Loss, ...] = ()) -> None:
        self.text, self.edits, self.losses = text, edits, losses

    def __repr__(self) -> str:
        return f"<Cleaned: {len(self.edits)} edits>"

    def _fields(self) -> tuple[object, ...]:
        return self.text, self.edits, self.losses


def clean(text: str, *, steps: Iterable[str] | None = None, protect: Iterable[str] = ()) -> Cleaned:
    """
    Tidy the characters of a text.

    Args:
        text: Any string. Lone surrogates pass through untouched.
        steps: Any of ``escapes`` (character references, ``\\uXXXX``, percent runs), ``invisible``
            (zero-width and control characters), ``ideographs`` (radicals, compatibility, vertical
            and small forms, private use), ``gloss`` (pinyin put in by web mirrors, and the
            characters it tore apart), ``spaces`` (between characters, from OCR), ``width``
            (half-width marks in Chinese). These are the default. Further, since they change what
            may be meant: ``lines``, ``punctuation``, ``quotes``, ``lookalikes``, ``variation``.
            They always run in one order, whatever the order here.
        protect: Terms that stay as they are; URLs, addresses, code and markup always do.

    Returns:
        Text, edits and losses. Offsets count code points of the *argument*.

    Raises:
        TypeError: ``text`` is no string, or ``steps`` or ``protect`` is one.
        ValueError: There is no such step. No text raises.

    >>> clean("推進(jìn)改革,實(shí)現(xiàn)目標").text
    '推進改革，實現目標'
    >>> clean("一九九○年", steps=["lookalikes"]).edits[0].kind
    'lookalikes'
    """
    names = DEFAULT_STEPS if steps is None else in_order("step", strings("steps", steps), STEPS)
    return Cleaned(*_core.clean(text, list(names), list(strings("protect", protect))))


def strings(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """
    The strings of an option that takes several.

    Raises:
        TypeError: It is one string, or something else.
    """
    found = tuple(values) if isinstance(values, Iterable) and not isinstance(values, str | bytes) else None
    if found is None or not all(isinstance(value, str) for value in found):
        raise TypeError(f"{name} is a list of strings, not {values!r:.40}")
    return found


def in_order(kind: str, names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """
    What is named, in the order of what is known: in which order and how often says nothing.

    Raises:
        ValueError: Something else is named.
    """
    chosen = set(names)
    if unknown := chosen - set(known):
        raise ValueError(f"no such {kind}: {min(unknown, key=str)}; {kind}s are {', '.join(known)}")
    return tuple(name for name in known if name in chosen)
