"""
Where counts of neighbours in the news would read a character otherwise than convert does.

    python benchmarks/second_opinion.py --sources DIR [--least 2.5] [--show 40] FILE...

Comes in: files of Simplified text (``.txt`` or ``.txt.gz``; words of ``word/class word/class`` are put together), and
a folder with the counts that data/sources.toml pins. Goes out: how many characters with several readings there are,
of how many the counts of the character before and behind would rather have another reading by so many nats, and the
surest of these, one of each kind. Some half of them are errors of convert, the others of the counts, which know no
words. Never: free spellings, of which newspapers have all.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from pathlib import Path

import corpus

import hanfix

sys.path.insert(0, str(corpus.ROOT / "data"))

import build
import news
from readings_classes import Classes
from readings_words import Lexicon

# What is added to each count: a pair that was never seen is rarer than one that was seen once.
UNSEEN = 0.3
# A reading is not preferred for pairs that hardly ever occur.
FEWEST = 3
BATCH_LINES = 2000


class SecondOpinion:
    """Counts of neighbours, by the forms that Taiwan writes."""

    def __init__(self, folders: list[Path]) -> None:
        sources = build.Sources(*folders)
        classes = Classes(sources)
        self.readings = classes.readings
        self.free = Lexicon(sources, classes).free
        self.singles: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        for counts, kept in zip(news.counted(sources), (self.singles, self.pairs), strict=True):
            for ngram, count in counts.items():
                kept[classes.in_classes(ngram)] += count

    def on(self, key: str, before: str, reading: str, behind: str) -> tuple[float, str]:
        """By how many nats which other reading is likelier."""
        others = [r for r in self.readings[key] if r != reading and (key, reading, r) not in self.free]
        return max(((self.gain(before, reading, r, behind), r) for r in others), default=(-math.inf, reading))

    def gain(self, before: str, reading: str, other: str, behind: str) -> float:
        """How many nats likelier the other reading is than the one."""
        known = [(before + reading, before + other)] * (before in self.singles)
        known += [(reading + behind, other + behind)] * (behind in self.singles)
        if sum(self.pairs[pair] for _, pair in known) < FEWEST:
            return -math.inf
        gain = sum(math.log((self.pairs[b] + UNSEEN) / (self.pairs[a] + UNSEEN)) for a, b in known)
        if len(known) == 2:
            gain += math.log((self.singles[reading] + 1) / (self.singles[other] + 1))
        return gain


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, metavar="DIR", action="append", default=[], required=True)
    parser.add_argument("--least", type=float, default=2.5, metavar="NATS")
    parser.add_argument("--show", type=int, default=40, metavar="COUNT")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    args = parser.parse_args()
    opinion = SecondOpinion(args.sources)
    for path in args.files:
        lines = corpus.untagged_lines(path)
        several = 0
        otherwise: list[tuple[float, str, str]] = []
        for start in range(0, len(lines), BATCH_LINES):
            given = "\n".join(lines[start : start + BATCH_LINES])
            written = hanfix.convert(given, to="hant-tw").text
            for at, (key, reading) in enumerate(zip(given, written, strict=True)):
                if reading not in opinion.readings.get(key, ()):
                    continue
                several += 1
                before, behind = written[at - 1 : at], written[at + 1 : at + 2]
                gain, other = opinion.on(key, before, reading, behind)
                if gain > args.least:
                    around = f"{written[max(0, at - 6) : at]}[{reading}→{other}]{written[at + 1 : at + 7]}"
                    otherwise.append((gain, before + other + behind, around.replace("\n", "⏎")))
        print(f"{path.name}: {several:,} characters with several readings, {len(otherwise):,} otherwise")
        kinds: set[str] = set()
        for gain, kind, around in sorted(otherwise, reverse=True):
            if kind not in kinds and len(kinds) < args.show:
                kinds.add(kind)
                print(f"{gain:5.1f} {around}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
