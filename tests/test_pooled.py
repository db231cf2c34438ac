"""A normalizer that has been shown a corpus undoes glosses that no short text of it tells by itself."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hanfix
from hanfix import Normalizer, Pooled

KEEP = Normalizer(to="keep")
TITLES = ["城市的發(fā)展", "穩步推進(jìn)", "經濟發(fā)達"]
CLEAN = ["城市的發展", "穩步推進", "經濟發達"]


def test_short_texts_of_a_mirror_are_decided_together() -> None:
    """One gloss is no evidence, and three of a corpus are."""
    shown = KEEP.shown(TITLES)
    assert KEEP.batch(TITLES) == TITLES
    assert shown.batch(TITLES) == CLEAN
    assert shown.pooled == Pooled("發進", doubled=False)
    assert shown("開發(fā)區") == "開發區"


def test_a_gloss_across_two_characters_counts_for_what_it_strikes() -> None:
    """Bytes are re-aligned as in a long document."""
    shown = KEEP.shown([*TITLES, "因?yàn)槲饔虻貐^(qū)"])
    assert shown("因?yàn)槲饔虻貐^(qū)") == "因為西域地區"


def test_what_a_corpus_glosses_seldom_stays() -> None:
    """A lesson among other texts."""
    texts = ["發(fā)燒了", "發展", "發現", "發明", "推進(jìn)", "進步", "進門"]
    assert KEEP.shown(texts).batch(texts) == texts


def test_a_gloss_of_another_kind_stays_in_a_corpus_of_a_mirror() -> None:
    """A rare name, a second reading, and a character that the corpus never glosses."""
    shown = KEEP.shown(TITLES * 4)
    for text in ["劉濞(bì)是漢高祖的侄子", "理發(fà)店", "學(xué)生", "他說(shuō)發展"]:
        assert shown(text) == text


def test_doubled_readings_are_decided_together() -> None:
    """The dialect without tones."""
    texts = ["系(xi)(xi)列", "傳統(tong)(tong)文化"]
    assert KEEP.batch(texts) == texts
    assert KEEP.shown(texts).batch(texts) == ["系列", "傳統文化"]
    assert KEEP.shown(texts)("函數f(x)") == "函數f(x)"


def test_a_corpus_is_read_once_and_in_any_order() -> None:
    """From a generator, with bytes and nothing among it."""

    def corpus() -> Iterator[str | bytes | None]:
        yield None
        yield from TITLES[1:]
        yield TITLES[0].encode("gb18030")

    assert KEEP.shown(corpus()) == KEEP.shown(TITLES)


def test_what_was_shown_is_part_of_a_normalizer() -> None:
    """Equal, hashed and pickled with it; and it can be given."""
    shown = KEEP.shown(TITLES)
    assert shown == Normalizer(to="keep", pooled=("進發", False))
    assert shown != KEEP
    assert hash(shown) != hash(KEEP)
    assert pickle.loads(pickle.dumps(shown)) == shown
    assert shown.explain("開發(fā)區").edits[0].kind == "gloss"
    with pytest.raises(TypeError):
        KEEP.shown(["字", 3])  # type: ignore[list-item]
    for text in (TITLES[0], TITLES[0].encode()):
        with pytest.raises(TypeError, match="texts are many, not one"):
            KEEP.shown(text)  # type: ignore[arg-type]
    wrong: Any
    for wrong in (("發",), None, "發進", (3, True), ("發", True, True)):
        with pytest.raises(TypeError, match="pooled is what shown found out"):
            Normalizer(pooled=wrong)
    assert Normalizer(to="keep", steps=("convert",)).shown(TITLES).pooled == Pooled()


@given(st.lists(st.text("發進城市鄉推(fājìn)，。", max_size=12), max_size=6), st.text("發進城市(fājìn)", max_size=12))
def test_twice_changes_nothing_more_whatever_was_shown(corpus: list[str], text: str) -> None:
    """Idempotent, and edits replay."""
    shown = KEEP.shown(corpus)
    once = shown(text)
    assert shown(once) == once
    assert hanfix.replay(text, shown.explain(text).edits) == once
