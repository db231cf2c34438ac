"""
How much of what lost bytes comes back, and how much comes back wrong without a word of it.

    python benchmarks/lost_bytes.py [--each 300] [--seed 1] TEXT...

Comes in: files of clean text (``.txt`` or ``.txt.gz``, UTF-8; of ``.jsonl.gz``, every string that is the value of
``text`` or ``gold``), best such as no table was made of. Goes out: for strings of 4 to 64 characters cut from them,
misread in ways that lose bytes, how many come back whole, how many are said to have a loss, and how many are wrong
and say nothing. Never: a string that lost nothing.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import corpus

import hanfix

LENGTHS = (4, 8, 16, 64)
# What UTF-8 was read as, and what stands for the bytes that it lacks.
WAYS = (("gbk", "?"), ("gbk", "\ufffd"), ("cp1252", "?"))


def texts_of(file: Path) -> Iterator[str]:
    """The lines of a file."""
    lines = corpus.text_of(file).splitlines()
    if ".jsonl" not in file.suffixes:
        yield from lines
        return
    for line in lines:
        row = json.loads(line)
        yield from (row[key] for key in ("text", "gold") if isinstance(row.get(key), str))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path, metavar="TEXT")
    parser.add_argument("--each", type=int, default=300, help="strings of each length, from each file")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    found: Counter[tuple[str, str]] = Counter()
    for file in args.texts:
        whole = "".join(line.strip() for line in texts_of(file))
        for length in LENGTHS:
            for _ in range(args.each):
                start = dice.randrange(max(1, len(whole) - length))
                meant = whole[start : start + length]
                for read, mark in WAYS:
                    garbled = meant.encode().decode(read, "replace")
                    if "\ufffd" not in garbled:
                        continue
                    repaired = hanfix.repair(garbled.replace("\ufffd", mark))
                    way = "whole" if repaired.text == meant else "lost" if repaired.losses else "wrong"
                    for row in (f"{length} characters", f"{read} {mark}", "all"):
                        found[row, way] += 1
    print(f"{'strings':14} {'count':>7} {'whole':>7} {'lost':>7} {'wrong':>7}   of 100")
    for row in [f"{length} characters" for length in LENGTHS] + [f"{read} {mark}" for read, mark in WAYS] + ["all"]:
        count = sum(found[row, way] for way in ("whole", "lost", "wrong"))
        shares = "".join(f" {100 * found[row, way] / max(1, count):7.1f}" for way in ("whole", "lost", "wrong"))
        print(f"{row:14} {count:7}{shares}")


if __name__ == "__main__":
    main()
