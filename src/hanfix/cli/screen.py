"""
What ``--help`` and ``--version`` answer, without the library that reads arguments: loading it costs
twenty milliseconds, half of what these two take, and a person waits for them most often.

The page is set by hand, because formatters give each option lines of its own, three screens for this
command; a test holds that every option is on it.
"""

from __future__ import annotations

from collections.abc import Sequence

HELP = """\
Usage: {program} [OPTIONS] [PATH]...          no PATH, or "-": stdin to stdout
  Decode, repair, tidy, and make the script consistent.
Target   -t, --to hans|hant|hant-tw|hant-hk|auto|keep                    [auto]
             --words               regional vocabulary too (软件 → 軟體)
             --steps LIST          of decode,repair,clean,convert         [all]
Input    -e, --encoding NAME       what the bytes are written in         [auto]
         -f, --format NAME         text|html|md|srt|jsonl|csv|tsv|parquet[auto]
             --field NAME          column of JSONL, CSV, Parquet; repeat  [all]
         -g, --glob PATTERN   --no-ignore   --files-from FILE [-0]   --pooled
Output   -i, --in-place            rewrite [--backup .bak keeps the old files]
         -o, --output PATH         a file; for several files, a folder
             --output-encoding utf-8|keep [utf-8]   --bom keep|add|drop  [keep]
             --resume              skip what an earlier run finished
Inspect      --check               which files would change  (--json: for all
             --diff                what would change          four, a line of
             --detect              what each file is written in  JSON a file)
             --explain             every change by kind; what is worth a look
             --report FILE         all of it as FILE.jsonl, or as a FILE.html
Safety       --protect FILE        terms to leave as they are, one a line
             --dictionary FILE     your own words: key TAB value, as in OpenCC
             --min-confidence N    0 to 1: what is less sure stays as it is  [0]
             --strict              fail a file with bytes that are no text
Run      -j, --jobs N   -q, --quiet   -v, --verbose   --config FILE --no-config
         -h, --help   --version   --man   --completion bash|zsh|fish
Exit     0 done · 1 --check found changes · 2 some input failed, the rest is done
"""


def page(program: str) -> str:
    """The page, for whatever name the command was called by."""
    return HELP.format(program=program)


def version() -> str:
    """The line of ``--version``."""
    from hanfix import __version__

    return f"hanfix {__version__}"


def answer(program: str, arguments: Sequence[str]) -> str | None:
    """
    The answer to one of the two options by itself; ``None`` for everything else.

    >>> answer("normalize", ["--help"]).splitlines()[0]
    'Usage: normalize [OPTIONS] [PATH]...          no PATH, or "-": stdin to stdout'
    """
    if list(arguments) in (["--help"], ["-h"]):
        return page(program)
    if list(arguments) == ["--version"]:
        return version() + "\n"
    return None
