"""
Text as it breaks in the wild, for hypothesis to draw from.

Out: texts and bytes with the damage that hanfix meets, made by the mechanism that makes it: bytes
read in the wrong encoding, bytes replaced in GBK, tables applied to the wrong text. Never: random
code points alone, of which next to none would reach a stage's work.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import damage
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

# Words in both scripts; the first of a pair is Traditional. Chosen for what goes wrong with them:
# one Simplified character for several Traditional ones (发 干 后 里 面 只 系 台 制 复 松 钟), characters
# that are right in both scripts (皇后 干預 里 岳飛), words across whose boundary a dictionary matches.
WORDS = [
    (traditional, simplified)
    for pair in """
    發展/发展 頭髮/头发 理髮/理发 發現/发现 乾淨/干净 干預/干预 幹部/干部 皇后/皇后 以後/以后 後來/后来
    公里/公里 心裡/心里 裡面/里面 麵包/面包 對面/对面 一隻貓/一只猫 只有/只有 關係/关系 聯繫/联系 中文系/中文系
    系統/系统 電台/电台 颱風/台风 臺灣/台湾 制度/制度 製造/制造 復習/复习 複雜/复杂 重複/重复 鬆開/松开
    松樹/松树 時鐘/时钟 鍾情/钟情 準備/准备 批准/批准 標籤/标签 簽名/签名 衝擊/冲击 沖洗/冲洗 著作/著作
    看著/看着 什麼/什么 學生/学生 歷史/历史 日曆/日历 圖書館/图书馆 研究員/研究员 網路/网络 軟體/软件 記錄/记录
    數據/数据 說明/说明 為了/为了 因為/因为 這個/这个 我們/我们 雲南/云南 人云亦云/人云亦云 於是/于是 于先生/于先生
    岳飛/岳飞 山岳/山岳 范先生/范先生 範圍/范围 吃飯/吃饭 占領/占领 燈塔/灯塔 測量/测量 經驗/经验 風險/风险
    機器/机器 進行/进行
    """.split()
    for traditional, _, simplified in [pair.partition("/")]
]
SHARED = "今天 天文 山水 人民 大小 日本 上下 好 的 了 在 是 和 不 一 北京".split()
RARE = ["𠮷", "㐂", "龘", "朗", "\U00020bb7田", "〇", "々"]

FULL_MARKS = "，。！？；：、（）《》「」『』“”‘’—…"
HALF_MARKS = ",.!?;:()"

# Text that no stage has any business with, and a place where Chinese stands in it all the same.
FOREIGN = [
    "https://example.org/发展?q=里面&lang=zh,tw",
    "http://x.cn/a(b)",
    "name.o@mail.example.com",
    "`let 发 = 干(里);`",
    "```\nfor 后 in 里面:\n    print(后)\n```",
    '<a href="/里面/发展.html" title="头发">',
    "</a>",
    "<br/>",
    "<!-- 干净 -->",
    "f(x, y)",
    "12:30",
    "3.14",
    "1,024",
    "66.2%",
    "C:\\new\\x4e2d",
    "R&D",
    "&lt;",
    "[\\u4e00-\\u9fff]",
    "こんにちは、図書館の発展です。",
    "カタカナ",
    "한국어 문장",
    "Привет, мир!",
    "café naïve œuvre",
    "x̄ é",
    "👨‍👩‍👧",
    "❤️",
    "می‌خواهم",
    "%E4%B8%AD",
    "😀",
    "Ａ",
    "ｱｲｳ",
]

INVISIBLE = ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u200c", "\u200d", "\u200e", "\u202c", "\x00", "\x7f", "\ufe0f"]
SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff", "\udc80", "\udcff"]
LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\x0b", "\n\n"]

# Pinyin that a mirror could put behind a character, half of it on characters that collide with
# the bytes of common words (驗 in 因為, 責 in 守燈, 謹 in 局數).
GLOSSES = {
    "發": "fā", "進": "jìn", "學": "xué", "數": "shù", "據": "jù", "驗": "yàn", "經": "jīng", "風": "fēng", "機": "jī",
    "責": "zé", "謹": "jǐn", "說": "shuō", "為": "wéi", "們": "men", "關": "guān", "歷": "lì", "圖": "tú", "網": "wǎng",
}  # fmt: skip

# An ordinary character to the radical, or to the compatibility ideograph, that looks like it.
KANGXI = {ord(unicodedata.normalize("NFKC", chr(code))): code for code in range(0x2F00, 0x2FD6)}
COMPATIBILITY = {
    ord(ordinary): code
    for code in [*range(0xF900, 0xFA6E), *range(0x2F800, 0x2FA1E)]
    if (ordinary := unicodedata.normalize("NFC", chr(code))) != chr(code)
}
VERTICAL = str.maketrans("，、。：；！？（）「」", "︐︑︒︓︔︕︖︵︶﹁﹂")
SMALL = str.maketrans("，；：？！（）、", "﹐﹔﹕﹖﹗﹙﹚﹑")
FULL_ASCII = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

# (What it was written in, what it was read in): pairs that occur, not all that could.
CHAINS = [
    ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "gbk"), ("utf-8", "gb18030"), ("utf-8", "big5"),
    ("gb18030", "latin-1"), ("gb18030", "cp1252"), ("big5", "latin-1"), ("gb18030", "big5"), ("big5", "gb18030"),
    ("gb18030", "utf-8"), ("utf-8", "cp932"), ("utf-8", "cp437"),
]  # fmt: skip

ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
             "latin-1", "cp1252", "euc_jp", "shift_jis", "euc_kr", "koi8-r", "hz", "iso2022_jp"]  # fmt: skip


@st.composite
def sentences(draw: DrawFn, script: str | None = None) -> str:
    """A few words in Traditional, Simplified, or a mixture, with full-width marks between."""
    chosen = script or draw(st.sampled_from(["hant", "hans", "mixed"]))
    pieces = []
    for _ in range(draw(st.integers(1, 8))):
        traditional, simplified = draw(st.sampled_from(WORDS))
        if chosen == "mixed":
            pieces.append(draw(st.sampled_from([traditional, simplified])))
        else:
            pieces.append(traditional if chosen == "hant" else simplified)
        if draw(st.booleans()):
            pieces.append(draw(st.sampled_from(SHARED)))
        if draw(st.integers(0, 3)) == 0:
            pieces.append(draw(st.sampled_from(FULL_MARKS)))
    return "".join(pieces)


def read_wrong(text: str, written: str, read: str, errors: str) -> str:
    """Text as it looks when its bytes are read in another encoding; surrogates are left out first."""
    clean = "".join(c for c in text if not "\ud800" <= c <= "\udfff")
    return clean.encode(written, "replace").decode(read, errors)


@st.composite
def mojibake(draw: DrawFn) -> str:
    """A sentence through one or two wrong decodings, which may have lost something on the way."""
    text = draw(sentences())
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        written, read = draw(st.sampled_from(CHAINS))
        text = read_wrong(text, written, read, draw(st.sampled_from(["replace", "ignore"])))
    return text


@st.composite
def lossless_mojibake(draw: DrawFn, written: str, read: str) -> tuple[str, str]:
    """(What was meant, what arrived), nothing lost."""
    meant = draw(sentences().filter(lambda text: survives(text, written, read)))
    return meant, meant.encode(written).decode(read)


def survives(text: str, written: str, read: str) -> bool:
    """Whether the wrong decoding can be undone."""
    try:
        arrived = text.encode(written).decode(read)
        return arrived != text and arrived.encode(read).decode(written) == text
    except UnicodeError:
        return False


@st.composite
def glossed(draw: DrawFn) -> str:
    """Sentences in which a mirror has put pinyin behind some characters, byte by byte."""
    text = draw(sentences("hant")) + draw(sentences("hant"))
    chosen = draw(st.lists(st.sampled_from(sorted(GLOSSES)), min_size=1, max_size=6, unique=True))
    raw = text.encode("gbk", "replace")
    for character in chosen:
        found = character.encode("gbk")
        raw = raw.replace(found, found + f"({GLOSSES[character]})".encode("gbk"))
    return damage.read_gbk(raw)


def half_width(text: str) -> str:
    """The marks that have an ASCII twin, folded to it."""
    return text.translate(damage.HALF_WIDTH)


@st.composite
def escaped(draw: DrawFn) -> str:
    """Character references, backslash escapes, percent runs; also ones that are not quite."""
    text = draw(sentences())
    form = draw(st.sampled_from(["decimal", "hex", "backslash", "percent", "broken"]))
    if form == "decimal":
        return "".join(f"&#{ord(c)};" for c in text)
    if form == "hex":
        return "".join(f"&#x{ord(c):X};" for c in text)
    if form == "backslash":
        return "".join(f"\\u{ord(c):04x}" for c in text)
    if form == "percent":
        return "".join(f"%{byte:02X}" for byte in text.encode())
    return draw(
        st.sampled_from(
            [
                "&#;",
                "&#x110000;",
                "&#xD800;",
                "\\ud83d",
                "\\u12",
                "%E4%B8",
                "&#0;",
                "\\ud83d\\ude00",
                "%",
                "&amp;#20013;",
            ]
        )
    )


@st.composite
def sprinkled(draw: DrawFn) -> str:
    """A sentence with characters without ink, or lone surrogates, between its characters."""
    text = draw(sentences())
    what = draw(st.sampled_from([INVISIBLE, SURROGATES, [" "], [" ", "\u3000"]]))
    every = draw(st.integers(1, 4))
    return "".join(c + (draw(st.sampled_from(what)) if index % every == 0 else "") for index, c in enumerate(text))


def folded(table: dict[int, int]) -> SearchStrategy[str]:
    """Sentences whose characters were replaced by a table of look-alikes."""
    return sentences().map(lambda text: text.translate(table))


PIECES: Sequence[SearchStrategy[str]] = [
    sentences(),
    sentences().map(half_width),
    mojibake(),
    glossed(),
    escaped(),
    sprinkled(),
    sentences().map(" ".join),
    folded(KANGXI),
    folded(COMPATIBILITY),
    folded(VERTICAL),
    folded(SMALL),
    st.sampled_from(FOREIGN),
    st.sampled_from(FOREIGN).map(lambda text: text.translate(FULL_ASCII)),
    st.sampled_from(RARE),
    st.sampled_from([*FULL_MARKS, *HALF_MARKS, " ", "\u3000", "\t"]),
    st.sampled_from([*SURROGATES, *INVISIBLE, "\ufffd", "锟斤拷", "烫烫烫", "\ue81e", "\U0010ffff"]),
    st.text(max_size=6),
]


@st.composite
def texts(draw: DrawFn) -> str:
    """Anything that may arrive: pieces of every kind, on one line or on several."""
    pieces = draw(st.lists(st.one_of(*PIECES), max_size=6))
    between = draw(st.sampled_from(["", "", " ", *LINE_ENDS]))
    return between.join(pieces) + draw(st.sampled_from(["", "", *LINE_ENDS]))


@st.composite
def well_formed(draw: DrawFn) -> str:
    """Texts that have an encoding: as ``texts``, without surrogates."""
    return "".join(c for c in draw(texts()) if not "\ud800" <= c <= "\udfff")


def lose_byte(raw: bytes, at: int) -> bytes:
    """Without the byte at a place; any place will do."""
    at %= max(len(raw), 1)
    return raw[:at] + raw[at + 1 :]


WRONGS: Sequence[Callable[[bytes, int], bytes]] = [
    lambda raw, _: raw,
    lose_byte,
    lambda raw, at: raw[: len(raw) - at % 4],
    lambda raw, at: raw[: at % (len(raw) + 1)] + b"\xff\x00\x80" + raw[at % (len(raw) + 1) :],
    lambda raw, at: raw[at % 2 :],
]


@st.composite
def documents(draw: DrawFn) -> bytes:
    """Bytes of a text in one encoding, or in another on each line, whole, cut, or with a byte lost."""
    raw = b""
    for _ in range(draw(st.integers(1, 3))):
        encoding = draw(st.sampled_from(ENCODINGS))
        raw += (draw(well_formed()) + "\n").encode(encoding, "replace")
        raw = draw(st.sampled_from(WRONGS))(raw, draw(st.integers(0, 10_000)))
        if draw(st.booleans()):
            break
    return raw


def anything() -> SearchStrategy[bytes]:
    """Documents, and bytes that never were a text."""
    return st.one_of(documents(), documents(), st.binary(max_size=200))
