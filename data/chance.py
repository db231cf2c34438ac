"""
Where a regional word stands by chance, across the end of one word and the beginning of another: 類比 in 各類|比賽.

Comes in: a dictionary of a region's words, and word counts of Taiwan (McBopomofo). Goes out: three or four characters
around each place where chance is likelier than the word, which stay. Never: a row for what is counted as a word itself,
or that the dictionary has already.

How often chance makes 類比賽 is estimated as words that end in 類, times 比賽, over all words; how often the word does,
as 類比 times words that begin with 賽.
"""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build import Sources

# Counts that a word is taken to have besides its own: lists of older texts hardly have those of programs.
UNSEEN = 100
# How much likelier chance must be.
RATIO = 4
# How often chance must make it, in texts as long as those that were counted (23 million words).
LEAST = 0.2
# Words of more characters hardly stand anywhere by chance.
LENGTH = 2


class ByChance:
    """Counts of words, and of the characters that they begin and end with."""

    def __init__(self, sources: Sources) -> None:
        self.counts: Counter[str] = Counter()
        self.begin: Counter[str] = Counter()
        self.end: Counter[str] = Counter()
        lines = gzip.decompress(sources.read("train", "mcbopomofo_counts.txt.gz")).decode("utf-8").splitlines()
        for line in lines:
            word, _, count = line.partition(" ")
            self.counts[word] += int(count)
        self.by_first: dict[str, list[str]] = defaultdict(list)
        self.by_last: dict[str, list[str]] = defaultdict(list)
        for word, times in sorted(self.counts.items()):
            self.begin[word[0]] += times
            self.end[word[-1]] += times
            if len(word) in (2, 3):
                self.by_first[word[0]].append(word)
            if len(word) == LENGTH:
                self.by_last[word[-1]].append(word)
        self.total = sum(self.counts.values())

    def stays(self, rows: dict[str, str]) -> dict[str, str]:
        """What stays beside the rows, as it is."""
        found = {}
        for key, value in rows.items():
            if key == value or len(key) != LENGTH:
                continue
            one, two = key[0], key[1]
            times = self.counts[key] + UNSEEN
            for word in self.by_first[two]:
                by_chance = self.end[one] * self.counts[word]
                if self._is_likelier(one + word, by_chance, times * self.begin[word[1]], rows):
                    found[one + word] = one + word
            for word in self.by_last[one]:
                by_chance = self.counts[word] * self.begin[two]
                if self._is_likelier(word + two, by_chance, self.end[word[0]] * times, rows):
                    found[word + two] = word + two
        return found

    def _is_likelier(self, whole: str, by_chance: int, meant: int, rows: dict[str, str]) -> bool:
        is_likelier = by_chance >= LEAST * self.total and by_chance > RATIO * meant
        return is_likelier and whole not in rows and not self.counts[whole]
