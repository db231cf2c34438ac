"""
Words whose last character makes another word with what stands behind it: 合影|後, where 影后 is a word.

Comes in: word lists. Goes out: lines to learn from. Never: a line of anybody's text.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import mainland
from readings_classes import DIGITS
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
# What stands for a number, and what is counted so and makes such a word: 7天後.
NUMBERS = (*DIGITS, *"NnXxkMm", "5 ", "7 ", "多", "餘", "整", "幾", "數")
COUNTED = "天元"

# Words that end as another begins, and what stands behind them: 封面|粉色 was 封|麵粉|色, 工頭|發話 工|頭髮|話.
BROKEN = (
    (
        """
        封面 桌面 地面 路面 牆面 湖面 海面 水面 表面 正面 背面 反面 側面 裡面 外面 上面 下面 前面 後面 對面 頁面 版面
        全面 四面 滿面 鞋面
        """,
        "粉色 粉紅色 粉紅 粉塵 粉刷 粉飾 粉化 粉白 粉嫩 粉末 包著 包了 包裹 包圍 包抄 包裝 包含 包覆 包括 包上",
    ),
    (
        """
        工頭 包工頭 寡頭 蛇頭 巨頭 教頭 街頭 鏡頭 石頭 丫頭 老頭 上頭 裡頭 外頭 前頭 後頭 牽頭 帶頭 回頭 碼頭 口頭 手頭
        心頭 源頭 勁頭 勢頭 多頭 空頭 龍頭 人頭 矛頭 苗頭 探頭 插頭 骨頭 舌頭 拳頭 額頭 眉頭 指頭 念頭 山頭 村頭 床頭
        橋頭 船頭 灘頭 渡頭 風頭 魔頭 鑽頭 機頭 磁頭 當頭 劈頭 起頭 零頭 年頭 浪頭 路頭
        """,
        """
        發現 發生 發表 發話 發火 發力 發文 發動 發作 發放 發起 發錢 發工資 發麻 發熱 發黑 發軟 發出 發問 發威 發難 發來
        發下 發了
        """,
    ),
    ("核准 獲准 批准 照准 允准 同意准 未准", "備案 備查 備用"),
)

# And such a word itself: without these, what is broken taught that 頭髮 is none (用頭發當線).
WHOLE = "頭髮"
BEFORE_WHOLE = "的 她 他 我 你 有 沒有 把 將 用 由 從 看 摸 梳 洗 染 燙 根 束 濕 和 、 ， 這 人".split()
BEHIND_WHOLE = "的 有 很 都 也 是 和 、 ， 。 上 裡 掉 別 就 在 被 像 真 太 還 剛 又 當 不 了".split()


def broken() -> list[str]:
    """Each word before some of what may follow it, so that each of these stands behind many."""
    found = [
        ANYTHING + before + WHOLE + BEHIND_WHOLE[(5 * k + n) % len(BEHIND_WHOLE)] + ANYTHING
        for k, before in enumerate(BEFORE_WHOLE)
        for n in range(8)
    ]
    for words, following in BROKEN:
        behind = following.split()
        for k, word in enumerate(words.split()):
            found += [
                ANYTHING + word + behind[(5 * k + n) % len(behind)] + ANYTHING for n in range(min(8, len(behind)))
            ]
    return found


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
