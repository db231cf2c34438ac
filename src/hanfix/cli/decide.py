"""
One target for all inputs: the script that most of their text is in.

In: all sources. Out: ``hans`` or ``hant``, and by how much. Never: reads a corpus twice. A thousand
files, spread evenly over all, tell as much; of a long one its beginning does.
"""

from __future__ import annotations

import itertools
import os

from hanfix import HanfixError, Normalizer, _detect
from hanfix.cli import formats
from hanfix.cli.decoding import Decoding
from hanfix.cli.errors import Failure
from hanfix.cli.formats.base import PIECE, values
from hanfix.cli.options import Options
from hanfix.cli.sniff import looks_binary
from hanfix.cli.sources import Source, Sources
from hanfix.cli.streams import Input, packing, standard_input

# Files that are looked at, and bytes of each; a file counts for all of its length.
SAMPLE_FILES = 1_000
SAMPLE_BYTES = 1 << 16


def is_short_text(sources: Sources, options: Options) -> bool:
    """Whether the only input is plain text that is one piece, so that all of it decides."""
    path = None if options.reads_stdin else sources.paths[0]
    if formats.name_of(options.format, path) != "text":
        return False
    if path is None:
        return is_short_stdin()
    try:
        return not packing(path) and os.path.isfile(path) and os.path.getsize(path) <= PIECE
    except OSError:
        return True


def is_short_stdin() -> bool:
    """Whether standard input ends within a piece; what is looked at stays to be read."""
    return len(standard_input().peek(PIECE + 1)) <= PIECE


def sample(sources: Sources) -> list[Source]:
    """So many files at most, spread evenly; the names of all are never held at once."""
    chosen: list[Source] = []
    step = 1
    for number, source in enumerate(one for one in sources if isinstance(one, Source)):
        if number % step:
            continue
        chosen.append(source)
        if len(chosen) == 2 * SAMPLE_FILES:
            chosen = chosen[::2]
            step *= 2
    return chosen


def target(sources: Sources, look: Normalizer, options: Options) -> tuple[str, float]:
    """The target, and its share of what tells the scripts apart."""
    totals = [0.0, 0.0]
    if options.reads_stdin and options.format == "parquet":
        # Refused when its turn comes.
        return "hans", 0.0
    if options.reads_stdin:
        weigh(standard_input().peek(PIECE), None, 1.0, look, options, totals)
    else:
        for source in sample(sources):
            weigh_file(source, look, options, totals)
    simplified, traditional = totals
    total = simplified + traditional
    return ("hant" if traditional > simplified else "hans"), (max(totals) / total if total else 0.0)


def weigh_file(source: Source, look: Normalizer, options: Options, totals: list[float]) -> None:
    """Add what a file says; what cannot be read is said when its turn comes."""
    if formats.name_of(options.format, source.path) == "parquet":
        from hanfix.cli.formats import parquet

        for text in parquet.sample(source, options):
            add(look(text), 1.0, totals)
        return
    try:
        file = Input(source)
        try:
            data = file.read(SAMPLE_BYTES)
            size = file.before.st_size if file.before is not None and not file.suffix else len(data)
        finally:
            file.close()
        if data and not looks_binary(data):
            weigh(data, source.path, max(size, len(data)) / len(data), look, options, totals)
    except (Failure, HanfixError):
        return


def weigh(
    data: bytes, path: str | None, weight: float, look: Normalizer, options: Options, totals: list[float]
) -> None:
    """Add what the beginning of a file says. Damage counts as what it was, so it is repaired first."""
    decoding = Decoding(options.encoding, False, "decode" in options.steps)
    format = formats.load(formats.name_of(options.format, path), options.fields)
    try:
        text = decoding.feed(data, final=True)
        length, context = format.cutter().cut(text, True)
    except Failure:
        return
    source = text[:length].decode("utf-8", "surrogateescape" if "decode" not in options.steps else "surrogatepass")
    texts = format.texts(source, context)
    if texts is not None:
        source = "\n".join(itertools.chain.from_iterable((values(source, run),) for run in texts.runs))
    add(look(source), weight, totals)


def add(text: str, weight: float, totals: list[float]) -> None:
    """Count what is of one script only."""
    shares = _detect.detect(text).shares
    totals[0] += shares.get("hans", 0.0) * len(text) * weight
    totals[1] += shares.get("hant", 0.0) * len(text) * weight
