"""
False repairs of clean text, counted.

    python benchmarks/false_positives.py [--million 100] [--seed 1] TEXT...

Comes in: files of clean text (``.txt`` or ``.txt.gz``, UTF-8, one sentence a line). Goes out: for each kind of
text made of them, how many characters were read and how many edits repair made; none is right. Never: a text of
which the gold is not itself.

Each line is read as it stands and in what it is found in: the other script, other punctuation, fields of JSON, CSV,
logs and markup, beside other languages, with a mark of a lost byte in it (which must stay where it is), and
shuffled clause by clause until the count is reached. ``lists`` are characters and names drawn at random from the
text's own, which no model of sentences knows; ``rows`` are signs of one kind, as in the options of a question.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import corpus

import hanfix

# What stands beside Chinese in the wild, and shares its bytes with mojibake.
OTHERS = [
    "café déjà-vu",
    "Größe über",
    "Привет, мир",
    "Ελλάδα",
    "ｱｲｳｴｵ",
    "カタカナ",
    "한국어",
    "naïve – “quoted”",
    "½ × 3 = 1½",
    "┌──┬──┐",
    "→ ✓ ★ ①②③",
    "№ 5 § 3 ° C",
    "Đường phố",
]
# What is written in rows of its own kind, in order; and in any order.
ALPHABETS = """
ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦㄧㄨㄩ āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü
АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмн ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ αβγδεζηθικλμνξοπρστυφχψω
ぁあぃいぅうぇえぉおかがきぎ ァアィイゥウェエォオカガキギ ｱｲｳｴｵｶｷｸｹｺ あいうえおかきくけこさしすせそ
""".split()
SIGNS = """
①②③④⑤⑥⑦⑧⑨⑩⑪⑫ ⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽ ⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑ ㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩ ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ
▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉ ─│┌┐└┘├┤┬┴┼ ═║╔╗╚╝╠╣╦╩╬ ←↑→↓↖↗↘↙ ∈∏∑√∝∞∟∠∥∧∨∩∪∫∮∴∵∶∷∽≈≌≠≡≤≥ ○●◎◇◆□■△▲▽▼☆★
㎎㎏㎜㎝㎞㎡㏄㏎㏑㏒㏕ ︵︶︷︸︹︺︿﹀︽︾﹁﹂﹃﹄︻︼ 々〃仝〆ゝゞ ℃℅℉№℡‰※ ㄧㄨㄩㄚㄛㄜㄞㄟㄠㄡㄢㄣㄤㄥˇˊˋ˙
""".split()
MARKS = str.maketrans({"，": ",", "。": ".", "？": "?", "！": "!", "：": ":", "；": ";"})


def kinds(dice: random.Random) -> dict[str, Callable[[str], str]]:
    """Every way that a line is found."""

    def beside(line: str) -> str:
        return f"{dice.choice(OTHERS)} {line} {dice.choice(OTHERS)}"

    def marked(line: str) -> str:
        at = dice.randrange(len(line) + 1)
        return line[:at] + dice.choice(["\ufffd", "?", "??", "\ufffd\ufffd"]) + line[at:]

    def listed(line: str) -> str:
        letters = [letter for letter in line if letter > "\u3400"] or ["字"]
        return dice.choice("、 ,|\t").join("".join(dice.choices(letters, k=dice.randint(1, 4))) for _ in range(12))

    def rows(line: str) -> str:
        many, at = dice.randint(3, 8), dice.randrange(len(line) + 1)
        row = dice.choice(ALPHABETS + SIGNS)
        first = dice.randrange(max(1, len(row) - many))
        in_order = row in ALPHABETS or dice.random() < 0.5
        signs = row[first : first + many] if in_order else "".join(dice.choices(row, k=many))
        return line[:at] + dice.choice(["", "", "、", " "]).join(signs) + line[at:]

    return {
        "as it stands": lambda line: line,
        "Simplified": lambda line: hanfix.convert(line, "hans").text,
        "Traditional": lambda line: hanfix.convert(line, "hant-tw").text,
        "ASCII marks": lambda line: line.translate(MARKS),
        "question marks": lambda line: line.translate(str.maketrans("，。、", "???")),
        "JSON": lambda line: json.dumps({"id": dice.randrange(999), "text": line, "by": "admin"}, ensure_ascii=False),
        "CSV": lambda line: f'{dice.randrange(9999)},"{line}",2024-05-01,,{line[:4]}',
        "log": lambda line: f"2024-05-01 12:00:{dice.randrange(60):02} INFO user={line[:3]} msg={line} ok?",
        "markup": lambda line: f'<p class="a">{line}</p><a href="/x?q={line[:2]}">{line[2:6]}</a>',
        "beside others": beside,
        "a lost byte": marked,
        "lists": listed,
        "rows": rows,
    }


def lines_of(files: list[Path], dice: random.Random) -> Iterator[str]:
    """The files' lines, and for ever after their clauses in another order."""
    whole: list[str] = []
    for file in files:
        whole += [line for line in corpus.text_of(file).splitlines() if line.strip()]
    yield from whole
    clauses = [clause for line in whole for clause in line.replace("。", "，").split("，") if clause]
    while True:
        yield "，".join(dice.choices(clauses, k=dice.randint(1, 5))) + "。"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path, metavar="TEXT")
    parser.add_argument("--million", type=float, default=100, help="characters to read")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="false repairs to print")
    args = parser.parse_args()
    dice = random.Random(args.seed)
    ways = kinds(dice)
    characters: Counter[str] = Counter()
    edits: Counter[str] = Counter()
    started = time.perf_counter()
    lines = lines_of(args.texts, dice)
    while characters.total() < args.million * 1e6:
        batch = [next(lines) for _ in range(500)]
        for name, way in ways.items():
            text = "\n".join(map(way, batch))
            characters[name] += len(text)
            found = hanfix.repair(text).edits
            for edit in found:
                edits[name] += 1
                if edits.total() <= args.show:
                    around = text[max(0, edit.start - 8) : edit.end + 8]
                    print(f"  {name}: {around!r}: {edit.old!r} -> {edit.new!r}", flush=True)
    print(f"{'kind':16} {'characters':>12} {'edits':>6} {'a million':>10}")
    for name in [*ways, "all"]:
        count, wrong = (characters.total(), edits.total()) if name == "all" else (characters[name], edits[name])
        print(f"{name:16} {count:12,} {wrong:6} {1e6 * wrong / count:10.3f}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
