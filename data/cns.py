"""
CNS 11643 beyond planes 1 and 2: ``cns.bin``, what EUC-TW and ISO-2022-CN-EXT have besides Big5.

Comes in: ``icu/cns11643.txt``, what ICU's converter reads, one line a row. Goes out: a cell a place.

    python data/cns.py --extract > data/icu/cns11643.txt      (with ICU's own ``uconv``, 72.1)
"""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build import Sources

MAGIC, VERSION = b"HFCN", 1
PLANES = (3, 4, 5, 6, 7, 15)
SIDE = 94
NONE = "\u3000"

HEAD = """\
# CNS 11643, planes 3 to 7 and 15, as ICU 72.1's converter euc-tw-2014 reads them.
# A line: plane, row, and the row's 94 characters; U+3000 where there is none. Made by
#   python data/cns.py --extract > data/icu/cns11643.txt
# Copyright 1991-2024 Unicode, Inc. Unicode License v3."""


def build(sources: Sources) -> bytes:
    """Header, the low 16 bits of every cell, and a bit for each: whether it is in plane 2 of Unicode."""
    low = [0] * (len(PLANES) * SIDE * SIDE)
    far = bytearray((len(low) + 7) // 8)
    for line in sources.read("icu", "cns11643.txt").decode("utf-8").splitlines():
        if line.startswith("#"):
            continue
        plane, row, characters = line.split(" ", 2)
        first = (PLANES.index(int(plane)) * SIDE + int(row, 16) - 0x21) * SIDE
        if len(characters) != SIDE:
            sys.exit(f"cns11643.txt: {plane} {row} has {len(characters)} characters")
        for cell, character in enumerate(characters, first):
            if character == NONE:
                continue
            code_point = ord(character)
            if code_point >> 16 not in (0, 2):
                sys.exit(f"cns11643.txt: U+{code_point:X} is in neither of the planes that the table can tell")
            low[cell] = code_point & 0xFFFF
            far[cell // 8] |= (code_point >> 17) << cell % 8
    return struct.pack("<4sIII", MAGIC, VERSION, len(PLANES), 0) + struct.pack(f"<{len(low)}H", *low) + bytes(far)


def extract() -> Iterator[str]:
    """The lines of the source, asked of ICU."""
    yield HEAD
    for plane in PLANES:
        raw = b"\n".join(
            bytes((0x8E, 0xA0 + plane, row, column)) for row in range(0xA1, 0xFF) for column in range(0xA1, 0xFF)
        )
        command = ["uconv", "-f", "euc-tw-2014", "-t", "utf-8", "--from-callback", "substitute"]
        read = subprocess.run(command, input=raw, capture_output=True, check=True).stdout.decode("utf-8").split("\n")
        cells = [one if one not in ("", "\ufffd") else NONE for one in read]
        for row in range(SIDE):
            characters = "".join(cells[row * SIDE : row * SIDE + SIDE])
            if characters.strip(NONE):
                yield f"{plane} {row + 0x21:02X} {characters}"


if __name__ == "__main__":
    if sys.argv[1:] != ["--extract"]:
        sys.exit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print("\n".join(extract()))
