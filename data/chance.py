"""
Where a regional word stands by chance, across the end of one word and the beginning of another: 類比 in 各類|比賽.

Comes in: a dictionary of a region's words, and word counts of Taiwan (McBopomofo). Goes out: three or four characters
around each place where chance is likelier than the word, which stay, but for a regional word that begins with their
end: 溝通信 stays, and in 溝通信息 信息 does not; the same for what a list of ours lets stay. Never: a row for what is
counted as a word itself.

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
# What is counted so often stands before what stays by itself: 空調 before 用戶, where 調用 stays.
KNOWN = 20
# What begins with the end of what stays is seldom a longer word: nobody writes 衛生成員函數.
LONGEST = 3


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

    def rows_beside(self, rows: dict[str, str]) -> dict[str, str]:
        """What stays beside the rows, as it is, or but for its end."""
        found: dict[str, str] = {}
        shortest = begins(rows)
        for key, value in rows.items():
            if key == value or len(key) != LENGTH:
                continue
            one, two = key[0], key[1]
            times = self.counts[key] + UNSEEN
            for word in self.by_first[two]:
                by_chance = self.end[one] * self.counts[word]
                if self._is_likelier(one + word, by_chance, times * self.begin[word[1]], rows):
                    found |= without_end(one, word, rows, shortest)
            for word in self.by_last[one]:
                by_chance = self.counts[word] * self.begin[two]
                if self._is_likelier(word + two, by_chance, self.end[word[0]] * times, rows):
                    found |= without_end(word, two, rows, shortest)
        for stay in (key for key, value in rows.items() if key == value):
            for front, end in self._halves(stay, rows):
                found |= without_end(front, end, rows, shortest)
        return found

    def _halves(self, stay: str, rows: dict[str, str]) -> list[tuple[str, str]]:
        """The words, the second of them or a character, that something is made of with a regional word across them."""
        found = []
        for at in range(max(2, len(stay) - 2), len(stay)):
            front, end = stay[:at], stay[at:]
            parts = (stay[begin:stop] for begin in range(at) for stop in range(at + 1, len(stay) + 1))
            hides = any(rows.get(part, part) != part for part in parts)
            is_end = len(end) == 1 or self.counts[end] > 0
            if hides and is_end and self.counts[front] >= KNOWN:
                found.append((front, end))
        return found

    def _is_likelier(self, whole: str, by_chance: int, meant: int, rows: dict[str, str]) -> bool:
        is_likelier = by_chance >= LEAST * self.total and by_chance > RATIO * meant
        return is_likelier and whole not in rows and not self.counts[whole]


def begins(rows: dict[str, str]) -> dict[str, list[str]]:
    """The words that become others and have no such word at their beginning, by every beginning of theirs."""
    changed = {key for key, value in rows.items() if key != value}
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(changed):
        fronts = [word[:length] for length in range(1, len(word))]
        if len(word) <= LONGEST and changed.isdisjoint(fronts):
            for front in fronts:
                found[front].append(word)
    return found


def without_end(stays: str, end: str, rows: dict[str, str], shortest: dict[str, list[str]]) -> dict[str, str]:
    """A row that stays, and what becomes of it where its end, a word or its beginning, begins a regional one."""
    found = {stays + end: stays + end}
    for word in shortest[end]:
        if stays + word not in rows:
            found[stays + word] = stays + rows[word]
    return found
