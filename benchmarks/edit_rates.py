"""
What clean changes in text that nobody has damaged on purpose, counted by kind.

    python benchmarks/edit_rates.py [--examples 3] FILE...

Comes in: files of text (``.txt``, ``.txt.gz``) or of lines of JSON with a field ``text`` (``.jsonl.gz``). Goes out:
for each file and kind, edits in a million characters, and some of them with what stands around. Prints the
figures in docs/limits.md, given the training text and the clean lines of the evaluation.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import corpus

from hanfix import clean

AROUND = 12


def texts(file: Path) -> Iterator[str]:
    """The texts of a file."""
    whole = corpus.text_of(file)
    if ".jsonl" in file.name:
        yield from (json.loads(line)["text"] for line in whole.splitlines())
    else:
        yield whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--examples", type=int, default=3)
    options = parser.parse_args()
    for file in options.files:
        read = 0
        found: dict[str, list[str]] = defaultdict(list)
        for text in texts(file):
            read += len(text)
            for edit in clean(text).edits:
                before, after = text[max(0, edit.start - AROUND) : edit.start], text[edit.end : edit.end + AROUND]
                found[edit.kind].append(f"{before}[{edit.old}→{edit.new}]{after}".replace("\n", "/"))
        count = sum(map(len, found.values()))
        print(f"{file.name}: {read:,} characters, {count:,} edits, {count / read * 1e6:,.0f} in a million")
        for kind, edits in sorted(found.items()):
            print(f"    {kind}: {len(edits):,}, {len(edits) / read * 1e6:,.0f} in a million")
            for example in edits[:: max(1, -(-len(edits) // options.examples))] if options.examples else []:
                print(f"        {example}")


if __name__ == "__main__":
    main()
