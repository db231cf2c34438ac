"""
What convert weighs the readings of open characters with: ``readings.bin``.

Comes in: character tables, word counts, and native sentences, as pinned in sources.toml. Goes out: keys and
their readings, words with costs, context weights; FORMAT.md has every field. Never: a sentence; only words
that a dictionary lists, and weights of single characters and pairs, survive.
"""

from __future__ import annotations

import gzip
import os
import re
import struct
import zlib
from typing import TYPE_CHECKING

from readings_classes import DIGITS, NOT_IN_HONG_KONG, Classes
from readings_edges import afterwards, broken
from readings_people import People, called, members, no_members
from readings_sounds import ANYTHING, Sounds, followed, inside, transliterations
from readings_training import CANTONESE, HONG_KONG, SOUNDS, STANDARD, Reader, pieces, train
from readings_words import CHANNELS, Lexicon

if TYPE_CHECKING:
    from build import Sources

MAGIC, VERSION = b"HFRD", 5
# Particles, pronouns and verbs that only Cantonese writes. A line that has one is read with its layer.
CANTONESE_MARKS = "嘅咗喺冇嚟哋啲嘢喇嗰佢嘥攞冚咩嗌𠮶瞓咁唔"
EPOCHS = 3
# Statutes are of one kind, and there are five times as many as of everything else: each second is enough.
LAW = 2
# How often each sentence of our own is learned from.
OWN = 3
COUNTED = DIGITS + "一兩二三四五六七八九十百千萬幾數"
NUMBERS = COUNTED + "每這那哪"
# Numbers that something is left over of, and what is counted so.
ROUND = DIGITS + "十百千萬"
LEFT_OVER = ("", "天", "年", "名", "人", "副", "華里", "公里", "里路", "華人", "家", "萬")
# What digits stand before.
MEASURES = ("里", "海里", "週", "周年", "斗", "齣戲")
ANIMALS = (*"狗貓鳥雞鴨羊豬", "猴子", *"小大黑白", "老鼠", *"手腳，。的")
# Animals, limbs and things that Simplified text counts as it writes only; by themselves most were 只.
MORE_ANIMALS = """
鴿子 蝴蝶 兔子 老虎 獅子 大象 狐狸 野狼 鹿 蜜蜂 蚊子 蒼蠅 蜘蛛 螞蟻 烏龜 青蛙 鱷魚 企鵝 海豚 鯨魚 鵝 公雞
母雞 麻雀 燕子 老鷹 松鼠 刺蝟 袋鼠 長頸鹿 恐龍 怪獸 怪物 熊 貓熊 熊貓 鸚鵡 烏鴉 天鵝 孔雀 鳳凰 仙鶴 貓頭鷹
蝙蝠 蟑螂 蟬 蜻蜓 蟋蟀 蝸牛 螃蟹 蝦 海豹 駱駝 驢 騾子 犀牛 河馬 豹 獵豹 猩猩 眼睛 耳朵 手臂 胳膊 翅膀 爪子
袖子 襪子 鞋子 靴子 手套 寵物 動物 小動物 小傢伙 野獸 昆蟲 幼崽 羔羊 綿羊 山羊 水牛 黃牛 流浪狗 金魚 蚯蚓
毛毛蟲 橘貓 柴犬 龍蝦 倉鼠 精靈 喪屍 殭屍 神獸 魔獸 靈獸 妖獸 基金 股票 個股 債券 花瓶 葫蘆 鍋 碗 杯子 箱子 氣球
燈籠 口紅 鐲子 玉瓶 船
""".split()
# Sentences of Hong Kong that have it are of a book of 1922: with them 畢業于 was as likely as 畢業於.
OLD = "于"
# What Hong Kong spells by a habit of its own, wherever it stands: each is learned among several neighbours.
HABITS = """
宣佈 公佈 頒佈 分佈 散佈 發佈 佈置 佈局 佈告 佈防 遍佈 密佈 夥計 合夥 慾望 食慾 僱主 僱員 僱用 解僱 僱傭 兇手 兇徒 行兇
周一 周二 周三 周四 周五 周六 周日 周末 周年 周刊 上周 下周 本周 每周 一周 兩周 周期 傢俬 商舖 店舖 舖位 地舖
佔領 佔據 佔有 佔用 佔地 霸佔 計劃 規劃 策劃 了解 註冊 盡量 盡快 古蹟 跡象 閒話 消閒 占士 占美 藉口 藉此 匯報 夥伴
佈滿 佈景 佈陣 佈展 佈線 擺佈 侵佔 搶佔 佔便宜 佔百分之 佔整體 覆核 覆診 註釋 周邊 周轉 周報 周遊 奇蹟 足跡 稱讚
春卷 蛋卷 花卷 鳳凰卷
""".split()
# What Hong Kong writes as Taiwan does. Its sentences are spoken ones, in which 係 and 麪 are oftener than 系 and 面:
# 面授 was 麪授, and 火系魔法 火係魔法.
AS_IN_TAIWAN = "面系干咸卷"
TIED = "繫"
NEIGHBOURS = (
    ("", ""),
    ("他", "了"),
    ("的", "的"),
    ("在", "，"),
    ("昨日", "，"),
    ("，", "會"),
    ("不", "。"),
    ("有", "是"),
    ("正式", "下"),
)
PAIR_BITS = 18
MULTIPLIER = 0x9E3779B1
WRONG_BITS = 20
TURNS_BITS = 19
INSIDE_BITS = 19
# Words rarer than this (tenths of a nat) are not looked for in wrong conversions.
WRONG_COST = 175
# Variants that only conversions wrote.
MISWRITTEN = {"凈": "淨"}
# What is written elsewhere, or was, and OpenCC's variants of Taiwan lack.
# And 帳 for 账, where OpenCC's standard has what Hong Kong writes: McBopomofo's counts have 帳戶 133 times and 賬戶 5,
# 結帳 48 and 結賬 4. Who writes 賬 keeps it.
TAIWAN_FORMS = dict(zip("説閲鋭衞鈎綫産鷄鬭鬪牀羣麽幷敍账", "說閱銳衛鉤線產雞鬥鬥床群麼并敘帳", strict=True))
# What people write and no conversion leaves or makes, but in these words: 覆核 in Hong Kong and 申覆 in Taiwan were
# 複核 and 申復. And of 晒 and 曬 Cantonese has both (甩晒, 曬命), as of 吓 and 嚇 (睇吓, 嚇親). 哩 ends what is said:
# 他有車哩 had a car's inside, 車裡.
WRITTEN_BY_PEOPLE: dict[str, tuple[str, ...]] = {
    "覆": ("重複",), "晒": (), "曬": (), "嚇": (), "哩": (),
    "吓": ("驚嚇", "恐嚇", "嚇唬", "嚇死", "嚇壞", "嚇倒", "嚇跑", "嚇一跳", "嚇阻", "威嚇"),
}  # fmt: skip
# What stands for a character that is no reading of its key.
NO_READING = 4


def build(sources: Sources) -> bytes:
    """The whole table."""
    classes = Classes(sources)
    lexicon = Lexicon(sources, classes)
    sounds = Sounds(sources, classes)
    people = People(sources, classes)
    reader = Reader(classes, lexicon, sounds, people)
    taiwan, hong_kong, cantonese = sentences(sources, classes)
    taiwan += (
        transliterations(sounds, classes)
        + followed(sounds, taiwan + hong_kong, classes)
        + inside(sounds, lexicon.taiwan, classes)
        + members(people, classes)
        + called(classes)
        + no_members(people, taiwan, classes)
        + afterwards(lexicon, sources, classes)
        + broken() * OWN
    )
    train(reader, taiwan + hong_kong, EPOCHS)
    train(reader, hong_kong + habits(classes) * OWN + as_in_taiwan(lexicon), EPOCHS, (STANDARD, HONG_KONG))
    train(reader, cantonese, EPOCHS, (STANDARD, HONG_KONG, CANTONESE))
    reader.prefer_certain()
    return pack(classes, lexicon, reader)


def sentences(sources: Sources, classes: Classes) -> tuple[list[str], list[str], list[str]]:
    """What people wrote: in Taiwan, in the written language of Hong Kong, and in Cantonese."""

    def lines(name: str) -> list[str]:
        text = gzip.decompress(sources.read("train", f"{name}.txt.gz")).decode("utf-8")
        found = pieces(map(classes.in_classes, filter(is_learned, text.splitlines())))
        return [line for line in found if any(key in classes.readings for key in classes.key_of(line))]

    marks = re.compile(f"[{CANTONESE_MARKS}]")
    drawn = classes.readings.keys() - {"吓"}
    hong_kong = lines("common_voice_hk")
    # Every other one of those that were counted before 吓 was open: another draw moves single figures by 0.1.
    laws = [line for line in lines("taiwan_law") if any(key in drawn for key in classes.key_of(line))]
    taiwan = lines("common_voice_tw") + laws[::LAW]
    taiwan += own(sources, classes)
    written = [line for line in hong_kong if not marks.search(line) and OLD not in line]
    written += own_lines(sources, classes, "hong_kong.txt") * OWN
    return taiwan, written, [line for line in hong_kong + lines("hkcancor") if marks.search(line)]


def own(sources: Sources, classes: Classes) -> list[str]:
    """Sentences written for this, several times each: what they show is meant to be learned."""
    lines = own_lines(sources, classes, "sentences.txt")
    for number in NUMBERS:
        lines += [f"{number}隻{animal}" for animal in ANIMALS]
    # Ten numbers for each.
    for k, animal in enumerate(MORE_ANIMALS):
        lines += [f"{ANYTHING}{number}隻{animal}{ANYTHING}" for number in NUMBERS[k % 4 :: 4]]
    lines += [f"{ANYTHING}{number}隻{ANYTHING}" for number in COUNTED]
    # 10余天: the singer is a word.
    lines += [f"{ANYTHING}{number}餘{counted}{ANYTHING}" for number in ROUND for counted in LEFT_OVER]
    # 30里路, 2週後.
    lines += [f"{ANYTHING}{digit}{measure}{ANYTHING}" for digit in DIGITS for measure in MEASURES]
    lines += [f"{ANYTHING}》云{end}" for end in ("：", "，", "「", "“", " ")]
    # 紅系, 該系: 係 goes on.
    lines += [f"{ANYTHING}系{end}" for end in ("", "，", "。", "、", "」")]
    lines += [f"{ANYTHING}{number}萬隻{ANYTHING}" for number in COUNTED]
    return lines * OWN


def own_lines(sources: Sources, classes: Classes, name: str) -> list[str]:
    """The sentences of a file of our own."""
    text = sources.read("own", name).decode("utf-8")
    return [classes.in_classes(line) for line in text.splitlines() if not line.startswith("#")]


def as_in_taiwan(lexicon: Lexicon) -> list[str]:
    """Words of the list that have but one spelling; but 係好 is so common in Cantonese that 繫好 is left out."""
    listed = sorted((key, words[0][1]) for key, words in lexicon.words.items() if len(words) == 1)
    return [word for key, word in listed if set(key) & set(AS_IN_TAIWAN) and TIED not in word]


def habits(classes: Classes) -> list[str]:
    """Words that Hong Kong spells its own way, and its count of flats, which is no 夥."""
    flats = [f"{number}伙{after}" for number in NUMBERS for after in ("", "，", "單位")]
    words = [before + word + after for word in HABITS for before, after in NEIGHBOURS]
    return [classes.in_classes(line) for line in words + flats]


def is_learned(line: str) -> bool:
    """All lines; to judge what is learned by, ``HANFIX_HELD_OUT=10`` keeps a tenth of them back."""
    parts = int(os.environ.get("HANFIX_HELD_OUT", "0"))
    return not parts or zlib.crc32(line.encode()) % parts != 0


def spread(codes: list[int]) -> int:
    """A hash of 32 bits: rust/core/src/tables/readings.rs has the same."""
    h = 0
    for code in codes:
        h = (h ^ code) * MULTIPLIER & 0xFFFFFFFF
        h ^= h >> 15
    return h


def pack(classes: Classes, lexicon: Lexicon, reader: Reader) -> bytes:
    keys = sorted(classes.readings)
    number = {key: k for k, key in enumerate(keys)}
    by_itself = alone(keys, classes, lexicon, reader)
    sections = [
        key_rows(keys, classes, lexicon, reader),
        pairs16({c: to for c, to in classes.fold.items() if c != to}),
        pairs32(classes.direct({})),
        pairs32(classes.direct({key: to[0] for key, to in classes.taiwan.items()}) | MISWRITTEN | TAIWAN_FORMS),
        pairs32(classes.direct(hong_kong(classes)) | MISWRITTEN),
        bytes(min(255, lexicon.characters.get(chr(cp), 150)) for cp in range(0x4E00, 0xA000)),
        *words(lexicon, classes, number),
        *contexts(reader, classes, number),
        wrong_pairs(lexicon, classes, number),
        names_of(reader.sounds, reader.people),
        struct.pack(f"<{len(CANTONESE_MARKS)}I", *sorted(map(ord, CANTONESE_MARKS))),
        bytes(reading for row in by_itself for reading in row),
        turns(lexicon, classes, {key: row[0] for key, row in zip(keys, by_itself, strict=True)}),
        insides(lexicon),
    ]
    body, offsets, start = b"", [], 8 + 8 * len(sections)
    for section in sections:
        offsets += [start + len(body), len(section)]
        body += section + bytes(-len(section) % 4)
    return MAGIC + struct.pack("<I", VERSION) + struct.pack(f"<{len(offsets)}I", *offsets) + body


def hong_kong(classes: Classes) -> dict[str, str]:
    """Hong Kong's forms, but for those that its authors do not write."""
    return {key: to[0] for key, to in classes.hong_kong.items() if key not in NOT_IN_HONG_KONG} | {"幷": "并"}


def pairs16(rows: dict[str, str]) -> bytes:
    rows = {c: to for c, to in rows.items() if ord(c) < 0x10000 and ord(to) < 0x10000}
    return b"".join(struct.pack("<2H", ord(c), ord(rows[c])) for c in sorted(rows))


def pairs32(rows: dict[str, str]) -> bytes:
    return b"".join(struct.pack("<2I", ord(c), ord(rows[c])) for c in sorted(rows))


def key_rows(keys: list[str], classes: Classes, lexicon: Lexicon, reader: Reader) -> bytes:
    """A key: itself, how many readings, which templates it has weights of, costs; readings in three forms."""
    out = []
    forms = hong_kong(classes)
    used = dict.fromkeys(keys, 0)
    for template, key, _, _ in {feature for feature, _ in reader.weights}:
        used[key] |= 1 << (min(template, SOUNDS) if template < CANTONESE else 7)
    for key in keys:
        readings = classes.readings[key]
        standard = []
        for reading in readings:
            own = [t for t in classes.to_traditional[key] if classes.in_classes(t) == reading]
            standard.append(own[0] if own else reading)
        if key == "台":
            standard[0] = "台"
        pad = [0] * (4 - len(readings))
        costs = [min(255, lexicon.readings[key, reading]) for reading in readings] + pad
        out.append(struct.pack(
            "<HBB4B4H4H4H", ord(key), len(readings), used[key], *costs,
            *([ord(r) for r in readings] + pad),
            *([ord(r) for r in standard] + pad),
            *([ord(forms.get(s, s)) for s in standard] + pad),
        ))  # fmt: skip
    return b"".join(out)


def words(lexicon: Lexicon, classes: Classes, number: dict[str, int]) -> tuple[bytes, bytes, bytes, bytes]:
    """Hashes in order with an index into them; cost and readings of each; lengths by first pair."""
    rows: dict[int, tuple[str, list[tuple[int, int]]]] = {}
    pairs = bytearray(1 << PAIR_BITS)
    for key in sorted(lexicon.words, key=lambda key: (min(lexicon.words[key])[0], key)):
        if any(ord(c) > 0xFFFF for c in key):
            continue
        h = spread([ord(c) for c in key])
        if h in rows:
            continue  # another, more frequent word has this hash
        values = []
        for cost, word in sorted(lexicon.words[key]):
            packed, shift = 0, 0
            for k, c in enumerate(key):
                if word and c in number:
                    packed |= classes.readings[c].index(word[k]) << shift
                    shift += 2
            values.append((min(255, cost), packed))
        rows[h] = key, values
        pairs[spread([ord(c) for c in key[:2]]) >> (32 - PAIR_BITS)] |= 1 << (len(key) - 2)
    flat = [(h, cost << 8 | packed) for h in sorted(rows) for cost, packed in rows[h][1]]
    hashes = struct.pack(f"<{len(flat)}I", *(h for h, _ in flat))
    costs = struct.pack(f"<{len(flat)}H", *(value for _, value in flat))
    return index([h for h, _ in flat], 15), hashes, costs, bytes(pairs)


def wrong_pairs(lexicon: Lexicon, classes: Classes, number: dict[str, int]) -> bytes:
    """
    A filter of what may be a word that was converted wrongly: two bits for the hash of a character and its neighbour.

    For every word and each of its open characters, whatever else that may have become, beside the neighbour
    in the word: the one before it, or behind it for the first. With one bit for each, 11 of 100 open
    characters of Traditional text were asked about; with two 7, which are in such words by right.
    """
    bits = bytearray(1 << WRONG_BITS >> 3)
    for key in lexicon.words:
        for cost, word in lexicon.words[key]:
            is_rare = cost > WRONG_COST and word not in lexicon.settled
            if not word or is_rare or any(ord(c) > 0xFFFF for c in key):
                continue
            for at, c in enumerate(key):
                if c not in number:
                    continue
                right = classes.readings[c].index(word[at])
                own = classes.readings[c].index(c) if c in classes.readings[c] else NO_READING
                for reading in {*range(len(classes.readings[c])), own} - {right}:
                    spelled = classes.readings[c][reading] if reading < NO_READING else c
                    # 圖象 in Traditional text was not converted, but is how some spell it.
                    if not lexicon.is_settled(word, at, c, spelled) or (spelled == c and c in CHANNELS):
                        continue
                    if word not in WRITTEN_BY_PEOPLE.get(spelled, (word,)):
                        continue
                    side = int(at == 0)
                    beside = key[at + 1] if side else key[at - 1]
                    if (beside, spelled, side) in lexicon.ordinary:
                        continue
                    h = spread([ord(beside), ord(c), reading << 1 | side])
                    for bit in (h >> (32 - WRONG_BITS), h & ((1 << WRONG_BITS) - 1)):
                        bits[bit >> 3] |= 1 << (bit & 7)
    return bytes(bits)


def alone(keys: list[str], classes: Classes, lexicon: Lexicon, reader: Reader) -> list[list[int]]:
    """
    What each key is read as by itself: as a rule, and where no context can turn that, or `NO_READING`.

    The second three times: in all text, and with the layers of Hong Kong, and of Cantonese.
    """
    features: dict[str, dict[int, dict[tuple[str, str], dict[str, int]]]] = {}
    for ((template, key, a, b), reading), weight in reader.weights.items():
        features.setdefault(key, {}).setdefault(template, {}).setdefault((a, b), {})[reading] = weight

    def of(key: str, layers: tuple[int, ...]) -> tuple[int, int]:
        readings = classes.readings[key]
        of_layers = {t: ways for t, ways in features.get(key, {}).items() if t & ~0xF in layers}
        cost = {r: min(255, lexicon.readings[key, r]) for r in readings}
        for template, ways in of_layers.items():
            if template & 0xF == 0:
                for r, weight in ways["", ""].items():
                    cost[r] -= weight
        best = min(readings, key=cost.__getitem__)
        for other in readings:
            # What each template says for the other, at most.
            turns = sum(
                max(0, *(weights.get(other, 0) - weights.get(best, 0) for weights in ways.values()))
                for template, ways in of_layers.items()
                if template & 0xF
            )
            if other != best and cost[other] - cost[best] <= turns:
                return readings.index(best), NO_READING
        return readings.index(best), readings.index(best)

    layers = ((STANDARD,), (STANDARD, HONG_KONG), (STANDARD, HONG_KONG, CANTONESE))
    return [[of(key, (STANDARD,))[0], *(of(key, given)[1] for given in layers)] for key in keys]


def turns(lexicon: Lexicon, classes: Classes, rule: dict[str, int]) -> bytes:
    """
    A filter of the words that read an open character otherwise than it is read by itself as a rule.

    Bits for the hash of neighbours in the word, and what they are: 0 and 1 for two of which the first or the second is
    the character; 2 and 3 if the two are the whole word; 4, 5 and 6 for three, the character first to last.
    """
    bits = bytearray(1 << TURNS_BITS >> 3)

    def add(keys: str, tag: int) -> None:
        h = spread([*map(ord, keys), tag]) >> (32 - TURNS_BITS)
        bits[h >> 3] |= 1 << (h & 7)

    for key, words in lexicon.words.items():
        for _, word in words:
            if not word or any(ord(c) > 0xFFFF for c in key):
                continue
            for at, c in enumerate(key):
                if c not in rule or classes.readings[c].index(word[at]) == rule[c]:
                    continue
                for start in range(max(0, at - 1), min(at, len(key) - 2) + 1):
                    add(key[start : start + 2], at - start)
                if len(key) == 2:
                    add(key, 2 + at)
                for start in range(max(0, at - 2), min(at, len(key) - 3) + 1):
                    add(key[start : start + 3], 4 + at - start)
    return bytes(bits)


def insides(lexicon: Lexicon) -> bytes:
    """A filter of where islands cannot end: a bit for the hash of any two that stand side by side in an open word."""
    bits = bytearray(1 << INSIDE_BITS >> 3)
    for key, words in lexicon.words.items():
        if any(word for _, word in words) and all(ord(c) <= 0xFFFF for c in key):
            for at in range(len(key) - 1):
                h = spread([ord(key[at]), ord(key[at + 1])]) >> (32 - INSIDE_BITS)
                bits[h >> 3] |= 1 << (h & 7)
    return bytes(bits)


def contexts(reader: Reader, classes: Classes, number: dict[str, int]) -> tuple[bytes, bytes, bytes]:
    """Hashes of features in order with an index into them; four weights each, one a reading."""
    weights: dict[int, list[int]] = {}
    for (feature, reading), weight in sorted(reader.weights.items()):
        template, key, a, b = feature
        if any(ord(c) > 0xFFFF for c in a + b):
            continue
        h = spread([template << 10 | number[key], ord(a) if a else 0, ord(b) if b else 0])
        weights.setdefault(h, [0, 0, 0, 0])[classes.readings[key].index(reading)] = weight
    flat = sorted(weights)
    packed = b"".join(struct.pack("<4b", *weights[h]) for h in flat)
    return index(flat, 13), struct.pack(f"<{len(flat)}I", *flat), packed


def names_of(sounds: Sounds, people: People) -> bytes:
    """Keys that transliterations and given names are made of, each with its levels."""
    keys = sorted({*sounds.levels, *people.levels})
    rows = [(ord(key), sounds.levels.get(key, 0) | people.levels.get(key, 0) << 2) for key in keys]
    return b"".join(struct.pack("<2H", *row) for row in rows)


def index(hashes: list[int], bits: int) -> bytes:
    """Where the hashes with each beginning start."""
    starts, at = [], 0
    for beginning in range((1 << bits) + 1):
        while at < len(hashes) and hashes[at] >> (32 - bits) < beginning:
            at += 1
        starts.append(at)
    return struct.pack(f"<{len(starts)}I", *starts)
