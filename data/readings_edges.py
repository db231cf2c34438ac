"""
Words whose last character makes another word with what stands behind it: 合影|後, where 影后 is a word.

Comes in: word lists. Goes out: lines to learn from. Never: a line of anybody's text.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import mainland
from readings_sounds import ANYTHING
from readings_words import HAN, NAMES

if TYPE_CHECKING:
    from build import Sources
    from readings_classes import Classes
    from readings_words import Lexicon

# What stands behind words of all kinds, and the word that is spelled the same in Simplified.
AFTER, QUEEN = "後", "后"
# How often such a word is counted in jieba's texts.
LEAST = 5
# But of a king, an emperor's house and the exalted the queen herself is met oftener: 國王和王后.
RATHER_QUEENS = "王皇太"
# What stands before the queens themselves, and behind both.
BEFORE_QUEENS = (
    "",
    ANYTHING,
    "，",
    "的",
    "一代",
    "成為",
    "新科",
    "和",
    "、",
    "與",
    "位",
    "小",
    "老",
    "亞洲",
    "世界",
    "是",
)
BEHIND = ("", ANYTHING, ANYTHING, "，", "的", "在" + ANYTHING, "是" + ANYTHING, "他" + ANYTHING)
DIGITS = "0123456789０１２３４５６７８９"
# What stands for a number, and what is counted so and makes such a word: 7天後.
NUMBERS = (*DIGITS, *"NnXxkMm", "5 ", "7 ", "多", "餘", "整", "幾", "數")
COUNTED = "天元"


def afterwards(lexicon: Lexicon, sources: Sources, classes: Classes) -> list[str]:
    """
    Words before 後 whose last character makes a word with 后, and these words in places of their own.

    Without them 合影后, 进球后 and 第二天后 had 影后, 球后 and 天后 in them, as 420 of 70,860 words had.
    """
    dice = random.Random(29)
    key = classes.key_of(classes.simplified(QUEEN))
    queens = sorted(
        words[0][1] for listed, words in lexicon.words.items() if len(listed) == 2 and words[0][1].endswith(QUEEN)
    )
    last = {classes.key_of(classes.simplified(queen[0])) for queen in queens} - set(RATHER_QUEENS)
    before = [number + counted for number in NUMBERS for counted in COUNTED]
    for word, times, part_of_speech in mainland.listed(sources):
        listed = classes.key_of(word)
        if times < LEAST or part_of_speech in NAMES or not HAN.match(word) or not 2 <= len(word) <= 4:
            continue
        if listed[-1] not in last or listed + key in lexicon.words:
            continue
        if not any(character in classes.readings for character in listed):
            before.append("".join(map(classes.alone, word)))
        elif words := lexicon.words.get(listed):
            before.append(words[0][1])
    # What is seen but once is not learned. Both end alike: with 的 behind queens alone, all that 的 followed was one.
    found = [ANYTHING + word + AFTER + dice.choice(BEHIND) for word in before for _ in range(3)]
    return found + [before + queen + dice.choice(BEHIND) for queen in queens for before in BEFORE_QUEENS * 2]
