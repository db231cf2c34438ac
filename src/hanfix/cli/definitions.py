"""
The options themselves: click reads the arguments with them, and completion and the manual page are
made from them. The page that ``--help`` prints is in ``screen``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from hanfix.cli import screen
from hanfix.cli.options import FORMATS, STAGES, options_of
from hanfix.cli.stdio import to_bytes, write_stdout

SHELLS = ("bash", "zsh", "fish")


class OneScreen(click.Command):
    """A command whose help is a page that was set by hand."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(screen.page(ctx.info_name or "normalize"))


class Text(click.types.StringParamType):
    """Characters. What the locale could not read is UTF-8: a name is the same in every locale."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            try:
                return os.fsencode(value).decode()
            except UnicodeDecodeError:
                self.fail("not valid UTF-8", param, ctx)
        return str(value)


TEXT = Text()
TARGETS = ["hans", "hant", "hant-tw", "hant-hk", "auto", "keep"]
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def option(*names: str, help: str, **settings: Any) -> Callable[[Decorated], Decorated]:
    """An option; its help is what the manual page says of it."""
    return click.option(*names, help=help, **settings)


# fmt: off
@click.command(cls=OneScreen, context_settings={"help_option_names": ["-h", "--help"]})
# Not looked into here: one that cannot be read fails when its turn comes, and the others are done.
@click.argument("paths", nargs=-1, type=click.Path(readable=False))
@option(
    "-t", "--to", type=TEXT, default="auto", metavar="TARGET", shell_complete=lambda *_: list(TARGETS),
    help="What the text is written in afterwards: hans is Simplified, hant Traditional with regional forms left as "
    "they are, hant-tw and hant-hk as in Taiwan and in Hong Kong; auto is the script that most of the text is in, "
    "decided once for all files; keep converts nothing. Tags such as zh-Hant-TW and zh-CN are understood.",
)
@option("--words", is_flag=True, help="Also change the words that regions have for things: 软件 becomes 軟體.")
@option(
    "--steps", type=TEXT, default=",".join(STAGES), metavar="LIST",
    help="The stages that run, of decode, repair, clean and convert, joined by commas.",
)
@option(
    "-e", "--encoding", type=TEXT, default="auto", metavar="NAME",
    help="What the bytes are likely written in. It counts as evidence, and loses to bytes that contradict it.",
)
@option(
    "-f", "--format", type=click.Choice(["auto", *FORMATS]), default="auto",
    help="What the files are. auto goes by the suffix of each, behind which .gz, .zst, .bz2 or .xz may stand; what "
    "has no suffix that is known is text. Only texts change; markup, code, keys and time codes stay byte for byte.",
)
@option(
    "--field", type=TEXT, multiple=True, metavar="NAME",
    help="A field of JSON lines or a column of CSV or Parquet that is text; may be repeated. Fields in fields are "
    "joined by dots. All fields are, if none is named.",
)
@option(
    "-g", "--glob", type=TEXT, multiple=True, metavar="PATTERN",
    help="Of the files in folders, only those that match; with ! in front, only those that do not. As in ripgrep.",
)
@option(
    "--files-from", type=click.Path(), metavar="FILE",
    help='Read the paths from a file, one a line; "-" is standard input.',
)
@option("-0", "nul", is_flag=True, help="The paths of --files-from end in NUL, as find -print0 writes them.")
@option("--no-ignore", is_flag=True, help="Do not heed .gitignore, .ignore and git's other lists.")
@option("-i", "--in-place", is_flag=True, help="Rewrite the files. One that stays as it is is not touched.")
@option("--backup", metavar="SUFFIX", help="With --in-place, keep the old file with this behind its name.")
@option(
    "-o", "--output", type=click.Path(readable=False), metavar="PATH",
    help="Write to this file; for several files, to this folder, in which they lie as they did in theirs.",
)
@option(
    "--output-encoding", type=click.Choice(["utf-8", "keep"]), default="utf-8",
    help="Write UTF-8, or what each file was written in.",
)
@option(
    "--bom", type=click.Choice(["keep", "add", "drop"]), default="keep",
    help="What becomes of a byte order mark.",
)
@option(
    "--resume", is_flag=True,
    help="Skip what an earlier run with the same options finished before it was stopped.",
)
@option("--check", is_flag=True, help="Name the files that would change; the exit code is 1 if there are any.")
@option("--diff", is_flag=True, help="Show what would change as a unified diff, each character marked on a terminal.")
@option("--detect", is_flag=True, help="Show what each file is written in: script and encoding.")
@option(
    "--explain", is_flag=True,
    help="List every change by kind, with its place and what stands around it, and the places worth a look: where "
    "something else is nearly as likely as what was written or kept.",
)
@option("--json", is_flag=True, help="With --check, --diff, --detect or --explain: a line of JSON for each file.")
@option(
    "--report", type=click.Path(dir_okay=False, readable=False), metavar="FILE",
    help="Beside all else, write what was found and changed: a line of JSON for each file, or one page to look at if "
    "the name ends in .html.",
)
@option(
    "--protect", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="Terms that stay as they are, one a line.",
)
@option(
    "--pooled", is_flag=True,
    help="Read all files twice, and decide by all of them what one short text does not tell: whether a gloss behind a "
    "character is damage, as in the titles of a web mirror.",
)
@option(
    "--dictionary", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="Words that decide before all others: key, tab, value, as in OpenCC's dictionaries.",
)
@option(
    "--min-confidence", type=click.FloatRange(0, 1), default=0.0, metavar="NUMBER",
    help="From 0 to 1. What convert is less sure of than this stays as it is, and --explain lists it.",
)
@option("--strict", is_flag=True, help="Fail a file with bytes that cannot be read, instead of putting U+FFFD there.")
@option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="How many cores to use; all, if not said.")
@option("-q", "--quiet", is_flag=True, help="Say nothing but what failed.")
@option("-v", "--verbose", is_flag=True, help="Say for each file what was done.")
@option(
    "--config", type=click.Path(), metavar="FILE", is_eager=True,
    help="Take settings from this file, not from the nearest hanfix.toml or [tool.hanfix] in pyproject.toml.",
)
@option("--no-config", is_flag=True, is_eager=True, help="Take no settings from any file.")
@option("--man", is_flag=True, is_eager=True, help="Print the manual page; read it with: normalize --man | man -l -")
@option(
    "--completion", type=click.Choice(SHELLS), is_eager=True,
    help='Print what makes a shell complete the options: eval "$(normalize --completion bash)".',
)
@option("--version", is_flag=True, is_eager=True, help="Print the version.")
@click.pass_context
def command(
    context: click.Context, /, version: bool, man: bool, completion: str | None, config: str | None, no_config: bool,
    **given: Any,
) -> int:
    """Decode, repair, tidy, and make the script consistent."""
    # fmt: on
    program = context.info_name or "normalize"
    if version:
        write_stdout(to_bytes(screen.version() + "\n"))
        return 0
    if man or completion:
        from hanfix.cli import manual

        told = manual.page(command, program) if man else manual.completion(command, program, str(completion))
        write_stdout(to_bytes(told + "\n"))
        return 0
    from hanfix.cli.settings import apply

    apply(context, given, config, no_config)
    options = options_of(given)
    from hanfix.cli.run import Run

    return Run(options, program).go()
