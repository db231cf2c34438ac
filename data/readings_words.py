"""
Words with their readings and how likely they are: the lexicon of ``readings.bin``.

Comes in: word counts of Taiwan (McBopomofo) and of the mainland (jieba), and OpenCC's phrases. Goes out: a
probability for every word in Taiwan's forms. A Simplified word that Taiwan's list has gives its count to the
readings there, in their proportion; any other is read by OpenCC's longest match.
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
LONGEST = 8
UNITS_PER_NAT = 10
# What speaks against a reading that Simplified text writes as it is: who wrote 坐 did not mean 座.
CHANNEL = 40
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

        mainland: dict[str, int] = defaultdict(int)
        for line in sources.read("jieba", "dict.txt").decode("utf-8").splitlines():
            word, count, _ = line.split(" ")
            if HAN.match(word) and 2 <= len(word) <= LONGEST:
                mainland[classes.key_of(word)] += int(count)
        everything = sum(mainland.values())
        for key, count in mainland.items():
            p = MAINLAND * count / everything
            if readings := known.get(key):
                whole = sum(found[word] for word in readings)
                for word in readings:
                    found[word] += p * found[word] / whole
            else:
                word = classes.longest_match(key)
                found[word] = found.get(word, 0.0) + p
        for phrase, value in classes.phrases.items():
            word = classes.in_classes(value)
            if 1 < len(word) == len(phrase) and classes.key_of(phrase) not in known:
                found.setdefault(word, FLOOR / total)
        return found


def cost(probability: float) -> int:
    return round(-math.log(probability) * UNITS_PER_NAT)
