"""
How many of 1,000 paragraphs come back to the last character after a simulated mirror.

    python benchmarks/mirrors.py

Prints the figures in docs/decisions/gloss-in-bytes.md: glosses stripped by a pattern over characters,
and glosses undone in bytes; with a mirror's table of 45 characters, and with every collision forced.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from test_clean import GLOSSES, SENTENCES, collisions, mirrored

from hanfix import clean

PINYIN = re.compile(r"\??\(?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+\)")


def undone(mend: Callable[[str], str], collide: bool) -> int:
    """Paragraphs that come back, of 1,000."""
    dice, right = random.Random(5), 0
    for _ in range(1000):
        paragraph = "".join(dice.sample(SENTENCES, 4))
        struck = dice.sample(sorted(GLOSSES), 45) + (collisions(paragraph) if collide else [])
        right += mend(mirrored(paragraph, {c: GLOSSES[c] for c in struck})) == paragraph
    return right


def main() -> None:
    print(f"{'of 1,000 paragraphs':32} {'a table of 45':>14} {'every collision':>16}")
    for name, mend in (
        ("stripped by a pattern", lambda text: PINYIN.sub("", text)),
        ("undone in bytes", lambda text: clean(text, steps=["gloss"]).text),
    ):
        print(f"{name:32} {undone(mend, False):14} {undone(mend, True):16}")


if __name__ == "__main__":
    main()
