"""
What holds for every text, at every stage, whatever happened to it.

Each test is one sentence. A text that breaks it is a bug of a stage, and of this suite if it was
found elsewhere: then ``strategies.py`` should learn to draw it.
"""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import anything, documents, lossless_mojibake, sentences, texts

import hanfix
from hanfix._clean import STEPS
from hanfix.adapters import Columns

TARGETS = ["hans", "hant", "hant-tw", "hant-hk", "auto", "keep"]

# Every way from text to text that gives an account of itself.
REWRITES: dict[str, Callable[[str], Any]] = {
    "repair": hanfix.repair,
    "clean": hanfix.clean,
    **{f"convert-{target}": partial(hanfix.convert, to=target) for target in TARGETS},
    "convert-words": partial(hanfix.convert, to="hant-tw", words=True),
}
NORMALIZERS = {target: hanfix.Normalizer(to=target) for target in TARGETS}

each_rewrite = pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES)
each_target = pytest.mark.parametrize("normalizer", NORMALIZERS.values(), ids=NORMALIZERS)


@each_rewrite
@given(text=texts())
def test_replaying_the_edits_of_a_stage_gives_its_output(rewrite: Callable[[str], Any], text: str) -> None:
    """The account of a stage is complete."""
    done = rewrite(text)
    assert hanfix.replay(text, done.edits) == done.text


@each_rewrite
@given(text=texts())
def test_a_stage_has_no_edits_exactly_when_it_changed_nothing(rewrite: Callable[[str], Any], text: str) -> None:
    """An edit is a change, and a change is an edit."""
    done = rewrite(text)
    assert (not done.edits) == (done.text == text)
    assert all(edit.old != edit.new for edit in done.edits)


@each_rewrite
@given(text=texts())
def test_a_stage_run_twice_changes_nothing_more(rewrite: Callable[[str], Any], text: str) -> None:
    """What a stage leaves behind is what it wants."""
    once = rewrite(text).text
    assert rewrite(once).text == once


@each_rewrite
@given(text=st.text(st.characters(max_codepoint=127)))
def test_a_stage_leaves_ascii_alone(rewrite: Callable[[str], Any], text: str) -> None:
    """Without anything Chinese there is nothing to mend."""
    assume("&#" not in text and "\\u" not in text and "%" not in text)
    assert rewrite(text).text == text


@each_rewrite
@given(text=sentences(), surrogate=st.characters(categories=["Cs"]), at=st.integers(0, 20))
def test_lone_surrogates_pass_through_a_stage(
    rewrite: Callable[[str], Any], text: str, surrogate: str, at: int
) -> None:
    """They are no text, but they are the caller's."""
    assert rewrite(text[:at] + surrogate + text[at:]).text.count(surrogate) == 1


@each_target
@given(text=texts())
def test_a_report_replays_from_the_original_to_the_output(normalizer: hanfix.Normalizer, text: str) -> None:
    """Through all stages, every change is at its place in what was given."""
    report = normalizer.explain(text)
    assert report.original == text
    assert hanfix.replay(report.original, report.edits) == report.text


@each_target
@given(text=texts())
def test_the_stages_of_a_report_replay_one_after_the_other(normalizer: hanfix.Normalizer, text: str) -> None:
    """Each stage's own account leads to the next stage's input."""
    report = normalizer.explain(text)
    for _, edits in report.stages:
        text = hanfix.replay(text, edits)
    assert text == report.text


@each_target
@given(text=texts())
def test_plain_and_explained_answers_are_the_same(normalizer: hanfix.Normalizer, text: str) -> None:
    """There is one code path."""
    assert normalizer(text) == normalizer.explain(text).text


@each_target
@given(text=texts())
def test_a_report_has_no_edits_exactly_when_nothing_changed(normalizer: hanfix.Normalizer, text: str) -> None:
    """What two stages did and undid is no change."""
    report = normalizer.explain(text)
    assert (not report.edits) == (report.text == text)


@each_target
@given(text=texts())
def test_normalizing_twice_changes_nothing_more(normalizer: hanfix.Normalizer, text: str) -> None:
    """A normalized text is normal."""
    once = normalizer(text)
    assert normalizer(once) == once


@pytest.mark.parametrize(
    "garbled",
    [
        # Half of it garbled twice: 銆備绨 is nothing, and 銆備綈, which it is in Traditional, was read the second time.
        "閸欐垵鐫嶉敍灞藉絺鐏炴洩绱濋崣鎴濈潔閵嗗倷绨閸楋拷",
        # Beyond repair with 锟 in it, and not with 錕.
        "楠炴煡锟藉嫰娼伴崠鍛锟藉倸褰傜仦鏇炲虫禍锟介敍灞藉絺鐏炴洖褰傜仦锟發展，發展今天發展今天，發展，發展，發展，發展人云亦云，",
    ],
)
def test_what_conversion_makes_readable_of_mojibake_is_read_at_once(garbled: str) -> None:
    """And not by whoever normalizes the text a second time."""
    normalizer = hanfix.Normalizer(to="hant-tw")
    once = normalizer(garbled)
    assert normalizer(once) == once == normalizer.explain(garbled).text


def test_what_is_lost_is_told_also_where_conversion_hides_it() -> None:
    """錕斤拷 is what 锟斤拷 becomes, and no mark of a loss; nor are the lines beside it anything to it."""
    report = hanfix.Normalizer(to="hant-tw").explain("问题锟斤拷锟斤拷复杂\ue123发\n浣犲ソ,世界!\n")
    assert [(loss.start, loss.end) for loss in report.losses] == [(2, 8), (10, 11)]
    assert report.text == "問題錕斤拷錕斤拷複雜\ue123發\n你好，世界！\n"


def test_a_lesson_in_simplified_keeps_its_glosses() -> None:
    """Whatever of it is converted: what a mirror writes, it writes into Traditional text."""
    lesson = "我现(xiàn)在学习发(fā)音。\n请大家进(jìn)来，实(shí)在很好。\n"
    assert NORMALIZERS["hans"](lesson) == lesson
    assert NORMALIZERS["hant-tw"](lesson) == hanfix.convert(lesson, to="hant-tw").text
    assert NORMALIZERS["hant-tw"](lesson).count("(") == lesson.count("(")


@pytest.mark.parametrize(
    ("target", "want"), [("hans", "他说：“这个问题很难。”"), ("hant-tw", "他說：「這個問題很難。」")]
)
def test_quotation_marks_are_those_of_the_target(target: str, want: str) -> None:
    """Whatever the script was in that they were written; a second time changes nothing more."""
    normalizer = hanfix.Normalizer(to=target, clean=STEPS)
    for opening, closing in ("“”", "「」"):
        for said in ("他说：{}这个问题很难。{}", "他說：{}這個問題很難。{}"):
            text = said.format(opening, closing)
            assert normalizer(text) == normalizer.explain(text).text == want
    assert normalizer(want) == want


@each_target
@given(raw=documents())
def test_normalizing_bytes_is_normalizing_the_text_that_is_in_them(normalizer: hanfix.Normalizer, raw: bytes) -> None:
    """Decoding is a stage like the others, and its account starts from its own output."""
    report = normalizer.explain(raw)
    assert report.original == hanfix.decode(raw).text
    assert report.text == normalizer(raw) == normalizer(report.original)


@given(raw=anything())
def test_decoding_never_raises_and_accounts_for_every_byte(raw: bytes) -> None:
    """The spans cover the bytes from the first to the last, without gap or overlap."""
    decoded = hanfix.decode(raw)
    place = 0
    for start, end, encoding in decoded.spans:
        assert start == place
        assert end > start
        assert encoding
        place = end
    assert place == len(raw)


@given(raw=anything())
def test_what_could_not_be_decoded_is_listed_in_order(raw: bytes) -> None:
    """A loss has a place in the bytes."""
    place = 0
    for loss in hanfix.decode(raw).losses:
        assert place <= loss.start < loss.end <= len(raw)
        place = loss.end


@given(raw=anything())
def test_replaying_what_decode_did_makes_utf_8_of_the_bytes(raw: bytes) -> None:
    """Decoding is accounted for like everything else, at places in the bytes."""
    decoded = hanfix.decode(raw)
    made, done = b"", 0
    for edit in decoded.edits:
        assert edit.old.encode("latin-1") == raw[edit.start : edit.end]
        made += raw[done : edit.start] + edit.new.encode("utf-8", "surrogatepass")
        done = edit.end
    assert made + raw[done:] == decoded.text.encode("utf-8", "surrogatepass")


@given(text=texts(), size=st.integers(1, 5))
def test_chunks_of_a_batch_give_what_single_calls_give(text: str, size: int) -> None:
    """No text of a batch knows of its neighbours."""
    normalizer = NORMALIZERS["hant-tw"]
    batch = [text[at : at + size] for at in range(0, len(text), size)]
    assert normalizer.batch(batch) == [normalizer(one) for one in batch]


@given(batch=st.lists(texts(), max_size=8), cut=st.integers(0, 8))
def test_a_batch_may_be_cut_anywhere(batch: list[str], cut: int) -> None:
    """Two halves give what the whole gives."""
    normalizer = NORMALIZERS["hans"]
    assert normalizer.batch(batch[:cut]) + normalizer.batch(batch[cut:]) == normalizer.batch(batch)


def test_long_and_short_texts_of_a_batch_become_what_each_becomes_alone() -> None:
    """So many that all cores are asked, and each is given some of them, whatever their lengths."""
    normalizer = hanfix.Normalizer(to="hant")
    lengths = [0, 1, 16_384, 16_385, 40_000, 3, *[7] * 200, 20_000, 20_000, 0]
    texts = [("发展" * length)[:length] for length in lengths]
    assert normalizer.batch(texts) == [("發展" * length)[:length] for length in lengths]
    assert normalizer.batch(["", "发展", None]) == ["", "發展", None]


def test_a_batch_comes_back_as_the_list_or_tuple_that_it_was() -> None:
    """With the names that a tuple has."""

    class Page(NamedTuple):
        title: str
        text: str | None

    class Titles(list[str]):
        """A list of one's own."""

    normalizer = NORMALIZERS["hans"]
    for given_batch in (["發展"], ("發展", None), (), Page("發展", None), Titles(["發展"])):
        done = normalizer.batch(given_batch)
        assert type(done) is type(given_batch)
        assert list(done) == normalizer.batch(list(given_batch))
    assert normalizer.batch(Page("發展", None)) == Page("发展", None)


@each_target
@given(text=texts())
def test_a_pickled_normalizer_is_the_same_normalizer(normalizer: hanfix.Normalizer, text: str) -> None:
    """It goes to other processes as it is."""
    again = pickle.loads(pickle.dumps(normalizer))
    assert again == normalizer
    assert hash(again) == hash(normalizer)
    assert again(text) == normalizer(text)


@given(batch=st.lists(texts(), min_size=1, max_size=12))
def test_threads_give_what_one_thread_gives(batch: list[str]) -> None:
    """One object serves all threads at once."""
    normalizer = NORMALIZERS["hant-tw"]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(normalizer, batch)) == [normalizer(text) for text in batch]


def results(text: str) -> list[Any]:
    """Whatever can be asked of a text, of its bytes too."""
    data = text.encode("gb18030", "replace")
    normalizer = NORMALIZERS["hans"]
    asked: list[Callable[[str], Any]] = [hanfix.repair, hanfix.clean, hanfix.convert, hanfix.detect, normalizer.explain]
    of_bytes: list[Callable[[bytes], Any]] = [hanfix.decode, hanfix.detect, normalizer.explain]
    return [ask(text) for ask in asked] + [ask(data) for ask in of_bytes] + [Columns(normalizer, text, 1)]


@given(text=texts())
def test_results_are_equal_hashed_copied_and_pickled_by_what_they_say(text: str) -> None:
    """They can be sent home from where the work was done, in every way that there is to pickle."""
    others = set(results("另一個问题" + text))
    for one, same in zip(results(text), results(text), strict=True):
        copies = [copy.copy(one), copy.deepcopy(one)]
        pickled = [pickle.loads(pickle.dumps(one, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
        for again in [same, *copies, *pickled]:
            assert again == one
            assert hash(again) == hash(one)
            assert repr(again) == repr(one)
        assert one not in others
        assert one != text


def test_a_report_of_bytes_finds_its_bytes_again() -> None:
    """Once it was pickled, too."""
    report = NORMALIZERS["hans"].explain("他說問題".encode("big5"))
    again = pickle.loads(pickle.dumps(report))
    assert [again.byte_range(edit) for edit in again.edits] == [report.byte_range(edit) for edit in report.edits] != []


@given(text=texts())
def test_detecting_takes_any_text_and_shares_add_up(text: str) -> None:
    """Looking never raises, and the shares are of one whole."""
    profile = hanfix.detect(text)
    assert profile.script in {"Hans", "Hant", "mixed", "shared", "Jpan", "none"}
    assert all(0 <= share <= 1 for share in profile.shares.values())
    assert sum(profile.shares.values()) == pytest.approx(1 if text else 0)


@given(raw=anything())
def test_detecting_takes_any_bytes(raw: bytes) -> None:
    """Bytes are looked at as what they decode to."""
    hanfix.detect(raw)


@pytest.mark.parametrize(("written", "read"), [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1")])
@given(data=st.data())
def test_lossless_mojibake_of_a_sentence_comes_back(data: st.DataObject, written: str, read: str) -> None:
    """Nothing was lost on the way, so nothing is lost coming back."""
    meant, arrived = data.draw(lossless_mojibake(written, read))
    # Four characters of UTF-8 is what can be told with confidence, and eight of two bytes each: 複雜鬆開 is but
    # Ñ}ësó é_, half of it ASCII. A word said over and over is the case below.
    assume(len(meant) >= (4 if written == "utf-8" else 8))
    assume(len(set(meant)) * 3 >= len(meant) * 2)
    assert hanfix.repair(arrived).text == meant


def test_lossless_mojibake_of_a_repeated_word_comes_back() -> None:
    """A chorus is text as well."""
    meant = "發展，" * 3
    assert hanfix.repair(meant.encode("gb18030").decode("latin-1")).text == meant


@pytest.mark.parametrize("wrong", ["hanz", "", "zh-Hans-", "HANT_tw "])
def test_an_unknown_target_is_refused_with_the_known_ones(wrong: str) -> None:
    """The message says what could have been meant."""
    with pytest.raises(ValueError, match="hant-tw"):
        hanfix.Normalizer(to=wrong)


# Run as a program: a child that hangs is ended with it, and no thread of the tests is in what is forked.
FORKED = """
import hanfix, multiprocessing
normalizer = hanfix.Normalizer(to="hans")
texts, glossed = ["這個問題很難解決。" * 30] * 2000, ["推進(jìn)發(fā)展"] * 200
want = normalizer.batch(texts)
shown = normalizer.shown(glossed)
context = multiprocessing.get_context("fork")
with context.Pool(2) as pool:
    assert pool.map(normalizer.batch, [texts] * 3) == [want] * 3
    assert pool.map(normalizer.shown, [glossed]) == [shown]
assert normalizer.batch(texts) == want
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_batches_after_its_parent_has() -> None:
    """It has none of its parent's threads, and waits for none."""
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)
