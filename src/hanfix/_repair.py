"""
Repair: text that was decoded with the wrong encoding.

Comes in: any text. Goes out: text, edits, losses. Never: an error for what a text contains, or a
change that does not read far better than what stood there.
"""

from __future__ import annotations

from functools import cache

from hanfix import _core
from hanfix.report import Edit, Loss, Value

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs as much as the rest of the package
    from collections.abc import Callable


class Repaired(Value):
    """
    What :func:`repair` found.

    Attributes:
        text: The text, repaired.
        edits: What was changed, in order, at its place in the *argument*.
        losses: What is beyond repair, at its place in the argument; it was left as it is.
    """

    __slots__ = ("edits", "losses", "text")

    def __init__(self, text: str, edits: tuple[Edit, ...] = (), losses: tuple[Loss, ...] = ()) -> None:
        self.text, self.edits, self.losses = text, edits, losses

    def __repr__(self) -> str:
        return f"Repaired(text={self.text!r}, edits={self.edits!r}, losses={self.losses!r})"

    def _fields(self) -> tuple[object, ...]:
        return self.text, self.edits, self.losses


def repair(text: str) -> Repaired:
    """
    Undo mojibake: text decoded with an encoding it was not written in.

    Chinese and Japanese are undone by a likelihood that both readings of the same bytes are
    weighed with: UTF-8, GB 18030, Big5, Shift_JIS and EUC-JP read as each other or as a one-byte
    encoding, once or several times over, in a whole text or in a run of one line. What remains
    of other languages' UTF-8 read in one-byte encodings is left to ftfy.

    Args:
        text: Any string. Lone surrogates pass through untouched.

    Returns:
        Text, edits and losses. Positions count code points of the *argument*:
        ``text[e.start:e.end]`` is what was replaced.

    Raises:
        TypeError: ``text`` is no string. No text raises.

    >>> repair("浣犲ソ").text  # 你好: UTF-8, read as GBK
    '你好'
    >>> repair("锟斤拷锟斤拷").losses[0].cause
    'GBK read as UTF-8, and what that left as U+FFFD read as GBK'
    """
    found = _core.repair(text, other_languages())
    return Repaired(text) if found is None else Repaired(*found)


@cache
def other_languages() -> Callable[[str], str]:
    """ftfy's repair of one-byte encodings; imported when a text first needs it."""

    def fix(line: str) -> str:
        from ftfy import TextFixerConfig, fix_encoding

        # Encodings only: ftfy's other defaults fold Chinese punctuation to ASCII.
        config = TextFixerConfig(
            unescape_html=False,
            remove_terminal_escapes=False,
            fix_latin_ligatures=False,
            fix_character_width=False,
            uncurl_quotes=False,
            fix_line_breaks=False,
            fix_surrogates=False,
            remove_control_chars=False,
            normalization=None,
            # It reads a lone byte into the middle of what it cannot know.
            replace_lossy_sequences=False,
        )
        answer = fix_encoding(line, config)
        # Its codecs write U+FFFD as 1A, and read 1A as 1A: ï¿½ï¿½ would become two controls.
        return answer if "\x1a" in line else answer.replace("\x1a", "\ufffd")

    return fix
