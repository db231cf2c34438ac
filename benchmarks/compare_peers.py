"""
Throughput beside the peers, in one run, on one thread, on text made here.

    pip install --group bench && python benchmarks/compare_peers.py [--characters N] [--rounds N]

Each row is one job; engines take turns and the best round of each counts, so that a busy moment
meets all of them. MB are of UTF-8. A peer that is not installed is left out of its rows; one that
answers something else than it should is said so.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import corpus

import hanfix

Engine = Callable[[Any], object]


class Job(NamedTuple):
    """One row: what is given to whom."""

    name: str
    given: Any
    ours: Engine
    peers: Mapping[str, Engine | None]


def peer(module: str, make: Callable[[Any], Engine]) -> Engine | None:
    """A peer's way of doing a job, if it is installed."""
    try:
        return make(importlib.import_module(module))
    except ImportError:
        return None


def zhconv_rs(target: str) -> Engine | None:
    return peer("zhconv_rs", lambda module: lambda text: module.zhconv(text, target))


def official_opencc(config: str) -> Engine | None:
    return peer("opencc", lambda module: module.OpenCC(config).convert)


def jobs(characters: int) -> list[Job]:
    hans, hant = corpus.simplified(characters), corpus.traditional(characters)
    gbk = hans.encode("gb18030")
    small = [gbk[at : at + 4096] for at in range(0, len(gbk), 4096)]
    zhconv = {target: zhconv_rs(target) for target in ("zh-hans", "zh-tw")}
    opencc = {config: official_opencc(config) for config in ("t2s", "s2t", "s2twp")}
    ftfy = peer("ftfy", lambda module: module.fix_text)
    detectors = {
        "charset-normalizer": peer("charset_normalizer", lambda m: lambda raw: str(m.from_bytes(raw).best())),
        "chardet": peer("chardet", lambda m: lambda raw: raw.decode(m.detect(raw)["encoding"] or "utf-8", "replace")),
    }
    normalizer = hanfix.Normalizer(to="hant-tw")

    def to(target: str) -> Engine:
        return lambda text: hanfix.convert(text, target).text

    def decode(raw: bytes) -> str:
        return hanfix.decode(raw).text

    def repair(text: str) -> str:
        return hanfix.repair(text).text

    detectors_each = {name: engine and each(engine) for name, engine in detectors.items()}
    return [
        Job("convert to hans", hant, to("hans"), {"zhconv-rs": zhconv["zh-hans"], "opencc t2s": opencc["t2s"]}),
        Job("convert to hant-tw", hans, to("hant-tw"), {"zhconv-rs": zhconv["zh-tw"], "opencc s2t": opencc["s2t"]}),
        Job("keep hant-tw", hant, to("hant-tw"), {"zhconv-rs": zhconv["zh-tw"]}),
        Job("opencc t2s", hant, hanfix.OpenCC("t2s").convert, {"opencc": opencc["t2s"]}),
        Job("opencc s2t", hans, hanfix.OpenCC("s2t").convert, {"opencc": opencc["s2t"]}),
        Job("opencc s2twp", hans, hanfix.OpenCC("s2twp").convert, {"opencc": opencc["s2twp"]}),
        Job("repair, nothing to do", hant, repair, {"ftfy": ftfy}),
        Job("repair, all misread", corpus.misread(characters), repair, {"ftfy": ftfy}),
        Job("normalize, nothing to do", hant, normalizer, {"ftfy": ftfy, "zhconv-rs alone": zhconv["zh-tw"]}),
        Job("normalize, mirrored", corpus.mirrored(characters), normalizer, {"ftfy": ftfy}),
        Job("decode UTF-8", hant.encode(), decode, {"bytes.decode": bytes.decode, **detectors}),
        Job("decode GB18030", gbk, decode, detectors),
        Job("decode GB18030, 4 KB each", small, each(decode), detectors_each),
    ]


def each(engine: Engine) -> Engine:
    """A job done piece by piece."""
    return lambda pieces: [engine(piece) for piece in pieces]


def size_mb(given: Any) -> float:
    if isinstance(given, list):
        return sum(map(size_mb, given))
    return len(given.encode() if isinstance(given, str) else given) / 1e6


def best_times(engines: dict[str, Engine], given: Any, rounds: int) -> dict[str, float]:
    """Seconds of the best round of each."""
    best = dict.fromkeys(engines, float("inf"))
    for _ in range(rounds):
        for name, engine in engines.items():
            begin = time.perf_counter()
            engine(given)
            best[name] = min(best[name], time.perf_counter() - begin)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=500_000, help="size of the text [500000]")
    parser.add_argument("--rounds", type=int, default=5, help="the best of so many counts [5]")
    options = parser.parse_args()
    print(f"{'job':<28} {'hanfix':>10}   peers (MB/s, and how many times as fast hanfix is)")
    for job in jobs(options.characters):
        installed = {name: engine for name, engine in job.peers.items() if engine}
        times = best_times({"hanfix": job.ours, **installed}, job.given, options.rounds)
        size = size_mb(job.given)
        ours = times.pop("hanfix")
        beside = "   ".join(f"{name} {size / taken:.1f} ({taken / ours:.1f}x)" for name, taken in times.items())
        print(f"{job.name:<28} {size / ours:>10.1f}   {beside}")


if __name__ == "__main__":
    main()
