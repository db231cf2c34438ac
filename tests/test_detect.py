"""Detect: cases, and what holds of any text."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hanfix
from hanfix import detect
from hanfix._detect import SCRIPTS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "detect.toml").read_text("utf-8"))["case"]


def marked(case: dict[str, Any]) -> object:
    failure = case.get("known_failure")
    marks = pytest.mark.xfail(reason=str(failure), strict=True) if failure else ()
    return pytest.param(case, id=case["name"], marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """The script, and where it is not."""
    profile = detect(case["given"])
    assert profile.script == case["script"]
    assert profile.off_script == tuple(case.get("off_script", ()))


@given(st.text(st.one_of(st.characters(codec=None), st.sampled_from("们們人の気駅学學")), max_size=40))
def test_shares_are_shares(text: str) -> None:
    """They sum to one; a script is always named; places are in the text, and only in mixed text."""
    profile = detect(text)
    assert profile.script in SCRIPTS
    assert sum(profile.shares.values()) == pytest.approx(1 if text else 0)
    assert all(0 <= place < len(text) for place in profile.off_script)
    assert bool(profile.off_script) == (profile.script == "mixed")


def test_bytes_are_decoded_first() -> None:
    """With the encoding in the profile."""
    profile = detect("我们在图书馆里看书，后来又一起去了公园。".encode("gb18030"))
    assert profile.script == "Hans"
    assert profile.encoding is not None and profile.encoding.startswith("gb")
    assert profile.confidence is not None and 0.5 < profile.confidence <= 1
    names = [encoding for encoding, _ in profile.runners_up]
    assert names and profile.encoding not in names
    assert all(0 <= confidence <= profile.confidence for _, confidence in profile.runners_up)
    of_text = detect("我们")
    assert (of_text.encoding, of_text.confidence, of_text.runners_up) == (None, None, ())


def test_only_text_and_bytes() -> None:
    """Anything else is a TypeError that says so, wherever both are taken."""
    normalizer, converter = hanfix.Normalizer(), hanfix.Normalizer(steps=["convert"])
    takers: list[Any] = [detect, hanfix.normalize, normalizer, normalizer.explain, converter]
    for taker in takers:
        for wrong in (1, None, ["这个"], array("H", [65]), memoryview(array("H", [65]))):
            with pytest.raises(TypeError, match=f"text is a str or bytes, not {type(wrong).__name__}"):
                taker(wrong)


def test_an_array_of_texts_is_no_bytes() -> None:
    """Its buffer holds addresses, or characters in no encoding; ``batch`` takes it."""
    np = pytest.importorskip("numpy")
    normalizer = hanfix.Normalizer()
    for taker in (detect, hanfix.normalize, normalizer, normalizer.explain, hanfix.decode):
        for wrong in (np.array(["這個", "問題"]), np.array(["這個"], dtype=object), np.float64(1.5)):
            with pytest.raises(TypeError, match=f"bytes, not {type(wrong).__name__}"):
                taker(wrong)
    with pytest.raises(TypeError, match="data is bytes, not str_"):
        hanfix.decode(np.str_("這個"))


def test_what_is_no_text_among_many_is_shown() -> None:
    """By its kind and its value: a list may be long."""
    wrong: Any = 42
    for taker in (hanfix.Normalizer().batch, hanfix.Normalizer().shown):
        with pytest.raises(TypeError, match=r"a text is a str, bytes or None, not int: 42$"):
            taker(["問題", "問題".encode(), wrong])
        with pytest.raises(TypeError, match="memoryview of format H"):
            taker(["問題", memoryview(array("H", [65]))])
