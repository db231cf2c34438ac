"""
OpenCC's answers, exactly: a drop-in for its Python packages.

Comes in: a configuration, by name or as a file, and any text. Goes out: what OpenCC 1.4.2 answers,
byte for byte. Never raises on a text. Names and files are read here; dictionaries are compiled, and
texts converted, by the core.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from hanfix import _core

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing and pathlib costs as much as the rest of the package
    from pathlib import Path
    from typing import Any, TypeAlias

    Entries: TypeAlias = Mapping[str, str] | str | os.PathLike[str]

_POLICIES = {"short_circuit": "s", "union": "u"}
# Compiled dictionaries, for which a text dictionary of the same name is taken.
_COMPILED = (".ocd2", ".ocd")


class OpenCC:
    """
    A converter that answers what OpenCC 1.4.2 answers.

    Immutable, hashable, picklable, and safe in threads; the interpreter is free while it converts.

    Args:
        config: A configuration's name (``"s2t"`` or ``"s2t.json"``), or the path of a ``.json`` file
            of OpenCC's format whose text dictionaries lie beside it or in ``../dictionary``. Where
            it names a compiled dictionary (``.ocd2``), the ``.txt`` of the same name is read.
            Files of the package opencc-python-reimplemented (type ``txt``) are matched as that
            package does: the longest match anywhere comes first, and segmentation is not used.
        entries: Entries of your own, or the path of a dictionary in OpenCC's text format. Wherever
            one of its keys begins, it wins over the configuration, and its value stays as it is.

    Raises:
        ValueError: There is no such configuration, or a file is not of the format.
        FileNotFoundError: A dictionary that the file names is not there.

    >>> OpenCC("s2twp").convert("鼠标和软件")
    '滑鼠和軟體'
    >>> OpenCC("s2t", entries={"里昂": "里昂", "拉面": "拉麵"}).convert("里昂的拉面")
    '里昂的拉麵'
    """

    __slots__ = ("_converter", "_source", "config", "entries")

    config: str
    entries: tuple[tuple[str, str], ...]
    _converter: _core.OpenCC
    _source: _Source | None

    def __init__(self, config: str | os.PathLike[str] = "t2s", *, entries: Entries | None = None) -> None:
        config = os.fspath(config)
        if not isinstance(config, str):
            raise TypeError("config is the name of a configuration, or a path that is no bytes")
        pairs = read_entries(entries)
        name = config.removesuffix(".json")
        if name in _core.opencc_names():
            self._set(name, pairs, None)
        elif config.endswith(".json"):
            source, files = _read(config)
            try:
                self._set(config, pairs, source)
            except ValueError as error:
                # The core knows a dictionary by its short name.
                name, found, wrong = str(error).partition(": ")
                raise ValueError(f"{config}: {files.get(name, name)}{found}{wrong}") from None
        else:
            raise ValueError(_unknown(config))

    def _set(self, config: str, entries: tuple[tuple[str, str], ...], source: _Source | None) -> None:
        setters: dict[str, Any] = {"config": config, "entries": entries, "_source": source}
        if source is None:
            setters["_converter"] = _core.OpenCC.named(config, list(entries))
        else:
            plan, dictionaries, longest = source
            setters["_converter"] = _core.OpenCC.compiled(plan, list(dictionaries), longest, list(entries))
        for name, value in setters.items():
            object.__setattr__(self, name, value)

    def convert(self, text: str) -> str:
        """
        Convert a text; lone surrogates pass through.

        Raises:
            TypeError: ``text`` is no string.
        """
        return self._converter.convert(text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an OpenCC cannot be changed: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an OpenCC cannot be changed: {name}")

    def _key(self) -> tuple[object, ...]:
        return (self.config if self._source is None else None, self.entries, self._source)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, OpenCC) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[object, ...]:
        # With its dictionaries, so that it is the same where their files are not.
        return _restore, (self.config, self.entries, self._source)

    def __repr__(self) -> str:
        more = f", entries=<{len(self.entries)}>" if self.entries else ""
        return f"OpenCC({self.config!r}{more})"


# The plan as a line, the dictionaries' texts by name, and whether the longest match comes first.
_Source = tuple[str, tuple[tuple[str, str], ...], bool]


def read_entries(entries: Entries | None) -> tuple[tuple[str, str], ...]:
    """
    Entries of a user's own, sorted.

    Raises:
        ValueError: A key is empty, or the file is not of OpenCC's text format.
    """
    if entries is None:
        return ()
    if isinstance(entries, Mapping):
        return tuple(sorted(entries.items()))
    from pathlib import Path

    path = Path(entries)
    try:
        return tuple(_core.parse_dictionary(path.read_text("utf-8")))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _restore(config: str, entries: tuple[tuple[str, str], ...], source: _Source | None) -> OpenCC:
    made = object.__new__(OpenCC)
    made._set(config, entries, source)
    return made


def _unknown(config: str) -> str:
    return f"no configuration {config!r}; known are {', '.join(_core.opencc_names())}, or the path of a .json file"


def _read(file_path: str) -> tuple[_Source, dict[str, str]]:
    """A configuration file with the text dictionaries it names, and their files by the names that the plan has."""
    import json
    from pathlib import Path

    path = Path(file_path)
    if not path.exists():
        raise ValueError(_unknown(os.fspath(path)))
    try:
        config = json.loads(path.read_text("utf-8-sig"))
        files: dict[str, str] = {}
        kinds: set[str] = set()

        def steps(key: str) -> str:
            return ";".join(_group(step["dict"], files, kinds) for step in config.get(key) or ())

        line = f"plan norm={steps('normalization')} chain={steps('conversion_chain')}"
        if segmentation := config.get("segmentation"):
            if segmentation["type"] != "mmseg":
                raise ValueError(f"segmentation of type {segmentation['type']!r}")
            line += f" seg={_group(segmentation['dict'], files, kinds)}"
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a configuration: {error!r} is missing or of another type") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    dictionaries = tuple((name, _dictionary(path, file)) for file, name in files.items())
    return (line, dictionaries, "txt" in kinds), {name: file for file, name in files.items()}


def _group(spec: dict[str, Any], files: dict[str, str], kinds: set[str]) -> str:
    """A dictionary or a group, as the core reads it; files get short names."""
    if spec["type"] == "group":
        policy = spec.get("match_policy", "short_circuit")
        if policy not in _POLICIES:
            raise ValueError(f"match policy {policy!r}; known are {', '.join(_POLICIES)}")
        return f"({_POLICIES[policy]} {' '.join(_group(member, files, kinds) for member in spec['dicts'])})"
    if spec["type"] not in ("text", "txt", "ocd2", "ocd"):
        raise ValueError(f"dictionary of type {spec['type']!r}")
    if not isinstance(spec["file"], str):
        raise TypeError("file")
    kinds.add(spec["type"])
    return files.setdefault(spec["file"], f"d{len(files)}")


def _dictionary(config: Path, file: str) -> str:
    """The text of a dictionary that a configuration names."""
    for path in _places(config, file):
        if path.exists():
            try:
                return path.read_text("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValueError(f"{path}: not UTF-8 at byte {error.start}") from None
    hint = " (a compiled one cannot be read; its text was looked for)" if file.endswith(_COMPILED) else ""
    raise FileNotFoundError(f"{config}: no dictionary {file}{hint} beside it")


def _places(config: Path, file: str) -> Iterator[Path]:
    for suffix in _COMPILED:
        if file.endswith(suffix):
            file = file.removesuffix(suffix) + ".txt"
    for folder in (config.parent, config.parent.parent / "dictionary", config.parent.parent):
        yield folder / file
