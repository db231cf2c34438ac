"""Decode: the text comes back from every encoding, whole or damaged."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import hanfix
from hanfix import decode

HANS = [
    "春天来了，公园里的花都开了。",
    "他每天早上六点起床跑步。",
    "这本书我已经看过三遍。",
    "城市的夜晚灯火通明。",
    "孩子们在操场上踢足球。",
    "我们下周要去海边旅行。",
    "请把会议资料发给大家。",
    "这家餐厅的面条很好吃。",
]
HANT = [
    "春天來了，公園裡的花都開了。",
    "他每天早上六點起床跑步。",
    "這本書我已經看過三遍。",
    "城市的夜晚燈火通明。",
    "孩子們在操場上踢足球。",
    "我們下週要去海邊旅行。",
    "請把會議資料發給大家。",
    "這家餐廳的麵條很好吃。",
]
YUE = [
    "佢哋琴日去咗海邊玩。",
    "呢間舖頭啲嘢好平。",
    "你今晚得唔得閒食飯？",
    "我哋聽日先至返工。",
]
JAPANESE = [
    "昨日は友達と映画を見ました。",
    "この本はとても面白いです。",
    "駅前の店で買い物をした。",
    "明日は雨が降るでしょう。",
]
KOREAN = [
    "어제 친구와 영화를 보았습니다.",
    "이 책은 아주 재미있어요.",
    "오늘은 날씨가 정말 좋네요.",
]

ENCODINGS = [
    *[(encoding, HANS) for encoding in ("utf-8", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be", "hz")],
    *[("utf-32", HANS), ("utf-32-le", HANS), ("utf-32-be", HANS), ("utf-8-sig", HANS)],
    *[(encoding, HANT) for encoding in ("utf-8", "gb18030", "gbk", "big5", "cp950", "big5hkscs", "utf-16-be")],
    *[("big5hkscs", YUE), ("gb18030", YUE), ("utf-8", YUE)],
    *[(encoding, JAPANESE) for encoding in ("utf-8", "shift_jis", "cp932", "euc_jp", "iso2022_jp")],
    *[(encoding, KOREAN) for encoding in ("utf-8", "euc_kr", "cp949", "iso2022_kr")],
]


def replayed(data: bytes, decoded: hanfix.Decoded) -> bytes:
    """The bytes with the edits made."""
    pieces: list[bytes] = []
    done = 0
    for edit in decoded.edits:
        assert data[edit.start : edit.end].decode("latin-1") == edit.old
        pieces += (data[done : edit.start], edit.new.encode("utf-8", "surrogatepass"))
        done = edit.end
    return b"".join([*pieces, data[done:]])


def accounted(data: bytes, decoded: hanfix.Decoded) -> None:
    """Every byte is in exactly one span, losses lie within, and edits replay to the text."""
    assert [start for start, _, _ in decoded.spans] == [0, *(end for _, end, _ in decoded.spans)][: len(decoded.spans)]
    assert (decoded.spans[-1][1] if decoded.spans else 0) == len(data)
    assert all(0 <= loss.start < loss.end <= len(data) for loss in decoded.losses)
    assert replayed(data, decoded) == decoded.text.encode()


@st.composite
def texts(draw: DrawFn, lines: list[str]) -> str:
    """A few lines of running text."""
    return draw(st.sampled_from(["\n", "\r\n"])).join(draw(st.lists(st.sampled_from(lines), min_size=1, max_size=6)))


@pytest.mark.parametrize(("encoding", "lines"), ENCODINGS, ids=[f"{e}-{t[0][:2]}" for e, t in ENCODINGS])
@given(data=st.data())
def test_what_was_encoded_is_read(data: st.DataObject, encoding: str, lines: list[str]) -> None:
    """Eight characters of running text tell every encoding."""
    text = data.draw(texts(lines))
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.losses == ()
    accounted(text.encode(encoding), decoded)


@pytest.mark.parametrize(("encoding", "lines"), [("gb18030", HANS), ("big5", HANT), ("utf-8", HANS)])
@given(data=st.data())
def test_a_cut_changes_nothing_else(data: st.DataObject, encoding: str, lines: list[str]) -> None:
    """Half a character at either end costs that character."""
    text = "\n".join(data.draw(st.lists(st.sampled_from(lines), min_size=3, max_size=8)))
    whole = text.encode(encoding)
    assert decode(whole[:-1]).text.rstrip("\ufffd") == text[:-1]
    # The second byte of a Big5 character may be a letter, which nothing tells from one that was meant,
    # and which may look like the first byte's neighbour: the character behind it is in doubt as well.
    got = decode(whole[1:]).text
    assert len(got) <= len(text)
    assert got.endswith(text[3 if encoding == "big5" else 1 :])


@pytest.mark.parametrize(("encoding", "lines"), [("gb18030", HANS), ("big5", HANT), ("utf-8", HANS)])
@given(data=st.data())
def test_a_lost_byte_costs_its_line_a_few_characters_at_most(
    data: st.DataObject, encoding: str, lines: list[str]
) -> None:
    """Reading finds its feet again within the line, and the other lines are as they were."""
    kept = data.draw(st.lists(st.sampled_from(lines), min_size=4, max_size=8))
    line = data.draw(st.sampled_from(lines)).encode(encoding)
    at = data.draw(st.integers(0, len(line) - 1))
    raw = "\n".join(kept).encode(encoding) + b"\n" + line[:at] + line[at + 1 :] + b"\n" + kept[0].encode(encoding)
    decoded = decode(raw)
    got = decoded.text.split("\n")
    assert got[: len(kept)] == kept
    assert got[-1] == kept[0]
    common = set(line.decode(encoding)) - set(got[len(kept)])
    # More than the one that lost it only where the bytes look whole again soon: before ASCII, or where
    # second bytes are letters.
    assert len(common) <= (2 if encoding == "utf-8" else 4)
    accounted(raw, decoded)


PAIRS = [
    *[("gb18030", "utf-8"), ("utf-8", "gb18030"), ("big5", "utf-8")],
    *[("utf-8", "big5"), ("gb18030", "big5"), ("big5", "gb18030")],
]


@pytest.mark.parametrize(("main", "other"), PAIRS)
@given(data=st.data())
def test_a_line_in_another_encoding_is_read_in_it(data: st.DataObject, main: str, other: str) -> None:
    """Each line speaks for itself, and the spans say so."""
    lines = HANS if main == "gb18030" else HANT
    foreign = data.draw(st.sampled_from(HANT if other == "big5" else lines))
    around = data.draw(st.lists(st.sampled_from(lines), min_size=4, max_size=8))
    raw = "\n".join(around).encode(main) + b"\n" + foreign.encode(other) + b"\n" + around[0].encode(main)
    decoded = decode(raw)
    assert decoded.text == "\n".join([*around, foreign, around[0]])
    assert {main, other} <= {encoding for _, _, encoding in decoded.spans}
    accounted(raw, decoded)


@given(st.binary(max_size=200), st.sampled_from(HANS), st.sampled_from(["gb18030", "utf-8", "utf-16", "hz"]))
def test_no_bytes_raise(noise: bytes, line: str, encoding: str) -> None:
    """Whatever stands before, between and behind."""
    for data in (noise, line.encode(encoding) + noise, noise + line.encode(encoding), noise[:7] + line.encode()):
        accounted(data, decode(data))


@given(st.sampled_from(HANS + HANT), st.binary(min_size=1, max_size=3))
def test_strict_raises_exactly_where_something_is_lost(line: str, noise: bytes) -> None:
    """And says where."""
    data = line.encode("gb18030") + noise
    lenient = decode(data)
    if lenient.losses:
        with pytest.raises(hanfix.UndecodableError) as caught:
            decode(data, strict=True)
        assert caught.value.byte_offset == lenient.losses[0].start
        assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args
    else:
        assert decode(data, strict=True) == lenient


def test_a_hint_decides_between_readings_that_both_make_sense() -> None:
    """One byte is a letter in many encodings."""
    assert decode(b"caf\xe9", encoding="cp1252").text == "café"
    assert decode("中文网页".encode("gb18030"), encoding="big5").text == "中文网页"
    assert decode("Привет, мир".encode("cp866"), encoding="cp866").text == "Привет, мир"


def test_an_unknown_hint_is_refused() -> None:
    """A name that nobody knows is a mistake of the caller's."""
    with pytest.raises(ValueError, match="klingon"):
        decode(b"", encoding="klingon")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_buffer_will_do(kind: type) -> None:
    """Bytes, and what has their interface."""
    assert decode(kind("一二三".encode())).text == "一二三"


def test_text_is_refused() -> None:
    """What is text already cannot be decoded."""
    with pytest.raises(TypeError):
        decode("一二三")  # type: ignore[arg-type]


@pytest.mark.parametrize("program", ["echo ~{a,b}", "x = '~{'", "\x1b[31mred\x1b[0m", "Bush hid the facts", "a\x1b$b"])
def test_program_text_is_ascii(program: str) -> None:
    """Neither HZ, nor ISO-2022, nor UTF-16."""
    assert decode(program.encode()).text == program


def test_marks_name_the_encoding_and_leave_the_text() -> None:
    """A byte order mark is no character."""
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        decoded = decode("一二三".encode(encoding))
        assert decoded.text == "一二三"
    assert decode(b"\xef\xbb\xbf").text == ""
    assert decode(b"").text == ""


def test_results_pickle() -> None:
    """With spans and losses."""
    decoded = decode("春天来了\n".encode("gb18030") + b"\xff\n")
    assert pickle.loads(pickle.dumps(decoded)) == decoded
    assert decoded.losses
