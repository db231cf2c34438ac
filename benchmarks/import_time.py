"""
What ``import hanfix`` adds to the start of an interpreter, and ``normalize --version`` to that.

    python benchmarks/import_time.py [ROUNDS]          milliseconds, the median of ROUNDS (31)

The interpreters are started in turn, so that a busy moment meets all of them. Goal: 30 ms.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

STARTS = {
    "bare interpreter": "pass",
    "import hanfix": "import hanfix",
    "normalize --version": "import sys; from hanfix.cli import main; sys.exit(main(['--version']))",
}


def start(code: str) -> float:
    """Milliseconds from start to end of an interpreter that runs ``code``."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 31
    for code in STARTS.values():
        start(code)
    times: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(rounds):
        for name, code in STARTS.items():
            times[name].append(start(code))
    bare = statistics.median(times["bare interpreter"])
    for name, taken in times.items():
        median = statistics.median(taken)
        print(f"{name:<22} {median:7.1f} ms   {median - bare:+7.1f} over a bare interpreter")


if __name__ == "__main__":
    main()
