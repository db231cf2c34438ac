"""The lattice: its cases, and the laws of a text made of open characters."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hanfix

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "lattice.toml").read_text("utf-8"))["case"]
TARGETS = ("hans", "hant", "hant-tw", "hant-hk")
# Open characters in both scripts, with what stands around them in words.
OPEN = st.text("后後里裡裏发發髮干幹乾面麵麺只隻系係学學生头頭公皇表制製的了，\n", max_size=24)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, str], request: pytest.FixtureRequest) -> None:
    """What is given becomes what is wanted; a known failure keeps failing."""
    if "known_failure" in case:
        request.applymarker(pytest.mark.xfail(reason=case["known_failure"], strict=True))
    assert hanfix.convert(case["given"], to=case["to"]).text == case["want"]


def test_words_that_are_certain_are_read_so_alone_on_a_line() -> None:
    """Whatever stands at the ends of other lines: 系花, and not 係花."""
    listed = (Path(__file__).parent.parent / "data" / "own" / "words.txt").read_text("utf-8").splitlines()
    words = [word for line in listed if line[:1] != "#" for word in line.split() if word.endswith(("!", "^"))]
    assert len(words) > 100
    for word in (listed.rstrip("!^") for listed in words):
        simplified = hanfix.convert(word, to="hans").text
        assert hanfix.convert(simplified, to="hant-tw").text == word


@given(OPEN, st.sampled_from(TARGETS))
def test_once_is_enough(text: str, to: str) -> None:
    """Converting what was converted changes nothing."""
    once = hanfix.convert(text, to=to).text
    assert hanfix.convert(once, to=to).text == once


@given(OPEN, st.sampled_from(TARGETS))
def test_edits_replay(text: str, to: str) -> None:
    """The edits make the output from the input."""
    done = hanfix.convert(text, to=to)
    out, at = [], 0
    for edit in done.edits:
        out += [text[at : edit.start], edit.new]
        at = edit.end
    assert "".join([*out, text[at:]]) == done.text


@given(OPEN)
def test_nothing_simplified_is_left(text: str) -> None:
    """Traditional text has no character that only Simplified text has, unless the line is Japanese."""
    done = hanfix.convert(text, to="hant").text
    lines = [line for line in done.splitlines() if hanfix.detect(line).script != "Jpan"]
    assert not set("".join(lines)) & set("发学头")


@pytest.mark.parametrize("piece", ["里", "发里", "皇后干面", "系"])
def test_one_endless_island(piece: str) -> None:
    """A text that is open at every character comes through, in one line."""
    text = piece * 50_000
    assert len(hanfix.convert(text, to="hant-tw").text) == len(text)
