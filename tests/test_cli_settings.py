"""
Settings from files, completion, the manual page.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, HANS, HANT, MIXED, PLAIN, normalize, write


def test_settings_come_from_the_nearest_file(tmp_path: Path) -> None:
    """hanfix.toml, or a table of pyproject.toml; one without the table is passed over."""
    write(tmp_path / "pyproject.toml", '[tool.hanfix]\nto = "hans"\n')
    write(tmp_path / "a" / "pyproject.toml", '[project]\nname = "hanfix-user"\n')
    write(tmp_path / "a" / "b" / "hanfix.toml", 'to = "hant"\n')
    for folder, want in ((tmp_path, HANS), (tmp_path / "a", HANS), (tmp_path / "a" / "b", HANT)):
        assert normalize(cwd=folder, stdin=MIXED.encode()).out == want
    assert normalize("--to", "hans", cwd=tmp_path / "a" / "b", stdin=MIXED.encode()).out == HANS
    assert normalize("--no-config", "-t", "keep", cwd=tmp_path, stdin=MIXED.encode()).out == MIXED
    assert normalize("--config", "a/b/hanfix.toml", cwd=tmp_path, stdin=MIXED.encode()).out == HANT


def test_every_setting_is_heeded(tmp_path: Path) -> None:
    """Lists, switches, and files that lie beside the settings."""
    write(tmp_path / "terms.txt", "發展\n")
    write(tmp_path / "words.txt", "服务器\t伺服主機\n")
    write(
        tmp_path / "hanfix.toml",
        'to = "hant-tw"\nwords = true\nsteps = ["decode", "convert"]\nprotect = ["软件"]\ndictionary = "words.txt"\n'
        'glob = ["*.txt"]\nfield = "text"\njobs = 1\nbom = "drop"\noutput-encoding = "utf-8"\nbackup = ".bak"\n',
    )
    below = tmp_path / "below"
    below.mkdir()
    assert normalize(cwd=below, stdin="软件,服务器,网络".encode()).out == "软件,伺服主機,網路"
    write(tmp_path / "hanfix.toml", 'protect = "terms.txt"\nto = "hans"\nbackup = ".bak"\n')
    file = write(below / "a.txt", "發展問題")
    assert normalize("-i", "a.txt", cwd=below).code == 0
    assert file.read_text("utf-8") == "發展问题"
    assert (below / "a.txt.bak").read_text("utf-8") == "發展問題"
    write(tmp_path / "hanfix.toml", 'to = "hant-tw"\nmin-confidence = 0.9\n')
    assert normalize(cwd=below, stdin="他舍了家，发展".encode()).out == "他舍了家，發展"


@pytest.mark.parametrize("name", ["hanfix.toml", "pyproject.toml"])
def test_settings_may_begin_with_a_mark(name: str, tmp_path: Path) -> None:
    """As editors of Windows write it."""
    table = "[tool.hanfix]\r\n" if name == "pyproject.toml" else ""
    write(tmp_path / name, f'\ufeff{table}to = "hans"\r\n')
    assert normalize(cwd=tmp_path, stdin="發展問題".encode()).out == "发展问题"
    if name == "hanfix.toml":
        write(tmp_path / name, 'to = "hans"\n'.encode("utf-16"))
        normalize(cwd=tmp_path, stdin=MIXED.encode()).refused(name, "not UTF-8 at byte 0")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('too = "hans"\n', ["too", "did you mean to?"]),
        ('output_encoding = "keep"\n', ["output_encoding", "did you mean output-encoding?"]),
        ("check = true\n", ["check", "no setting"]),
        ('format = "htlm"\n', ["format", "html"]),
        ("words = 1\n", ["words", "true or false"]),
        ("jobs = 0\n", ["jobs"]),
        ("jobs = 0.5\n", ["jobs"]),
        ("min-confidence = 3\n", ["min-confidence", "range"]),
        ("to = [1]\n", ["to"]),
        ('steps = ["wash"]\n', ["wash", "repair"]),
        ("to = \n", ["hanfix.toml"]),
    ],
)
def test_settings_that_are_wrong_are_one_line(settings: str, words: list[str], tmp_path: Path) -> None:
    """With the file, and the nearest right name."""
    write(tmp_path / "hanfix.toml", settings)
    ran = normalize(cwd=tmp_path, stdin=MIXED.encode())
    ran.refused(*words)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("settings", "arguments", "is_file"),
    [
        ("quiet = true", ["-v"], True),
        ("verbose = true", ["-q"], True),
        ("pooled = true", [], False),
        ("pooled = true", ["--steps", "convert"], True),
        ("words = true\nmin-confidence = 0.9", ["--steps", "clean"], True),
        ('encoding = "big5"', ["--steps", "repair"], True),
        ('field = ["text"]', ["-f", "html"], True),
        ('format = "html"', ["--field", "text"], True),
        ('steps = "clean"', ["--words", "-t", "hant-tw", "-e", "utf-8"], True),
    ],
)
def test_settings_give_way_to_arguments(settings: str, arguments: list[str], is_file: bool, tmp_path: Path) -> None:
    """A setting that excludes an argument counts for nothing; two settings that exclude each other are refused."""
    write(tmp_path / "hanfix.toml", settings)
    write(tmp_path / "a.txt", HANS)
    ran = normalize(*arguments, *(["a.txt"] if is_file else []), cwd=tmp_path, stdin=HANS.encode())
    assert (ran.code, bool(ran.out)) == (0, True)
    assert ("a.txt" in ran.err) == ("-v" in arguments)


@pytest.mark.parametrize(
    ("settings", "words"),
    [("quiet = true\nverbose = true", "--quiet"), ('steps = "clean"\nwords = true', "--words")],
)
def test_settings_that_exclude_each_other_are_refused(settings: str, words: str, tmp_path: Path) -> None:
    """Nobody can tell which of them was meant."""
    write(tmp_path / "hanfix.toml", settings)
    normalize(cwd=tmp_path, stdin=HANS.encode()).refused(words)


def test_a_file_of_settings_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """And so is asking for one and none."""
    normalize("--config", "missing.toml", cwd=tmp_path).refused("missing.toml")
    write(tmp_path / "a.toml", "")
    normalize("--config", "a.toml", "--no-config", cwd=tmp_path).refused("--config", "--no-config")


@pytest.mark.parametrize(
    ("given", "words"),
    [("[project]\n", ["pyproject.toml", "[tool.hanfix]"]), ("tool = 3 # hanfix\n", ["pyproject.toml", "tool"])],
)
def test_a_project_without_our_table_is_one_line(given: str, words: list[str], tmp_path: Path) -> None:
    """Where it is named; the table may also be something else."""
    write(tmp_path / "pyproject.toml", given)
    normalize("--config", "pyproject.toml", cwd=tmp_path, stdin=MIXED.encode()).refused(*words)


def test_a_folder_that_is_gone_has_no_settings(tmp_path: Path) -> None:
    """Standard input needs no folder."""
    (tmp_path / "gone").mkdir()
    script = f"cd '{tmp_path}/gone'; rmdir ../gone; printf 問題 | '{COMMAND}' -t hans"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=PLAIN, check=False)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, "问题", b"")


def test_a_folder_that_is_gone_is_no_input(tmp_path: Path) -> None:
    """It was a traceback: "." is still there, and has no path."""
    (tmp_path / "gone").mkdir()
    script = f"cd '{tmp_path}/gone'; rmdir ../gone; '{COMMAND}' --check ."
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=PLAIN, check=False)
    assert (done.returncode, done.stderr) == (2, b"normalize: .: no such file\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_completion(shell: str) -> None:
    """A script that asks the command itself."""
    ran = normalize("--completion", shell)
    assert ran.code == 0
    assert "_NORMALIZE_COMPLETE" in ran.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ran.raw, check=True)


@pytest.mark.parametrize(
    ("typed", "want"),
    [("--out", "--output-encoding"), ("--to han", "hant-tw"), ("--format s", "srt"), ("--bom ", "drop")],
)
def test_options_and_their_values_are_completed(typed: str, want: str) -> None:
    """As a shell would ask."""
    words = f"normalize {typed}"
    asked = {**PLAIN, "_NORMALIZE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run([COMMAND], env=asked, capture_output=True, check=True)
    assert want in re.findall(r"plain,(\S+)", done.stdout.decode())


def test_the_manual_page_has_every_option() -> None:
    """From the same definitions as the command itself; man can read it."""
    from hanfix.cli.definitions import command

    ran = normalize("--man")
    assert ran.code == 0
    plain = ran.out.replace("\\-", "-").replace("\\&", "")
    for parameter in command.params:
        for name in (*parameter.opts, *parameter.secondary_opts):
            if name.startswith("-"):
                assert f"\\fB{name}\\fR" in plain
                assert getattr(parameter, "help", None)
    if shutil.which("groff"):
        done = subprocess.run(
            ["groff", "-Kutf8", "-man", "-Tutf8", "-ww"], input=ran.raw, capture_output=True, check=True
        )
        assert done.stderr == b""


def test_starting_loads_nothing_that_is_not_needed() -> None:
    """What --help pays for; a stopwatch would measure the machine (benchmarks/batch_jobs.py does)."""
    code = "import sys; from hanfix.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([COMMAND.with_name("python"), "-c", code], capture_output=True, check=True, env=PLAIN)
    loaded = {name.partition(".")[0] for name in done.stderr.decode().split()}
    assert not loaded & {"rich", "jinja2", "pyarrow", "zstandard", "tomllib", "concurrent", "ftfy", "json", "tempfile"}
