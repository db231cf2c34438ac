"""
Given names: what stands behind an open character that may be the name of a family.

Comes in: a word list that marks the names of people. Goes out: how strongly each character speaks for a given name,
and people that no list has. 余志明 is in no list, 餘 is a hundred times commoner, and only 志 and 明 say that it is
a name.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import mainland
from readings_sounds import ANYTHING

if TYPE_CHECKING:
    from build import Sources
    from readings_classes import Classes

# What jieba calls a person; and whatever else is a name, which is no ordinary text.
PERSON = "nr"
NO_WORDS = (PERSON, "nrt", "nrfg")
# Families that are common, and are written alike in both scripts or by rule: their members' given names are counted.
COMMON = "张王李刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
# Families that Simplified text may write as it writes a word.
FAMILIES = "余于涂朴鍾姜范沈游岳谷胡葉鄭"
# How much oftener a character stands in given names than in words, for each level.
LEVELS = (0.8, 2.5, 8)
# Fewer names than this prove nothing; and what is added to the share of a character in words.
FEWEST, LEAST = 4, 2e-6
# What stands before a given name less often than before a place that looks like one: 畢業於吉林大學. What tells is the
# character before: 、于佩芝, 業於吉林.
NOT_BY_GIVEN = "于"
# Where neither of the two behind speaks for a name.
NO_GIVEN = "\x40"
# How often a word stands in jieba's texts that may be what follows 於 and begins like a given name: 吉林, 文化.
COMMON_WORD = 30
# How many such are made.
FOLLOWED = 3000
# How many of each family are made, and what stands around them. 余 is 餘 so often that it needs more.
MEMBERS = 200
MORE_MEMBERS = {"余": 400, "于": 800}
TITLES = (
    *("記者", "教授", "作者", "他叫", "選手", "和", "、", "「", "導演", "總經理", "主席", "隊員", "名叫", "妻子"),
    *("書記", "老師", "與", "演員", "，", "由", "：", "（", "）", "人：", "名：", "給", ANYTHING),
)
# What people of these families are called: 給涂經理 was 塗, and after a colon or a bracket 余校長 was 餘.
CALLED = """
先生 女士 小姐 老師 教授 校長 經理 總經理 主任 醫生 醫師 同學 局長 院長 部長 處長 科長 所長 董事長 隊長 教練 書記
記者 律師 法官 師傅 老闆 太太 阿姨 叔叔 大哥 市長 縣長 廠長 團長 司令 將軍 博士 護士 會計 主席 委員 議員 導演 助理
秘書 工程師 總 董 哥 姐 叔
""".split()
# 余父, but 於父親節.
BUT_YU = "導 伯 爸 媽 父 母".split()
BEFORE_CALLED = (
    *("：", "（", "）", "給", "找", "請", "對", "跟", "和", "、", "與", "，", "聽", "讓", "是", "人：", "由", "向"),
    *("問", "的", "」", "「", "謝謝", "感謝", "拜訪", "昨天", "今天", "這位", ANYTHING),
)
BEHIND_CALLED = ("說", "的", "，", "。", "：", "在", "來", "、", "和", "）", "是", "也", "就", "", ANYTHING, "您")
# What is left of them: 其餘老師.
LEFT = ("其餘", "其餘", "三十餘", "50餘", "剩餘", "數百餘")
# What ends like words that 於 stands behind: 由於, 給於.
NOT_OF_YU = ("給", "對", "跟", "向", "是", "由", ANYTHING)
DOES = (
    *("說", "表示", "的", "，", "、", "。", "和", "在", "獲得", "擔任", "主演", "報導", "先生", "」", "為", "等"),
    *("同志", "是", "奪冠", "認為", "結婚", "主持", "帶隊", ANYTHING),
)

# 余 and 于 often begin a line as a word: 餘弦, 於是.
TITLES_OF = {"余": TITLES, "于": ("", "", *(title for title in TITLES if title not in NOT_OF_YU))}


class People:
    """How strongly characters speak for a given name: 3, 2, 1, or not at all."""

    def __init__(self, sources: Sources, classes: Classes) -> None:
        given: list[str] = []
        common: list[str] = []
        names: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for word, times, part_of_speech in mainland.listed(sources):
            if part_of_speech == PERSON and len(word) == len("王小明") and word[0] in COMMON:
                given.append(word[1:])
                names.update(classes.key_of(word[1:]))
            elif part_of_speech not in NO_WORDS:
                if times >= COMMON_WORD and 1 < len(word) < 4:
                    common.append(word)
                for key in classes.key_of(word):
                    words[key] += times
        in_names, in_words = sum(names.values()), sum(words.values())
        self.levels: dict[str, int] = {}
        for key, count in sorted(names.items()):
            ratio = count / in_names / (words[key] / in_words + LEAST)
            if count >= FEWEST and ratio >= LEVELS[0]:
                self.levels[key] = sum(ratio >= level for level in LEVELS)
        closed = [name for name in given if not any(key in classes.readings for key in classes.key_of(name))]
        self.given = ["".join(map(classes.alone, name)) for name in closed]
        self.words = [
            "".join(map(classes.alone, word))
            for word in common
            if word[0] in self.levels and not any(key in classes.readings for key in classes.key_of(word))
        ]
        self.families = set(classes.key_of(classes.simplified(FAMILIES))) - set(NOT_BY_GIVEN)

    def behind(self, keys: str, at: int) -> str:
        """How much the two behind a place look like a given name."""
        one, two = (self.levels.get(key, 0) for key in (keys[at + 1 : at + 3] + "  ")[:2])
        return chr(ord(NO_GIVEN) + 4 * one + two)


def members(people: People, classes: Classes) -> list[str]:
    """People of families that Simplified text may write as a word does, with given names that others have."""
    dice = random.Random(19)
    found = []
    for family in FAMILIES:
        titles = TITLES_OF.get(family, (*TITLES, ""))
        for _ in range(MORE_MEMBERS.get(family, MEMBERS)):
            line = dice.choice(titles) + family + dice.choice(people.given) + dice.choice(DOES)
            found.append(classes.in_classes(line))
    return found


def called(classes: Classes) -> list[str]:
    """People of these families by what they are called, in places of all kinds, and the rest of such people."""
    dice = random.Random(37)

    def line(before: tuple[str, ...], who: str) -> str:
        return dice.choice(before) + who + dice.choice(BEHIND_CALLED)

    found = []
    for family in FAMILIES:
        is_yu = family == "于"
        before = tuple(place for place in BEFORE_CALLED if not is_yu or place not in NOT_OF_YU)
        titles = CALLED if is_yu else CALLED + BUT_YU
        found += [line(before, family + title) for title in titles for _ in range(3)]
    found += [line(BEFORE_CALLED, dice.choice(LEFT) + title) for title in CALLED for _ in range(4)]
    return list(map(classes.in_classes, found))


def no_members(people: People, lines: list[str], classes: Classes) -> list[str]:
    """
    What people wrote up to 於, and behind it a word that begins like a given name: 出生於 and 吉林.

    Members alone would teach that 於 before such a word is a family.
    """
    dice = random.Random(23)
    heads = sorted({line[: line.index("於") + 1][-8:] for line in lines if "於" in line[1:]})
    found = [dice.choice(heads) + dice.choice(people.words) + ANYTHING for _ in range(FOLLOWED)]
    # And where a line begins, or a clause: seldom, as people of the family do there.
    found += [before + "於" + word + ANYTHING for word in people.words[::20] for before in ("", "，")]
    return [classes.in_classes(line) for line in found]
