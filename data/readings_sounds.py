"""
Characters that transliterations are made of, and what stands around an open character that may be one of them.

Comes in: a word list that marks foreign names. Goes out: how strongly each character speaks for a name, and names
that no list has: 里 in 基里繆爾 is a sound, and no word says so.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import cldr
import mainland
from readings_words import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from build import Sources
    from readings_classes import Classes

# What jieba calls a transliteration, and names of which it counts none as ordinary text.
FOREIGN = "nrt"
NO_WORDS = (*NAMES, "nz")
# What it calls so and is none: names made with their halves taught that 卜 in 萝卜 is a sound.
NO_NAMES = ("萝卜丝", "萝卜干", "家里人", "山里人", "山村里")
# How much more often a character stands in a transliteration than in words.
STRONG, WEAK = 10, 3
# Fewer names than this prove nothing.
FEWEST = 4
# What is added to the share of a character in words, lest one that stands in no word prove all.
LEAST = 2e-6
# Between the parts of a name; as strong as a sound can be.
POINTS = "·‧•・"
# What no count of names from the mainland has, since Taiwan writes names with it: each speaks for one weakly.
ALSO = "黛薇蔻雪蕾玛艾葛缇蓓翠缪马"
# No further than this to either side, and no sum of levels counts for more than the largest bucket.
REACH = 3
BUCKETS = (0, 1, 2, 3, 3, 4, 4)
NO_SOUNDS = "\x10"
# What stands around words that were put into lines of their own: nothing is learned of it.
ANYTHING = "\x01"
# Every third listed name that has one of these is learned from as it is.
LISTED = "里于范"
# Open characters that stay what they are in a transliteration: the names that are learned from have one.
STAYING = "里于范干布松舍谷卜占朴托克征"
# But 公里 is none of 老公.
NO_ENDS = "里公"
# A line may begin where a made name does, and end where one in 里 does or a noun: there are more nouns.
NAME_BEGINS, NAME_ENDS, NOUN_ENDS = (ANYTHING, ""), (ANYTHING, ""), (*(ANYTHING,) * 24, "")
# How often a noun stands in jieba's texts that is learned from with 裡 behind it.
NOUN = 60
# How often a word stands in jieba's texts that may be what follows 裡 and begins with a sound: 科學.
COMMON = 300
# How many such are made, and how many with a name in its place.
FOLLOWED, FOLLOWED_BY_NAME = 2000, 500
# How many names that no list has are made for each of them.
MADE = {"里": 6000, "干": 300}
MADE_OF_OTHERS = 100
# And how many that end in 里.
ENDING = 600


class Sounds:
    """How strongly characters speak for a transliteration: 2, 1, or not at all."""

    def __init__(self, sources: Sources, classes: Classes) -> None:
        self.names: list[str] = []
        # Nouns, by their keys.
        self.nouns: set[str] = set()
        common: list[str] = []
        foreign: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for word, times, part_of_speech in mainland.listed(sources):
            keys = classes.key_of(word)
            if part_of_speech == FOREIGN and len(word) > 2 and word not in NO_NAMES:
                self.names.append(word)
                foreign.update(keys)
            elif part_of_speech not in NO_WORDS:
                for key in keys:
                    words[key] += times
                if times >= NOUN and part_of_speech == "n" and 1 < len(word) < 4 and word[-1] not in NO_ENDS:
                    self.nouns.add(keys)
                if times >= COMMON and len(word) > 1:
                    common.append(word)
        for name in cldr.names(sources, cldr.SIMPLIFIED):
            if len(name) > len("马里语"):
                foreign.update(classes.key_of(name))
        in_names, in_words = sum(foreign.values()), sum(words.values())
        self.levels = dict.fromkeys(classes.key_of(POINTS), 2)
        self.levels |= dict.fromkeys(classes.key_of(ALSO), 1)
        for key, count in sorted(foreign.items()):
            ratio = count / in_names / (words[key] / in_words + LEAST)
            if count >= FEWEST and ratio >= WEAK:
                self.levels[key] = 2 if ratio >= STRONG else 1

        is_settled = {key for key in classes.key_of("".join(common)) if key not in classes.readings}
        self.words = [word for word in common if word[0] in self.levels and is_settled.issuperset(word)]

    def around(self, keys: str, at: int) -> str:
        """What stands before a place, and behind it: levels of neighbours, as far as each has one."""

        def side(neighbours: str) -> int:
            total = 0
            for key in neighbours:
                level = self.levels.get(key, 0)
                if not level:
                    break
                total += level
            return BUCKETS[total]

        before = side(keys[max(0, at - REACH) : at][::-1])
        return chr(ord(NO_SOUNDS) + before + 8 * side(keys[at + 1 : at + 1 + REACH]))


def transliterations(sounds: Sounds, classes: Classes) -> list[str]:
    """Names in which open characters stand for sounds and stay: listed ones, and ones made of two of them."""

    def read(name: str) -> str:
        return "".join(c if c in STAYING else classes.alone(c) for c in name)

    dice = random.Random(11)
    found = [read(name) for name in sounds.names if any(c in name for c in LISTED)][::3]
    for key in STAYING:
        heads = [name[: name.index(key)] for name in sounds.names if key in name]
        tails = [name[name.index(key) + 1 :] for name in sounds.names if key in name]
        if len(heads) < FEWEST:
            continue
        for _ in range(MADE.get(key, MADE_OF_OTHERS)):
            name = read(dice.choice(heads) + key + dice.choice(tails))
            if len(name) > 2:
                found.append(dice.choice(NAME_BEGINS) + name + ANYTHING)
    heads = [name[: name.index("里")] for name in sounds.names if "里" in name[2:]]
    for _ in range(ENDING):
        name = read(dice.choice(heads) + "里")
        found.append(dice.choice(NAME_BEGINS) + name + dice.choice(NAME_ENDS))
    return found


def followed(sounds: Sounds, lines: list[str], classes: Classes) -> list[str]:
    """
    What people wrote up to 裡, and behind it a word or a name that begins with a sound: 生活裡 and 科學.

    Names alone would teach that 里 before a sound is a sound.
    """
    dice = random.Random(13)
    heads = sorted({line[: line.index("裡") + 1][-8:] for line in lines if "裡" in line[1:]})
    names = [name for name in sounds.names if not any(c in classes.readings for c in name)]
    found = []
    for words, count in ((sounds.words, FOLLOWED), (names, FOLLOWED_BY_NAME)):
        for _ in range(count):
            word = "".join(map(classes.alone, dice.choice(words)))
            found.append(dice.choice(heads) + word)
    return found


def inside(sounds: Sounds, words: Iterable[str], classes: Classes) -> list[str]:
    """
    Nouns of Taiwan's list, and 裡: 坦克裡, 語言裡, 表格裡.

    Without them names teach that 里 behind 克 or 格 is a sound: 2,018 of 46,566 lines in ``benchmarks/names.py``. With
    commas and particles around them 裡 before a comma was so likely that 三公裏 was no longer put right.
    """
    dice = random.Random(17)
    nouns = [word for word in sorted(words) if classes.key_of(classes.simplified(word)) in sounds.nouns]
    # What is seen but once is not learned: of those that end like a name, each by itself.
    hard = [noun for noun in nouns if classes.key_of(noun[-1]) in sounds.levels]
    return [ANYTHING + noun + "裡" + dice.choice(NOUN_ENDS) for noun in nouns + hard]
