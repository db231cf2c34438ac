"""Clean: cases, and the damage of mirrors, simulated and undone."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import hanfix
from hanfix import clean
from hanfix._clean import STEPS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "clean.toml").read_text("utf-8"))["case"]


def marked(case: dict[str, object]) -> object:
    failure = case.get("known_failure")
    marks = pytest.mark.xfail(reason=str(failure), strict=True) if failure else ()
    return pytest.param(case, id=str(case["name"]), marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, str]) -> None:
    """Each step does what its case says, and the edits account for it."""
    cleaned = clean(case["given"], steps=case["steps"])
    assert cleaned.text == case.get("want", case["given"])
    assert hanfix.replay(case["given"], cleaned.edits) == cleaned.text
    assert bool(cleaned.edits) == (cleaned.text != case["given"])


@pytest.mark.parametrize("case", [case for case in CASES if "want" not in case], ids=lambda case: case["name"])
def test_what_one_step_leaves_alone_has_no_edit(case: dict[str, str]) -> None:
    """No edits exactly when nothing changed."""
    assert clean(case["given"], steps=case["steps"]).edits == ()


def test_unknown_private_use_is_reported_and_stays() -> None:
    """At its place in what was given, whatever was changed before it."""
    given = "⼭上,\uf015\uf016首頁"
    cleaned = clean(given)
    assert cleaned.text == "山上，\uf015\uf016首頁"
    assert cleaned.losses == (hanfix.Loss(3, 5, "private use"),)
    assert clean(given, steps=["width"]).losses == ()
    report = hanfix.Normalizer(to="hans").explain(given)
    assert report.losses == cleaned.losses
    assert clean("佢\uecd1").losses == ()


# Of our own: running text in Traditional Chinese, with marks of both kinds.
SENTENCES = [
    "清晨的漁港還沒有完全醒來，碼頭上已經堆滿了一箱一箱的冰塊。",
    "老闆娘把昨天剩下的麵線熱了熱，分給來幫忙的孩子們吃。",
    "圖書館新來的管理員姓羅，說話很輕，記性卻非常好。",
    "這條鐵路原本打算經過我們村子，後來因為經費不足改了路線。",
    "他把收音機拆開又裝回去，還是不知道問題出在哪裡。",
    "雨季來臨之前，農民們總要先檢查水圳是不是通暢。",
    "她在筆記本上畫了一張地圖，標出每一棵會開花的樹。",
    "醫生建議他每天走一萬步，他卻只肯走到巷口買報紙。",
    "那年夏天特別長，連風都像是從烤箱裡吹出來的。",
    "會議開到一半停電了，大家索性點起蠟燭繼續討論。",
    "師傅說，磨刀的時候心要靜，手要穩，不能急。",
    "這座橋建於百年以前，橋墩上還看得見當時的題字。",
    "學生們把舊課桌搬到操場上，重新上了一層油漆。",
    "山路彎彎曲曲，客運司機一邊開車一邊哼著歌。",
    "他們用三個月的時間，把所有的舊照片整理成檔案。",
    "奶奶總是說，餓著肚子的時候不要做決定。",
    "遠處傳來火車的汽笛聲，狗也跟著叫了起來。",
    "電腦壞了之後，他反而有時間讀完那套歷史小說。",
    "這家書店不賣暢銷書，只賣老闆自己讀過的書。",
    "為了準備考試，她把鬧鐘調早了一個小時。",
]

GLOSSES = {
    "還": "hái", "來": "lái", "經": "jīng", "碼": "mǎ", "滿": "mǎn", "塊": "kuài", "麵": "miàn", "線": "xiàn",
    "熱": "rè", "圖": "tú", "書": "shū", "館": "guǎn", "員": "yuán", "說": "shuō", "話": "huà", "輕": "qīng",
    "記": "jì", "這": "zhè", "條": "tiáo", "鐵": "tiě", "過": "guò", "們": "men", "為": "wéi", "費": "fèi",
    "機": "jī", "開": "kāi", "裝": "zhuāng", "問": "wèn", "題": "tí", "農": "nóng", "檢": "jiǎn", "暢": "chàng",
    "筆": "bǐ", "畫": "huà", "張": "zhāng", "標": "biāo", "樹": "shù", "醫": "yī", "議": "yì", "買": "mǎi",
    "報": "bào", "紙": "zhǐ", "長": "zhǎng", "風": "fēng", "會": "huì", "電": "diàn", "燭": "zhú", "繼": "jì",
    "續": "xù", "討": "tǎo", "論": "lùn", "師": "shī", "時": "shí", "穩": "wěn", "橋": "qiáo", "見": "jiàn",
    "當": "dāng", "學": "xué", "舊": "jiù", "課": "kè", "場": "chǎng", "層": "céng", "彎": "wān", "車": "chē",
    "邊": "biān", "間": "jiān", "檔": "dàng", "總": "zǒng", "餓": "è", "遠": "yuǎn", "傳": "chuán", "聲": "shēng",
    "驗": "yàn", "謹": "jǐn", "獨": "dú", "發": "fā", "氣": "qì", "務": "wù", "國": "guó", "業": "yè", "產": "chǎn",
    "陽": "yáng", "聯": "lián", "應": "yīng", "數": "shù", "關": "guān", "險": "xiǎn", "儀": "yí", "戰": "zhàn",
    # None of these stands in a sentence, but their bytes do, across two characters.
    "兇": "xiōng", "嚨": "lóng", "臉": "liǎn", "褲": "kù", "視": "shì", "貓": "māo", "饋": "kuì", "駛": "shǐ",
}  # fmt: skip


def read_as_shown(raw: bytes) -> str:
    """
    GBK as converters show it.

    A first byte without its second takes the byte behind it along as ``?``; the areas that GBK leaves
    to its users are private use.
    """
    shown, at = [], 0
    while at < len(raw):
        pair = raw[at : at + 2]
        if raw[at] < 0x80 or pair[1:] in (b"", b"\n"):
            shown.append(chr(raw[at]) if raw[at] < 0x80 else "?")
            at += 1
            continue
        try:
            shown.append(pair.decode("gbk"))
        except UnicodeDecodeError:
            shown.append(private_use(*pair) or "?")
        at += 2
    return "".join(shown)


def private_use(lead: int, trail: int) -> str | None:
    """The three areas of GBK that are left to users, one after another from U+E000."""
    if 0xAA <= lead <= 0xAF and 0xA1 <= trail <= 0xFE:
        return chr(0xE000 + (lead - 0xAA) * 94 + trail - 0xA1)
    if 0xF8 <= lead <= 0xFE and 0xA1 <= trail <= 0xFE:
        return chr(0xE234 + (lead - 0xF8) * 94 + trail - 0xA1)
    if 0xA1 <= lead <= 0xA7 and 0x40 <= trail <= 0xA0 and trail != 0x7F:
        return chr(0xE4C6 + (lead - 0xA1) * 96 + trail - 0x40 - (trail > 0x7F))
    return None


def mirrored(text: str, table: dict[str, str]) -> str:
    """Pinyin put behind characters by replacing bytes, one character of the table after another."""
    raw = text.encode("gbk")
    for character, pinyin in table.items():
        raw = raw.replace(character.encode("gbk"), character.encode("gbk") + f"({pinyin})".encode("gbk"))
    return read_as_shown(raw)


def collisions(text: str) -> list[str]:
    """Characters of the table whose bytes stand across two characters of the text."""
    raw, inside = text.encode("gbk"), text
    return [c for c in GLOSSES if c.encode("gbk") in raw and c not in inside]


def undone(collide: bool) -> tuple[int, int]:
    """Of 1,000 drawn paragraphs: how many come back to the last character, and how many were torn."""
    dice, right, torn = random.Random(5), 0, 0
    for _ in range(1000):
        paragraph = "".join(dice.sample(SENTENCES, 4))
        struck = dice.sample(sorted(GLOSSES), 45) + (collisions(paragraph) if collide else [])
        damaged = mirrored(paragraph, {c: GLOSSES[c] for c in struck})
        torn += "?" in damaged
        right += clean(damaged, steps=["gloss"]).text == paragraph
    return right, torn


def test_simulated_mirrors_are_undone() -> None:
    """With a table of 45 characters, as mirrors have, 99 paragraphs in 100 come back to the last character."""
    right, torn = undone(collide=False)
    assert torn > 100, "the simulator no longer tears characters apart"
    assert right >= 990


def test_torn_paragraphs_are_mended() -> None:
    """Where every collision strikes, 98 in 100 still come back to the last character."""
    right, torn = undone(collide=True)
    assert torn > 700, "the simulator no longer tears characters apart"
    assert right >= 980


def test_steps_are_named() -> None:
    """A step that does not exist is refused by name."""
    with pytest.raises(ValueError, match=r"no such step: tidy; steps are escapes, invisible"):
        clean("山", steps=["tidy"])
    wrong: Any
    for wrong in ("gloss", b"gloss", 3, ["gloss", 3]):
        with pytest.raises(TypeError, match="steps is a list of strings, not "):
            clean("山", steps=wrong)


def test_steps_of_a_normalizer_have_no_order_of_their_own() -> None:
    """Normalizers that do the same are equal, and a step that does not exist is refused there too."""
    one, other = hanfix.Normalizer(clean=["width", "spaces"]), hanfix.Normalizer(clean=["spaces", "width", "spaces"])
    assert one == other and hash(one) == hash(other)
    assert one("山 水 木 石 火,土") == other("山 水 木 石 火,土") == "山水木石火，土"
    assert hanfix.Normalizer(clean=STEPS[::-1]).clean == STEPS
    for stages in (["clean"], ["convert"]):
        with pytest.raises(ValueError, match=f"^no such step: tidy; steps are {', '.join(STEPS)}$"):
            hanfix.Normalizer(clean=["tidy"], steps=stages)
    with pytest.raises(ValueError, match=f"^no such step: tidy; steps are {', '.join(STEPS)}$"):
        clean("山", steps=["width", "tidy"])


def test_protected_terms_stay() -> None:
    """Terms that a user names are not touched, inside or out."""
    assert clean("山,水,木,石", protect=["水,木"]).text == "山，水,木，石"
    with pytest.raises(TypeError, match="protect is a list of strings, not '水,木'"):
        clean("山,水,木,石", protect="水,木")


@pytest.mark.parametrize(
    "hostile",
    [
        *(
            "(",
            ")",
            "中(",
            "中,",
            "中(a)",
            "”,",
            "中 ",
            "Ａ：",
            "中\u200b",
            "\u200d",
            "⼀",
            "部首⼀",
            "&amp;",
            "&#20013",
            "\\u4e2d",
        ),
        *(
            "%E4%B8%AD",
            "%",
            "\\",
            "進(jìn)",
            "進(jìn)實(shí)",
            "因?yàn)",
            "?yàn)",
            "系(xi)(xi)",
            "ā",
            "`",
            "<a ",
            "“",
            "！",
            "豈(U+",
            "︵",
            "︵甲",
            "\x1b]",
            "中\x07",
            "中文\0",
        ),
    ],
)
def test_time_grows_with_length_alone(hostile: str) -> None:
    """Eight times the text takes about eight times the time, all steps on: one line, without a break."""

    def seconds(length: int) -> float:
        text = (hostile * (length // len(hostile) + 1))[:length]
        best = 9e9
        for _ in range(3):
            started = time.process_time()
            clean(text, steps=STEPS)
            best = min(best, time.process_time() - started)
        return best

    seconds(1000)
    assert seconds(80_000) < 30 * seconds(10_000) + 0.05
