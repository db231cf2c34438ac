"""
Names that convert reads by what they sound like: how many come out wrong.

    pip install babel==2.19.0 jieba==0.42.1; python benchmarks/names.py

Six counts. CLDR's names of places, languages and currencies that are the same in both scripts but for their
characters: the converter has most of them as words. And phrases in which 里 stands behind a noun and before what
could begin a transliteration, where it is 裡. And nouns of jieba's list before 里: those that are counted 60 times or
more, which the converter learned from if Taiwan's list has them, and rarer ones, which it did not. And people of
families that Simplified text may write as a word does, with given names of jieba's list, of which the converter
learned some; and the same people in Traditional text, where nothing should change. And words of jieba's list before
后, which is 後 there: 合影|后, where 影后 is a word.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib import resources

from babel import Locale

import hanfix

KINDS = ("languages", "territories", "scripts", "variants", "currencies")
PHRASES = (
    "夜里图谋 这里什么 学校里夫妻 家里夫妻 森林里奥秘 盒子里米饭 缸里米不多 锅里米饭 碗里米 嘴里巴结 心里拉扯 "
    "衣柜里拉出 箱里拉 车里拉 屋里拉开 河里拉网 店里卡 系统里卡住 手里卡片 班里科目 公司里科长 生活里科学 电视里科比 "
    "城里科技 书里马克思 圈里马 村里马车 草原里马群 院里马厩 城里诺言 网里乌龟 池里乌龟 空气里尼古丁 广告里德国 "
    "球队里德国人 欧洲里德国 校园里斯斯文文 群里斯文 人群里比 班里比较 他眼里斯大林 心里多少 嘴里多 院里多年 城里达到 "
    "队里达成 课堂里特别 包里特制 年里特别 日子里格外 屋里格外 夜里格外 年里亚洲 市场里亚洲 家里安静 公园里安静 手里安 "
    "森林里维持 城里维修 村里维稳 厂里维修 省里维护 房里莫名 心里莫名 夜里莫 眼里莫 单位里莫 院里尼姑很多"
).split()

OTHER_FAMILIES = "张王李刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
FAMILIES = dict(zip("余于涂朴钟姜范", "余于涂朴鍾姜范", strict=True))
GIVEN = 300
# Behind these the queen is met as often.
QUEENS = "王皇太后"
# What stands around a person.
PLACES = (
    "记者{}报道",
    "{}说，",
    "由{}主演",
    "{}教授认为",
    "他叫{}。",
    "作者是{}",
    "，{}表示",
    "选手{}夺冠",
    "和{}结婚",
    "{}，男，",
)
# The same in Traditional text: each has a character that Simplified text has not.
TRADITIONAL_PLACES = (
    "記者{}報導",
    "{}說，",
    "由{}主演的電視劇",
    "{}教授認為",
    "他叫{}，是學者。",
    "作者是{}，譯者不詳",
    "，{}這樣表示",
    "選手{}奪冠",
    "和{}結婚",
    "{}，男，歌手，現居臺灣",
)


def names(tag: str) -> dict[tuple[str, str], str]:
    """Each name, by what it names."""
    locale = Locale.parse(tag)
    return {(kind, key): name for kind in KINDS for key, name in getattr(locale, kind).items()}


def pairs() -> Iterator[tuple[str, str]]:
    """A name in Simplified and in Traditional, where it is the same name."""
    simplify = hanfix.OpenCC("t2s").convert
    traditional = names("zh_Hant")
    for key, name in names("zh_Hans").items():
        other = traditional.get(key, "")
        if len(other) == len(name) and simplify(other) == simplify(name):
            yield name, other


def listed() -> Iterator[tuple[str, int, str]]:
    """jieba's words, how often each was counted, and its part of speech."""
    for line in resources.files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, times, part_of_speech = line.split(" ")
        yield word, int(times), part_of_speech


def nouns(least: int, most: int) -> list[str]:
    """Of two and three characters, counted so often."""
    found = []
    for word, times, part_of_speech in listed():
        if part_of_speech == "n" and len(word) in (2, 3) and "里" not in word and least <= times <= most:
            found.append(word)
    return found


def given_names() -> list[str]:
    """Some of those in jieba's list."""
    found = [word[1:] for word, _, kind in listed() if kind == "nr" and len(word) == 3 and word[0] in OTHER_FAMILIES]
    return random.Random(3).sample(found, GIVEN)


def people() -> Iterator[str]:
    """How often each family's name comes out wrong, in per cent."""
    given = given_names()
    for family, want in FAMILIES.items():
        yield f"{want} {share_wrong(PLACES, [family + name for name in given], want):.1f}"


def people_in_traditional() -> Iterator[str]:
    """How often each family's name is changed, in per cent."""
    given = hanfix.OpenCC("s2tw").convert("\n".join(given_names())).splitlines()
    for family in FAMILIES.values():
        yield f"{family} {share_wrong(TRADITIONAL_PLACES, [family + name for name in given], family):.1f}"


def share_wrong(places: tuple[str, ...], names: list[str], family: str) -> float:
    """Of all names in all places those that do not begin with the family, in per cent."""
    wrong = 0
    for place in places:
        lines = "\n".join(place.format(name) for name in names)
        written = hanfix.convert(lines, to="hant-tw").text.splitlines()
        wrong += sum(line[place.index("{")] != family for line in written)
    return 100 * wrong / len(names) / len(places)


def words_before_after() -> tuple[int, list[str]]:
    """How many lines have a word before 后, and those that become a queen's."""
    words = [
        word
        for word, times, kind in listed()
        if times >= 20
        and 2 <= len(word) <= 4
        and not kind.startswith(("nr", "ns"))
        and word[-1] not in QUEENS
        and "后" not in word
    ]
    given = [place.format(word) for word in words for place in ("，在{}后，", "{}后的", "在{}后他")]
    written = hanfix.convert("\n".join(given), to="hant-tw").text.splitlines()
    return len(written), [line for line in written if "后" in line]


def main() -> None:
    found = sorted(set(pairs()))
    wrong = [(name, want) for name, want in found if hanfix.convert(name, to="hant-tw").text != want]
    print(f"CLDR's names: {len(wrong)} of {len(found)} are wrong: {'、'.join(want for _, want in wrong)}")
    wrong_phrases = [phrase for phrase in PHRASES if "里" in hanfix.convert(phrase, to="hant-tw").text]
    print(f"nouns before 里: {len(wrong_phrases)} of {len(PHRASES)} are wrong: {'、'.join(wrong_phrases)}")
    for what, least, most in (("common", 60, 10**9), ("rare", 10, 59)):
        given = [f"在{noun}里{behind}" for noun in nouns(least, most) for behind in ("，", "的", "说")]
        written = hanfix.convert("\n".join(given), to="hant-tw").text.splitlines()
        wrong_lines = [line for line in written if "里" in line]
        print(
            f"{what} nouns before 里: {len(wrong_lines):,} of {len(written):,} are wrong: {'、'.join(wrong_lines[:10])}"
        )
    count, queens = words_before_after()
    print(f"words before 后: {len(queens):,} of {count:,} are wrong: {'、'.join(queens[:10])}")
    print(f"people, per cent wrong: {', '.join(people())}")
    print(f"people in Traditional text, per cent changed: {', '.join(people_in_traditional())}")


if __name__ == "__main__":
    main()
