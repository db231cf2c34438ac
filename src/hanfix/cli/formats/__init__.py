"""
What files are, and where in them text stands: a registry of formats.

In: the name of a file, or of a format. Out: a :class:`Format`. Never: a format that changes anything
but texts; what stands between them stays byte for byte.

A format says two things: where a long file may be cut into pieces (``cutter``), and where in a piece
the texts are (``runs``). One that answers no runs is text all over. Parquet is no text at all and
has a way of its own (``parquet``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hanfix.cli.formats.base import Format

MODULES = {
    "text": "text", "html": "html", "md": "markdown", "srt": "subtitles", "jsonl": "jsonl", "csv": "table",
    "tsv": "table",
}  # fmt: skip

SUFFIXES = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "md", ".markdown": "md", ".srt": "srt", ".vtt": "srt",
    ".ass": "srt", ".ssa": "srt", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip


class Chosen(NamedTuple):
    """A format by its name, with the fields that count."""

    name: str
    fields: tuple[str, ...]


def name_of(asked: str, path: str | None) -> str:
    """
    The name of a file's format.

    Args:
        asked: What the user calls it, or ``auto``.
        path: The file; ``None`` for standard input.

    >>> name_of("auto", "a/page.html.gz"), name_of("auto", "notes"), name_of("md", "notes")
    ('html', 'text', 'md')
    """
    if asked != "auto":
        return asked
    if path is None:
        return "text"
    stem, suffix = os.path.splitext(path)
    suffix = suffix.lower()
    if suffix in (".gz", ".zst", ".bz2", ".xz"):
        suffix = os.path.splitext(stem)[1].lower()
    return SUFFIXES.get(suffix, "text")


def load(name: str, fields: Sequence[str] = ()) -> Format:
    """
    A format by its name; its module is imported when the first file of the kind comes.

    >>> load("srt").name
    'srt'
    """
    import importlib

    module = importlib.import_module(f"hanfix.cli.formats.{MODULES[name]}")
    made: Format = module.make(name, tuple(fields))
    return made
