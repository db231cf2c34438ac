"""
Words with their readings and how likely they are: the lexicon of ``readings.bin``.

Comes in: word counts of Taiwan (McBopomofo) and of the mainland (jieba), and OpenCC's phrases. Goes out: a
probability for every word in Taiwan's forms. A Simplified word that Taiwan's list has gives its count to the
readings there, in their proportion; any other is read as the words that it is made of, or left out.
"""

from __future__ import annotations

import gzip
import math
import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import cldr
import mainland
import news

if TYPE_CHECKING:
    from build import Sources
    from readings_classes import Classes

HAN = re.compile(r"[㐀-鿿]+$")
# A mainland count is worth this much of a Taiwan count: the lexicon serves Taiwan and Hong Kong.
MAINLAND = 0.35
# Counts added to every listed word: a phrase of OpenCC's is a word, if a rare one.
FLOOR = 0.3
# What follows a word of our own list that people write as well as another, in Traditional.
ORDINARY = "~"
# What a character is read as where no word has it: as a word of its own the other hardly stands in today's texts,
# though lists count it, for they count it in old ones.
ALONE = {
    "范": "范", "游": "游", "征": "征", "霉": "霉", "御": "御", "郁": "郁", "淀": "淀", "荡": "蕩", "脏": "髒",
    "吁": "吁", "赞": "讚", "喂": "喂", "奸": "奸", "松": "松", "姜": "姜", "晒": "曬", "恒": "恆", "虱": "蝨",
    "肴": "餚", "吓": "嚇",
}  # fmt: skip
# By how much, in tenths of a nat.
PREFERRED = 10
# Counts that a word of our own list has, where Taiwan's counts do not have it in any spelling.
OWN = 20.0
# By how much (tenths of a nat) one that is certain is likelier than its characters one by one: 接 and 發 are so
# common that 接髮 is not.
CERTAIN_LEAD = 20
# And by how much one that has no other spelling in Traditional text: a wrong one there costs up to 60 more, and 25 of
# them its neighbours give back.
SETTLED_LEAD = 45
# In jieba's names of people and places, these stand for sounds or families, and stay.
NAMES = ("nr", "nrt", "ns", "nrfg")
SOUNDING = "里于范余岳沈涂"
# Those of persons, which may begin with a family's name: 于 is one then.
PERSONS = ("nr", "nrt", "nrfg")
# These stay in every name, whatever words they make with the next: 格里芬, 拉夫, 馬扎羅, 小雲, 佐藤.
IN_NAMES = "里夫布扎克云杰藤"
# What a character is in a name that words do not tell; and what a family is called.
NAMED_BY = dict(zip("占冲征采斗术咸岩", "占沖征采斗朮咸岩", strict=True))
FAMILIES = dict(zip("朴郁游", "朴郁游", strict=True))
# A name that chance makes so often, of all the times that it is counted, is none. (Taiwan's news hardly have what the
# mainland's list counts.)
BY_CHANCE = 0.02
# What is said to be a name, and has one of these in it, is none.
INSIDE = ("宮裡", "屋裡", "房裡", "院裡", "城裡", "山裡", "村裡", "家裡", "夢裡")
# Counts that a name of CLDR's has, beside those of the mainland.
NAMED = 20
LONGEST = 8
UNITS_PER_NAT = 10
# What speaks against a reading that Simplified text writes as it is: who wrote 坐 did not mean 座.
CHANNEL = 40
# But from 1964 to 1986 Simplified text wrote 象 for 像 as well, and many still do: 就象一个孩子.
CHANNELS = {"象": 15}
# Spellings whose costs differ by less are both ordinary.
FREE = 8
# Two readings are free spellings of one another (佔, 占) if this share of the words that have the rarer one is
# listed with the other too: 62% of those with 佔, 38% with 註, but 23% with 衝 and 沖, and 3% with 製 and 制.
FREE_SHARE = 0.24
# Above this share, nobody can say of any word that it is spelled wrongly.
QUITE_FREE_SHARE = 0.6
# Listed in both spellings by its archaisms only: Taiwan writes 於, 曬, 恆.
NOT_FREE = ("于", "晒", "恒", "虱", "吓")
# Readings of few words of their own (老闆, 癥結, 噁心, 闔家): in any other word they are what a conversion put there,
# however often lists have these few in both spellings (老板).
NARROW = "闆癥噁閤硃剋衊麴緻傢嚮"
# Otherwise a word that is counted so often with one spelling alone (注意) has no other.
SETTLED = 300
# A spelling with this share of another's counts, or less, is an error of those who were counted: 沖擊, 聯系.
ERROR_SHARE = 0.05
# A word without open characters competes if it is counted so often.
PLAIN = 20
# A character that no list has on its own.
UNSEEN = 150


class Lexicon:
    """Costs of words with open characters, and of single characters, in tenths of a nat."""

    def __init__(self, sources: Sources, classes: Classes) -> None:
        self.classes = classes
        self.taiwan = self._taiwan(sources)
        self.free = self._free()
        self.probability = self._probability(sources)
        self.words: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.lengths: dict[str, list[int]] = {}
        self.characters: dict[str, int] = {}
        self.readings: dict[tuple[str, str], int] = {}
        alone: dict[str, float] = defaultdict(float)
        for word, p in sorted(self.probability.items()):
            if len(word) == 1:
                alone[word] += p
            elif len(word) <= LONGEST:
                for key in self.keys(word):
                    # 么麼, 複復: beside a third of the kind, where such a word stands changes with every reading.
                    if len(key) == 2 and key[0] == key[1] and word[0] != word[1]:
                        continue
                    self.words[key].append((max(0, cost(p) - self.repaid(key, word)), word))
        for key, words in self.words.items():
            self.words[key] = preferring_what_stays(key, self.without_errors(key, words))
        by_key: dict[str, float] = defaultdict(float)
        for word, p in alone.items():
            by_key[classes.key_of(word)] += p
        self.characters = {key: min(UNSEEN + 10, cost(p)) for key, p in by_key.items()}
        for key, readings in classes.readings.items():
            for reading in readings:
                p = alone.get(reading, 0)
                self.readings[key, reading] = min(UNSEEN + 20, cost(p)) if p else UNSEEN + 20
        for key, reading in ALONE.items():
            for other in classes.readings[key]:
                if other != reading:
                    least = self.readings[key, reading] + PREFERRED
                    self.readings[key, other] = max(self.readings[key, other], least)
        self.plain = self._plain()
        for key, plain_cost in self.plain.items():
            self.words[key] = [(plain_cost, "")]
        by_start: dict[str, set[int]] = defaultdict(set)
        for key in self.words:
            by_start[key[:2]].add(len(key))
        self.lengths = {start: sorted(lengths) for start, lengths in by_start.items()}
        self._prefer_certain()

    def _prefer_certain(self) -> None:
        """Make words whose spelling is certain likelier than what they are made of."""
        for key in sorted(self.certain, key=lambda key: (len(key), key)):
            word = self.certain[key]
            others, _ = self.made_of_others(key)
            listed = min((step for step, spelled in self.words[key] if spelled == word), default=None)
            if listed is None:
                raise SystemExit(f"words.txt: {word}: certain, and listed in another spelling alone: {self.words[key]}")
            lead = SETTLED_LEAD if word in self.settled else CERTAIN_LEAD
            self.words[key] = [(min(listed, max(0, others - lead)), word)]

    def made_of_others(self, key: str) -> tuple[int, str]:
        """The cheapest way to read a key in shorter words and single characters: its cost, and the reading."""
        best = [(0, "")]
        for end in range(1, len(key) + 1):
            character = key[end - 1]
            open_readings = self.classes.readings.get(character)
            if open_readings:
                singles = [(self.readings[character, reading], reading) for reading in open_readings]
            else:
                singles = [(self.characters.get(character, UNSEEN), character)]
            steps = [(best[end - 1], singles)]
            for at in range(1 if end == len(key) else 0, end - 1):
                words = self.words.get(key[at:end], ())
                # A plain word stands in the table without a spelling.
                steps.append((best[at], [(step, word or key[at:end]) for step, word in words]))
            ways = [(so_far + step, read + word) for (so_far, read), words in steps for step, word in words]
            best.append(min(ways))
        return best[-1]

    def _plain(self) -> dict[str, int]:
        """
        Words of Taiwan without open characters that may compete with a word that has some, by their keys.

        教皇 in 教皇后来: such a word begins where another may end, or ends where it may begin. Those of our own
        list count wherever they stand: 作息 in 工作制作息.
        """
        classes = self.classes
        found: dict[str, int] = {}
        ends = {key[-1] for key in self.words if key[-1] not in classes.readings}
        begins = {key[0] for key in self.words if key[0] not in classes.readings}
        for word, count in sorted(self.taiwan.items()):
            key = classes.key_of(classes.simplified(word))
            if count < PLAIN or not 2 <= len(word) == len(key) <= 4 or any(c in classes.readings for c in key):
                continue
            if key not in self.words and (key[0] in ends or key[-1] in begins):
                found[key] = min(found.get(key, UNSEEN), cost(self.probability[word]))
        for word in self.own:
            key = classes.key_of(classes.simplified(word))
            is_plain = 2 <= len(key) <= 4 and not any(c in classes.readings for c in key)
            if is_plain and key not in self.words and word in self.probability:
                found[key] = min(found.get(key, UNSEEN), cost(self.probability[word]))
        return found

    def keys(self, word: str) -> list[str]:
        """Under which keys a word is found: none if it has no open character, or an odd reading."""
        found = []
        for key in dict.fromkeys((self.classes.key_of(word), self.classes.key_of(self.classes.simplified(word)))):
            open_at = [k for k, character in enumerate(key) if character in self.classes.readings]
            fits = all(word[k] in self.classes.readings[key[k]] for k in open_at)
            if open_at and fits and len(open_at) <= 4 and len(key) == len(word):
                found.append(key)
        return found

    def repaid(self, key: str, word: str) -> int:
        """What is charged for readings that Simplified text has, where in this word it has them not (瞭解, 了解)."""
        written = self.classes.simplified(word)
        return sum(
            CHANNELS.get(k, CHANNEL)
            for k, c, now in zip(key, word, written, strict=True)
            if now == k != self.classes.simplified_alone(c)
        )

    def _taiwan(self, sources: Sources) -> dict[str, int]:
        """Words in Taiwan's forms with their counts."""
        taiwan: dict[str, int] = defaultdict(int)
        for line in gzip.decompress(sources.read("train", "mcbopomofo_counts.txt.gz")).decode().splitlines():
            word, _, count = line.partition(" ")
            if HAN.match(word):
                taiwan[self.classes.in_classes(word)] += int(count)
        return taiwan

    def _free(self) -> dict[tuple[str, str, str], float]:
        """How freely one of a key's readings is spelled with another: the share of its words that are listed so too."""
        listed: Counter[tuple[str, str, str]] = Counter()
        both: Counter[tuple[str, str, str]] = Counter()
        for word in self.taiwan:
            if len(word) < 2:
                continue
            key = self.classes.key_of(self.classes.simplified(word))
            for k, (c, own) in enumerate(zip(key, word, strict=True)):
                for reading in self.classes.readings.get(c, ()):
                    if reading != own:
                        listed[c, own, reading] += 1
                        both[c, own, reading] += word[:k] + reading + word[k + 1 :] in self.taiwan
        found: dict[tuple[str, str, str], float] = {}
        for (c, one, other), count in sorted(both.items()):
            share = count / max(1, min(listed[c, one, other], listed[c, other, one]))
            if c not in NOT_FREE and share >= FREE_SHARE:
                found[c, one, other] = found[c, other, one] = max(found.get((c, one, other), 0.0), share)
        return found

    def is_error(self, word: str, other: str) -> bool:
        """Whether the other spelling is but an error for the word."""
        return self.taiwan.get(other, 0) <= ERROR_SHARE * self.taiwan.get(word, 0) > 0

    def is_settled(self, word: str, at: int, key: str, reading: str) -> bool:
        """Whether a word cannot be spelled with another reading at a place."""
        if word in self.settled:
            return True
        if not self.is_error(word, word[:at] + reading + word[at + 1 :]) and word in self.taiwan:
            return False
        if reading in NARROW:
            return True
        share = self.free.get((key, word[at], reading), 0.0)
        return share < FREE_SHARE or (share < QUITE_FREE_SHARE and self.taiwan.get(word, 0) >= SETTLED)

    def without_errors(self, key: str, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """The words of a key but for those that are but errors for another: one character is wrong, and not free."""

        def is_error(word: str) -> bool:
            for _, other in words:
                wrong = [k for k, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
                if len(wrong) == 1 and word in self.taiwan and self.is_error(other, word):
                    return (key[wrong[0]], word[wrong[0]], other[wrong[0]]) not in self.free
            return False

        return [(cost, word) for cost, word in words if not is_error(word)]

    def staying(self, key: str, word: str) -> str:
        """A word with every free spelling as it is in Simplified text."""
        return "".join(k if (k, k, c) in self.free else c for k, c in zip(key, word, strict=True))

    def spelled(self, key: str, word: str, composed: str | None) -> str:
        """
        A word with its free spellings as the words have them that it is made of (註冊用戶 as 註冊); where it is made
        of none, as they are in Simplified text.
        """
        stays = self.staying(key, word)
        if composed is None:
            return stays
        pairs = zip(key, word, composed, stays, strict=True)
        return "".join(c if c == w or (k, w, c) in self.free else s for k, w, c, s in pairs)

    def _probability(self, sources: Sources) -> dict[str, float]:
        classes, taiwan = self.classes, self.taiwan
        total = sum(taiwan.values())
        found: dict[str, float] = {word: (count + FLOOR) / total for word, count in taiwan.items()}
        known: dict[str, list[str]] = defaultdict(list)
        self.own: list[str] = []
        self.certain: dict[str, str] = {}
        self.settled: set[str] = set()
        self.ordinary: set[tuple[str, str, int]] = set()
        for word in taiwan:
            known[classes.key_of(classes.simplified(word))].append(word)

        for line in sources.read("own", "words.txt").decode("utf-8").splitlines():
            for listed in () if line.startswith("#") else line.split():
                if listed.endswith(ORDINARY):
                    self.ordinary |= pairs_of(classes.in_classes(listed.rstrip(ORDINARY)), classes)
                    continue
                spelled, _, times = listed.rstrip("!^").partition("*")
                word = classes.in_classes(spelled)
                self.own.append(word)
                key = classes.key_of(classes.simplified(word))
                if listed.endswith(("!", "^")):
                    if listed.endswith("^"):
                        self.settled.add(word)
                    self.certain[key] = word
                    counts = [found.pop(other, 0.0) for other in known[key] if other != word]
                    found[word] = found.get(word, OWN / total) + sum(counts)
                    known[key] = [word]
                elif key not in known:
                    found[word] = OWN * int(times or 1) / total
                    known[key].append(word)
                elif times:
                    found[word] = max(found.get(word, 0.0), OWN * int(times) / total)
                    if word not in known[key]:
                        known[key].append(word)

        for name in map(classes.in_classes, cldr.names(sources, cldr.TRADITIONAL)):
            if len(name) <= LONGEST and (key := classes.key_of(classes.simplified(name))) not in known:
                found[name] = OWN / total
                known[key].append(name)

        counted = trusted(known, found)
        for phrase, value in classes.phrases.items():
            word = classes.in_classes(value)
            if 1 < len(word) == len(phrase) and (key := classes.key_of(phrase)) not in known:
                word = self.spelled(key, word, composed(key, counted, classes))
                found.setdefault(word, FLOOR / total)
                known[key].append(word)

        there: dict[str, int] = defaultdict(int)
        names: set[str] = set()
        persons: set[str] = set()
        for word, seen, part_of_speech in mainland.listed(sources):
            if HAN.match(word) and 2 <= len(word) <= LONGEST:
                there[classes.key_of(word)] += seen
                if part_of_speech in NAMES:
                    names.add(classes.key_of(word))
                if part_of_speech in PERSONS:
                    persons.add(classes.key_of(word))
        # 生活|于|浅海: most of what the list takes for somebody who is called 于 is none.
        chance = Chance(sources, classes)
        names -= {
            key
            for key in persons
            if (key[0] == "于" and (key[1:] in there or chance.is_enough(key, there[key])))
            or (key[-1] == "于" and len(key) > 2)
        }
        for name in cldr.names(sources, cldr.SIMPLIFIED):
            if len(name) <= LONGEST:
                there[classes.key_of(name)] += NAMED
                names.add(classes.key_of(name))
        everything = sum(there.values())
        listed_words = trusted(known, found)
        for key, times_seen in there.items():
            p = MAINLAND * times_seen / everything
            if readings := known.get(key):
                whole = sum(found[word] for word in readings)
                for word in readings:
                    found[word] += p * found[word] / whole
            elif key in names:
                if name_read := named(key, listed_words, key in persons, classes):
                    found[name_read] = found.get(name_read, 0.0) + p
            elif whole_word := composed(key, listed_words, classes):
                found[whole_word] = found.get(whole_word, 0.0) + p
        return found


def pairs_of(word: str, classes: Classes) -> set[tuple[str, str, int]]:
    """
    The open characters of a word as they are spelled, each with the key of its neighbour: the one before it, which is
    side 0, or behind it for the first.
    """
    key = classes.key_of(classes.simplified(word))
    sides = [(key[at - 1] if at else key[1], character, int(at == 0)) for at, character in enumerate(word)]
    return {pair for pair, k in zip(sides, key, strict=True) if k in classes.readings}


class Chance:
    """Whether 於 and what stands behind it make a name often enough by chance (于阿尔 of 位于阿尔及利亚)."""

    def __init__(self, sources: Sources, classes: Classes) -> None:
        self.classes = classes
        self.singles, self.pairs = news.counted(sources)

    def is_enough(self, key: str, times: int) -> bool:
        """A name that begins with 于 and is counted so many times, against what news have of its pairs with 於."""
        text = "於" + "".join(map(self.classes.alone, key[1:]))
        expected = float(self.pairs[text[:2]])
        for before, behind in pairwise(text[1:]):
            expected *= self.pairs[before + behind] / max(1, self.singles[before])
        return expected > BY_CHANCE * times


def trusted(known: dict[str, list[str]], found: dict[str, float]) -> dict[str, tuple[int, str]]:
    """The likeliest spelling of each key, and what it costs."""
    return {
        key: min(preferring_what_stays(key, [(cost(found[word]), word) for word in words]))
        for key, words in known.items()
    }


def preferring_what_stays(key: str, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """
    Of two ordinary spellings (佔領, 占領) the one that leaves more as it is comes first.

    Authors differ, and a text that was Simplified does not tell; what stays is at least not our doing.
    """
    least = min(words)[0]
    ordinary = [
        (sum(a != b for a, b in zip(key, word, strict=True)), cost, word)
        for cost, word in words
        if cost <= least + FREE
    ]
    _, _, chosen = min(ordinary)
    return sorted((least - 1 if word == chosen and cost > least else cost, word) for cost, word in words)


def named(key: str, trusted: dict[str, tuple[int, str]], is_person: bool, classes: Classes) -> str | None:
    """
    A name: what it is made of, if it is made of words (王皇后 of 皇后, where 后 by itself is 後), but for what stands
    for a sound or a family; else character by character. None for what may be none: 宫里太监 of 宮裡.
    """
    alone = [c if c in SOUNDING else NAMED_BY.get(c) or classes.alone(c) for c in key]
    if is_person:
        alone[0] = FAMILIES.get(key[0], alone[0])
    words = composed(key, trusted, classes, alone) or ""
    if any(pair in words for pair in INSIDE):
        return None
    if is_person and key[0] == "于":
        words = key[0] + words[1:]
    return "".join(a if c in IN_NAMES else word for c, a, word in zip(key, alone, words, strict=True))


def composed(
    key: str, trusted: dict[str, tuple[int, str]], classes: Classes, alone: list[str] | None = None
) -> str | None:
    """
    A mainland word as words whose readings are known; none if an open character stands outside of them, unless it is
    given what each is alone.

    Longest match over a list of phrases reads 考试制度 with 试制 (試製) in it. Here the fewest words win, and of as
    many the likeliest: 爆發|式 and not 爆|髮式, 若干|噸 and not 若|乾噸.
    """
    best: list[tuple[int, int, str] | None] = [(0, 0, "")] + [None] * len(key)
    for at, character in enumerate(key):
        so_far = best[at]
        if so_far is None:
            continue
        steps = [(n, *trusted[key[at : at + n]]) for n in range(2, len(key) - at + 1) if key[at : at + n] in trusted]
        if alone or character not in classes.readings:
            price, _ = trusted.get(character, (UNSEEN, ""))
            steps.append((1, price, alone[at] if alone else classes.alone(character)))
        for n, price, word in steps:
            step = (so_far[0] + 1, so_far[1] + price, so_far[2] + word)
            now = best[at + n]
            best[at + n] = min(now, step) if now else step
    last = best[len(key)]
    return last[2] if last else None


def cost(probability: float) -> int:
    return round(-math.log(probability) * UNITS_PER_NAT)
