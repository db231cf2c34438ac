"""
Time of each stage, on a line and on a book; a fast wrong answer fails.

    python -m pytest benchmarks --benchmark-only --benchmark-group-by=func
"""

from __future__ import annotations

from collections.abc import Callable

import corpus
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import hanfix

SIZES = [40, 4_000, 400_000]

each_size = pytest.mark.parametrize("characters", SIZES)


@each_size
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16"])
def test_decode(benchmark: BenchmarkFixture, encoding: str, characters: int) -> None:
    """Bytes to text, the encoding unknown."""
    text = corpus.traditional(characters)
    raw = text.encode(encoding, "replace")
    done = benchmark(hanfix.decode, raw)
    assert done.text.count("\n") == text.count("\n")
    assert not done.losses


@each_size
@pytest.mark.parametrize("damaged", [False, True], ids=["clean", "broken"])
def test_repair(benchmark: BenchmarkFixture, damaged: bool, characters: int) -> None:
    """Text that was read in the wrong encoding, and text that was not."""
    want = corpus.traditional(characters)
    done = benchmark(hanfix.repair, corpus.misread(characters) if damaged else want)
    assert done.text == want


@each_size
@pytest.mark.parametrize("damaged", [False, True], ids=["clean", "mirrored"])
def test_clean(benchmark: BenchmarkFixture, damaged: bool, characters: int) -> None:
    """A mirror's glosses and half-width marks, and a text without."""
    want = corpus.traditional(characters)
    done = benchmark(hanfix.clean, corpus.mirrored(characters) if damaged else want)
    if damaged:
        # The article has brackets of its own: log(1).txt.
        assert characters < 4_000 or done.text.count("(") == want.count("(")
    else:
        assert done.text == want


@each_size
@pytest.mark.parametrize("target", ["hans", "hant", "hant-tw"])
@pytest.mark.parametrize("source", [corpus.simplified, corpus.traditional], ids=["from-hans", "from-hant"])
def test_convert(benchmark: BenchmarkFixture, source: Callable[[int], str], target: str, characters: int) -> None:
    """Every script to every script, and to itself."""
    text = source(characters)
    done = benchmark(hanfix.convert, text, target)
    if (source, target) in [(corpus.simplified, "hans"), (corpus.traditional, "hant-tw")]:
        assert done.text == text
    else:
        assert len(done.text) == len(text)


@each_size
@pytest.mark.parametrize("config", ["s2t", "t2s", "s2twp"])
def test_opencc(benchmark: BenchmarkFixture, config: str, characters: int) -> None:
    """OpenCC's own answers."""
    text = corpus.traditional(characters) if config == "t2s" else corpus.simplified(characters)
    converter = hanfix.OpenCC(config)
    assert benchmark(converter.convert, text) != text


@each_size
def test_detect(benchmark: BenchmarkFixture, characters: int) -> None:
    """A look, no change."""
    assert benchmark(hanfix.detect, corpus.traditional(characters)).script == "Hant"


@each_size
@pytest.mark.parametrize("damaged", [False, True], ids=["clean", "mirrored"])
def test_normalize(benchmark: BenchmarkFixture, damaged: bool, characters: int) -> None:
    """All stages on."""
    want = corpus.traditional(characters)
    normalizer = hanfix.Normalizer(to="hant-tw")
    done = benchmark(normalizer, corpus.mirrored(characters) if damaged else want)
    assert damaged or done == want


def test_batch(benchmark: BenchmarkFixture) -> None:
    """Ten thousand short texts, on all cores."""
    texts = corpus.pieces(corpus.simplified(400_000), 40)
    normalizer = hanfix.Normalizer(to="hant-tw")
    done = benchmark(normalizer.batch, texts)
    assert len(done) == len(texts)
    assert done[0] == normalizer(texts[0])
