"""
Convert: one consistent script, without harm to text that is right.

Comes in: any text, and a target. Goes out: the text in that script, and edits. Never raises on a
text; never changes a URL, code, markup, a Japanese passage, or a term the user protects.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from hanfix import _core
from hanfix._opencc import read_entries
from hanfix.report import DOUBTFUL, Edit, doubtful

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hanfix._opencc import Entries

TARGETS = ("hans", "hant", "hant-tw", "hant-hk", "auto", "keep")
# What a language is written in where its tag does not say; zh alone says nothing.
_LANGUAGES = {"zh": "", "cmn": "", "yue": "hant-hk"}
_REGIONS = {"cn": "hans", "sg": "hans", "my": "hans", "tw": "hant-tw", "hk": "hant-hk", "mo": "hant-hk"}


class Converted:
    """
    What convert made of a text.

    Attributes:
        text: The text in the target.
        edits: What was changed, in order; places are those of the text that was given. They are
            found when they are first asked for.
        kept: What was weighed and stays, though something else may be meant; likewise.
    """

    __slots__ = ("_account", "_converter", "_given", "text")

    def __init__(self, given: str, text: str, converter: _core.Converter) -> None:
        self.text, self._given, self._converter = text, given, converter
        self._account: tuple[tuple[Edit, ...], tuple[Edit, ...]] | None = None

    def _explained(self) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
        if self._account is None:
            self._account = self._converter.explain(self._given)
        return self._account

    @property
    def edits(self) -> tuple[Edit, ...]:
        return self._explained()[0]

    @property
    def kept(self) -> tuple[Edit, ...]:
        return self._explained()[1]

    def doubts(self, below: float = DOUBTFUL) -> tuple[Edit, ...]:
        """
        The places that a person should look at: what was changed or kept and is less sure than ``below``.

        >>> [(doubt.new, doubt.alternatives) for doubt in convert("他舍了家", to="hant-tw").doubts(below=0.99)]
        [('捨', ('舍',))]
        """
        return doubtful((*self.edits, *self.kept), below)

    def __repr__(self) -> str:
        return f"<Converted: {len(self.edits)} edits>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Converted):
            return NotImplemented
        return self.text == other.text and self._explained() == other._explained()

    def __hash__(self) -> int:
        # Without the account, which takes longer to find than the text.
        return hash(self.text)

    def __reduce__(self) -> tuple[object, ...]:
        # With the account, since the converter stays in its process.
        return _restored, (self.text, self._explained())


def _restored(text: str, account: tuple[tuple[Edit, ...], tuple[Edit, ...]]) -> Converted:
    made = object.__new__(Converted)
    made.text, made._account = text, account
    return made


def convert(
    text: str,
    to: str = "hans",
    *,
    words: bool = False,
    protect: Iterable[str] = (),
    dictionary: Entries | None = None,
    min_confidence: float = 0.0,
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
            ``keep``; also language tags and locales: ``zh-CN``, ``zh-Hant-TW``, ``yue``, ``zh_TW.UTF-8`` …
        words: Also change regional vocabulary (软件 → 軟體). This changes what people wrote.
        protect: Terms that stay as they are; URLs, addresses, code and markup always do.
        dictionary: Entries of your own, or the path of a dictionary in OpenCC's text format: where
            a key stands outside protected spans, its value is written, whatever the target.
        min_confidence: From 0 to 1. A character that several are written for in Traditional text stays as it is
            where none of them is as likely as this; it is among ``kept`` then.

    Returns:
        Text and edits. Offsets count code points of the *argument*.

    Raises:
        TypeError: ``text`` is no string, or ``protect`` is one.
        ValueError: There is no such target, a dictionary is not of the format, or ``min_confidence`` is out of
            range. No text raises.

    >>> convert("皇后的头发", to="hant-tw").text
    '皇后的頭髮'
    >>> convert("岳飛干預學校发展", to="hant-tw").text  # only 发展 is Simplified
    '岳飛干預學校發展'
    """
    converter = converter_of(to, bool(words), protect, dictionary, float(min_confidence))
    return Converted(text, converter.convert(text), converter)


def converter_of(
    to: str, words: bool, protect: Iterable[str], dictionary: Entries | None, min_confidence: float
) -> _core.Converter:
    """
    A converter for many texts; the same one for the same arguments, without terms and entries.

    Raises:
        ValueError: There is no such target, or a dictionary is not of the format.
    """
    if isinstance(protect, str):
        raise TypeError("protect is a list of terms, not one string")
    if not protect and dictionary is None:
        return _plain(to, words, min_confidence)
    return _core.Converter(target_of(to), words, list(protect), list(read_entries(dictionary)), min_confidence)


@lru_cache(maxsize=64)
def _plain(to: str, words: bool, min_confidence: float) -> _core.Converter:
    return _core.Converter(target_of(to), words, [], [], min_confidence)


def target_of(name: str) -> str:
    """
    The target that a language tag means; any other name as it is, for the core to know or to refuse.

    Args:
        name: A BCP 47 tag of Chinese, Mandarin or Cantonese, in any case and with ``_`` for ``-``, or the
            name of a POSIX locale. The script decides, then the region. Extensions say nothing of either.

    >>> [target_of(tag) for tag in ("zh-Hant-TW-u-co-stroke", "zh-Hans-TW", "zh_CN.UTF-8", "yue", "zh")]
    ['hant-tw', 'hans', 'hans', 'hant-hk', 'zh']
    """
    if not isinstance(name, str) or not name.isascii():
        return name
    # Behind a point or an @ a locale has its charset and its modifier.
    locale = name.partition("@")[0].partition(".")[0]
    language, *subtags = locale.lower().replace("_", "-").split("-")
    if language == "zh" and subtags and subtags[0] in ("cmn", "yue"):
        # As tags were written when both were taken for dialects.
        language = subtags.pop(0)
    if language not in _LANGUAGES:
        return name
    # One character begins an extension or what is for private use, and they stand last.
    subtags = list(takewhile(lambda subtag: len(subtag) != 1, subtags))
    script = subtags.pop(0) if subtags and subtags[0] in ("hans", "hant") else ""
    region = subtags.pop(0) if subtags and _is_region(subtags[0]) else ""
    if subtags:
        return name
    regional = _REGIONS.get(region, "")
    if script:
        return regional if regional.startswith(script) else script
    return regional or _LANGUAGES[language] or name


def _is_region(subtag: str) -> bool:
    return subtag.isalpha() if len(subtag) == 2 else len(subtag) == 3 and subtag.isdigit()
