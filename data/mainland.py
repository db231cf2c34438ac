"""
jieba's list of words: what the mainland writes, how often, and as what part of speech.

Comes in: the package jieba. Goes out: its rows, in its order. Never: a judgement of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from build import Sources


def listed(sources: Sources) -> Iterator[tuple[str, int, str]]:
    """Each word, its count, and its part of speech."""
    for line in sources.read("jieba", "dict.txt").decode("utf-8").splitlines():
        word, times, part_of_speech = line.split(" ")
        yield word, int(times), part_of_speech
