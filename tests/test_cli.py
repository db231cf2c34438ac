"""
The command as a filter: streams, targets, encodings, safety, and how a run goes and ends.

Nothing here imports the command: it is started as a person starts it, and judged by what it prints,
what it leaves on the disk, and how it ends.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
import zlib
from pathlib import Path

import damage
import pytest
from command import COMMAND, HANS, HANT, MIXED, PLAIN, PNG, normalize, write

# -- from standard input to standard output ------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_goes_to_standard_output(arguments: tuple[str, ...]) -> None:
    """Without a path, or with "-", the command is a filter."""
    ran = normalize("--to", "hans", *arguments, stdin=MIXED.encode())
    assert (ran.code, ran.out, ran.err) == (0, HANS, "")


def test_a_file_goes_to_standard_output_and_stays_as_it_is(tmp_path: Path) -> None:
    """Nothing is rewritten that was not asked to be."""
    file = write(tmp_path / "a.txt", MIXED)
    ran = normalize("-t", "hans", file)
    assert (ran.code, ran.out) == (0, HANS)
    assert file.read_text("utf-8") == MIXED


def test_the_command_has_two_names() -> None:
    """``hanfix`` is there when ``normalize`` is taken."""
    done = subprocess.run(
        [COMMAND.with_name("hanfix"), "-t", "hans"], input=MIXED.encode(), capture_output=True, check=True
    )
    assert done.stdout.decode() == HANS


def test_the_example_article_comes_out_as_it_was_written() -> None:
    """The README's first command undoes every kind of damage in it."""
    ran = normalize("--to", "hant-tw", damage.DAMAGED)
    assert (ran.code, ran.err) == (0, "")
    assert ran.raw == damage.CLEAN.read_bytes()


def test_help_fits_one_screen_and_names_every_option() -> None:
    """A page that was set by hand must not forget one."""
    from hanfix.cli.definitions import command

    ran = normalize("--help")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 84
    for parameter in command.params:
        for name in (*parameter.opts, *parameter.secondary_opts):
            if name.startswith("-"):
                assert re.search(rf"(?<![\w-]){name}(?![\w-])", ran.out), name


def test_version_is_the_package_s() -> None:
    """One number everywhere."""
    import hanfix

    assert normalize("--version").out == f"hanfix {hanfix.__version__}\n"


# -- targets, words, steps -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "given", "want"),
    [
        ("hans", HANT, HANS),
        ("hant", HANS, HANT),
        ("hant-tw", HANS, HANT),
        ("hant-hk", HANS, HANT),
        ("zh-Hant-TW", HANS, HANT),
        ("zh-CN", HANT, HANS),
        ("keep", MIXED, MIXED),
        ("auto", HANS * 3 + HANT, HANS * 4),
        ("auto", HANT * 3 + HANS, HANT * 4),
    ],
)
def test_each_target_is_written(target: str, given: str, want: str) -> None:
    """In the names of BCP 47 too."""
    assert normalize("--to", target, stdin=given.encode()).out == want


def test_the_target_is_auto_unless_named() -> None:
    """Most of a text decides for the rest of it."""
    assert normalize(stdin=(HANS * 3 + HANT).encode()).out == HANS * 4


def test_words_change_only_if_asked() -> None:
    """What regions call things is what people wrote."""
    assert normalize("-t", "hant-tw", stdin="软件".encode()).out == "軟件"
    assert normalize("-t", "hant-tw", "--words", stdin="软件".encode()).out == "軟體"


def test_steps_choose_stages() -> None:
    """A stage that is left out leaves everything as it was."""
    given = "说明,問題"
    assert normalize("-t", "hans", "--steps", "decode,clean", stdin=given.encode()).out == "说明，問題"
    assert normalize("-t", "hans", "--steps", "convert", stdin=given.encode()).out == "说明,问题"


def test_without_decode_bytes_that_are_no_text_pass_through() -> None:
    """They were not asked about."""
    given = "问题".encode() + b"\xff\xfe\x80" + "复杂".encode()
    assert normalize("-t", "hans", "--steps", "convert", stdin=given).raw == given


# -- bytes in, bytes out -------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_the_encoding_is_found(encoding: str) -> None:
    """And the answer is UTF-8."""
    raw = ("我们今天讨论的这个问题很复杂。\n" * 4).encode(encoding)
    out = normalize("-t", "hans", "--bom", "drop", stdin=raw).raw
    assert out.decode("utf-8") == "我们今天讨论的这个问题很复杂。\n" * 4


def test_an_encoding_that_is_named_is_believed() -> None:
    """Two characters are too little to guess by."""
    assert normalize("-t", "hant", "-e", "big5", stdin="問題".encode("big5")).out == "問題"


@pytest.mark.parametrize("name", ["hz", "utf-7", "936", "chinese", "iso-2022-kr", "euccn", "iso-2022-cn"])
def test_every_name_that_python_or_detect_has_is_an_encoding(name: str) -> None:
    """Also one that the core does not know, or that only the core writes; bytes that contradict it win."""
    ran = normalize("-t", "hans", "-e", name, stdin=(HANS * 9).encode("gbk"))
    assert (ran.code, ran.out, ran.err) == (0, HANS * 9, "")


@pytest.mark.parametrize("raw", [b"\xff", b"\xe9\x97", b"\x00\xff\xfe" * 5, b"\xb0\xa1\xb0", bytes(range(128, 256))])
def test_bytes_that_are_no_text_never_end_in_a_crash(raw: bytes) -> None:
    """Whatever comes of them, it is said in one line or not at all."""
    ran = normalize("-t", "hans", stdin=raw)
    assert ran.code in (0, 2)
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") <= 1


def test_strict_fails_what_has_bytes_that_are_no_text(tmp_path: Path) -> None:
    """Named with the place, and nothing is written."""
    file = write(tmp_path / "a.txt", "问题".encode() + b"\xff" + "复杂".encode())
    ran = normalize("-t", "hans", "--strict", "-e", "utf-8", file)
    ran.refused("a.txt", "6")


def test_the_output_encoding_is_kept_if_asked() -> None:
    """For programs that cannot read anything else."""
    given = ("我們今天討論的這個問題很複雜。\n" * 4).encode("big5")
    ran = normalize("-t", "hant", "--output-encoding", "keep", stdin=given)
    assert (ran.code, ran.raw) == (0, given)


def test_a_character_without_a_place_in_the_encoding_fails_the_file() -> None:
    """With its place; it is not replaced by a question mark."""
    given = ("我們今天討論的這個問題很複雜。\n" * 4).encode("big5")
    normalize("-t", "hans", "--output-encoding", "keep", stdin=given).refused("1:2", "utf-8")


def test_a_kept_encoding_is_one(tmp_path: Path) -> None:
    """Characters of escapes, half a mebibyte before the first that tell the encoding, are written as UTF-8."""
    escapes = "\\u9019\\u500b\\u554f\\u984c\n" + "hello world\n" * 60_000
    rest = "這個問題很複雜\n" * 900
    keep = ("-t", "hant", "--output-encoding", "keep", "-o", tmp_path / "out")
    normalize(*keep, write(tmp_path / "a.txt", (escapes + rest).encode("gbk"))).refused("a.txt", "gb18030", "utf-8")
    assert not (tmp_path / "out").exists()
    for given in (escapes, escapes + rest):
        assert normalize(*keep, write(tmp_path / "a.txt", given)).code == 0
        assert (tmp_path / "out").read_text("utf-8").startswith("這個問題\n")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.md"])
def test_and_only_that_file(tmp_path: Path, name: str) -> None:
    """It is named, and the others are done."""
    text = "我們今天討論的這個問題很複雜。"
    given = f'{{"text": "{text}"}}\n' if name == "a.jsonl" else f"{text}\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes((given * 4).encode("big5"))
    write(tmp_path / "in" / "b.txt", MIXED)
    ran = normalize("-t", "hans", "--output-encoding", "keep", "-o", tmp_path / "out", tmp_path / "in")
    ran.refused(f"in/{name}: 1:", "utf-8")
    assert not (tmp_path / "out" / name).exists()
    assert (tmp_path / "out" / "b.txt").read_text("utf-8") == HANS


BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("given", "option", "want"),
    [
        (BOM, "keep", BOM),
        (b"", "keep", b""),
        (b"", "add", BOM),
        (BOM, "add", BOM),
        (BOM, "drop", b""),
        (b"", "drop", b""),
    ],
)
def test_the_byte_order_mark(given: bytes, option: str, want: bytes) -> None:
    """Kept unless told otherwise."""
    assert normalize("-t", "hans", "--bom", option, stdin=given + MIXED.encode()).raw == want + HANS.encode()


def test_utf_16_is_kept_with_its_mark() -> None:
    """Encoding and mark together."""
    given = ("我们今天讨论的这个問題很复杂。\n" * 4).encode("utf-16")
    ran = normalize("-t", "hans", "--output-encoding", "keep", stdin=given)
    assert ran.raw == given.decode("utf-16").replace("問題", "问题").encode("utf-16")


@pytest.mark.parametrize("given", ["问题\r\n复杂\r\n", "问题\n复杂", "问题\r复杂\n\n", "", "\n", "问题\r\n\n复杂"])
def test_line_ends_are_kept(given: str) -> None:
    """Each as it was, and a missing one stays missing."""
    assert normalize("-t", "hans", stdin=given.encode()).raw == given.encode()


# -- safety, running -----------------------------------------------------------------------------


def test_protected_terms_stay(tmp_path: Path) -> None:
    """One a line; empty lines and remarks are none."""
    terms = write(tmp_path / "terms.txt", "# names\n\n發展\n")
    given = "發展中的問題"
    assert normalize("-t", "hans", "--protect", terms, stdin=given.encode()).out == "發展中的问题"


def test_a_dictionary_decides_words(tmp_path: Path) -> None:
    """In OpenCC's format."""
    words = write(tmp_path / "words.txt", "服务器\t伺服主機 伺服器\n")
    assert normalize("-t", "hant", "--dictionary", words, stdin="这个服务器".encode()).out == "這個伺服主機"


def test_auto_decides_once_for_all_files(tmp_path: Path) -> None:
    """Most of all the text, not most of each file; and says so."""
    write(tmp_path / "a.txt", HANS * 50)
    small = write(tmp_path / "b.txt", HANT)
    ran = normalize("-v", "-i", tmp_path)
    assert ran.code == 0
    assert small.read_text("utf-8") == HANS
    assert "hans" in ran.err.splitlines()[0]


@pytest.mark.parametrize("jobs", ["1", "2", "8"])
def test_the_number_of_jobs_changes_nothing(jobs: str, tmp_path: Path) -> None:
    """Answers come in the order of the inputs."""
    files = [write(tmp_path / f"{number:02}.txt", MIXED * number) for number in range(1, 20)]
    ran = normalize("-t", "hans", "--check", "-j", jobs, *files)
    assert ran.out.splitlines() == [str(file) for file in files]


def test_verbose_says_what_was_done_and_quiet_says_less(tmp_path: Path) -> None:
    """A line for each file, or errors only."""
    write(tmp_path / "a.txt", MIXED)
    write(tmp_path / "b.png", PNG)
    assert len(normalize("-t", "hans", "--check", "-v", tmp_path).err.splitlines()) == 2
    assert normalize("-t", "hans", "--check", "-q", tmp_path).err == ""


@pytest.mark.parametrize(
    "raw",
    [PNG, b"PK\x03\x04" + bytes(99), b"\x1f\x8b\x08" + bytes(range(99)), b"%PDF-1.7\n", b"\x7fELF" + bytes(99),
     zlib.compress(bytes(range(256)) * 99) * 9, bytes(5000)],
    ids=["png", "zip", "gzip", "pdf", "elf", "noise", "zeros"],
)  # fmt: skip
def test_what_is_no_text_is_skipped_and_said(raw: bytes, tmp_path: Path) -> None:
    """Among others it is passed over; alone there is nothing to give."""
    binary, text = write(tmp_path / "a.bin", raw), write(tmp_path / "b.txt", MIXED)
    ran = normalize("-t", "hans", "-i", tmp_path)
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    assert "a.bin: not text" in ran.err
    assert (binary.read_bytes(), text.read_text("utf-8")) == (raw, HANS)
    normalize("-t", "hans", binary).refused("a.bin", "not text")


@pytest.mark.parametrize(
    "text",
    ["表\0格 " * 40, "\x1b[31m红色\x1b[0m", "BM 是宝马", "ID3 标签的格式", "PK 赛", "MZ 时代", "GIF89a\n是一种格式"],
)
def test_text_that_looks_a_little_like_something_else_is_text(text: str) -> None:
    """Letters alone make no image, and a stray NUL no archive."""
    ran = normalize("-t", "hans", stdin=text.encode())
    assert ran.code == 0
    assert ran.raw


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_and_utf_32_are_text(encoding: str) -> None:
    """For all their NULs."""
    raw = ("Line 1: 一個下午 some English\n" * 30).encode(encoding)
    assert normalize("-t", "hant", stdin=raw).out.removeprefix("\ufeff") == "Line 1: 一個下午 some English\n" * 30


@pytest.mark.parametrize(
    ("redirection", "words"),
    [(">/dev/full", "standard output"), (">&-", "standard output is closed"), ("<&-", "closed")],
)
def test_streams_that_are_full_or_closed_are_one_line(redirection: str, words: str) -> None:
    """And exit code 2, whatever a shell has done to them."""
    script = f"printf 问題 | '{COMMAND}' -t hans {redirection}"
    if redirection == "<&-":
        script = f"'{COMMAND}' -t hans {redirection}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=PLAIN, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1
    assert words.encode() in done.stderr


@pytest.mark.parametrize("arguments", ["--man", "--completion bash", "--json --version", "--check -h", "--help"])
def test_what_the_command_says_of_itself_may_meet_a_full_disk(arguments: str) -> None:
    """One line, and exit code 2; 1 would mean that something would change."""
    script = f"'{COMMAND}' {arguments} > /dev/full"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=PLAIN, check=False)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"standard output: No space left" in done.stderr


def test_standard_error_may_be_closed() -> None:
    """Nothing that would have been said there goes to standard output instead."""
    done = subprocess.run(["bash", "-c", f"'{COMMAND}' missing.txt 2>&-"], capture_output=True, env=PLAIN, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_broken_pipe_is_silent(tmp_path: Path) -> None:
    """``| head`` has seen enough."""
    file = write(tmp_path / "a.txt", MIXED * 200_000)
    command = subprocess.Popen([COMMAND, "-t", "hans", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=PLAIN)
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.read(10)
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait(60) == 0


def test_a_kill_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """At any moment; and what it leaves behind is no input later."""
    old, new = MIXED * 20_000, HANS * 20_000
    for after in (0.05, 0.1, 0.15, 0.2, 0.3):
        file = write(tmp_path / "a.txt", old)
        command = subprocess.Popen([COMMAND, "-t", "hans", "-i", file], env=PLAIN)
        time.sleep(after)
        command.send_signal(signal.SIGKILL)
        command.wait()
        assert file.read_text("utf-8") in (old, new)
    assert normalize("-t", "hans", "-i", tmp_path).code == 0
    assert file.read_text("utf-8") == new


def test_an_interrupt_says_nothing_and_leaves_nothing() -> None:
    """No traceback, exit code 130."""
    command = subprocess.Popen(
        [COMMAND, "-t", "hans"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=PLAIN,
        # What runs in the background of a shell ignores interrupts, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert command.stdin is not None
    assert command.stderr is not None
    time.sleep(1.5)
    command.send_signal(signal.SIGINT)
    try:
        assert command.wait(60) == 130
        assert command.stderr.read() == b""
    finally:
        command.kill()
        command.stdin.close()
        command.stderr.close()
