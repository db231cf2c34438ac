"""
Compile the tables that are embedded in the library, from pinned sources.

    python data/build.py [--sources DIR]...          write rust/core/src/tables/*.bin and MANIFEST
    python data/build.py --check [--sources DIR]...  compare instead; exit 1 if a table is not current

A source is a file of a Python package at a pinned version, or a file in a DIR; ``sources.toml`` names
each with its licence and SHA-256, and a file with another hash is refused. With ``--check``, a table
one of whose sources is not at hand is held to its hash in MANIFEST only, and named.
The same sources give the same bytes: nothing here asks the network, the clock or a hash order.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import characters
import cns
import dictionaries
import likelihood
import phrases
import readings
import scripts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent / "rust" / "core" / "src" / "tables"
MANIFEST = TABLES / "MANIFEST"


class MissingSource(Exception):
    """A pinned file is not on this machine."""


class Sources:
    """The pinned files; whatever a table is made of is read through here."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self.pins = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))

    def read(self, source: str, file: str) -> bytes:
        """
        The bytes of a pinned file.

        Raises:
            MissingSource: It is not here: the package is not installed, or ``--sources`` not given.
            SystemExit: It is here, but is not the file that was pinned.
        """
        pin = self.pins[source]
        if "package" in pin:
            try:
                raw = resources.files(pin["package"]).joinpath(file).read_bytes()
            except (ModuleNotFoundError, FileNotFoundError):
                raise MissingSource(f"{pin['package']} {pin['version']}: {file}") from None
        else:
            folders = [HERE / pin["folder"]] if "folder" in pin else self.folders
            paths = [path for folder in folders if (path := folder / file).exists()]
            if not paths:
                raise MissingSource(file)
            raw = paths[0].read_bytes()
        found = hashlib.sha256(raw).hexdigest()
        if found != pin["files"][file]:
            sys.exit(f"{source}: {file} is not the file pinned in sources.toml (sha256 {found})")
        return raw


def builders() -> dict[str, Callable[[Sources], bytes]]:
    """Every table by its file name, and what makes it."""
    return {
        "characters.bin": characters.build,
        "cns.bin": cns.build,
        "dictionaries.bin": dictionaries.build,
        "likelihood.bin": likelihood.build,
        "phrases.bin": phrases.build,
        "readings.bin": readings.build,
        "scripts.bin": scripts.build,
    }


def manifest() -> dict[str, str]:
    """The SHA-256 of every table, by name."""
    lines = MANIFEST.read_text().splitlines() if MANIFEST.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sources", type=Path, metavar="DIR", action="append", default=[],
        help="folder of sources that are no installed packages, wheels among them; may be given more than once",
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="compare with what is there; write nothing")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help="only these (default: all)")
    args = parser.parse_args()
    known = builders()
    if unknown := set(args.tables) - set(known):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")

    sources = Sources(*args.sources)
    listed = manifest()
    stale = []
    for name, build in known.items():
        if args.tables and name not in args.tables:
            continue
        path = TABLES / name
        try:
            made = build(sources)
        except MissingSource as missing:
            if not args.check:
                sys.exit(f"{name}: no {missing}; give --sources")
            if not path.exists() or sha256(path.read_bytes()) != listed.get(name):
                stale.append(name)
            print(f"{name}: held to MANIFEST only, no {missing}")
            continue
        if args.check:
            if not path.exists() or path.read_bytes() != made or listed.get(name) != sha256(made):
                stale.append(name)
            continue
        path.write_bytes(made)
        listed[name] = sha256(made)
        print(f"{name}: {len(made):,} bytes")
    if args.check:
        stale += [f"{name} (in MANIFEST, but nothing makes it)" for name in listed if name not in known]
        for name in stale:
            print(f"{name}: not current; run python data/build.py", file=sys.stderr)
        return 1 if stale else 0
    MANIFEST.write_text("".join(f"{listed[name]}  {name}\n" for name in sorted(listed) if name in known))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
