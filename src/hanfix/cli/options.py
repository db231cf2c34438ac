"""
What may be asked of the command, and what contradicts itself.

In: arguments, and the settings of a configuration file. Out: one frozen :class:`Options`, every
field checked. Never: a file is opened for writing here, so whatever is wrong with the arguments is
said before anything has changed.

``definitions`` has the options themselves; help, completion and the manual page are made from them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hanfix.cli.errors import Contradiction

if TYPE_CHECKING:
    import click

STAGES = ("decode", "repair", "clean", "convert")
FORMATS = ("text", "html", "md", "srt", "jsonl", "csv", "tsv", "parquet")
# Those of files that may have fields.
WITH_FIELDS = ("auto", "jsonl", "csv", "tsv", "parquet")
LOOKS = ("check", "diff", "detect", "explain")


@dataclass(frozen=True)
class Options:
    """
    Everything that was asked.

    Attributes:
        paths: As given; empty for standard input, or for those of ``files_from``.
        output: A file, or a folder where there are several inputs.
        backup: What is put behind the name of the file as it was; ``None`` for no such file.
        mode: ``write``, ``check``, ``diff``, ``detect`` or ``explain``.
        fields: Names of columns; empty for all that hold text.
    """

    paths: tuple[str, ...]
    to: str
    words: bool
    steps: tuple[str, ...]
    encoding: str | None
    format: str
    fields: tuple[str, ...]
    globs: tuple[str, ...]
    files_from: str | None
    nul: bool
    no_ignore: bool
    pooled: bool
    in_place: bool
    backup: str | None
    output: str | None
    output_encoding: str
    bom: str
    resume: bool
    mode: str
    check: bool
    json: bool
    report: str | None
    protect: tuple[str, ...]
    dictionary: str | None
    min_confidence: float
    strict: bool
    jobs: int
    quiet: bool
    verbose: bool

    @property
    def reads_stdin(self) -> bool:
        """Whether the input is standard input."""
        return self.files_from is None and (not self.paths or self.paths == ("-",))

    @property
    def is_telling(self) -> bool:
        """Whether every change is wanted, not only what comes of them."""
        return self.mode in ("diff", "explain") or self.report is not None or self.verbose


def parse_steps(value: str) -> tuple[str, ...]:
    """
    The stages of a comma-separated list, in their own order.

    >>> parse_steps("convert, decode")
    ('decode', 'convert')
    """
    asked = {step.strip() for step in value.split(",") if step.strip()}
    if unknown := asked - set(STAGES):
        raise Contradiction(f"--steps: no stage {', '.join(sorted(unknown))}; there are {', '.join(STAGES)}")
    if not asked:
        raise Contradiction(f"--steps: name at least one of {', '.join(STAGES)}")
    return tuple(stage for stage in STAGES if stage in asked)


def read_terms(path: str) -> tuple[str, ...]:
    """The terms of a file, one a line; lines that are empty or begin with ``# `` are not terms."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            lines = [line.strip() for line in file]
    except UnicodeDecodeError as wrong:
        raise Contradiction(f"--protect: {path}: not UTF-8 at byte {wrong.start}; save it as UTF-8") from None
    except OSError as wrong:
        raise Contradiction(f"--protect: {path}: {wrong.strerror}") from None
    return tuple(line for line in lines if line and not line.startswith("# ") and line != "#")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def mode_of(given: dict[str, Any]) -> str:
    """What is done with the text; at most one thing, but ``--check --diff`` shows what it found."""
    modes = [mode for mode in LOOKS if given[mode]]
    if modes == ["check", "diff"]:
        return "diff"
    if len(modes) > 1:
        raise Contradiction(f"--{modes[0]} and --{modes[1]}: choose one")
    return modes[0] if modes else "write"


def options_of(given: dict[str, Any]) -> Options:
    """
    The options that click has read.

    Raises:
        Contradiction: Two things were asked that exclude each other, or a file cannot be read.
    """
    terms = given["protect"]
    options = Options(
        paths=tuple(os.fsdecode(path) for path in given["paths"]),
        to=given["to"],
        words=given["words"],
        steps=parse_steps(given["steps"]),
        encoding=None if given["encoding"] == "auto" else given["encoding"],
        format=given["format"],
        fields=tuple(given["field"]),
        globs=tuple(given["glob"]),
        files_from=given["files_from"],
        nul=given["nul"],
        no_ignore=given["no_ignore"],
        pooled=given["pooled"],
        in_place=given["in_place"],
        backup=given["backup"],
        output=given["output"],
        output_encoding=given["output_encoding"],
        bom=given["bom"],
        resume=given["resume"],
        mode=mode_of(given),
        check=given["check"],
        json=given["json"],
        report=given["report"],
        protect=read_terms(terms) if isinstance(terms, str) else tuple(terms or ()),
        dictionary=given["dictionary"],
        min_confidence=given["min_confidence"],
        strict=given["strict"],
        jobs=given["jobs"] or cores(),
        quiet=given["quiet"],
        verbose=given["verbose"],
    )
    reject_contradictions(options)
    return options


def reject_contradictions(options: Options) -> None:
    """
    Raises:
        Contradiction: Two things were asked that exclude each other.
    """
    several = len(options.paths) > 1 or options.files_from is not None
    looks = "--check, --diff, --detect or --explain"
    if "-" in options.paths and several:
        raise Contradiction('"-" is standard input: it cannot stand beside other paths')
    if options.files_from is not None and options.paths:
        raise Contradiction("--files-from names the files: leave out other paths")
    if options.nul and options.files_from is None:
        raise Contradiction("-0 goes with --files-from")
    if options.in_place and options.output:
        raise Contradiction("--in-place and --output: choose one")
    if options.mode != "write" and (options.in_place or options.output):
        writing = "--in-place" if options.in_place else "--output"
        raise Contradiction(f"--{options.mode} only looks: leave out {writing}")
    if options.in_place and options.reads_stdin:
        raise Contradiction("--in-place needs a path: standard input has no place")
    if options.backup is not None and not options.in_place:
        raise Contradiction("--backup goes with --in-place")
    if options.backup is not None and (not options.backup or "/" in options.backup or "\0" in options.backup):
        raise Contradiction("--backup: a suffix such as .bak")
    if options.pooled and options.reads_stdin:
        raise Contradiction("--pooled reads everything twice: standard input can be read once; give a file")
    if options.pooled and "clean" not in options.steps:
        raise Contradiction("--pooled: --steps leaves clean out")
    if options.quiet and options.verbose:
        raise Contradiction("--quiet and --verbose: choose one")
    if several and options.mode == "write" and not (options.in_place or options.output):
        raise Contradiction(f"several paths: add --in-place, --output DIR, {looks}")
    if options.resume and not (options.in_place or options.output):
        raise Contradiction("--resume goes with --in-place or --output DIR")
    if options.json and options.mode not in LOOKS:
        raise Contradiction(f"--json goes with {looks}; --report FILE.jsonl goes with everything")
    if options.fields and options.format not in WITH_FIELDS:
        raise Contradiction(f"--field: {options.format} has no fields; jsonl, csv, tsv and parquet have")
    if options.encoding and "decode" not in options.steps:
        raise Contradiction("--encoding: --steps leaves decode out")
    if options.words and "convert" not in options.steps:
        raise Contradiction("--words: --steps leaves convert out")
    if options.min_confidence and "convert" not in options.steps:
        raise Contradiction("--min-confidence: --steps leaves convert out")


def make_command() -> click.Command:
    """The command, as click knows it."""
    from hanfix.cli.definitions import command

    return command
