"""
What programmers write beside their code: the Chinese lines of a Python package, in its comments and docstrings.

Comes in: a wheel that ``sources.toml`` pins. Goes out: lines without markup. What is damaged in
source files, file names and logs is such text, and neither encyclopaedias nor statutes have its words (文件名, 默认值).
"""

from __future__ import annotations

import io
import re
import zipfile

CHINESE = re.compile(r"[㐀-鿿]")
# What a line has around the text: the mark of a comment, the field of a docstring, a quotation mark.
AROUND = re.compile(r"^\s*(?:[#*\"'r]+\s*|:\w+(?: \w+)?:\s*)*|[\"'\s]+$")
TAG = re.compile(r"</?[a-z][^>]*>|&[a-z]+;")
# Characters of Chinese that a line must have: labels of one word are said thousands of times.
LEAST = 4


def lines(wheel: bytes) -> list[str]:
    """
    The Chinese lines of a package's modules, in the order of the wheel.

    A line that stands in several places as it is counts once; what is said of several fields, as often as it is said.
    """
    found: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(wheel)) as package:
        for name in package.namelist():
            if not name.endswith(".py"):
                continue
            for line in package.read(name).decode("utf-8", "replace").splitlines():
                if CHINESE.search(line) and line not in found:
                    text = TAG.sub("", AROUND.sub("", line))
                    if len(CHINESE.findall(text)) >= LEAST:
                        found[line] = text
    return list(found.values())
