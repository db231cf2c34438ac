"""
What a page or a document says of its own encoding, where it is written in another.

In: the beginning of a file that was read in some encoding, as UTF-8. Out: the same, which says so. Never: a look at
more than the beginning, where decode has read it; another byte.

Which declarations of a page count is what the HTML standard says of sniffing one: elements ``meta`` wherever they
stand but in comments, with ``charset``, or with ``content`` that stands for a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# HTML asks for it in the first 1,024 bytes, and those of GBK are at most half as many more in UTF-8.
BEGINNING = 1 << 11

XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"'](?P<name>[\w.:-]+)[\"']")
# Comments; what a browser takes for one; and tags, up to their attributes. What is open at the end goes on to it.
MARKUP = re.compile(
    rb"<!--(?:-?>|.*?(?:-->|\Z))|<(?:[!?]|/(?![a-zA-Z]))[^>]*|</?(?P<tag>[a-zA-Z][^\s/>]*)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(
    rb"[\s/]*(?P<name>[^\s/>][^\s/>=]*)"
    rb"(?:\s*=\s*(?:\"(?P<double>[^\"]*)(?:\"|\Z)|'(?P<single>[^']*)(?:'|\Z)|(?P<bare>[^\s>\"'][^\s>]*)))?"
)
TAG_END = re.compile(rb"[\s/]*>")
NAME = re.compile(rb"\s*(?P<name>[\w.:-]+)")
IN_HEADER = re.compile(rb"charset\s*=\s*[\"']?\s*(?P<name>[\w.:-]+)", re.IGNORECASE)


def is_xml(data: bytes) -> bool:
    """Whether a file with this beginning, in ASCII or what has the same letters, says that it is XML."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml")


def saying_utf8(data: bytes, is_page: bool) -> bytes:
    """
    The beginning of a file, declared as UTF-8; the same object if it declares nothing else.

    Args:
        data: What will be written.
        is_page: Whether it is HTML; else only XML has a declaration, before all other text.

    >>> saying_utf8(b"<!-- <meta charset=big5> --><meta charset=gb2312><p>", True)
    b'<!-- <meta charset=big5> --><meta charset=utf-8><p>'
    """
    head = data[:BEGINNING]
    found = XML.match(head)
    places = [found.span("name")] if found else []
    if is_page:
        places += in_metas(head)
    for start, end in reversed(places):
        if head[start:end].lower() != b"utf-8":
            data = data[:start] + b"utf-8" + data[end:]
    return data


def in_metas(head: bytes) -> Iterator[tuple[int, int]]:
    """Where the names stand that a page gives to its encoding, in order."""
    at = 0
    while markup := MARKUP.search(head, at):
        at = markup.end()
        if markup["tag"] is None:
            continue
        attributes: dict[bytes, tuple[int, int]] = {}
        while attribute := ATTRIBUTE.match(head, at):
            at = attribute.end()
            value = next((one for one in ("double", "single", "bare") if attribute[one] is not None), None)
            # Of two with one name the first counts.
            attributes.setdefault(attribute["name"].lower(), attribute.span(value) if value else (at, at))
        # A tag that is cut off may go on with the rest of a name.
        if markup["tag"].lower() == b"meta" and TAG_END.match(head, at):
            yield from in_meta(head, attributes)


def in_meta(head: bytes, attributes: dict[bytes, tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same of one element, whose attributes have their values at these places."""
    ways = [("charset", NAME.match)]
    start, end = attributes.get(b"http-equiv", (0, 0))
    if head[start:end].lower() == b"content-type":
        ways.append(("content", IN_HEADER.search))
    found = [look(head, *attributes[name.encode()]) for name, look in ways if name.encode() in attributes]
    yield from sorted(one.span("name") for one in found if one)
