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
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build import Sources
    from readings_classes import Classes

HAN = re.compile(r"[㐀-鿿]+$")
# A mainland count is worth this much of a Taiwan count: the lexicon serves Taiwan and Hong Kong.
MAINLAND = 0.35
# Counts added to every listed word: a phrase of OpenCC's is a word, if a rare one.
FLOOR = 0.3
# In jieba's names of people and places, these stand for sounds or families, and stay.
NAMES = ("nr", "nrt", "ns", "nrfg")
SOUNDING = "里于范余岳沈涂"
LONGEST = 8
UNITS_PER_NAT = 10
# What speaks against a reading that Simplified text writes as it is: who wrote 坐 did not mean 座.
CHANNEL = 40
# Spellings whose costs differ by less are both ordinary.
FREE = 20
# A character that no list has on its own.
UNSEEN = 150


class Lexicon:
    """Costs of words with open characters, and of single characters, in tenths of a nat."""

    def __init__(self, sources: Sources, classes: Classes) -> None:
        self.classes = classes
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
                    self.words[key].append((max(0, cost(p) - self.repaid(key, word)), word))
        for key, words in self.words.items():
            self.words[key] = preferring_what_stays(key, words)
        by_key: dict[str, float] = defaultdict(float)
        for word, p in alone.items():
            by_key[classes.key_of(word)] += p
        self.characters = {key: min(UNSEEN + 10, cost(p)) for key, p in by_key.items()}
        for key, readings in classes.readings.items():
            for reading in readings:
                p = alone.get(reading, 0)
                self.readings[key, reading] = min(UNSEEN + 20, cost(p)) if p else UNSEEN + 20
        by_start: dict[str, set[int]] = defaultdict(set)
        for key in self.words:
            by_start[key[:2]].add(len(key))
        self.lengths = {start: sorted(lengths) for start, lengths in by_start.items()}

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
        return CHANNEL * sum(
            now == k != self.classes.simplified_alone(c) for k, c, now in zip(key, word, written, strict=True)
        )

    def _probability(self, sources: Sources) -> dict[str, float]:
        classes = self.classes
        taiwan: dict[str, int] = defaultdict(int)
        for line in gzip.decompress(sources.read("train", "mcbopomofo_counts.txt.gz")).decode().splitlines():
            word, _, count = line.partition(" ")
            if HAN.match(word):
                taiwan[classes.in_classes(word)] += int(count)
        total = sum(taiwan.values())
        found: dict[str, float] = {word: (count + FLOOR) / total for word, count in taiwan.items()}
        known: dict[str, list[str]] = defaultdict(list)
        for word in taiwan:
            known[classes.key_of(classes.simplified(word))].append(word)

        for phrase, value in classes.phrases.items():
            word = classes.in_classes(value)
            if 1 < len(word) == len(phrase) and classes.key_of(phrase) not in known:
                found.setdefault(word, FLOOR / total)
                known[classes.key_of(phrase)].append(word)

        mainland: dict[str, int] = defaultdict(int)
        names = set()
        for line in sources.read("jieba", "dict.txt").decode("utf-8").splitlines():
            word, times, part_of_speech = line.split(" ")
            if HAN.match(word) and 2 <= len(word) <= LONGEST:
                mainland[classes.key_of(word)] += int(times)
                if part_of_speech in NAMES:
                    names.add(classes.key_of(word))
        everything = sum(mainland.values())
        trusted = {
            key: min(preferring_what_stays(key, [(cost(found[word]), word) for word in words]))[1]
            for key, words in known.items()
        }
        for key, times_seen in mainland.items():
            p = MAINLAND * times_seen / everything
            if readings := known.get(key):
                whole = sum(found[word] for word in readings)
                for word in readings:
                    found[word] += p * found[word] / whole
            elif key in names:
                word = "".join(c if c in SOUNDING else classes.alone(c) for c in key)
                found[word] = found.get(word, 0.0) + p
            elif whole_word := composed(key, trusted, classes):
                found[whole_word] = found.get(whole_word, 0.0) + p
        return found


def preferring_what_stays(key: str, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """
    Of two ordinary spellings (佔領, 占領) the one that leaves more as it is comes first.

    Authors differ, and a text that was Simplified does not tell; what stays is at least not our doing.
    """
    least = min(words)[0]
    ordinary = [(sum(a != b for a, b in zip(key, word, strict=True)), cost, word) for cost, word in words if cost <= least + FREE]
    _, _, chosen = min(ordinary)
    return sorted((least - 1 if word == chosen and cost > least else cost, word) for cost, word in words)


def composed(key: str, trusted: dict[str, str], classes: Classes) -> str | None:
    """
    A mainland word as words whose readings are known; none if an open character stands outside of them.

    Longest match over a list of phrases reads 考试制度 with 试制 (試製) in it; here the fewest words win.
    """
    best: list[tuple[int, str] | None] = [(0, "")] + [None] * len(key)
    for at in range(len(key)):
        so_far = best[at]
        if so_far is None:
            continue
        steps = [(1, classes.alone(key[at]))] if key[at] not in classes.readings else []
        steps += [(n, trusted[key[at : at + n]]) for n in range(2, len(key) - at + 1) if key[at : at + n] in trusted]
        for n, word in steps:
            step = (so_far[0] + 1, so_far[1] + word)
            now = best[at + n]
            if now is None or step[0] < now[0]:
                best[at + n] = step
    last = best[len(key)]
    return last[1] if last else None


def cost(probability: float) -> int:
    return round(-math.log(probability) * UNITS_PER_NAT)
