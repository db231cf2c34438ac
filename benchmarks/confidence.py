"""
Whether convert is as sure as it is right.

    python benchmarks/confidence.py [--to hant-tw] ROWS.jsonl.gz...

Comes in: rows with ``input`` in Simplified and ``gold`` as an author wrote it. Goes out: by confidence, how many
characters were weighed, how many of them are right, and how sure it was of them; then how many of all wrong characters
are among the places worth a look (less sure than 0.9), and how many such places there are. Never: a row of which the
output is not as long as gold.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from pathlib import Path

import hanfix
from hanfix.report import DOUBTFUL

BOUNDS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="ROWS")
    parser.add_argument("--to", default="hant-tw")
    args = parser.parse_args()
    # Regional forms of a character are no readings.
    same = hanfix.OpenCC("t2tw").convert
    weighed: dict[float, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    characters = looks = wrong = found = 0
    for file in args.files:
        for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines():
            row = json.loads(line)
            converted = hanfix.convert(row["input"], to=args.to)
            made, gold = same(converted.text), same(row["gold"])
            if not len(made) == len(gold) == len(row["input"]):
                continue
            characters += len(gold)
            errors = {at for at, (one, other) in enumerate(zip(made, gold, strict=True)) if one != other}
            doubts = converted.doubts()
            wrong, looks = wrong + len(errors), looks + len(doubts)
            found += len(errors & {doubt.start for doubt in doubts})
            for edit in (*converted.edits, *converted.kept):
                if edit.confidence < 1:
                    bucket = weighed[max(bound for bound in BOUNDS if bound <= edit.confidence)]
                    bucket[0] += 1
                    bucket[1] += edit.start not in errors
                    bucket[2] += edit.confidence
    print(f"{'from':>6} {'characters':>11} {'right':>7} {'sure':>7}   of 100")
    for bound in sorted(weighed):
        count, right, sure = weighed[bound]
        print(f"{bound:6.2f} {count:11,} {100 * right / count:7.1f} {100 * sure / count:7.1f}")
    print(f"below {DOUBTFUL}: {found} of {wrong} wrong characters, in {looks} places of {characters:,} characters")


if __name__ == "__main__":
    main()
