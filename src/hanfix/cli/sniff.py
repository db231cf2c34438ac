"""
Text or not: images, archives and programs lie about in folders of text, and must stay as they are.

In: the beginning of a file. Out: whether it is something else than text. Never: text in UTF-16 or
UTF-32 is taken for something else because of its NULs.
"""

from __future__ import annotations

import codecs
import re

# Enough to tell, and little enough to look at in every file of a corpus.
SAMPLE_BYTES = 8192

# The beginnings of files that are no text, of those kinds that lie about in folders of text. Letters
# alone are no evidence ("BM", "ID3 標籤"), so each has a byte that no text has at that place; other
# kinds are told by their control characters.
SIGNATURE = re.compile(
    rb"\x89PNG\r\n\x1a|\xff\xd8\xff|GIF8[79]a[^\n]|%PDF-1|PK[\x03\x05][\x04\x06]|\x1f\x8b\x08|\x28\xb5\x2f\xfd|\xfd7zXZ\x00"
    rb"|BZh[1-9]1AY&SY|7z\xbc\xaf|Rar!\x1a|\x7fELF|MZ[^\n]\x00|SQLite format 3\x00|OggS\x00|fLaC\x00|ID3[\x02-\x04]"
    rb"|RIFF....(?:WEBP|WAVE|AVI )|wOF[F2]\x00|PAR1\x15|ARROW1\x00",
    re.DOTALL,
)

# Control characters that text has not: all but tab, line ends, form feed, the escapes of ISO 2022 and
# of terminals.
NO_TEXT = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x0e\x0f\x1b")

# What people write: letters, marks, kana, ideographs, hangul; no control, private or unassigned ones.
WRITTEN = re.compile(
    "[\t\n\r -~\u00a0-\u024f\u0370-\u06ff\u0e00-\u0e7f\u2000-\u206f"
    "\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)


def looks_binary(raw: bytes) -> bool:
    """
    Whether bytes are an image, an archive, a program: anything but text.

    >>> looks_binary(b"\\x7fELF"), looks_binary("表\\0格".encode()), looks_binary("文字".encode("utf-16"))
    (True, False, False)
    """
    if SIGNATURE.match(raw):
        return True
    sample = raw[:SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, NO_TEXT))
    # Of random bytes one in eleven is a control character; of a text with stray NULs far fewer,
    # in every encoding of Chinese but UTF-16 and UTF-32.
    if controls * 50 <= len(sample):
        return False
    # A byte-order mark of UTF-16 or UTF-32.
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    # What is valid UTF-8 is no noise, though every third character were a NUL.
    if controls * 5 <= len(sample) and not sample.isascii() and is_utf_8(sample):
        return False
    return not any(is_wide_text(sample, encoding) for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))


def is_wide_text(sample: bytes, encoding: str) -> bool:
    """
    Whether bytes without a mark are UTF-16 or UTF-32 of anything that people write.

    Noise read as UTF-16 is half ideographs and hangul, so both tell nothing unless nearly all of it
    is of the kinds that texts are made of.
    """
    text = sample[: len(sample) // 4 * 4].decode(encoding, "replace")
    return len(WRITTEN.findall(text)) * 20 >= len(text) * 19


def is_utf_8(sample: bytes) -> bool:
    """Whether bytes are UTF-8, but for a character that is cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
