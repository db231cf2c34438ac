"""
Names of places, languages and currencies, as CLDR writes them in a kind of Chinese.

Comes in: the package babel, which carries CLDR. Goes out: names of Han characters. Never: what stands in brackets
beside a name.
"""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from build import Sources

SOURCE = "cldr"
SIMPLIFIED, TRADITIONAL = "zh", "zh_Hant"
KINDS = ("territories", "languages", "scripts", "variants", "currency_names")
# Written with 杰 as often, and neither is wrong.
EITHER = re.compile("[傑杰]")
NAME = re.compile(r"(?:^|[·、/－-])([㐀-鿿]{2,})(?=$|[·、/－ (（-])")


def names(sources: Sources, kind_of_chinese: str) -> list[str]:
    """Every name once, sorted."""
    # Babel writes its own files with pickle; this one is the one whose SHA-256 was pinned.
    table = pickle.loads(sources.read(SOURCE, f"locale-data/{kind_of_chinese}.dat"))
    found = {name for written in _written(table) for name in NAME.findall(written)}
    return sorted(name for name in found if not EITHER.search(name))


def _written(table: dict[str, dict[str, object]]) -> Iterator[str]:
    for kind in KINDS:
        yield from (name for name in table[kind].values() if isinstance(name, str))
    for zone in table["time_zones"].values():
        if isinstance(zone, dict) and isinstance(city := zone.get("city"), str):
            yield city
