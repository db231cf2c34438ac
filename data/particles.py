"""
著 as Simplified text writes it: 着 where it is a particle or a verb of touching, 著 where it is about books and fame.

Comes in: nothing but the lists below, written for this project. Goes out: rows of a dictionary in Traditional,
one character for one, that come before OpenCC's own, which know two dozen words with 著 and read 著書 in 看著書.
"""

from __future__ import annotations

# What is written or outstanding, wherever it stands.
WRITTEN = """
土著 論著 編著 卓著 專著 原著 遺著 譯著 拙著 撰著 較著 素著 校著 舊著 彰著 見微知著 名著 巨著 鉅著 昭著 顯著
所著 著《 著有 著於 著作權 著作物 著作等身 著書立說
著名字畫 著名字體 著名字型 著作用途 著作用語 著作戰勝
""".split()
# What ends like one of these and is a verb: 著 behind it is a particle, unless a word with 著 begins there.
VERBS_LIKE_WRITTEN = {
    "論著": "討談議爭評辯推",
    "合著": "配迎混融結聯綜符整集交契吻組撮縫咬彌折調湊揉糅夾黏",
    "原著": "草平高",
}
WORDS_BEHIND = "作名稱述者書錄"
# What one does to a book, and what goes on having something: 著 between these is a particle, and a writer's otherwise
# (曹雪芹著《紅樓夢》, 著有小說多種).
WITH_BOOKS = (
    "看讀念唸唱聽拿捧抱帶翻寫抄背哼播放演奏彈吹拉夾印刻標題刊用按照依據循沿對隨跟繞靠憑本為想說叫喊改學教講談論議品賞"
    "追練錄載掛貼擺放枕握指仿據配伴衝舉揣藏守盯望啃嚼朗誦默吟彈跳做排研攤"
)
HAVING = (
    "隨味帶寫向對朝沿跟為繞有在本憑靠說想看聽記標持擁雜住放擺掛坐站滿藏留臨懷穿戴抱指做過走等接活睡開關刻印畫貼載流"
    "存保抓拿提背揹捧含夾混配伴隔連聯牽守護盼望期當裝盛載躺蹲跪埋插種養堆積聚集圍繞依倚傍憋忍帶透露顯示表現"
)
# What is fastened, worn or held to, and is a particle before 於: the others are dates (著於1920年).
HELD_TO = "執沉沈附膠黏粘吸固定依貼穿耽染纏住"
# A verb of touching behind what ends like a word: 草原著火.
TOUCHED = "火陸眼手落色地床"
# What one does for a while with what begins like a word with 著, by the last character of the verb: 看著書, 拿著名單.
# Only verbs that do not end what stands before 著名 or 著作 as well: 大學著名校友, 利用著作者, 接受著名畫家 are others.
LASTING = (
    ("看讀拿捧抱帶翻背夾拎提念唸守靠堆擺放抄握啃陪望盯搬扛挑抬舉推拉搖踩載運送遞隨照按循衝沖借", ("書",)),
    ("看拿念唸讀捧握照列對寫抄", ("名單", "名冊")),
    ("帶遞拿掏換", ("名片",)),
    ("穿戴掛背拎提別", ("名牌",)),
    ("開坐", ("名車",)),
    ("憑仗隨靠衝沖奔", ("名氣", "名聲")),
    ("跟隨陪", ("名師",)),
    ("沿", ("名勝",)),
    ("看讀寫改做趕交批補抄念唸", ("作文", "作業")),
    ("看拿捧抱帶望盯搬圍繞", ("作品",)),
    ("看跟陪望盯隨繞循接衝沖露做當", ("作家", "作者")),
    ("試", ("作為",)),
    ("聽看跟陪", ("作曲",)),
    ("忙等跟陪急帶", ("錄音", "錄影", "錄製")),
    ("打藉借頂掛", ("名義",)),
    ("為憑靠", ("名譽",)),
)
# Where the whole cannot be anything else, whatever stands before it: 著作用 is 着作用.
PARTICLE = """
著作用 著作戰 著作弊 著作息 著作秀 著作態 著作勢
著白 著名為
著書包 著書架 著書桌 著書櫃 著書店 著書房 著書籍 著書頁 著書香 著書卷 著書記 著書生 著書脊 著書本
著名字 著名額 著稱讚 著述職 著述說 有著名氣 有著名聲 有著名望
所著重 所著眼 所著力 所著墨 所著手 所著色 所著落 所著迷 所著火 所著急
""".split()
# Whoever is read, and cannot be taken for a verb: 魯迅著.
AUTHORS = """
魯迅 金庸 曹雪芹 施耐庵 羅貫中 吳承恩 蒲松齡 司馬遷 司馬光 王國維 梁啟超 陳寅恪 馮友蘭 胡適 郭沫若 茅盾 巴金 老舍 沈從文
錢鍾書 錢穆 林語堂 梁實秋 周作人 郁達夫 朱自清 徐志摩 張愛玲 張恨水 冰心 丁玲 蕭紅 汪曾祺 季羨林 費孝通 路遙 莫言 余華
蘇童 王蒙 王朔 王小波 賈平凹 陳忠實 劉慈欣 嚴歌苓 韓寒 余秋雨 余光中 白先勇 三毛 瓊瑤 李敖 柏楊 龍應台 古龍 梁羽生 黃易
溫瑞安 倪匡
""".split()
# Written so already: a second time would read 么 as Taiwan's for 幺.
ASKED = "什么 甚么 怎么 这么 那么 多么 要么 干么 這么 幹么".split()


def rows() -> dict[str, str]:
    """
    Words, and what they are with 着 or 著.

    >>> rows()["看著書"], rows()["討論著"], rows()["專著"]
    ('看着書', '討論着', '專著')
    """
    found = {word: word for word in (*WRITTEN, *ASKED)}
    found |= {f"{author}著": f"{author}著" for author in AUTHORS}
    for word in PARTICLE:
        found[word] = word.replace("著", "着")
    found |= {f"{verb}著《": f"{verb}着《" for verb in WITH_BOOKS}
    found |= {f"{verb}著有": f"{verb}着有" for verb in HAVING}
    found |= {f"{verb}著於": f"{verb}着於" for verb in HELD_TO}
    for word, verbs in VERBS_LIKE_WRITTEN.items():
        if word == "原著":
            found |= {f"{verb}{word}{touched}": f"{verb}原着{touched}" for verb in verbs for touched in TOUCHED}
            continue
        for verb in verbs:
            found[verb + word] = verb + word.replace("著", "着")
            found |= {verb + word + behind: verb + word + behind for behind in WORDS_BEHIND}
    for verbs, things in LASTING:
        found |= {f"{verb}著{thing}": f"{verb}着{thing}" for verb in verbs for thing in things}
    return found
