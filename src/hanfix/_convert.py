"""
Convert: one consistent script, without harm to text that is right.

Comes in: any text, and a target. Goes out: the text in that script, and edits. Never raises on a
text; never changes a URL, code, markup, a Japanese passage, or a term the user protects.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from hanfix import _core
from hanfix._opencc import read_entries
from hanfix.report import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hanfix._opencc import Entries

TARGETS = ("hans", "hant", "hant-tw", "hant-hk", "auto", "keep")


class Converted:
    """
    What convert made of a text.

    Attributes:
        text: The text in the target.
        edits: What was changed, in order; places are those of the text that was given. They are
            found when they are first asked for.
    """

    __slots__ = ("_converter", "_edits", "_given", "text")

    def __init__(self, given: str, text: str, converter: _core.Converter) -> None:
        self.text, self._given, self._converter = text, given, converter
        self._edits: tuple[Edit, ...] | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        if self._edits is None:
            self._edits = tuple(map(Edit._make, self._converter.edits(self._given)))
        return self._edits

    def __repr__(self) -> str:
        return f"<Converted: {len(self.edits)} edits>"


def convert(
    text: str,
    to: str = "hans",
    *,
    words: bool = False,
    protect: Iterable[str] = (),
    dictionary: Entries | None = None,
) -> Converted:
    """
    Write a text in one script.

    Text that is right already stays: a line that has only Traditional characters gets regional forms,
    and words that an earlier conversion got wrong are put right (皇後); in a line of both scripts, what
    is Traditional stays. A line that no character tells the script of goes with the text as a whole.

    Args:
        text: Any string. Lone surrogates pass through untouched.
        to: ``hans``, ``hant`` (a regional form that is Traditional stays), ``hant-tw``, ``hant-hk``
            (regional forms are written), ``auto`` (the script that most of the text is in) or
            ``keep``; also language tags: ``zh-CN``, ``zh-Hant-TW``, ``zh_TW`` …
        words: Also change regional vocabulary (软件 → 軟體). This changes what people wrote.
        protect: Terms that stay as they are; URLs, addresses, code and markup always do.
        dictionary: Entries of your own, or the path of a dictionary in OpenCC's text format: where
            a key stands outside protected spans, its value is written, whatever the target.

    Returns:
        Text and edits. Offsets count code points of the *argument*.

    Raises:
        TypeError: ``text`` is no string.
        ValueError: There is no such target, or a dictionary is not of the format. No text raises.

    >>> convert("皇后的头发", to="hant-tw").text
    '皇后的頭髮'
    >>> convert("岳飛干預學校发展", to="hant-tw").text  # only 发展 is Simplified
    '岳飛干預學校發展'
    """
    converter = converter_of(to, bool(words), protect, dictionary)
    return Converted(text, converter.convert(text), converter)


def converter_of(to: str, words: bool, protect: Iterable[str], dictionary: Entries | None) -> _core.Converter:
    """
    A converter for many texts; the same one for the same arguments, without terms and entries.

    Raises:
        ValueError: There is no such target, or a dictionary is not of the format.
    """
    if isinstance(protect, str):
        raise TypeError("protect is a list of terms, not one string")
    if not protect and dictionary is None:
        return _plain(to, words)
    return _core.Converter(to, words, list(protect), list(read_entries(dictionary)))


@lru_cache(maxsize=64)
def _plain(to: str, words: bool) -> _core.Converter:
    return _core.Converter(to, words, [], [])
