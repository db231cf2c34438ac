"""
How often each Chinese character stands before each other in 47 million characters of news in Traditional script.

Comes in: the bigram model of lingua, a language detector, as its crate has it: shares of each character and shares of
what follows it, as fractions. Goes out: the counts that the fractions were made of. Only ideographs were counted.
"""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build import Sources

SOURCE = "lingua-chinese"
CRATE = "lingua-chinese-language-model-1.0.0"


@lru_cache(maxsize=1)
def counted(sources: Sources) -> tuple[Counter[str], Counter[str]]:
    """How often each character occurs, before whatever, and each pair of characters."""
    with tarfile.open(fileobj=io.BytesIO(sources.read(SOURCE, f"{CRATE}.crate"))) as crate:
        singles = list(shares(crate, "unigrams"))
        pairs = list(shares(crate, "bigrams"))
    # A fraction is in lowest terms, and some character occurs a number of times that has no factor with the sum.
    total = max(share.denominator for share, _ in singles)
    counts = Counter({one: int(share * total) for share, one in singles})
    return counts, Counter({pair: int(share * counts[pair[0]]) for share, pair in pairs})


def shares(crate: tarfile.TarFile, name: str) -> Iterator[tuple[Fraction, str]]:
    """Each n-gram of a model, with its share of all that begin alike."""
    file = crate.extractfile(f"{CRATE}/models/{name}.json.zip")
    assert file is not None, name
    with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        model = json.loads(archive.read(f"{name}.json"))
    for share, ngrams in model["ngrams"].items():
        for ngram in ngrams.split(" "):
            yield Fraction(share), ngram
