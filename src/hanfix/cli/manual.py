"""
The manual page and the completion of shells, made from the definitions of the options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

EXAMPLES = (
    ("normalize page.html > page.txt", "One file to standard output."),
    ("normalize -t hant-tw -o clean/ corpus/", "A folder, written beside it."),
    ("normalize -t hans -i --backup .bak corpus/", "A folder, rewritten; the old files are kept."),
    ("normalize --resume -t hans -i --backup .bak corpus/", "The rest of it, after a stop."),
    ("normalize --check --diff article.md", "What would change, and whether anything would."),
    ("normalize -t hans --field text -o clean/ *.jsonl.zst", "One field of compressed JSON lines."),
    ("normalize --check --report found.html corpus/", "A page about what is damaged in a corpus."),
)


def completion(command: click.Command, program: str, shell: str) -> str:
    """What a shell has to run so that it completes the options."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    return found(command, {}, program, variable(program)).source()


def variable(program: str) -> str:
    """
    The variable by which the shell asks.

    >>> variable("normalize")
    '_NORMALIZE_COMPLETE'
    """
    return f"_{program.replace('-', '_').replace('.', '_').upper()}_COMPLETE"


def answer_shell(program: str) -> int | None:
    """Answer a shell that asks what may come next; ``None`` if none does."""
    import os

    instruction = os.environ.get(variable(program))
    if not instruction:
        return None
    from click.shell_completion import shell_complete

    from hanfix.cli.definitions import command

    return shell_complete(command, {}, program, variable(program), instruction)


def escaped(text: str) -> str:
    r"""
    Text that troff takes as it is.

    >>> escaped(".gz and --to")
    '\\&.gz and \\-\\-to'
    """
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def page(command: click.Command, program: str) -> str:
    """The manual page, for ``man -l``."""
    import click

    from hanfix import __version__

    lines = [
        f'.TH {program.upper()} 1 "" "hanfix {__version__}" "User Commands"',
        ".SH NAME",
        f"{program} \\- {escaped('repair Chinese text and make its script consistent')}",
        ".SH SYNOPSIS",
        f".B {program}",
        "[\\fIOPTIONS\\fR] [\\fIPATH\\fR]...",
        ".SH DESCRIPTION",
        escaped(
            "Bytes or text go in: files, folders, standard input. They are decoded, mojibake is repaired, damage is"
            ' cleaned, and the script is made consistent. Without a PATH, or with "-", it is a filter. Nothing is'
            " asked, and only text goes to standard output. A file is written beside the old one and takes its place"
            " when all of it is on the disk."
        ),
        ".SH OPTIONS",
    ]
    for parameter in command.params:
        if not isinstance(parameter, click.Option):
            continue
        names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in (*parameter.opts, *parameter.secondary_opts))
        if isinstance(parameter.type, click.Choice):
            names += f" \\fI{escaped('|'.join(map(str, parameter.type.choices)))}\\fR"
        elif parameter.metavar:
            names += f" \\fI{parameter.metavar}\\fR"
        lines += [".TP", names, escaped(parameter.help or "")]
    lines += [
        ".SH EXIT STATUS", ".TP", ".B 0", "All is done.", ".TP", ".B 1", escaped("--check found changes."), ".TP",
        ".B 2", "Some input failed; the others are done.",
        ".SH FILES", ".TP", ".I hanfix.toml", escaped("Settings: the long names of options, such as to = \"hant-tw\"."),
        ".TP", ".I pyproject.toml", "The same, in the table [tool.hanfix]. The nearest of both counts.",
        ".TP", ".I \\&.normalize\\-journal",
        escaped("What is finished, in the folder that is written to, while a run goes on; --resume reads it."),
        ".SH EXAMPLES",
    ]  # fmt: skip
    for example, meaning in EXAMPLES:
        lines += [".TP", f"\\fB{escaped(example)}\\fR", escaped(meaning)]
    return "\n".join(lines)
