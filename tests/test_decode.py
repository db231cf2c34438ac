"""Decode: the text comes back from every encoding, whole or damaged."""

from __future__ import annotations

import pickle
import re
from array import array
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import hanfix
from hanfix import decode, decode_stream

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


@pytest.mark.parametrize(
    "line",
    [
        "图书馆三楼的阅览室每周一上午闭馆",
        "他在火车站等了整整两个钟头，还是",
        "这座桥建于明朝，至今",
        "弟弟把闹钟调到五点半，结果还是",
    ],
)
def test_a_cut_behind_is_no_other_character(line: str) -> None:
    """The half character does not make its neighbour one that is likelier by itself."""
    assert decode(line.encode("gb18030")[:-1]).text == line[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "line",
    [
        "的萝卜切成细丝，拌上辣椒和香油。",
        "卜切成细丝，拌上辣椒和香油。",
        # One byte off, the first line made more sense as EUC-JP, which the second was then read as.
        "咖啡馆里坐满了学生。\n他们在看书。",
    ],
)
def test_a_cut_before_is_no_other_character(line: str) -> None:
    """As behind: what was cut is the first byte, not one in the midst."""
    got = decode(line.encode("gb18030")[1:])
    assert got.text == "\ufffd" + line[1:]
    assert [(loss.start, loss.end) for loss in got.losses] == [(0, 1)]


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
    with pytest.raises(ValueError, match="klingon"):
        hanfix.Normalizer(encoding="klingon")
    with pytest.raises(TypeError, match="encoding is a name, not int"):
        decode(b"", encoding=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="encoding is a name, not int"):
        hanfix.Normalizer(encoding=5)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, partial(array, "B")])
def test_any_buffer_will_do(kind: Any) -> None:
    """Bytes, and what has their interface."""
    assert decode(kind("一二三".encode())).text == "一二三"


@pytest.mark.parametrize(
    ("given", "name"),
    [("一二三", "str"), (None, "None"), (3, "int"), ([65], "list"), (array("H", [65]), "array"),
     (memoryview(array("H", [65])), "memoryview of format H")],
)  # fmt: skip
def test_what_is_no_bytes_is_refused(given: Any, name: str) -> None:
    """Whole or in chunks; text needs no decoding, and numbers in memory are no text."""
    with pytest.raises(TypeError, match=f"data is bytes, not {name}"):
        decode(given)
    with pytest.raises(TypeError, match=f"data is bytes, not {name}"):
        list(decode_stream([given]))


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


def cut_up(data: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes in chunks, some of them empty."""
    places = sorted(cut % (len(data) + 1) for cut in cuts)
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def readings(pieces: list[hanfix.Decoded]) -> list[str]:
    """What every byte was read as; ASCII is ASCII in all of them."""
    named: list[str] = []
    for piece in pieces:
        for start, end, name in piece.spans:
            raw = piece._data[start - piece.start : end - piece.start]
            named += ["ascii" if byte < 0x80 and "-16" not in name and "-32" not in name else name for byte in raw]
    return named


def same_in_pieces(data: bytes, cuts: list[int], *, keep: bool = False) -> None:
    """A stream gives what the whole gives: text, losses, and how each byte was read."""
    whole = decode(data, keep=keep)
    pieces = list(hanfix.decode_stream(cut_up(data, cuts), keep=keep))
    assert "".join(piece.text for piece in pieces) == whole.text
    assert b"".join(piece._data for piece in pieces) == data
    spans = [span for piece in pieces for span in piece.spans]
    assert [start for start, _, _ in spans] == [0, *(end for _, end, _ in spans)][: len(spans)]
    assert readings(pieces) == readings([whole])
    lost = {at for loss in whole.losses for at in range(loss.start, loss.end)}
    assert {at for piece in pieces for loss in piece.losses for at in range(loss.start, loss.end)} == lost
    if pieces and whole.text and not whole.text.isascii():
        assert pieces[-1].encoding == whole.encoding
    for piece in pieces:
        moved = [edit._replace(start=edit.start - piece.start, end=edit.end - piece.start) for edit in piece.edits]
        done, made = 0, b""
        for edit in moved:
            made += piece._data[done : edit.start] + edit.new.encode("utf-8", "surrogatepass")
            done = edit.end
        assert made + piece._data[done:] == piece.text.encode("utf-8", "surrogatepass")


@given(
    st.binary(max_size=60),
    st.lists(st.sampled_from(HANS + HANT), max_size=6),
    st.sampled_from(["gb18030", "utf-8", "utf-16", "utf-16-be", "hz", "big5"]),
    st.lists(st.integers(0, 10_000), max_size=12),
)
def test_a_stream_in_any_chunks_gives_what_the_whole_gives(
    noise: bytes, lines: list[str], encoding: str, cuts: list[int]
) -> None:
    """Noise before and between, cuts inside characters and escapes."""
    text = "\n".join(lines).encode(encoding, "ignore")
    for data in (text, noise + text, text + b"\n" + noise + text):
        same_in_pieces(data, cuts)
        same_in_pieces(data, cuts, keep=True)


def big(encoding: str) -> bytes:
    """More than the window by which the encoding is decided, with damage behind it."""
    text = "\n".join(HANT * 4000 if encoding in ("big5", "johab") else HANS * 4000)
    data = bytearray(text.encode(encoding, "ignore"))
    del data[400_001]
    data[500_003:500_003] = b"\x00\xff"
    return bytes(data)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16-le", "utf-32-be", "hz", "big5", "utf-8-sig"])
@pytest.mark.parametrize("size", [4096, 65_537, 300_000])
def test_a_long_stream_gives_what_the_whole_gives(encoding: str, size: int) -> None:
    """Past the window, with a byte lost and two that are noise."""
    data = big(encoding)
    assert len(data) > 600_000
    same_in_pieces(data, list(range(size, len(data), size)))


@pytest.mark.parametrize("tail", ["第一行，后面没有换行。", "é à la carte", "\x00"])
def test_what_begins_with_much_ascii_is_told_by_what_comes_behind(tail: str) -> None:
    """Lines of log before the first that has a letter beyond ASCII."""
    head = b"2024-01-01 00:00:00 INFO started\n" * 12_000
    for encoding in ("gb18030", "utf-8", "cp1252"):
        data = head + (tail + "\n" + tail * 3).encode(encoding, "ignore") + b"\n" + head
        assert len(head) > 300_000
        same_in_pieces(data, list(range(10_000, len(data), 10_000)))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_a_line_longer_than_a_piece_gives_what_the_whole_gives(encoding: str) -> None:
    """Half a megabyte without a line end, with a byte lost in it."""
    data = bytearray("".join(HANT * 4000).encode(encoding))
    del data[300_000]
    same_in_pieces(bytes(data), list(range(7_777, len(data), 7_777)))


def test_a_stream_takes_little_memory() -> None:
    """Sixteen megabytes of one line are never held as one."""
    line = ("".join(HANS) * 100).encode("gb18030")
    held = 0
    pieces = 0
    given = 0
    for piece in hanfix.decode_stream(line for _ in range(16_000_000 // len(line))):
        pieces += 1
        given += len(piece._data)
        held = max(held, len(piece._data))
    assert pieces > 100
    assert given == 16_000_000 // len(line) * len(line)
    assert held <= 1 << 19


def test_a_stream_may_be_strict() -> None:
    """What was read before the loss has been given."""
    data = ("\n".join(HANS) * 3000).encode("gb18030")
    stream = hanfix.decode_stream([data, b"\xff\n"], strict=True)
    assert next(stream).text
    with pytest.raises(hanfix.UndecodableError):
        list(stream)
    with pytest.raises(ValueError, match="klingon"):
        list(hanfix.decode_stream([], encoding="klingon"))
    assert list(hanfix.decode_stream([])) == []


@given(st.sampled_from(HANS), st.binary(min_size=1, max_size=6), st.integers(0, 40))
def test_kept_bytes_come_back(line: str, noise: bytes, at: int) -> None:
    """What could not be read is in the text, as PEP 383 writes it."""
    raw = line.encode("gb18030")
    data = raw[:at] + noise + raw[at:]
    decoded = decode(data, keep=True)
    plain = decode(data)
    assert decoded.losses == plain.losses
    place = 0
    back = []
    for (start, end, name), length in zip(decoded.spans, decoded._lengths, strict=True):
        part = decoded.text[place : place + length]
        place += length
        if any(start <= loss.start < end for loss in decoded.losses) and name in ("gb18030", "utf-8"):
            back.append((part.encode(name, "surrogateescape"), data[start:end]))
    assert all(made == was for made, was in back)


def test_tables_written_by_hand_are_those_of_python() -> None:
    """Every upper half that no library of ours has, as Python's codec of that name reads it."""
    source = Path(__file__).parent.parent / "rust" / "core" / "src" / "codec" / "single_tables.rs"
    tables = re.findall(r'const (\w+): &str =\s*"((?:[^"\\]|\\.)*)"', source.read_text("utf-8"))
    assert len(tables) == 9
    for name, written in tables:
        plain = re.sub(r"\\u\{(\w+)\}", lambda found: chr(int(found[1], 16)), written)
        plain = plain.replace("\\0", "\0").replace('\\"', '"').replace("\\\\", "\\")
        lower = name.endswith("_LOWER")
        every = bytes(range(0x80)) if lower else bytes(range(0x80, 0x100))
        assert plain == every.decode(name.removesuffix("_LOWER").lower(), "replace").replace("\ufffd", "\0"), name


def test_euc_tw_has_what_big5_has_not() -> None:
    """Plane 3 as the standard has it: 綉 is 0x4369, 裏 0x444E."""
    made = bytes.fromhex("ddd5e2e6d9b8cdb3c8b4ccae8ea3c3e9cccfc4d1c5cdc7b5a1a2cdf3c7e3eeaec4cd8ea3c4ced3f2a1a4")
    assert b"\x8e\xa3\xc3\xe9" in made
    assert decode(made).text == "這間商店有刺綉和小木件，放在箱子裏面。"
    assert decode(made).encoding == "euc-tw"


@pytest.mark.parametrize("line", KOREAN)
def test_johab_is_told_from_other_encodings(line: str) -> None:
    """Korean as it was on DOS."""
    assert decode(line.encode("johab")).text == line
    assert decode(line.encode("johab")).encoding == "johab"


def test_surrogates_in_utf_8_are_told_apart() -> None:
    """A pair of them is CESU-8's one character; one alone is nothing."""
    pair = "𠮷".encode("utf-16-be")
    high, low = pair[:2], pair[2:]
    cesu = b"".join(half.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass") for half in (high, low))
    text = "他姓吉，也写作上土下口。"
    decoded = decode(text.encode() * 3 + cesu + text.encode())
    assert decoded.text == text * 3 + "𠮷" + text
    assert [name for _, _, name in decoded.spans] == ["utf-8", "cesu-8", "utf-8"]
    assert decoded.losses == ()
    alone = decode(text.encode() * 3 + cesu[:3] + text.encode())
    assert alone.text == text * 3 + "\ufffd" + text
    assert [(loss.start, loss.end) for loss in alone.losses] == [(len(text.encode() * 3), len(text.encode() * 3) + 3)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@given(data=st.data())
def test_utf_16_finds_its_feet_again(encoding: str, data: st.DataObject) -> None:
    """A lost byte shifts all that follow, but only until the next block of text is looked at."""
    lines = data.draw(st.lists(st.sampled_from(HANS + HANT), min_size=30, max_size=60))
    text = "\n".join(lines)
    raw = text.encode(encoding)
    at = data.draw(st.integers(200, len(raw) - 200))
    got = decode(
        b"\xff\xfe" * (encoding == "utf-16-le") + b"\xfe\xff" * (encoding == "utf-16-be") + raw[:at] + raw[at + 1 :]
    )
    assert got.text[: at // 2 - 4] == text[: at // 2 - 4]
    assert got.text.endswith(text[at // 2 + 6 :])
    assert len(got.losses) <= 2


DECLARED = [
    ('<?xml version="1.0" encoding="{}"?>\n<p>{}</p>\n', "xml"),
    ('<html><head><meta charset="{}"><title>{}</title></head>', "html"),
    ("Content-Type: text/plain; charset={}\r\n\r\n{}", "mail"),
    ('@charset "{}";\n/* {} */\n', "css"),
    ("# -*- coding: {} -*-\n# {}\n", "program"),
]


@pytest.mark.parametrize("form", [form for form, _ in DECLARED], ids=[name for _, name in DECLARED])
def test_what_a_document_says_of_itself_counts(form: str) -> None:
    """It decides where both readings make sense, and loses where the bytes contradict it."""
    russian = form.format("cp866", "Привет, мир")
    assert decode(russian.encode("cp866")).text == russian
    lie = form.format("big5", "春天来了，公园里的花都开了。")
    assert decode(lie.encode("gb18030")).text == lie


def test_a_dialect_of_the_same_name_is_no_other_answer() -> None:
    """Big5 as one reads it or another: that it is Big5 is as sure, and the rest is far behind, nearest first."""
    decoded = decode("我們今天討論的這個問題很複雜，需要大家一起想辦法。\n".encode("big5") * 2)
    assert decoded.encoding == "big5"
    assert decoded.confidence > 0.99
    nearness = [near for _, near in decoded.runners_up]
    assert nearness == sorted(nearness, reverse=True)


def test_runners_up_are_named() -> None:
    """With how near they are."""
    decoded = decode("中文".encode("gb18030"))
    assert decoded.encoding == "gb18030"
    assert decoded.runners_up
    assert all(name != "gb18030" and 0 <= near <= 0.5 for name, near in decoded.runners_up)
    nearness = [near for _, near in decoded.runners_up]
    assert nearness == sorted(nearness, reverse=True)
    assert decode("中文".encode() * 30).runners_up == ()


@pytest.mark.parametrize("repeated", ["━", "〓", "＊", "…", "呵呵哒"])
def test_a_rule_of_one_mark_is_no_other_encoding(repeated: str) -> None:
    """A thousand of a mark are no more evidence than five."""
    for encoding in ("gb18030", "utf-8"):
        text = "标题在这里\n" + repeated * 400 + "\n正文在这里，后面还有。"
        assert decode(text.encode(encoding)).text == text
