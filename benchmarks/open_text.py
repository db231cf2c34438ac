"""
What a character costs to convert where nearly every one has several readings.

    python benchmarks/open_text.py [ROUNDS]          nanoseconds a character, the best of ROUNDS (20)

Running text has one such character in ten. Made up text may have nothing else: it should cost no more
than twice as much.
"""

from __future__ import annotations

import sys
import time

import corpus

import hanfix

CHARACTERS = 400_000
OPEN = ("里", "后", "里发", "台后里", "后里面发干", "公裏", "皇後", "乾部", "國裏")


def nanoseconds(text: str, rounds: int) -> float:
    """The best of some rounds, for one character."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        hanfix.convert(text, to="hant")
        times.append(time.perf_counter() - started)
    return min(times) / len(text) * 1e9


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    texts = {
        "Simplified prose": corpus.simplified(CHARACTERS),
        "Traditional prose": corpus.traditional(CHARACTERS),
        **{f"{piece}{piece}…": piece * (CHARACTERS // len(piece)) for piece in OPEN},
    }
    for name, text in texts.items():
        print(f"{nanoseconds(text, rounds):6.1f} ns  {name}")


if __name__ == "__main__":
    main()
