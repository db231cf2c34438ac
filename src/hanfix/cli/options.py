"""
What may be asked of the command, and what contradicts itself.

In: arguments. Out: one frozen :class:`Options`, every field checked. Never: a file is opened for
writing here, so whatever is wrong with the arguments is said before anything has changed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import click

STAGES = ("decode", "repair", "clean", "convert")

HELP = """\
Usage: {program} [OPTIONS] [PATH]...         no PATH, or "-": stdin to stdout
  Decode, repair, tidy, and make the script consistent.

Target   -t, --to TARGET        hans|hant|hant-tw|hant-hk|auto|keep        [auto]
             --words            regional vocabulary too (软件 → 軟體)
             --steps LIST       of decode,repair,clean,convert             [all]
Input    -e, --encoding NAME    what the bytes are written in              [auto]
Output   -i, --in-place         rewrite the files [--backup .bak keeps the old]
         -o, --output PATH      a file; for several files, a folder
             --output-encoding  utf-8|keep                                 [utf-8]
             --bom              keep|add|drop                              [keep]
Inspect      --check            name the files that would change
             --diff             what would change, as a unified diff
             --detect           what each file is written in
             --explain          every change by kind, at its line:column
             --report FILE      all of it as JSON, a line for each input
Safety       --protect FILE     terms to leave as they are, one a line
             --dictionary FILE  your own words: key TAB value, as in OpenCC
             --strict           fail a file with bytes that are no text
Run      -j, --jobs N           files at a time                            [cores]
         -q, --quiet   -v, --verbose   --version   -h, --help
Exit     0 done · 1 --check found changes · 2 some input failed, the rest is done
"""


class Contradiction(Exception):
    """Options that cannot all be meant, as a sentence."""


@dataclass(frozen=True)
class Options:
    """
    Everything that was asked.

    Attributes:
        paths: As given; empty for standard input.
        output: A file, or a folder where there are several inputs.
        backup: What is put behind the name of the file as it was; ``None`` for no such file.
        mode: ``write``, ``check``, ``diff``, ``detect`` or ``explain``.
    """

    paths: tuple[str, ...]
    to: str
    words: bool
    steps: tuple[str, ...]
    encoding: str | None
    in_place: bool
    backup: str | None
    output: str | None
    output_encoding: str
    bom: str
    mode: str
    check: bool
    report: str | None
    protect: tuple[str, ...]
    dictionary: str | None
    strict: bool
    jobs: int
    quiet: bool
    verbose: bool

    @property
    def reads_stdin(self) -> bool:
        """Whether the input is standard input."""
        return not self.paths or self.paths == ("-",)


class OneScreen(click.Command):
    """A command whose help is a page that was set by hand: click's takes three screens."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(HELP.format(program=ctx.info_name))


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
        raise Contradiction(f"--protect: {path}: not UTF-8 at byte {wrong.start}") from None
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
    modes = [mode for mode in ("check", "diff", "detect", "explain") if given[mode]]
    if modes == ["check", "diff"]:
        return "diff"
    if len(modes) > 1:
        raise Contradiction(f"--{modes[0]} and --{modes[1]}: choose one")
    return modes[0] if modes else "write"


def reject_contradictions(options: Options) -> None:
    """
    Raises:
        Contradiction: Two things were asked that exclude each other.
    """
    several = len(options.paths) > 1
    if "-" in options.paths and several:
        raise Contradiction('"-" is standard input: it cannot stand beside other paths')
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
    if options.quiet and options.verbose:
        raise Contradiction("--quiet and --verbose: choose one")
    if several and options.mode == "write" and not (options.in_place or options.output):
        raise Contradiction("several paths: add --in-place, --output DIR, --check, --diff, --detect or --explain")
    if options.encoding and "decode" not in options.steps:
        raise Contradiction("--encoding: --steps leaves decode out")
    if options.words and "convert" not in options.steps:
        raise Contradiction("--words: --steps leaves convert out")


@click.command(cls=OneScreen, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-t", "--to", default="auto")
@click.option("--words", is_flag=True)
@click.option("--steps", default=",".join(STAGES))
@click.option("-e", "--encoding", default="auto")
@click.option("-i", "--in-place", is_flag=True)
@click.option("--backup")
@click.option("-o", "--output", type=click.Path())
@click.option("--output-encoding", type=click.Choice(["utf-8", "keep"]), default="utf-8")
@click.option("--bom", type=click.Choice(["keep", "add", "drop"]), default="keep")
@click.option("--check", is_flag=True)
@click.option("--diff", is_flag=True)
@click.option("--detect", is_flag=True)
@click.option("--explain", is_flag=True)
@click.option("--report", type=click.Path(dir_okay=False))
@click.option("--protect", type=click.Path(exists=True, dir_okay=False))
@click.option("--dictionary", type=click.Path(exists=True, dir_okay=False))
@click.option("--strict", is_flag=True)
@click.option("-j", "--jobs", type=click.IntRange(min=1))
@click.option("-q", "--quiet", is_flag=True)
@click.option("-v", "--verbose", is_flag=True)
@click.option("--version", is_flag=True, is_eager=True)
@click.pass_context
def command(context: click.Context, /, version: bool, **given: Any) -> int:
    """Read the arguments and do what they say."""
    if version:
        from hanfix import __version__

        click.echo(f"hanfix {__version__}")
        return 0
    options = Options(
        paths=given["paths"],
        to=given["to"],
        words=given["words"],
        steps=parse_steps(given["steps"]),
        encoding=None if given["encoding"] == "auto" else given["encoding"],
        in_place=given["in_place"],
        backup=given["backup"],
        output=given["output"],
        output_encoding=given["output_encoding"],
        bom=given["bom"],
        mode=mode_of(given),
        check=given["check"],
        report=given["report"],
        protect=read_terms(given["protect"]) if given["protect"] else (),
        dictionary=given["dictionary"],
        strict=given["strict"],
        jobs=given["jobs"] or cores(),
        quiet=given["quiet"],
        verbose=given["verbose"],
    )
    reject_contradictions(options)
    from hanfix.cli.run import Run

    return Run(options, context.info_name or "normalize").go()
