"""Decode: what was written behind something else, and marks that say what is not so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_decode import HANS, JAPANESE, KOREAN, accounted

from hanfix import decode, decode_stream

FIRST = "日志第一行，服务已启动。\r\n"
SECOND = "日志第二行，上海的服务已停止。\r\n"
ENGLISH = "service started\r\n"

HEADS = [(FIRST, "utf-8"), (FIRST, "gbk"), (ENGLISH, "ascii"), (FIRST * 300, "utf-8"), ("ok\n", "ascii")]
TAILS = [SECOND, ENGLISH, SECOND + "\r\n" + ENGLISH, "完成\n", SECOND + "最后一行没有换行"]


@pytest.mark.parametrize(("head", "encoding"), HEADS)
@pytest.mark.parametrize("tail", TAILS)
def test_utf_16_behind_other_text_is_read(head: str, encoding: str, tail: str) -> None:
    """A shell of Windows appends what it is told to in UTF-16, whatever the file has."""
    data = head.encode(encoding) + tail.encode("utf-16-le")
    decoded = decode(data)
    accounted(data, decoded)
    assert decoded.text == head + tail
    assert not decoded.losses


def test_what_comes_behind_utf_16_is_read_too() -> None:
    """One line of a log from one program, the next from another."""
    data = b"".join([FIRST.encode(), SECOND.encode("utf-16-le")] * 3 + [FIRST.encode()])
    assert decode(data).text == (FIRST + SECOND) * 3 + FIRST


@given(
    st.lists(
        st.sampled_from([(line, encoding) for line in (FIRST, SECOND, ENGLISH) for encoding in ("utf-8", "utf-16-le")])
    ),
    st.integers(1, 40),
)
def test_a_stream_with_utf_16_in_it_gives_what_the_whole_gives(lines: list[tuple[str, str]], size: int) -> None:
    """However the bytes are cut, what is not plain waits for what comes next."""
    data = b"".join(line.encode(encoding) for line, encoding in [(FIRST * 4, "utf-8"), *lines])
    data = FIRST.encode() * 8000 + data
    chunks = [
        data[: 8000 * len(FIRST.encode())],
        *(data[at : at + size] for at in range(8000 * len(FIRST.encode()), len(data), size)),
    ]
    assert "".join(piece.text for piece in decode_stream(chunks)) == decode(data).text


def test_a_zero_behind_a_line_end_is_not_utf_16() -> None:
    """Pairs of other bytes make no sense in it."""
    for line in [*HANS, "plain text", "ab"]:
        for encoding in ("utf-8", "gb18030"):
            data = (line + "\n\0" + line + "\n").encode(encoding)
            assert "utf-16-le" not in [name for _, _, name in decode(data).spans]


def test_a_rule_at_the_end_is_not_utf_16() -> None:
    """Slashes are as likely as anything in pairs, if there are enough of them."""
    text = "ファイルを保存してください。\n" * 3 + "/" * 77 + "\n\n\n"
    assert decode(text.encode("shift_jis")).text == text


LIES = [
    (b"\xff\xfe", FIRST, "utf-8"),
    (b"\xff\xfe", FIRST * 3, "gbk"),
    (b"\xff\xfe", ENGLISH, "ascii"),
    (b"\xfe\xff", FIRST, "utf-8"),
    (b"\xef\xbb\xbf", FIRST, "gbk"),
    (b"\xef\xbb\xbf", FIRST + SECOND, "utf-16-le"),
    (b"\xef\xbb\xbf", "\n".join(JAPANESE), "shift_jis"),
    (b"\xef\xbb\xbf", "\n".join(JAPANESE), "euc-jp"),
    (b"\xef\xbb\xbf", "\n".join(KOREAN), "cp949"),
]


@pytest.mark.parametrize(("mark", "text", "encoding"), LIES)
def test_a_mark_that_lies_is_not_believed(mark: bytes, text: str, encoding: str) -> None:
    """What it says makes no text of the bytes behind it, and something else does."""
    data = mark + text.encode(encoding)
    decoded = decode(data)
    accounted(data, decoded)
    assert decoded.text == text


OTHERS = [
    "नमस्ते, आप कैसे हैं?",
    "สวัสดีครับ",
    "مرحبا بالعالم",
    "שלום עולם",
    "Привет, мир",
    "გამარჯობა მსოფლიო",
    "ខ្ញុំចង់ទិញ",
    "😀😀🎉",
    "龘靐齉龗",
    "𠮷𡃉𠺢",
    "안녕하세요",
    "a",
    "",
]


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "utf-32"])
def test_a_mark_that_says_what_is_so_is_believed(text: str, encoding: str) -> None:
    """Whatever language it is."""
    data = (b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding)
    assert decode(data).text == text


@pytest.mark.parametrize(
    ("encoding", "text"), [("gbk", FIRST * 4), ("big5", "圖書館三樓的自習室晚上九點半關門。\n" * 4)]
)
def test_a_mark_between_two_files_is_one(encoding: str, text: str) -> None:
    """What was copied behind another file begins with its mark, and in no character of the other's."""
    data = text.encode(encoding) + b"\xef\xbb\xbf" + "第一章\n".encode(encoding) + text.encode(encoding)
    decoded = decode(data)
    accounted(data, decoded)
    assert decoded.text == text + "\ufeff第一章\n" + text
