"""
Text to measure with: made here, so that anybody can run every figure.

In: a size. Out: the same text each time, of sentences of the example article in random order, as a
whole or damaged. Never: a figure that depends on a file that is not in the repository.
"""

from __future__ import annotations

import gzip
import random
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples"))

import damage  # noqa: E402  found only now

ARTICLE = (ROOT / "examples" / "article.hant-tw.txt").read_text("utf-8")
LINE_CHARACTERS = 80
# What a corpus has behind each word.
TAG = re.compile(r"/[A-Za-z]+ *")


@cache
def traditional(characters: int) -> str:
    """Correct Traditional text as written in Taiwan."""
    sentences = [line for line in ARTICLE.split("\n") if len(line) > 20 and line.count("。") >= 1 and "://" not in line]
    draw = random.Random(characters)
    lines: list[str] = []
    length = 0
    while length < characters:
        lines.append(draw.choice(sentences))
        length += len(lines[-1]) + 1
    return "\n".join(lines)[:characters]


@cache
def simplified(characters: int) -> str:
    """The same in Simplified."""
    import hanfix

    return hanfix.OpenCC("tw2s").convert(traditional(characters))


@cache
def mirrored(characters: int) -> str:
    """With half-width marks, and pinyin put behind characters byte by byte."""
    return "\n".join(damage.mirrored(line) for line in traditional(characters).split("\n"))


@cache
def misread(characters: int) -> str:
    """UTF-8 read as Windows-1252, nothing lost."""
    return damage.windows_mojibake(traditional(characters))


def text_of(file: Path) -> str:
    """A file of UTF-8 that may be compressed (``.gz``)."""
    raw = file.read_bytes()
    return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")


def pieces(text: str, size: int) -> list[str]:
    """A text in pieces of ``size`` characters."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def untagged_lines(path: Path) -> list[str]:
    """The lines of a file of other people's, without what is behind each word."""
    text = text_of(path)
    return (TAG.sub("", text) if TAG.search(text, 0, 1000) else text).splitlines()
