"""Convert: cases, and the laws that every target keeps."""

from __future__ import annotations

import copy
import pickle
import re
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hanfix
from hanfix import convert, detect

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "convert.toml").read_text("utf-8"))["case"]
TARGETS = ("hans", "hant", "hant-tw", "hant-hk", "auto", "keep")
# Words that one script, both or none can claim; regional ones; what must stay.
WORDS = (
    "头发 頭髮 发展 發展 皇后 后面 後面 里面 裏面 裡面 公里 干预 干預 干杯 乾杯 乾隆 着急 顯著 看著 "
    "著名 著作 学生 學生 软件 軟件 軟體 程序 程式 鼠标 滑鼠 鼠標 信息 訊息 資訊 群众 羣眾 群眾 羣 众 "
    "為 爲 为 說 説 说 床 牀 峰 峯 啟 啓 启 什么 什麼 么 坏 壞 只有 一隻 一只 隻 余 餘 馀 于 於 於是 "
    "台 臺 台湾 臺灣 才 纔 面 麵 面条 系 係 繫 关系 徵 征 特徵 钟 鍾 鐘 です 会社 東京駅 株式会社 の "
    "皇後 公裏 關系 ありがとう 気 駅 体 会 国 國 abc https://例.cn/发展 `发展` <b title='发展'>发</b> ⿰钅发 𠮷 𫝈 "
    "\n \r\n 、 ，"
).split(" ")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Words and cut words of both scripts, side by side and on lines."""
    parts = draw(st.lists(st.sampled_from(WORDS), max_size=8))
    cut = draw(st.booleans())
    if parts and cut:
        at = draw(st.integers(0, len(parts) - 1))
        parts[at] = parts[at][:1]
    return draw(st.sampled_from(["", "", "\n"])).join(parts)


def marked(case: dict[str, object]) -> object:
    failure = case.get("known_failure")
    marks = pytest.mark.xfail(reason=str(failure), strict=True) if failure else ()
    return pytest.param(case, id=str(case["name"]), marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, str]) -> None:
    """What the case says, and the edits account for it."""
    options = {key: case[key] for key in ("words", "protect", "dictionary") if key in case}
    converted = convert(case["given"], case["to"], **options)  # type: ignore[arg-type]
    assert converted.text == case.get("want", case["given"])
    assert hanfix.replay(case["given"], converted.edits) == converted.text


@settings(max_examples=400, deadline=None)
@given(texts(), st.sampled_from(TARGETS), st.booleans())
def test_once_is_enough(text: str, to: str, words: bool) -> None:
    """What was converted is not converted again."""
    once = convert(text, to, words=words).text
    assert convert(once, to, words=words).text == once


# Lines of one script, of the other, of both, of none that tells, of Japanese, and with what is protected.
LINES = (
    "这家面馆的汤头熬了整整六个小时。\n他把头发剪短了，看起来精神多了。\n后来我们在山里迷了路，只好原地等待。\n"
    "這家麵館的湯頭熬了整整六個小時。\n他把頭髮剪短了，看起來精神多了。\n後來我們在山裡迷了路，只好原地等待。\n"
    "皇後在公裏之外的行宮養病。\n苎麻和苧麻是同一種植物。\n关於这个问题，大家都有自己的看法。\n"
    "山高水深。\n今天天天向上。\n一二三四五。\n\n  \n東京駅で会社の人と会う。\nありがとうございます。\n"
    "请看`发展`和https://例.cn/发展?a=后。\n<b title='发'>發展</b>是硬道理。\n```\n代码里的发展\n```\n"
    "佢哋喺度食緊飯，唔好嘈。\n系咁先啦，聽日再講。\n看著書，寫著名單。\n𠮷野家的牛肉饭。"
).split("\n")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=9),
    st.integers(1, 60),
    st.lists(st.sampled_from(LINES), max_size=6),
    st.sampled_from(TARGETS),
    st.booleans(),
)
def test_long_texts_keep_the_laws(most: list[str], times: int, others: list[str], to: str, words: bool) -> None:
    """A long text of one kind, with some lines of other kinds: once is enough, and its edits give it."""
    lines = most * times
    for number, line in enumerate(others):
        lines.insert(len(lines) * (number + 1) // (len(others) + 1), line)
    text = "\n".join(lines)
    converted = convert(text, to, words=words)
    assert hanfix.replay(text, converted.edits) == converted.text
    assert convert(converted.text, to, words=words).text == converted.text


@settings(max_examples=300, deadline=None)
@given(texts(), st.sampled_from(TARGETS), st.booleans(), st.sampled_from([(), ("发展", "里面")]))
def test_edits_give_the_text(text: str, to: str, words: bool, protect: tuple[str, ...]) -> None:
    """Replayed, they are the text; there are none exactly when it stays; all are convert's."""
    converted = convert(text, to, words=words, protect=protect)
    assert hanfix.replay(text, converted.edits) == converted.text
    assert bool(converted.edits) == (converted.text != text)
    assert {edit.stage for edit in converted.edits} <= {"convert"}
    assert {part for edit in converted.edits for part in edit.kind.split("+")} <= {"script", "form", "words"}


@settings(max_examples=300, deadline=None)
@given(texts(), st.sampled_from(TARGETS), st.booleans(), st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_what_is_less_sure_than_asked_stays(text: str, to: str, words: bool, least: float) -> None:
    """Every edit is as sure as that, the edits give the text, and what stays is said."""
    converted = convert(text, to, words=words, min_confidence=least)
    assert all(edit.confidence >= least for edit in converted.edits)
    assert hanfix.replay(text, converted.edits) == converted.text
    for doubt in converted.kept:
        assert text[doubt.start : doubt.end] == doubt.old == doubt.new
        assert doubt.kind == "kept" and doubt.new not in doubt.alternatives and doubt.confidence < 1
        assert not any(edit.start <= doubt.start < edit.end for edit in converted.edits)


@settings(max_examples=300, deadline=None)
@given(texts(), st.sampled_from(TARGETS), st.booleans())
def test_an_edit_says_what_else_may_stand_there(text: str, to: str, words: bool) -> None:
    """What is written is none of its alternatives, and at least as likely as each."""
    for edit in convert(text, to, words=words).edits:
        assert edit.new not in edit.alternatives and edit.old != edit.new
        assert 0.25 <= edit.confidence <= 1
        assert edit.confidence == 1 or to.startswith(("hant", "auto"))


@settings(max_examples=100, deadline=None)
@given(texts(), st.sampled_from(TARGETS), st.sampled_from([None, {"发展": "開展"}]))
def test_results_pickle(text: str, to: str, dictionary: dict[str, str] | None) -> None:
    """With edits and what was kept, and equal afterwards; copies too."""
    converted = convert(text, to, dictionary=dictionary, min_confidence=0.8)
    for again in (pickle.loads(pickle.dumps(converted)), copy.deepcopy(converted), copy.copy(converted)):
        assert again == converted and hash(again) == hash(converted)
        assert (again.text, again.edits, again.kept) == (converted.text, converted.edits, converted.kept)
        assert (again.doubts(), repr(again)) == (converted.doubts(), repr(converted))
    assert pickle.loads(pickle.dumps(copy.copy(converted))) == converted


def test_results_are_equal_if_text_and_account_are() -> None:
    """The same text, come by in other ways, is another result."""
    assert convert("发展", "hant") == convert("发展", "hant-tw")
    assert convert("发展", "hant") != convert("發展", "hant")
    assert convert("发展", "hant") != convert("发展", "hans")
    assert convert("发展", "hans") != "发展"


@settings(max_examples=300, deadline=None)
@given(texts())
def test_nothing_of_the_other_script_is_left(text: str) -> None:
    """Line by line, outside Japanese passages and what is protected."""
    text = text.replace("⿰", "").replace("https://例.cn/发展", "").replace("`", "").replace("<", "")
    for to, other in (("hans", "hant"), ("hant", "hans"), ("hant-tw", "hans"), ("hant-hk", "hans")):
        given_lines, lines = text.split("\n"), convert(text, to).text.split("\n")
        for before, line in zip(given_lines, lines, strict=True):
            if detect(before).script != "Jpan":
                assert detect(line).shares[other] == 0


@settings(max_examples=200, deadline=None)
@given(
    st.lists(texts(), max_size=3), st.sampled_from(["https://發.tw/发?a=后", "`头发`", "<a title='头发'>", "学生发展"])
)
def test_what_is_protected_stays(parts: list[str], kept: str) -> None:
    """URLs, code, markup and named terms are in the output as they were."""
    kept = kept.split("發")[0] if kept.startswith("https") else kept
    # A stray backtick would pair up with those of the code.
    text = f" {kept} ".join(part.replace("`", "") for part in parts)
    for to in ("hans", "hant-tw"):
        assert convert(text, to, protect=["学生发展"]).text.count(kept) >= max(0, len(parts) - 1)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None), max_size=30), st.sampled_from(TARGETS))
def test_any_string_passes(text: str, to: str) -> None:
    """Lone surrogates and all; ASCII stays."""
    convert(text, to)
    assert convert(text.encode("ascii", "ignore").decode(), to, words=True).edits == ()


@pytest.mark.parametrize(
    ("name", "want"),
    [
        *((name, "头发里") for name in ("zh-CN", "zh_CN", "ZH-HANS", "zh-Hans-CN", "Hans", "zh-SG")),
        *((name, "頭髮裡") for name in ("zh-TW", "zh_tw", "zh-Hant-TW", "hant-tw", "TW")),
        *((name, "頭髮裏") for name in ("zh-HK", "zh_Hant_HK", "zh-MO", "hk", "zh-Hant", "hant")),
    ],
)
def test_targets_have_other_names(name: str, want: str) -> None:
    """BCP 47 tags, in any case, with - or _."""
    given = "头发里" if want != "头发里" else "頭髮裡"
    assert convert(given, name).text == want


@pytest.mark.parametrize(
    ("target", "tags"),
    [
        ("hans", "zh-CN zh-Hans-TW zh-Hans-US cmn-Hans cmn-SG yue-Hans yue-CN zh-MY zh-Hans-x-tw zh_CN.GB18030@pinyin"),
        ("hant", "zh-Hant zh-Hant-CN zh-Hant-US zh-Hant-030 cmn-Hant yue-Hant zh-Hant-x-foo zh-Hant-u-rg-twzzzz"),
        ("hant-tw", "zh-TW cmn-Hant-TW yue-TW zh-Hant-TW-u-co-stroke ZH-hant-tw-X-a-b zh_TW.UTF-8 zh_Hant_TW@radical"),
        ("hant-hk", "zh-HK zh-MO yue yue-HK yue-Hant-HK cmn-Hant-MO yue-US zh-yue zh-yue-Hant-HK zh_HK.big5hkscs"),
    ],
)
def test_a_language_tag_means_a_target(target: str, tags: str) -> None:
    """The script decides, then the region, then the language; extensions and charsets say nothing."""
    for tag in tags.split():
        assert hanfix.Normalizer(tag).to == target, tag
        assert convert("头发里着为峰裡裏著", tag) == convert("头发里着为峰裡裏著", target), tag
        assert convert("发", tag, protect=["里"]).text == convert("发", target).text, tag


def test_an_unknown_target_names_the_known() -> None:
    """The message is all one needs."""
    wrongs = (
        "traditional zh hant-xx cmn zh-US zh-x-foo zh.UTF-8 en-TW zh-Latn-TW zh-Hant- zh-TW-Hant zh-Hant-TW-HK zh-ＴＷ "
        "hant-tw.UTF-8 x-zh-TW -TW zh--TW C.UTF-8 @ ."
    )
    for wrong in ("", *wrongs.split()):
        for refuses in (partial(convert, "x"), hanfix.Normalizer):
            with pytest.raises(ValueError, match=f'no target "{re.escape(wrong)}"; .*hant-tw'):
                refuses(to=wrong)


def test_what_stays_is_the_same_object() -> None:
    """No copy of a text that is right."""
    text = "學生在後面發展"
    assert convert(text, "hant").text is text


def test_a_long_line_takes_no_longer() -> None:
    """Open at every character, of both scripts, with a mark that never closes."""
    for piece in ("里", "里發发", "`", "⿰", "后の", "发展"):
        convert(piece * 200_000, "hant-tw")
        convert(piece * 200_000, "hans", words=True)


def test_a_regional_word_is_company_too() -> None:
    """復習 is known to be 複習 beside 資料, which was 数据; nothing is left to do the second time."""
    once = hanfix.convert("發展，復習数据，", to="hant-tw", words=True).text
    assert once == hanfix.convert(once, to="hant-tw", words=True).text == "發展，複習資料，"


def test_the_places_worth_a_look_are_those_that_are_less_sure() -> None:
    """Changed or kept, with what else may stand there."""
    converted = convert("他舍了家，我在一里外的面包店", to="hant-tw")
    assert [(doubt.old, doubt.new, doubt.alternatives) for doubt in converted.doubts(below=0.8)] == [
        ("舍", "捨", ("舍",))
    ]  # fmt: skip
    assert all(doubt.confidence < 0.999 for doubt in converted.doubts(below=0.999))
    assert convert("他舍了家", to="hant-tw", min_confidence=0.9).text == "他舍了家"
    (kept,) = convert("他舍了家", to="hant-tw", min_confidence=0.9).kept
    assert (kept.old, kept.new, kept.alternatives) == ("舍", "舍", ("捨",))


@pytest.mark.parametrize("least", [-0.1, 1.1, float("nan")])
def test_a_confidence_is_a_share(least: float) -> None:
    """What is none is refused."""
    with pytest.raises(ValueError, match="from 0 to 1"):
        convert("发", "hant", min_confidence=least)
    with pytest.raises(ValueError, match="from 0 to 1"):
        hanfix.Normalizer("hant", min_confidence=least)


def test_a_report_places_what_stays_in_the_original() -> None:
    """What clean has changed before it moves the place."""
    original = "推进(jìn)鼓励(lì)，他舍了家"
    report = hanfix.Normalizer("hant-tw", min_confidence=0.95).explain(original)
    (kept,) = [doubt for doubt in report.kept if doubt.old == "舍"]
    assert original[kept.start : kept.end] == "舍" and kept in report.doubts()
    assert report.to_dict()["kept"]


@pytest.mark.parametrize("option", ["steps", "protect", "clean"])
@pytest.mark.parametrize("wrong", ["里昂", b"x", 3, [3], [None]])
def test_options_that_take_several_strings_take_nothing_else(option: str, wrong: Any) -> None:
    """And say which of them it was."""
    with pytest.raises(TypeError, match=f"{option} is a list of strings, not "):
        hanfix.Normalizer(**{option: wrong})


def test_a_dictionary_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """With what to do; one in UTF-8 may have a mark."""
    words = tmp_path / "words.txt"
    words.write_text("服务器\t伺服主機\n", "utf-8-sig")
    assert convert("服务器", "hant-tw", dictionary=words).text == "伺服主機"
    words.write_text("服务器\t伺服主機\n", "utf-16")
    with pytest.raises(ValueError, match=r"words\.txt: not UTF-8 at byte 0; save it as UTF-8"):
        convert("服务器", "hant-tw", dictionary=words)


def test_a_dictionary_that_was_written_again_is_read_again(tmp_path: Path) -> None:
    """What its file holds counts, in every call."""
    words = tmp_path / "words.txt"
    for value in ("伺服主機", "伺服器"):
        words.write_text(f"服务器\t{value}\n", "utf-8")
        assert convert("服务器", "hant-tw", dictionary=words).text == value
        assert hanfix.normalize("服务器", dictionary=words) == value
        assert hanfix.normalize("服务器", dictionary=str(words), protect=["里昂"]) == value
        assert hanfix.normalize("服务器", dictionary={"服务器": value}) == value
