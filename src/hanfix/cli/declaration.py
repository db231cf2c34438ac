"""
What a page or a document says of its own encoding, where it is written in another.

In: the beginning of a file that was read in some encoding, as UTF-8. Out: the same, which says so. Never: a look at
more than the beginning, where decode has read it; another byte.
"""

from __future__ import annotations

import re

# HTML asks for it in the first 1,024 bytes, and those of GBK are at most half as many more in UTF-8.
BEGINNING = 1 << 11

XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"'](?P<name>[\w.:-]+)")
META = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*(?P<name>[\w.:-]+)", re.IGNORECASE)


def saying_utf8(data: bytes, is_page: bool) -> bytes:
    """
    The beginning of a file, declared as UTF-8; the same object if it declares nothing else.

    Args:
        data: What will be written.
        is_page: Whether it is HTML; else only XML has a declaration, before all other text.

    >>> saying_utf8(b"<meta charset=gb2312><p>", True)
    b'<meta charset=utf-8><p>'
    """
    for pattern in (XML, META) if is_page else (XML,):
        found = pattern.search(data, 0, BEGINNING)
        if found is not None and found["name"].lower() != b"utf-8":
            start, end = found.span("name")
            data = data[:start] + b"utf-8" + data[end:]
    return data
