"""
The ``normalize`` command, also installed as ``hanfix``.

In: arguments, files, standard input. Out: text on standard output or in files, everything else on
standard error, and an exit code: 0 done, 1 ``--check`` found changes, 2 some input failed.
Never: a question, a traceback for anything a user can cause, half a file.

``options`` knows what may be asked, ``files`` what is read, ``output`` how bytes are written,
``inspect`` what is shown instead of written, ``run`` brings them together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from hanfix.cli.output import discard_stdout, say


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command.

    Args:
        arguments: What stands behind the command's name; ``None`` for those of this process.

    Returns:
        The exit code.
    """
    program = os.path.basename(sys.argv[0] or "normalize")
    try:
        return _run(program, arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough: `normalize big.txt | head`.
        discard_stdout()
        return 0
    except KeyboardInterrupt:
        discard_stdout()
        return 130


def _run(program: str, arguments: Sequence[str] | None) -> int:
    import click

    from hanfix.cli.files import Failure
    from hanfix.cli.options import Contradiction, command

    try:
        # Not command.main(): that prints an empty line for an interrupt.
        with command.make_context(program, list(sys.argv[1:] if arguments is None else arguments)) as context:
            answer = command.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        message = wrong.format_message()
    except Contradiction as wrong:
        message = str(wrong)
    except Failure as wrong:
        # Of the run as a whole: standard output is full, or closed.
        message = str(wrong)
        discard_stdout()
    else:
        if sys.stdout is not None:
            sys.stdout.flush()
        return int(answer or 0)
    say(f"{program}: {' '.join(message.split())}")
    return 2
