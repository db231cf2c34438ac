"""
Settings from a file: ``hanfix.toml``, or ``[tool.hanfix]`` in ``pyproject.toml``.

In: the folder that the command is run in. Out: values for options that were not given as arguments.
Never: a key that nobody knows is passed over; the nearest right name is said.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from hanfix.cli.errors import Contradiction
from hanfix.cli.options import WITH_FIELDS, parse_steps

if TYPE_CHECKING:
    import click

# What makes sense for one run only.
NOT_SETTINGS = {
    "paths", "in_place", "output", "resume", "check", "diff", "detect", "explain", "json", "report", "files_from",
    "nul", "config", "no_config", "man", "completion", "version", "help",
}  # fmt: skip


def apply(context: click.Context, given: dict[str, Any], config: str | None, no_config: bool) -> None:
    """
    Put settings where no argument was given.

    Raises:
        Contradiction: The file cannot be read, or says something that is no setting.
    """
    from click.core import ParameterSource

    if no_config:
        if config is not None:
            raise Contradiction("--config and --no-config: choose one")
        return
    found = (config, read(config)) if config is not None else nearest_here()
    if found is None:
        return
    path, table = found
    if table is None:
        raise Contradiction(f"{path}: no table [tool.hanfix]; add it, or name a file that has it")
    known = {
        parameter.name.replace("_", "-"): parameter
        for parameter in context.command.params
        if parameter.name is not None and parameter.name not in NOT_SETTINGS
    }
    before = dict(given)
    taken: set[str] = set()
    for key, value in table.items():
        parameter = known.get(key)
        if parameter is None or parameter.name is None:
            raise Contradiction(f"{path}: no setting {key}; {suggestion(key, known)}")
        source = context.get_parameter_source(parameter.name)
        checked = check(path, key, value, parameter, context)
        if source == ParameterSource.DEFAULT and not (key == "backup" and not given["in_place"]):
            given[parameter.name] = checked
            taken.add(parameter.name)
    for name in contradicted(given, taken):
        given[name] = before[name]


def contradicted(given: dict[str, Any], taken: set[str]) -> set[str]:
    """
    Settings that exclude what the arguments say, which come before them; what the file says against itself is refused.

    Args:
        given: All values.
        taken: The names of those that come from the file.
    """
    pairs = [("quiet", "verbose"), ("verbose", "quiet"), ("field", "format"), ("format", "field")]
    needs = {"encoding": "decode", "pooled": "clean", "words": "convert", "min_confidence": "convert"}
    steps = parse_steps(given["steps"])
    missing = [name for name, stage in needs.items() if is_asked(name, given[name]) and stage not in steps]
    pairs += [pair for name in missing for pair in ((name, "steps"), ("steps", name))]
    found = {
        name
        for name, other in pairs
        if name in taken and other not in taken and is_asked(name, given[name]) and is_asked(other, given[other])
    }
    if "pooled" in taken and given["files_from"] is None and given["paths"] in ((), ("-",)):
        # It reads everything twice.
        found.add("pooled")
    return found


def is_asked(name: str, value: Any) -> bool:
    """Whether a value asks for something; of a format, for one that has no fields."""
    if name == "format":
        return value not in WITH_FIELDS
    return bool(value) and not (name == "encoding" and value == "auto")


def suggestion(key: str, known: dict[str, Any]) -> str:
    """
    The nearest right name, or all of them.

    >>> suggestion("too", {"to": 1, "words": 2})
    'did you mean to?'
    """
    import difflib

    near = difflib.get_close_matches(key.replace("_", "-"), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"


def check(path: str, key: str, value: Any, parameter: click.Parameter, context: click.Context) -> Any:
    """A value as the option has it; what stands in a file is found beside the file."""
    import click

    wrong = Contradiction(f"{path}: {key}: {value!r} is not what it takes")
    if isinstance(parameter, click.Option) and parameter.is_flag:
        if not isinstance(value, bool):
            raise Contradiction(f"{path}: {key}: true or false, not {value!r}")
        return value
    if parameter.multiple or key in ("steps", "protect"):
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise wrong
        if key == "steps":
            return ",".join(values)
        if key == "protect" and isinstance(value, list):
            return tuple(values)
        if key != "protect":
            return tuple(values)
    if isinstance(value, bool | list | dict) or not isinstance(value, str | int | float):
        raise wrong
    if key in ("protect", "dictionary"):
        value = os.path.join(os.path.dirname(path), str(value))
    try:
        return parameter.type_cast_value(context, str(value))
    except click.ClickException as error:
        raise Contradiction(f"{path}: {key}: {error.format_message()}") from None


def nearest_here() -> tuple[str, dict[str, Any]] | None:
    """The settings of the current folder; one that is gone has none."""
    try:
        return nearest(os.getcwd())
    except FileNotFoundError:
        return None


def nearest(folder: str) -> tuple[str, dict[str, Any]] | None:
    """The settings of this folder, or of the next one above that has some."""
    while True:
        own = os.path.join(folder, "hanfix.toml")
        if os.path.isfile(own):
            return own, read(own)
        project = os.path.join(folder, "pyproject.toml")
        # Most have no such table: parsing the file of every project would cost each start its time.
        if os.path.isfile(project) and mentions_us(project):
            table = read(project)
            if table is not None:
                return project, table
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def mentions_us(path: str) -> bool:
    """Whether the name stands in a file."""
    try:
        with open(path, "rb") as file:
            return b"hanfix" in file.read()
    except OSError:
        return False


def read(path: str) -> Any:
    """
    The table of a file; of a ``pyproject.toml`` that has none, ``None``.

    Raises:
        Contradiction: It cannot be read.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        # With the mark that some editors put in front, which TOML has not.
        with open(path, encoding="utf-8-sig") as file:
            table = tomllib.loads(file.read())
    except UnicodeDecodeError as wrong:
        raise Contradiction(f"{path}: not UTF-8 at byte {wrong.start}; save it as UTF-8") from None
    except OSError as wrong:
        raise Contradiction(f"{path}: {wrong.strerror}") from None
    except ValueError as wrong:
        raise Contradiction(f"{path}: {wrong}") from None
    if os.path.basename(path) == "pyproject.toml":
        tools = table.get("tool", {})
        if not isinstance(tools, dict):
            raise Contradiction(f"{path}: tool is not a table")
        table = tools.get("hanfix")
    if table is not None and not isinstance(table, dict):
        raise Contradiction(f"{path}: tool.hanfix is not a table")
    return table
