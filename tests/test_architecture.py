"""
The walls of the house: what may know of what, what may be imported when, and what is nowhere.

A wall that a test holds needs no reviewer. Each looks at the files themselves, so that a room that
is added later is behind the walls from its first line.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "rust" / "core" / "src"
PACKAGE = ROOT / "src" / "hanfix"
STAGES = {"decode", "repair", "clean", "convert", "detect"}

# Past this, a file is split by meaning; one that is longer gives its reason here.
LONGEST = 600
LONGER_WITH_A_REASON: dict[str, str] = {}

# What `import hanfix` must not pay for; each is imported where it is first needed.
HEAVY = {"ftfy", "charset_normalizer", "click", "pyarrow", "pandas", "polars", "numpy", "asyncio", "unittest", "http"}

GENERATED = {"Cargo.lock"}
SOURCES = {".py", ".pyi", ".rs", ".toml", ".md", ".yml", ".yaml", ".txt", ".tsv", ".json", ""}


def project_files() -> list[Path]:
    """The files of the project, as git lists them; those of a source archive where there is no git."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [
            str(path.relative_to(ROOT)) for top in ("src", "tests", "docs", "data") for path in (ROOT / top).rglob("*")
        ]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def rooms_used(code: str, depth: int = 1) -> set[str]:
    """
    Every name that Rust code takes from the root of the crate, comments and strings aside.

    Args:
        code: What stands in a file.
        depth: How many modules below the root the file is: ``super`` so often leads to the root.
    """
    code = re.sub(r"//.*", "", code)
    code = re.sub(r'"(?:\\.|[^"\\])*"', '""', code)
    found = set()
    use = re.compile(r"^([ \t]*)(?:pub(?:\([^)]*\))?\s+)?use\s+([^;]+);", re.MULTILINE)
    # One that is indented stands in a module inside the file, one more below the root.
    for indent, path in use.findall(code):
        found |= {from_root(one, depth + bool(indent)) for one in expanded(path)}
    for path in re.findall(r"(?<![\w:])((?:crate|hanfix_core|super)(?:\s*::\s*\w+)+)", use.sub("", code)):
        found.add(from_root(path, depth))
    return found - {""}


def expanded(tree: str) -> list[str]:
    """The single paths of a ``use`` with braces."""
    tree = re.sub(r"\s+as\s+\w+", "", tree)
    head, brace, rest = tree.partition("{")
    if not brace:
        return [tree]
    inside = rest[: rest.rindex("}")]
    parts, level, part = [], 0, ""
    for character in inside:
        level += (character == "{") - (character == "}")
        if character == "," and not level:
            parts.append(part)
            part = ""
        else:
            part += character
    return [head + path for one in [*parts, part] if one.strip() for path in expanded(one)]


def from_root(path: str, depth: int) -> str:
    """The first name of a path below the crate's root, if that is where it begins."""
    names = re.findall(r"\w+", path)
    if names and names[0] in ("crate", "hanfix_core"):
        return names[1] if len(names) > 1 else ""
    supers = len(list(takewhile("super".__eq__, names)))
    return names[supers] if supers >= depth and supers < len(names) else ""


def rooms_of(file: Path) -> set[str]:
    """What a file of the core takes from the crate's root."""
    inside = file.relative_to(CORE)
    return rooms_used(file.read_text("utf-8"), len(inside.parts) - (inside.name == "mod.rs"))


def modules_imported(code: str) -> Iterator[str]:
    """Every module that Python code imports, anywhere in it, with the names taken from it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module or ''}.{name.name}" for name in node.names)


@pytest.mark.parametrize(
    "code",
    [
        "use crate::repair::Repaired;",
        "use crate::{\n    text,\n    repair,\n};",
        "let x = crate::repair::repair(text);",
        "use super::repair;",
        "use hanfix_core::repair as other;",
        "pub(crate) use crate::repair::*;",
        "use crate::{text::{self, CodeUnit}, repair::{chains::{A, B}, layers}};",
        "fn f() -> super::repair::Repaired {}",
    ],
)
def test_the_wall_sees_every_spelling(code: str) -> None:
    """A wall that can be walked around is none."""
    assert "repair" in rooms_used(code)


@pytest.mark.parametrize(
    "code",
    [
        "// use crate::repair;",
        'let x = "use crate::repair;";',
        "let repair = 1;",
        "fn repair() {}",
        "use step::repair;",
        "mod tests {\n    use super::repair;\n}",
        "use crate::text::repair;",
    ],
)
def test_the_wall_lets_the_innocent_pass(code: str) -> None:
    """A word is no import."""
    assert "repair" not in rooms_used(code)


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_no_stage_of_the_core_knows_another(stage: str) -> None:
    """Only pipeline.rs knows the order."""
    files = sorted((CORE / stage).rglob("*.rs"))
    assert files, f"{stage}: no such room"
    for file in files:
        others = rooms_of(file) & (STAGES - {stage} | {"pipeline"})
        assert not others, f"{file.relative_to(ROOT)} knows {others}"


def test_what_stages_share_knows_no_stage() -> None:
    """Shared words come before the rooms that use them."""
    rooms = [CORE / stage for stage in STAGES]
    for file in CORE.rglob("*.rs"):
        if file.name in ("lib.rs", "pipeline.rs") or any(room in file.parents for room in rooms):
            continue
        assert not rooms_of(file) & (STAGES | {"pipeline"}), file.relative_to(ROOT)


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_no_stage_of_the_package_knows_another(stage: str) -> None:
    """In Python as in Rust; a room asks the core for its own stage only."""
    code = (PACKAGE / f"_{stage}.py").read_text("utf-8")
    known = {name.rpartition(".")[2].lstrip("_") for name in modules_imported(code) if name.startswith("hanfix")}
    assert not known & (STAGES - {stage} | {"pipeline"})


def test_the_core_knows_no_python() -> None:
    """What the core does can be used and tested without an interpreter."""
    manifest = (CORE.parent / "Cargo.toml").read_text("utf-8")
    assert "pyo3" not in manifest
    assert all("pyo3" not in file.read_text("utf-8") for file in CORE.rglob("*.rs"))


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    """Past 600 lines a file is split by meaning, or says why not."""
    for file in project_files():
        if file.suffix not in {".py", ".rs"} or file.name in LONGER_WITH_A_REASON:
            continue
        lines = file.read_text("utf-8").count("\n")
        assert lines <= LONGEST, f"{file.relative_to(ROOT)}: {lines} lines"


def test_every_module_says_what_it_is() -> None:
    """The first thing in a file is what it is for."""
    for file in project_files():
        if file.suffix == ".py" and file.stat().st_size:
            assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), file.relative_to(ROOT)
        if file.suffix == ".rs":
            assert file.read_text("utf-8").startswith("//!"), file.relative_to(ROOT)


def test_every_unsafe_block_is_argued_for() -> None:
    """The core has few, and each has its proof beside it."""
    for file in project_files():
        if file.suffix != ".rs":
            continue
        code = file.read_text("utf-8")
        assert len(re.findall(r"\bunsafe\s*\{", code)) <= code.count("SAFETY:"), file.relative_to(ROOT)


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    """The project stands wherever it is put."""
    # Put together here, so that this file does not name them either.
    places = re.compile("/" + r"(?:home|Users|root|work|mnt)/[\w.]+", re.IGNORECASE)
    for file in project_files():
        if file.suffix not in SOURCES or file.name in GENERATED:
            continue
        found = places.search(file.read_text("utf-8", "replace"))
        assert not found, f"{file.relative_to(ROOT)}: {found and found[0]}"


def test_importing_the_package_imports_nothing_heavy() -> None:
    """Starting is quick because nothing is loaded before it is needed."""
    code = "import sys; before = set(sys.modules); import hanfix; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


def test_everything_public_is_documented_and_listed() -> None:
    """`hanfix.__all__` is the promise; nothing in it lacks a docstring."""
    import hanfix

    assert sorted(hanfix.__all__) == sorted(set(hanfix.__all__))
    for name in hanfix.__all__:
        thing = getattr(hanfix, name)
        assert name.startswith("__") or thing.__doc__, name
