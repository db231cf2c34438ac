"""
What all inputs together show of glosses, which no short text of them shows by itself.

In: all sources. Out: a normalizer that has been shown them. Never: more of a file in memory than a
piece; a message about an input that cannot be read, which is said when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from hanfix import HanfixError
from hanfix.cli import formats
from hanfix.cli.decoding import Decoding
from hanfix.cli.errors import Failure
from hanfix.cli.formats.base import values
from hanfix.cli.jobs import Job, Reader
from hanfix.cli.options import Options
from hanfix.cli.sources import Source, Sources
from hanfix.cli.work import Piece

if TYPE_CHECKING:
    from hanfix import Normalizer


def shown(sources: Sources, normalizer: Normalizer, options: Options) -> Normalizer:
    """The same normalizer, once it has seen the texts of all inputs."""
    return normalizer.shown(texts(sources, options))


def texts(sources: Sources, options: Options) -> Iterator[str]:
    """The texts of all inputs, one after the other."""
    # Bytes that cannot be read are a failure of the run itself, not of this look.
    options = replace(options, strict=False)
    reader = Reader(options)
    for source in sources:
        if not isinstance(source, Source):
            continue
        if formats.name_of(options.format, source.path) == "parquet":
            from hanfix.cli.formats import parquet

            yield from parquet.texts(source, options)
            continue
        for piece in reader.pieces(Job(source)):
            yield from of_piece(piece, options)


def of_piece(piece: Piece, options: Options) -> list[str]:
    """The texts of a piece; none of one that cannot be read."""
    data = piece.data or b""
    try:
        if piece.is_raw:
            data = Decoding(options.encoding, options.strict, "decode" in options.steps).feed(data, final=True)
        source = data.decode("utf-8", "surrogatepass" if "decode" in options.steps else "surrogateescape")
        found = piece.job.format.texts(source, piece.context) if piece.job.format is not None else None
    except (Failure, HanfixError):
        return []
    return [source] if found is None else [values(source, run) for run in found.runs]
