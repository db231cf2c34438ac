"""
How well a line tells that it is Cantonese, and what a text makes of its lines.

    python benchmarks/cantonese.py FILE.txt.gz...

Comes in: files with a sentence a line. Goes out: for each, how many of its lines have a character that only Cantonese
writes; among how many ideographs one stands at the least, in a line that has any; and how many characters are written
otherwise for Hong Kong in the whole file than line by line. Never: a line without an ideograph.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

import hanfix

# As data/readings.py has them.
MARKS = frozenset("嘅咗喺冇嚟哋啲嘢喇嗰佢嘥攞冚咩嗌𠮶瞓咁唔")


def ideographs(line: str) -> int:
    """How many there are."""
    return sum("㐀" <= c <= "鿿" or c > "\U0001ffff" for c in line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    print(f"{'':24} {'lines':>7} {'marked':>7} {'one in':>7} {'otherwise':>10}")
    for path in parser.parse_args().files:
        lines = [line for line in gzip.decompress(path.read_bytes()).decode().splitlines() if ideographs(line)]
        marked = [line for line in lines if not MARKS.isdisjoint(line)]
        one_in = max((ideographs(line) / sum(c in MARKS for c in line) for line in marked), default=0.0)
        whole = hanfix.convert("\n".join(lines), to="hant-hk").text
        alone = "\n".join(hanfix.convert(line, to="hant-hk").text for line in lines)
        otherwise = sum(a != b for a, b in zip(whole, alone, strict=True))
        print(f"{path.name:24} {len(lines):7,} {len(marked):7,} {one_in:7.1f} {otherwise:10,}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
