"""
Words of the converter's list that read a part otherwise than the part is read by itself.

    python benchmarks/odd_words.py --sources DIR

Comes in: a folder with what data/sources.toml pins. Goes out: the words, by the part that they read otherwise,
commonest part first. Most are right (控制程序 is no 製程), and what is not is seen at a glance: 中俄關系, 明里暗里.
Never: a part that is spelled in both ways.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import corpus

sys.path.insert(0, str(corpus.ROOT / "data"))

import build
from readings_classes import Classes
from readings_words import Lexicon

# Two spellings of a part are both ordinary if their costs differ by less, in tenths of a nat.
ORDINARY = 30


def parts(key: str) -> Iterator[tuple[int, str]]:
    """Where the parts of two to four characters begin, and the parts."""
    for start in range(len(key) - 1):
        for length in (2, 3, 4):
            if length < len(key) and start + length <= len(key):
                yield start, key[start : start + length]


def odd(words: dict[str, list[tuple[int, str]]]) -> dict[tuple[int, str], list[str]]:
    """For each part, by its cost and spelling, the words that have it otherwise."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for key, spelled in words.items():
        _, word = min(spelled)
        for start, part in parts(key) if word else ():
            known = sorted(spelling for spelling in words.get(part, ()) if spelling[1])
            written = word[start : start + len(part)]
            if known and written not in [spelling for cost, spelling in known if cost < known[0][0] + ORDINARY]:
                found[known[0]].append(word)
                break
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, metavar="DIR", action="append", default=[], required=True)
    sources = build.Sources(*parser.parse_args().sources)
    found = odd(Lexicon(sources, Classes(sources)).words)
    print(f"{sum(map(len, found.values())):,} words")
    for (_, part), words in sorted(found.items()):
        print(f"{part}: {' '.join(words)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
