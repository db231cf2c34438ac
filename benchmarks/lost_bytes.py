"""
How much of what lost bytes comes back, and how much comes back wrong without a word of it.

    python benchmarks/lost_bytes.py [--each 300] [--seed 1] TEXT...

Comes in: files of clean text (``.txt`` or ``.txt.gz``, UTF-8; of ``.jsonl.gz``, every string that is the value of
``text`` or ``gold``; of ``.whl``, the Chinese lines of its modules), best such as no table was made of. Goes out: for
strings of 4 to 64 characters cut from them, misread in ways that lose bytes, how many come back whole, how many are
said to have a loss, how many are left as they are, and how many are wrong and say nothing. Never: a string that lost
nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import corpus

import hanfix

sys.path.insert(0, str(corpus.ROOT / "data"))

import comments

LENGTHS = (4, 8, 16, 64)
# What UTF-8 was read as, the characters that this makes and that get lost, and what stands for them: what GBK lacks,
# private use that does not survive a clipboard, controls that do not.
WAYS = {
    "gbk ?": ("gbk", "\ufffd", "?"),
    "gbk \ufffd": ("gbk", "\ufffd", "\ufffd"),
    "gbk stripped": ("gb18030", "[\ue000-\uf8ff]", ""),
    "cp1252 ?": ("cp1252", "\ufffd", "?"),
    "latin-1 stripped": ("latin-1", "[\x80-\x9f]", ""),
}
COLUMNS = ("whole", "lost", "left", "wrong")


def texts_of(file: Path) -> Iterator[str]:
    """The lines of a file."""
    if file.suffix == ".whl":
        yield from comments.lines(file.read_bytes())
        return
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
                for name, (read, lost, mark) in WAYS.items():
                    misread = meant.encode().decode(read, "replace")
                    if not re.search(lost, misread) or (not mark and "\ufffd" in misread):
                        continue
                    garbled = re.sub(lost, mark, misread)
                    repaired = hanfix.repair(garbled)
                    for row in (f"{length} characters", name, "all"):
                        found[row, outcome(repaired, garbled, meant)] += 1
    print(f"{'strings':18} {'count':>7}" + "".join(f" {column:>7}" for column in COLUMNS) + "   of 100")
    for row in [f"{length} characters" for length in LENGTHS] + [*WAYS, "all"]:
        count = sum(found[row, column] for column in COLUMNS)
        shares = "".join(f" {100 * found[row, column] / max(1, count):7.1f}" for column in COLUMNS)
        print(f"{row:18} {count:7}{shares}")


def outcome(repaired: hanfix.Repaired, garbled: str, meant: str) -> str:
    """Which column a string counts in."""
    if repaired.text == meant:
        return "whole"
    if repaired.losses:
        return "lost"
    return "left" if repaired.text == garbled else "wrong"


if __name__ == "__main__":
    main()
