"""Decode: lines that are no running Chinese, and what strays into one."""

from __future__ import annotations

import pytest
from test_decode import HANS, HANT, accounted

from hanfix import decode

LINES = {"gbk": HANS, "big5": HANT, "utf-8": HANS}


def between(line: bytes, encoding: str) -> bytes:
    """A line of some document."""
    document = "\n".join(LINES[encoding]).encode(encoding)
    return b"\n".join([document, line, document])


def read_between(line: bytes, encoding: str) -> str:
    """What such a line is read as."""
    data = between(line, encoding)
    decoded = decode(data)
    accounted(data, decoded)
    lines = decoded.text.split("\n")
    count = len(LINES[encoding])
    assert lines[:count] == lines[count + 1 :] == LINES[encoding]
    return lines[count]


SIGNS = [
    *[(sign, "big5") for sign in "＊※☆＃●─◎§"],
    *[(sign, "gbk") for sign in "＊※★─━¨〃ˇ⑥ねㄅ"],
]


@pytest.mark.parametrize(("sign", "encoding"), SIGNS)
@pytest.mark.parametrize("times", [1, 2, 3, 5, 10])
def test_a_line_of_signs_is_in_the_encoding_of_its_document(sign: str, encoding: str, times: int) -> None:
    """Three of ＊ in Big5 are three of ’ in GBK, and all of them are as likely as the next."""
    assert read_between((sign * times).encode(encoding), encoding) == sign * times


@pytest.mark.parametrize(
    ("line", "encoding"),
    [
        ("＊＊＊ 目錄 ＊＊＊", "big5"),
        ("＊ 備註 ＊", "big5"),
        ("§§§ 備註 §§§", "big5"),
        ("＊ ＊ ＊", "big5"),
        ("¨¨ 备注 ¨¨", "gbk"),
        ("ˇˇ 目录 ˇˇ", "gbk"),
        ("ㄋㄧˇ ㄏㄠˇ", "gbk"),
    ],
)
def test_rare_signs_say_nothing_of_the_words_between_them(line: str, encoding: str) -> None:
    """A title between two rules is as Chinese as without."""
    assert read_between(line.encode(encoding), encoding) == line


@pytest.mark.parametrize("line", ["图书馆三楼的自习室九点半关门。", "妈，我晚上回家吃饭。", "请重新输入密码"])
@pytest.mark.parametrize("stray", [b"\xff", b"\0"])
def test_a_stray_byte_costs_two_characters_at_most(line: str, stray: bytes) -> None:
    """Behind the two halves that it parts, the next whole character is found."""
    data = line.encode("gbk")
    for at in range(len(data) + 1):
        decoded = decode(data[:at] + stray + data[at:])
        assert decoded.encoding == "gb18030"
        assert sum(character in decoded.text for character in line) >= len(line) - 2, decoded.text


FOREIGN = [
    ("주문하신 상품이 발송되었습니다.", "cp949"),
    ("로그인에 실패했습니다", "cp949"),
    ("お風呂が沸きました。", "shift_jis"),
    ("ファイルを保存してください。", "shift_jis"),
    ("Добрый день, заказ отправлен.", "cp1251"),
    ("Ошибка входа в систему", "koi8-r"),
    ("Frédéric préfère le café", "cp1252"),
]


@pytest.mark.parametrize("main", LINES)
@pytest.mark.parametrize(("line", "encoding"), FOREIGN)
def test_a_line_of_another_language_is_read_in_its_own_encoding(line: str, encoding: str, main: str) -> None:
    """As rare ideographs it would cost far more."""
    assert read_between(line.encode(encoding), main) == line


def test_a_line_of_kana_in_euc_jp_is_told_by_its_ideographs() -> None:
    """GB 2312 has the same kana at the same place."""
    assert (
        read_between("明日の会議は第二会議室で行います。".encode("euc-jp"), "utf-8")
        == "明日の会議は第二会議室で行います。"
    )


@pytest.mark.parametrize("line", ["圮闫", "溽鲥", "痤砦屙躔", "枨掭膦罡", "蜈砘塄戟", "馑鑫簏睨"])
def test_a_list_of_rare_characters_is_no_other_language(line: str) -> None:
    """ДАЖЕ and 完死醫低 are likelier than 溽鲥 and 枨掭膦罡, and lists have the latter."""
    assert read_between(line.encode("gbk"), "gbk") == line


WORDS = [
    ("Привет", ["cp1251", "koi8-r", "iso-8859-5"]),
    ("Москва", ["cp1251", "koi8-r", "iso-8859-5"]),
    ("Ελλάδα", ["cp1253", "iso-8859-7"]),
    ("שלום", ["cp1255", "iso-8859-8"]),
    ("أخبار", ["cp1256"]),
    ("สวัสดี", ["cp874"]),
]


@pytest.mark.parametrize(("word", "encoding"), [(word, encoding) for word, all_ in WORDS for encoding in all_])
def test_a_page_of_one_word_is_what_it_says_it_is(word: str, encoding: str) -> None:
    """Three rare ideographs are likelier than six letters between tags, but nobody said that they are there."""
    page = f'<meta charset="{encoding}"><title>{word}</title><h1>{word}</h1>'
    assert decode(page.encode(encoding)).text == page


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r", "windows-1253", "windows-1255", "windows-874"])
@pytest.mark.parametrize(
    ("words", "encoding"), [("首页", "gbk"), ("联系我们", "gbk"), ("登入", "big5"), ("로그인", "euc-kr")]
)
def test_a_page_of_one_word_may_still_lie(words: str, encoding: str, declared: str) -> None:
    """Common words are far likelier than letters in a row that no language has."""
    page = f'<meta charset="{declared}"><title>{words}</title><h1>{words}</h1>'
    assert decode(page.encode(encoding)).text == page
