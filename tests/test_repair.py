"""Repair: mojibake as it happens comes back, and what is clean stays."""

from __future__ import annotations

import difflib
import itertools
import pickle
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import hanfix
from hanfix import repair

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "repair.toml").read_text("utf-8"))["case"]

# Pieces of running text, which any order makes a sentence of.
WHO = "我们 他 她的朋友 老师 邻居 妈妈 那个学生 经理 孩子们 医生".split()
WHEN = "昨天 今天早上 去年 晚上八点 周末 上个月 明天下午 现在".split()
WHAT = "去公园散步 买了很多水果 在图书馆看书 写完了报告 坐火车回家 学习中文 参加会议 准备考试 喝咖啡".split()
WHO_HANT = "我們 他 她的朋友 老師 鄰居 媽媽 那個學生 經理 孩子們 醫生".split()
WHEN_HANT = "昨天 今天早上 去年 晚上八點 週末 上個月 明天下午 現在".split()
WHAT_HANT = "去公園散步 買了很多水果 在圖書館看書 寫完了報告 坐火車回家 學習中文 參加會議 準備考試 喝咖啡".split()

# (written, read): the house's chains, then other pairs.
ONE_BYTE = ["latin-1", "cp1252", "cp437", "mac-roman", "cp1250", "cp1251", "koi8-r"]
CHAINS = [
    *[(written, read) for written in ("utf-8", "gb18030", "big5") for read in ONE_BYTE],
    *[("utf-8", read) for read in ("gbk", "gb18030", "big5", "cp932", "cp949")],
    ("gbk", "big5"),
    ("gbk", "cp949"),
    ("big5", "gbk"),
    ("big5", "gb18030"),
]
# Chains whose wrong reading has a byte for everything, so that nothing is ever lost.
COMPLETE = {"latin-1", "cp1252", "cp437", "mac-roman"}


def lenient(raw: bytes, encoding: str) -> str:
    """As Windows and the web read: a byte that is undefined passes as the control of its number."""
    if encoding not in ("cp1250", "cp1251", "cp1252"):
        return raw.decode(encoding)
    one = [bytes([byte]) for byte in raw]
    return "".join(byte.decode(encoding, "replace").replace("\ufffd", chr(byte[0])) for byte in one)


@st.composite
def sentences(draw: DrawFn, script: str) -> str:
    """Running text of eight characters or more."""
    pools = (WHO, WHEN, WHAT) if script == "hans" else (WHO_HANT, WHEN_HANT, WHAT_HANT)
    clauses = ["".join(draw(st.sampled_from(pool)) for pool in pools) for _ in range(draw(st.integers(1, 3)))]
    return "，".join(clauses) + draw(st.sampled_from(["。", "", "！"]))


@st.composite
def arrived(draw: DrawFn, written: str, read: str) -> tuple[str, str]:
    """(What was meant, what arrived) with nothing lost on the way."""

    script = "hant" if "big5" in written else draw(st.sampled_from(["hans", "hant"]))
    drawn = sentences(script)
    meant = draw(drawn if read in COMPLETE else drawn.filter(lambda meant: survives(meant, written, read)))
    return meant, lenient(meant.encode(written), read)


def marked(case: dict[str, str]) -> object:
    failure = case.get("known_failure")
    marks = pytest.mark.xfail(reason=failure, strict=True) if failure else ()
    return pytest.param(case, id=case["name"], marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, str]) -> None:
    """Each case comes out as it says, and its edits account for it."""
    repaired = repair(case["given"])
    assert repaired.text == case["want"]
    assert hanfix.replay(case["given"], repaired.edits) == repaired.text
    assert bool(repaired.edits) == (repaired.text != case["given"])


def combinations(script: str) -> list[str]:
    """Every sentence of one clause."""
    pools = (WHO, WHEN, WHAT) if script == "hans" else (WHO_HANT, WHEN_HANT, WHAT_HANT)
    return ["".join(parts) for parts in itertools.product(*pools)]


def survives(meant: str, written: str, read: str) -> bool:
    """Whether the reader has a character for every byte, and makes something else of them."""
    try:
        return lenient(meant.encode(written), read) != meant
    except UnicodeError:
        return False


def survivors(written: str, read: str) -> list[str]:
    """The sentences that lose nothing: of some chains few, of UTF-8 read as Big5 none."""
    found = []
    for script in ("hans", "hant"):
        long = (meant for meant in combinations(script) if len(meant) >= 8)
        found += [meant for meant in long if survives(meant, written, read)]
    return found


SURVIVING = {chain: survivors(*chain) for chain in CHAINS}


def test_nearly_every_chain_has_survivors() -> None:
    """A law about nothing is no law."""
    assert [chain for chain, meant in SURVIVING.items() if not meant] == [("utf-8", "big5")]


@pytest.mark.parametrize(("written", "read"), [chain for chain in CHAINS if SURVIVING[chain]])
@given(data=st.data())
def test_lossless_mojibake_comes_back(data: st.DataObject, written: str, read: str) -> None:
    """Nothing was lost on the way, so nothing is lost coming back."""
    meant = data.draw(st.sampled_from(SURVIVING[written, read]))
    assert repair(lenient(meant.encode(written), read)).text == meant


@pytest.mark.parametrize(("written", "read"), [chain for chain in CHAINS if chain[1] in COMPLETE])
@given(data=st.data())
def test_any_sentence_comes_back(data: st.DataObject, written: str, read: str) -> None:
    """Where every byte is a character, every sentence survives, of any length."""
    meant, garbled = data.draw(arrived(written, read))
    assert repair(garbled).text == meant


def with_marks(text: str, read: str, mark: str) -> str:
    """UTF-8 read by a reader that replaces what it cannot read."""
    return text.encode().decode(read, "replace").replace("\ufffd", mark)


@pytest.mark.parametrize("mark", ["\ufffd", "?"])
@pytest.mark.parametrize("read", ["gbk", "gb18030", "cp1252"])
@given(meant=sentences("hans") | sentences("hant"))
def test_what_lost_bytes_comes_back_or_is_marked(meant: str, read: str, mark: str) -> None:
    """Most comes back; what does not is U+FFFD and a loss, and a second repair finds nothing."""
    garbled = with_marks(meant, read, mark)
    repaired = repair(garbled)
    assert difflib.SequenceMatcher(None, repaired.text, meant, autojunk=False).ratio() > 0.7
    assert hanfix.replay(garbled, repaired.edits) == repaired.text
    assert bool(repaired.losses) == ("\ufffd" in repaired.text)
    assert repair(repaired.text).edits == ()


@given(meant=sentences("hans") | sentences("hant"), written=st.sampled_from(["latin-1", "gb18030"]))
def test_what_was_stripped_without_a_mark_is_settled_once(meant: str, written: str) -> None:
    """Controls and private use leave nothing behind: what comes back replays, and a second repair finds nothing."""
    garbled = re.sub("[\x80-\x9f\ue000-\uf8ff]", "", meant.encode().decode(written, "ignore"))
    repaired = repair(garbled)
    assert hanfix.replay(garbled, repaired.edits) == repaired.text
    assert bool(repaired.losses) == ("\ufffd" in repaired.text)
    assert repair(repaired.text).edits == ()


@given(meant=sentences("hans"), at=st.integers(0, 30), mark=st.sampled_from(["\ufffd", "?", "??", "\ufffd\ufffd"]))
def test_a_mark_in_clean_text_stays(meant: str, at: int, mark: str) -> None:
    """Nothing is invented in its place."""
    text = meant[:at] + mark + meant[at:]
    assert repair(text).text == text


# Of running text, only some survives these chains; these phrases do.
SURVIVORS = [
    ("utf-8", "gbk", "我们明白"),
    ("utf-8", "gb18030", "明天早上七点集合"),
    ("utf-8", "gb18030", "坏了的一行在这里"),
    ("utf-8", "gb18030", "第二行有问题"),
    ("gbk", "big5", "今天早上他在公园散步"),
    ("big5", "gb18030", "那個學生參加會議"),
    ("gbk", "cp949", "我们昨天去公园散步"),
]


@pytest.mark.parametrize(("written", "read", "meant"), SURVIVORS)
@pytest.mark.parametrize(("before", "behind"), [("", ""), ("id=7 name=", " ok"), ("<p>", "</p>"), ("好：（", "）。")])
def test_a_phrase_comes_back_wherever_it_stands(written: str, read: str, meant: str, before: str, behind: str) -> None:
    """Alone, in a log, in markup, in a clean sentence."""
    try:
        garbled = meant.encode(written).decode(read)
    except UnicodeError:
        pytest.skip("lost on the way")
    assert repair(before + garbled + behind).text == before + meant + behind


@given(sentences("hans"), sentences("hant"), st.sampled_from(["latin-1", "cp1252"]))
def test_two_layers_come_back(hans: str, hant: str, read: str) -> None:
    """Mojibake of mojibake is peeled off to the text."""
    for meant, inner in ((hans, "gb18030"), (hant, "utf-8"), (hant, "big5")):
        once = lenient(meant.encode(inner), read)
        assert repair(lenient(once.encode(), read)).text == meant


@given(sentences("hans"), sentences("hans"), sentences("hans"), st.sampled_from(["utf-8", "gb18030"]))
def test_one_line_among_clean_ones(first: str, second: str, third: str, written: str) -> None:
    """Only the garbled line changes, and the edits lie in it."""
    garbled = lenient(second.encode(written), "cp1252")
    repaired = repair(f"{first}\n{garbled}\n{third}")
    assert repaired.text == f"{first}\n{second}\n{third}"
    assert all(len(first) < edit.start and edit.end <= len(first) + 1 + len(garbled) for edit in repaired.edits)


@given(sentences("hans"), sentences("hant"))
def test_clean_text_stays(hans: str, hant: str) -> None:
    """Clean text has neither edits nor losses."""
    for text in (hans, hant, hans + hant):
        assert repair(text) == hanfix.Repaired(text)


@given(st.data())
def test_repair_of_a_repair_changes_nothing(data: st.DataObject) -> None:
    """Once is enough, whatever was lost."""
    text = data.draw(sentences("hans") | sentences("hant"))
    for _ in range(data.draw(st.integers(0, 3))):
        written, read = data.draw(st.sampled_from(CHAINS))
        text = text.encode(written, "replace").decode(read, data.draw(st.sampled_from(["replace", "ignore"])))
    once = repair(text)
    assert repair(once.text).text == once.text
    assert hanfix.replay(text, once.edits) == once.text
    assert bool(once.edits) == (once.text != text)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40), sentences("hans"))
def test_any_text_passes(text: str, sentence: str) -> None:
    """No text raises, lone surrogates among them, and what is lost lies inside the text."""
    garbled = text + sentence.encode().decode("latin-1") + text + "\ud800"
    repaired = repair(garbled)
    assert hanfix.replay(garbled, repaired.edits) == repaired.text
    assert all(0 <= loss.start < loss.end <= len(garbled) for loss in repaired.losses)


LOST = [
    "锟斤拷锟斤拷锟斤拷",
    "烫烫烫烫烫烫烫",
    "屯屯屯屯屯屯",
    "葺葺葺葺",
    "??????",
    "你好????世界",
    "内容\ufffd\ufffd",
]


@pytest.mark.parametrize("text", LOST)
def test_what_is_beyond_repair_is_reported_and_left(text: str) -> None:
    """Nothing is invented where nothing is left."""
    repaired = repair(text)
    assert repaired.text == text
    assert repaired.losses


@pytest.mark.parametrize("text", ["什么是“锟斤拷”？", "为什么会出现烫烫烫这样的字", "真的???", "屯田与屯兵"])
def test_a_text_about_mojibake_is_clean(text: str) -> None:
    """A mention is no damage."""
    assert repair(text) == hanfix.Repaired(text)


KOREAN = (
    "서울 부산 대구 김민수 왕지혜 슈가 제이홉 지민 정국 봄날 안녕하세요 사랑 한국어 학교 선생님 비빔밥 대한민국".split()
)


@given(st.lists(st.sampled_from(KOREAN), min_size=2, max_size=4), st.sampled_from("、，："))
def test_korean_between_chinese_marks_stays(words: list[str], mark: str) -> None:
    """Its syllables are those that Korean is written with."""
    for text in (
        mark.join(words),
        f"主演：{mark.join(words)}等",
        f"曲名《{words[0]}》",
        f"「{words[0]}」「{words[1]}」",
    ):
        assert repair(text).text == text


@given(st.text("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣ", min_size=1, max_size=6))
def test_jamo_stay(letters: str) -> None:
    """Chat, primers and regular expressions have them by themselves."""
    for text in (letters, f"아 {letters}", f"元音：{'、'.join(letters)}等", f"[가-힣{letters}]", f"{letters}순 정렬"):
        assert repair(text).text == text


@given(
    st.sampled_from("ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ"),
    st.sampled_from("ㄚㄛㄜㄞㄟㄠㄡㄢㄣㄤㄥㄧㄨㄩ"),
    st.sampled_from(["", "ˊ", "ˇ", "ˋ"]),
)
def test_a_syllable_of_zhuyin_stays(first: str, last: str, tone: str) -> None:
    """Two letters are all of it where the tone is the first."""
    zhuyin = first + last + tone
    for text in (f"貓（{zhuyin}）", f"<ruby>貓<rt>{zhuyin}</rt></ruby>", f"「批」讀作「{zhuyin}」。", f"幫{zhuyin}"):
        assert repair(text).text == text


@pytest.mark.parametrize("layers", [2, 3])
@pytest.mark.parametrize("sign", ["£", "©", "®", "°", "½", "•", "€"])
def test_a_sign_encoded_more_than_once_is_no_ideograph(sign: str, layers: int) -> None:
    """UTF-8 over UTF-8 explains it, and nothing else is asked."""
    garbled = sign
    for _ in range(layers):
        garbled = lenient(garbled.encode(), "cp1252")
    for before, behind in (("", ""), ("", "5"), ("<b>", "</b>"), ("版权所有", "")):
        assert repair(before + garbled + behind).text == before + sign + behind


@pytest.mark.parametrize("mark", ["ï¿½ï¿½", "ï¿½", "<title>ï¿½ï¿½ï¿½ï¿½</title>", "Ã¯Â¿Â½", "Ã¯Â»Â¿<?xml"])
def test_no_control_appears_that_was_not_there(mark: str) -> None:
    """ftfy writes U+FFFD as a control inside, and that stays inside."""
    repaired = repair(mark).text
    assert not re.search(r"[\x00-\x1f\u4e00-\u9fff]", repaired)
    assert repair(repaired).text == repaired


@pytest.mark.parametrize(
    "text",
    [
        *("取名常用字：璟玥珺琀瑄琋", "本页收录：眤睹睧睷。", "瑈瑉"),
        *("const RE = /^[A-ZÁÉÍÓÚÑÜ]+$/;", "[A-ZÇÃÕÁÉÍÓÚÂÊÔÀ]", "ĄĆĘŁŃÓŚŹŻ", "ÁÐÉÍÓÚÝÞÆÖ"),
        *("其中包括：ぁぃぅぇぉっゃゅょ等。", "ょゅゃっぉぇぅぃぁ", "ぱぴぷぺぽ"),
    ],
)
def test_lists_stay(text: str) -> None:
    """Rare characters of one radical, capitals with marks, kana in rows or against their order."""
    assert repair(text) == hanfix.Repaired(text)


def test_results_pickle() -> None:
    """With edits and losses, and equal afterwards."""
    repaired = repair("浣犲ソ，锟斤拷锟斤拷")
    assert pickle.loads(pickle.dumps(repaired)) == repaired
    assert hash(pickle.loads(pickle.dumps(repaired))) == hash(repaired)


@pytest.mark.parametrize(
    "hostile",
    [
        *("浣犲ソ", "Ã¥â€¦Â", "ÖÐÎÄ", "鍏撮攱", "é", "?", "锟斤拷", "\ufffd", "\u0085Ã"),
        *("鏄?", "鏄\ufffd?", "穝\ufffd", "æ", "æ ", "涓枃", "ｱ舶們", "礩貏凱畹蝭糨猐綥倃蟈喭芐龒"),
    ],
    ids=[
        *("gbk", "twice", "gbk-as-latin-1", "rare", "letters", "marks", "lost", "replaced", "controls"),
        *("asked", "asked-twice", "half-pairs", "leads", "leads-and-spaces", "stripped", "ambiguous", "noise"),
    ],
)
def test_time_grows_with_length_alone(hostile: str) -> None:
    """Eight times the text takes about eight times the time: one line of it, without a break."""

    def seconds(length: int) -> float:
        text = (hostile * (length // len(hostile) + 1))[:length]
        best = 9e9
        for _ in range(3):
            started = time.process_time()
            repair(text)
            best = min(best, time.process_time() - started)
        return best

    seconds(1000)
    assert seconds(80_000) < 30 * seconds(10_000) + 0.05
