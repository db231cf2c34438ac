"""
The ``normalize`` command, also installed as ``hanfix``.

In: arguments, files, standard input. Out: text on standard output or in files, everything else on
standard error, and an exit code: 0 done, 1 ``--check`` found changes, 2 some input failed.
Never: a question, a traceback for anything a user can cause, half a file.

What is asked: ``screen``, ``definitions``, ``options``, ``settings``, ``manual``. What is read: ``sources`` finds
files, ``sniff`` tells text from the rest, ``streams`` opens them, ``decoding`` makes UTF-8 of them,
``formats`` says where in them text stands. What is done: ``work`` on pieces of files, many at a time.
What is written: ``output``, ``journal``; what is shown: ``shown``, ``inspect``, ``unified``, ``page``, ``progress``.
``run`` brings them together.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from hanfix.cli.stdio import discard_stdout, say, write_stdout, writing_stdout


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
    except KeyboardInterrupt as stopped:
        discard_stdout()
        # As a shell has it: 128 and the signal, which is 2 where the terminal sent it.
        return 128 + (stopped.args[0] if stopped.args else 2)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Whoever ends the run by a signal, or closes its terminal, finds as little left behind as after Ctrl-C."""
    import signal
    import threading

    def stop(number: int, _: object) -> None:
        for one in caught:
            # A second one must not keep the first from tidying up.
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    caught: list[int] = []
    if threading.current_thread() is threading.main_thread():
        # What nohup ignores, or a program around this one handles, is theirs.
        caught += [one for one in wanted if signal.getsignal(one) is signal.SIG_DFL]
    for one in caught:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one in caught:
            signal.signal(one, signal.SIG_DFL)


def _run(program: str, arguments: Sequence[str] | None) -> int:
    from hanfix.cli import screen
    from hanfix.cli.errors import Contradiction, Failure

    given = list(sys.argv[1:] if arguments is None else arguments)
    told = screen.answer(program, given)
    if told is not None:
        try:
            write_stdout(told.encode())
        except Failure as wrong:
            say(f"{program}: {wrong}")
            return 2
        return 0
    import click

    from hanfix.cli import manual
    from hanfix.cli.definitions import command

    try:
        with writing_stdout():
            answered = manual.answer_shell(program)
            if answered is not None:
                return answered
            # Not command.main(): that prints an empty line for an interrupt.
            made = command.make_context(program, given)
        with made as context, _stoppable():
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
