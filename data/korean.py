"""
What the letters of Hangul cost in Korean: the tables of ``rust/core/src/repair/korean.rs``.

    python data/korean.py    print them

Comes in: the Korean catalogues of Django, Sphinx and Wagtail, as pinned in sources.toml. Goes out: for each first
letter, vowel and last letter of a syllable, tenths of a nat. Never: a text of anybody's.
"""

from __future__ import annotations

import math
from collections import Counter

from build import Sources

PACKAGES = ("django", "sphinx", "wagtail")
LANGUAGES = ("/ko/", "/ko_KR/")
# First letters, vowels and last letters, in the order of code points from U+AC00 on.
FIRST, LETTERS = 0xAC00, {"INITIALS": 19, "VOWELS": 21, "FINALS": 28}
# What is rarer than one in a thousand costs no more than that.
MOST = 70


def letters(syllable: str) -> tuple[int, int, int]:
    """
    Which first letter, vowel and last letter.

    >>> letters("각")
    (0, 0, 1)
    """
    number = ord(syllable) - FIRST
    return number // 588, number // 28 % 21, number % 28


def main() -> None:
    """Print the tables."""
    sources = Sources()
    files = [(name, file) for name in PACKAGES for file in sources.pins[name]["files"]]
    text = "".join(
        sources.read(name, file).decode("utf-8") for name, file in files if any(part in file for part in LANGUAGES)
    )
    syllables = [character for character in text if "가" <= character <= "힣"]
    counts = [Counter(of) for of in zip(*map(letters, syllables), strict=True)]
    print(f"{len(syllables):,} syllables")
    for (name, length), count in zip(LETTERS.items(), counts, strict=True):
        costs = [min(MOST, round(-10 * math.log(max(1, count[at]) / len(syllables)))) for at in range(length)]
        print(f"{name}: {', '.join(map(str, costs))}")


if __name__ == "__main__":
    main()
