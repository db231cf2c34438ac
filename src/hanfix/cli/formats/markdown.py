"""
Markdown: paragraphs, headings, items, cells. Code, HTML, targets of links and metadata stay.

Where text stands is said by a parser of CommonMark in the core. A long document is cut between blocks.
"""

from __future__ import annotations

from typing import Any

from hanfix import _core
from hanfix.cli.formats.base import Cutter, Format, Part, Texts
from hanfix.cli.formats.text import TextCutter


class Markdown(Format):
    """CommonMark with tables, footnotes and math."""

    name = "md"

    def cutter(self) -> Cutter:
        return TextCutter()

    def texts(self, source: str, context: Any) -> Texts:
        del context
        return Texts([[Part(*part) for part in run] for run in _core.markdown_runs(source)], [])

    def escape(self, new: str, source: str) -> str:
        del source
        return new.replace("&", "&amp;").replace("<", "&lt;")


def make(name: str, fields: tuple[str, ...]) -> Format:
    """The format."""
    del name, fields
    return Markdown()
