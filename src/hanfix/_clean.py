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
    if isinstance(steps, str):
        raise TypeError("steps is a list of names, not one string")
    if isinstance(protect, str):
        raise TypeError("protect is a list of terms, not one string")
    names = list(DEFAULT_STEPS if steps is None else steps)
    return Cleaned(*_core.clean(text, names, list(protect)))
