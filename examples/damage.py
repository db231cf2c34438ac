"""
Make ``article.txt`` from ``article.hant-tw.txt``: do to a clean article what the web does.

    python examples/damage.py            write article.txt

In: the article as its author wrote it. Out: the same article as a mirror shows it, with every kind
of damage that hanfix undoes, most of it by the mechanism that does it in the wild: bytes replaced,
bytes read in the wrong encoding. Never: a line whose text cannot be told any more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLEAN = HERE / "article.hant-tw.txt"
DAMAGED = HERE / "article.txt"

# The characters that this mirror puts pinyin behind, and the pinyin.
GLOSSES = {
    "發": "fā", "機": "jī", "網": "wǎng", "數": "shù", "據": "jù", "驗": "yàn", "風": "fēng", "經": "jīng",
    "記": "jì", "錄": "lù", "員": "yuán", "責": "zé", "澤": "zé", "懼": "jù",
}  # fmt: skip

HALF_WIDTH = str.maketrans("，：；！？（）", ",:;!?()")
SMALL_FORMS = str.maketrans("，。：；？！（）", "﹐。﹕﹔﹖﹗︵︶")
KANGXI = str.maketrans("入口立一木大日人", "⼊⼝⽴⼀⽊⼤⽇⼈")
COMPATIBILITY = {"北": "\uf963", "老": "\uf934", "年": "\uf98e", "不": "\uf967", "來": "\uf92d"}
SIMPLIFIED = str.maketrans(
    "這個網站內機電覽說讀問題請時廳辦場門掛舊號書館讓圖為學孩帶參觀寫們謝員",
    "这个网站内机电览说读问题请时厅办场门挂旧号书馆让图为学孩带参观写们谢员",
)


def glossed(text: str) -> str:
    """
    Pinyin behind characters, put there by replacing bytes of GBK text, one character after another.

    Bytes know no boundary between characters: 因為 is D2F2 9EE9, and F29E is 驗. The pinyin lands
    inside 為, whose first byte now stands alone and is shown as a question mark.

    >>> glossed("經驗"), glossed("因為西域地區")
    ('經(jīng)驗(yàn)', '因?yàn)槲饔虻貐^')
    """
    raw = text.encode("gbk")
    for character, pinyin in GLOSSES.items():
        found = character.encode("gbk")
        raw = raw.replace(found, found + f"({pinyin})".encode("gbk"))
    return read_gbk(raw)


def read_gbk(raw: bytes) -> str:
    """What a converter of the time makes of GBK: a lead byte without a trail takes the next byte with it."""
    shown, at = [], 0
    while at < len(raw):
        if raw[at] < 0x80:
            shown.append(chr(raw[at]))
            at += 1
            continue
        pair = raw[at : at + 2]
        try:
            shown.append(pair.decode("gbk"))
        except UnicodeDecodeError:
            shown.append("?")
        at += 2
    return "".join(shown)


def half_width(text: str) -> str:
    """The marks between U+FF01 and U+FF5E as ASCII; 。、「」 have no such twin and stay."""
    return text.translate(HALF_WIDTH)


def mirrored(text: str) -> str:
    """What happens to an ordinary line: the marks first, then the pinyin."""
    return glossed(half_width(text))


def windows_mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252, whose five empty places browsers fill with controls."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in text.encode()
    )


def gb18030_mojibake(text: str) -> str:
    """UTF-8 read as GB18030."""
    return text.encode().decode("gb18030")


def spaced(text: str) -> str:
    """Every character apart, as text recognition leaves them."""
    return " ".join(text)


def with_invisibles(text: str) -> str:
    """Zero-width spaces and soft hyphens, as copying from a page leaves them."""
    return "\u200b".join(text[:6]) + text[6:14] + "\u00ad".join(text[14:])


def escaped(text: str) -> str:
    """Half in character references, half in backslash escapes."""
    middle = text.index("，")
    references = "".join(f"&#{ord(character)};" for character in text[:middle])
    escapes = "".join(f"\\u{ord(character):04x}" for character in text[middle + 1 :])
    return f"{references}，{escapes}"


def compatible(text: str) -> str:
    """Compatibility ideographs in place of the ordinary ones."""
    return "".join(COMPATIBILITY.get(character, character) for character in text)


# What happens to a line that is not ordinary, found by how the line begins.
SPECIAL: dict[str, Callable[[str], str]] = {
    "「霧很大": lambda text: text.replace("、", "\ufe11").replace("，", "\ufe10"),
    "這座燈塔我小時候": spaced,
    "謝謝你們的整理": windows_mojibake,
    "照片真清楚": gb18030_mojibake,
    "這個網站的內容": lambda text: text.translate(SIMPLIFIED),
    "我在圖書館工作": with_invisibles,
    "希望以後": escaped,
    "展覽說明": lambda text: text.translate(SIMPLIFIED),
    "大廳正中有": lambda text: mirrored(text.replace("皇后", "皇後")),
    "老人說": lambda text: text.translate(SMALL_FORMS),
    "北邊的小島": compatible,
    "入口處": lambda text: text.translate(KANGXI),
}


def damage(text: str) -> str:
    """The whole article, line by line."""
    lines = []
    for line in text.split("\n"):
        special = next((do for start, do in SPECIAL.items() if line.startswith(start)), mirrored)
        lines.append(special(line))
    return "\n".join(lines)


def main() -> None:
    clean = CLEAN.read_text("utf-8")
    assert clean == unicodedata.normalize("NFC", clean)
    DAMAGED.write_text(damage(clean), "utf-8", newline="")


if __name__ == "__main__":
    main()
