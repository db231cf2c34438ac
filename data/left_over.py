"""
Learn which words of Simplified text have a character that was left in Traditional: ``regional/left_over.txt``.

    python data/left_over.py --sources DIR    write it, in OpenCC's format, for ``dictionaries.py``

Comes in: the words that jieba counts in Simplified text, what OpenCC writes for them in Traditional, and prose.
Goes out: each of them with one such character (特徵, 乾净, 看著), and what it is in Simplified; and the words that
have the character by right (乾坤, 名著), as they are, where one could be taken for another: 名著手稿 has no 著手.
Never: a character that tells its script, which convert has decided by then; a name of a person, who may be
called so; a word that is counted in the other spelling too; a character that prose of the mainland has in such
words (神祕, 夥伴): who writes so means it.

Needs the library itself, and jieba 0.42.1.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import re
from collections import Counter, defaultdict
from pathlib import Path

import mainland
from build import Sources

from hanfix import OpenCC, convert

FILE = Path(__file__).resolve().parent / "regional" / "left_over.txt"
PROSE = "common_voice_cn.txt.gz"
LONGEST = 4
# Words that are counted less often are mostly misspelt themselves.
LEAST = 5
# A spelling with a twentieth of the other's count is an error of those who were counted.
SHARE = 20
# 昇 is in names by right, since 2013 in the mainland too; 么 is what 麼 and 幺 become; 於 some write in Simplified
# for its looks (过於 in one of 2,300 sentences of natives).
STAY = "昇么於"

to_traditional = [OpenCC(name).convert for name in ("s2t", "s2tw")]
to_simplified = OpenCC("tw2s").convert


@functools.cache
def tells_nothing(character: str) -> bool:
    """Whether it may stand in Simplified text: by itself, convert leaves it there."""
    return convert(f"这{character}", to="hans").text[1:] == character


def left(word: str) -> set[str]:
    """The word with one of its characters that may be left in Traditional; with several, `closed` makes of these."""
    found: set[str] = set()
    for traditional in (write(word) for write in to_traditional):
        if len(traditional) != len(word):
            continue
        for at, (old, new) in enumerate(zip(word, traditional, strict=True)):
            if old != new and new not in STAY and tells_nothing(new):
                found.add(word[:at] + new + word[at + 1 :])
    return {wrong for wrong in found if to_simplified(wrong) == word}


def parts(word: str) -> set[str]:
    """All that it has in it, and itself."""
    return {word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1)}


def changed(wrong: str, word: str) -> set[str]:
    """The characters of one that the other has not."""
    return {old for old, new in zip(wrong, word, strict=True) if old != new}


def found(table: dict[str, str], prose: str) -> Counter[str]:
    """The characters that would be changed in a text, and how often."""
    any_key = re.compile("|".join(sorted(table, key=lambda key: (-len(key), key))))
    keys = (match[0] for match in any_key.finditer(prose))
    return Counter(character for key in keys for character in changed(key, table[key]))


def overlap(guard: str, wrong: str) -> bool:
    """Whether a word could be found in another, or begin in it."""
    begins = any(guard.endswith(wrong[:length]) for length in range(1, len(wrong)))
    return begins or wrong in guard


def learn(sources: Sources) -> dict[str, str]:
    """What becomes of each word."""
    counts: dict[str, int] = {}
    persons = set()
    for word, count, tag in mainland.listed(sources):
        if len(word) <= LONGEST:
            counts[word] = count
            if tag.startswith("nr"):
                persons.add(word)
    table: dict[str, str] = {}
    for word, times in counts.items():
        if len(word) > 1 and times >= LEAST and word not in persons:
            wrongs = left(word)
            table |= {wrong: word for wrong in wrongs if counts.get(wrong, 0) * SHARE <= times}
    prose = gzip.decompress(sources.read("train", PROSE)).decode("utf-8")
    meant = found(table | guards(table, counts), prose)
    print(f"{len(table)} words; left out, for {len(prose):,} characters of prose have them so: {dict(meant)}")
    table = {wrong: word for wrong, word in table.items() if not changed(wrong, word) & {*meant}}
    return table | guards(table, counts)


def guards(table: dict[str, str], counts: dict[str, int]) -> dict[str, str]:
    """What stays, though it has something in it that a word of the table is or begins with."""
    characters = set().union(*(changed(wrong, word) for wrong, word in table.items()))
    # 乾净俐落 is as wrong as 乾净, though jieba counts it.
    right = {
        word
        for word, count in counts.items()
        if len(word) > 1 and characters & {*word} and count >= LEAST and not any(part in table for part in parts(word))
    }
    seconds: dict[str, set[str]] = defaultdict(set)
    for word in right:
        if word[0] in characters:
            seconds[word[0]].add(word[1])
    # 有著名 is 有 and 著名, whichever of the two begins first.
    right |= {wrong + second for wrong in table for second in seconds[wrong[-1]]}
    by_character: dict[str, list[str]] = defaultdict(list)
    for wrong in table:
        for character in {*wrong}:
            by_character[character].append(wrong)
    near = {guard: {wrong for one in {*guard} for wrong in by_character[one]} for guard in right - set(table)}
    return {guard: guard for guard, wrongs in near.items() if any(overlap(guard, wrong) for wrong in wrongs)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, metavar="DIR", required=True, help="where the prose is")
    table = learn(Sources(parser.parse_args().sources))
    FILE.write_text("".join(f"{key}\t{table[key]}\n" for key in sorted(table)), encoding="utf-8")
    count = sum(key != value for key, value in table.items())
    print(f"{count} words that are put right, {len(table) - count} that stay")


if __name__ == "__main__":
    main()
