"""
The size of the wheel: it must stay small enough to be anybody's dependency.

    python benchmarks/wheel_size.py          build a wheel; exit 1 if it is larger than the limit
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Half of what OpenCC's wheel and a language model of a detector take together.
LIMIT_MB = 8.0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        # Python's own, so that the wheel is for the interpreter that asks.
        command = ["just", "wheel", folder, "--quiet", "--interpreter", sys.executable]
        subprocess.run(command, cwd=ROOT, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        size_mb = wheel.stat().st_size / 1e6
        print(f"{wheel.name}: {size_mb:.2f} MB, limit {LIMIT_MB:g} MB")
    return int(size_mb > LIMIT_MB)


if __name__ == "__main__":
    raise SystemExit(main())
