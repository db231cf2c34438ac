"""
Where one word becomes two, and where text does not come back: what convert gets wrong, in texts without an answer.

    pip install jieba==0.42.1; python benchmarks/consistency.py [--show 40] FILE...

Comes in: files of Simplified text (``.txt`` or ``.txt.gz``; words of ``word/class word/class`` are put together). Goes
out: how many of jieba's words have several spellings in Traditional, each with its rarest, which is an error or a free
spelling; and how many characters are others once the text is back in Simplified, by what they became. Never: a word
that has two spellings as often the one as the other.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

import corpus
import jieba

import hanfix

# A spelling with more of its word's places than this is one of two ordinary ones.
RARE = 0.35
# What is shown around a place.
BEFORE, BEHIND = 8, 6


def around(text: str, start: int, end: int) -> str:
    """A place and its neighbours, on one line."""
    return f"{text[max(0, start - BEFORE) : start]}[{text[start:end]}]{text[end : end + BEHIND]}".replace("\n", " ")


def spellings(simplified: str, traditional: str) -> list[tuple[float, str]]:
    """Words that are seldom spelled as they mostly are: the oddest first, with an example of each."""
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    start = 0
    for word in jieba.cut(simplified, HMM=False):
        end = start + len(word)
        if len(word) > 1:
            places[word][traditional[start:end]].append(start)
        start = end
    found = []
    for word, written in places.items():
        if len(written) < 2:
            continue
        whole = sum(map(len, written.values()))
        usual = max(written, key=lambda spelling: (len(written[spelling]), spelling))
        for spelling, at in written.items():
            if spelling != usual and len(at) / whole < RARE:
                example = around(traditional, at[0], at[0] + len(word))
                found.append((len(at) / whole**0.5, f"{usual} {spelling} {len(at)} of {whole}: {example}"))
    return sorted(found, reverse=True)


def lost(simplified: str, back: str) -> tuple[Counter[str], dict[str, str]]:
    """What became another character on the way there and back, and an example of each."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for at, (was, now) in enumerate(zip(simplified, back, strict=True)):
        if was != now:
            counts[was + now] += 1
            examples.setdefault(was + now, around(simplified, at, at + 1))
    return counts, examples


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", type=int, default=40, metavar="COUNT")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    args = parser.parse_args()
    for path in args.files:
        simplified = "\n".join(corpus.untagged_lines(path))
        traditional = hanfix.convert(simplified, to="hant-tw").text
        rare = spellings(simplified, traditional)
        print(f"{path.name}: {len(simplified):,} characters, {len(rare)} words with a rare spelling")
        for _, line in rare[: args.show]:
            print(f"  {line}")
        counts, examples = lost(simplified, hanfix.convert(traditional, to="hans").text)
        print(f"{path.name}: {counts.total()} characters are others when back")
        for pair, count in counts.most_common(args.show):
            print(f"  {pair[0]} to {pair[1]} {count}: {examples[pair]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
