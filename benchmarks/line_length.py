"""
What a character costs to decode in lines of several lengths.

    python benchmarks/line_length.py [ROUNDS]          nanoseconds a character, the best of ROUNDS (50)

Every 500 characters stands a name of three rare ones, as prose has them: what is so unlikely is looked
at closely, and a line of any length should cost no more for it than lines of its own would.
"""

from __future__ import annotations

import sys
import time

import corpus

import hanfix

CHARACTERS = 200_000
LENGTHS = (10, 25, 100, 1000, 10_000)
NAME, EVERY = "犇骉猋", 500


def prose() -> str:
    """Simplified text without line ends."""
    text = corpus.simplified(CHARACTERS).replace("\n", "")
    return NAME.join(corpus.pieces(text, EVERY))


def nanoseconds(text: str, encoding: str, rounds: int) -> float:
    """The best of some rounds, for one character."""
    data = text.encode(encoding)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        hanfix.decode(data)
        times.append(time.perf_counter() - started)
    return min(times) / len(text) * 1e9


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    text = prose()
    for length in LENGTHS:
        lines = "\n".join(corpus.pieces(text, length))
        print(f"{length:>6} characters a line: {nanoseconds(lines, 'gb18030', rounds):6.1f} ns")


if __name__ == "__main__":
    main()
