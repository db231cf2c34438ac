"""
How many lines of other languages repair takes for Chinese that was read wrongly.

    python benchmarks/foreign_lines.py [PACKAGE...]     default: django sphinx wagtail

Comes in: installed packages that have message catalogues (``.po``), in a hundred languages between them. Goes out: how
many lines and characters there are, and every line that comes back changed. Never: a line more than once a file.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import hanfix


def catalogues(package: str) -> list[Path]:
    """The message catalogues of an installed package."""
    spec = importlib.util.find_spec(package)
    folders = (spec and spec.submodule_search_locations) or []
    return sorted(path for folder in folders for path in Path(folder).rglob("*.po"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=["django", "sphinx", "wagtail"], metavar="PACKAGE")
    files = [path for package in parser.parse_args().packages for path in catalogues(package)]
    languages = {path.parent.parent.name for path in files}
    lines = characters = changed = 0
    for path in files:
        for line in sorted(set(path.read_text("utf-8").splitlines())):
            lines, characters = lines + 1, characters + len(line)
            repaired = hanfix.repair(line)
            if repaired.text != line:
                changed += 1
                print(f"  {path.parent.parent.name}: {line!r} -> {repaired.text!r}")
    print(f"{lines:,} lines, {characters:,} characters, in {len(languages)} languages: {changed} changed")


if __name__ == "__main__":
    main()
