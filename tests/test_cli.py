"""
The installed command, in folders of its own: every option, every refusal, every exit code.

Nothing here imports the command: it is started as a person starts it, and judged by what it prints,
what it leaves on the disk, and how it ends.
"""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import zlib
from pathlib import Path

import damage
import pytest

COMMAND = Path(sys.executable).parent / "normalize"
# What the locale and the terminal are must not matter.
PLAIN = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "NO_COLOR": "1"}

MIXED = "这个問題很複雜。\n"
HANS = "这个问题很复杂。\n"
HANT = "這個問題很複雜。\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + zlib.compress(bytes(range(256)) * 9)


class Ran:
    """How a run of the command ended."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code, self.raw, self.out = done.returncode, done.stdout, done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    def refused(self, *words: str) -> None:
        """Exit 2, nothing on standard output, and one line on standard error that says these words."""
        assert self.code == 2
        assert self.raw == b""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1
        for word in words:
            assert word in self.err


def normalize(*arguments: str | Path | bytes, stdin: bytes = b"", cwd: Path | None = None) -> Ran:
    command = [COMMAND, *arguments]
    return Ran(subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=PLAIN, timeout=120, check=False))


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def left(folder: Path) -> set[str]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


# -- from standard input to standard output ----------------------------------------------------


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
    assert ran.code == 0
    assert ran.raw == damage.CLEAN.read_bytes()


def test_help_fits_one_screen_and_names_every_option() -> None:
    """A page that was set by hand must not forget one."""
    from hanfix.cli.options import command

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


# -- targets, words, steps ---------------------------------------------------------------------


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


# -- bytes in, bytes out -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_the_encoding_is_found(encoding: str) -> None:
    """And the answer is UTF-8."""
    raw = ("我们今天讨论的这个问题很复杂。\n" * 4).encode(encoding)
    out = normalize("-t", "hans", "--bom", "drop", stdin=raw).raw
    assert out.decode("utf-8") == "我们今天讨论的这个问题很复杂。\n" * 4


def test_an_encoding_that_is_named_is_believed() -> None:
    """Two characters are too little to guess by."""
    assert normalize("-t", "hant", "-e", "big5", stdin="問題".encode("big5")).out == "問題"


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


# -- in place ----------------------------------------------------------------------------------


def test_in_place_rewrites_a_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    """No temporary file, no backup that was not asked for."""
    file = write(tmp_path / "a.txt", MIXED)
    ran = normalize("-t", "hans", "-i", file)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert file.read_text("utf-8") == HANS
    assert left(tmp_path) == {"a.txt"}


def test_a_backup_keeps_what_was(tmp_path: Path) -> None:
    """Byte for byte, with its permissions."""
    file = write(tmp_path / "a.txt", MIXED)
    file.chmod(0o640)
    normalize("-t", "hans", "-i", "--backup", ".bak", file)
    backup = tmp_path / "a.txt.bak"
    assert (file.read_text("utf-8"), backup.read_text("utf-8")) == (HANS, MIXED)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o640


def test_permissions_are_kept(tmp_path: Path) -> None:
    """A script stays executable, a secret stays secret."""
    file = write(tmp_path / "a.txt", MIXED)
    file.chmod(0o750)
    normalize("-t", "hans", "-i", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_a_file_that_stays_as_it_is_is_not_touched(tmp_path: Path) -> None:
    """Nor backed up: an earlier backup is what the file once was."""
    file = write(tmp_path / "a.txt", HANS)
    before = file.stat()
    normalize("-t", "hans", "-i", "--backup", ".bak", file)
    after = file.stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert left(tmp_path) == {"a.txt"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is rewritten, once."""
    file = write(tmp_path / "there" / "a.txt", MIXED)
    link = tmp_path / "link.txt"
    link.symlink_to(file)
    normalize("-t", "hans", "-i", link, file)
    assert link.is_symlink()
    assert file.read_text("utf-8") == HANS
    assert left(tmp_path) == {"link.txt", "there/a.txt"}


def test_a_folder_is_rewritten_with_all_below_it(tmp_path: Path) -> None:
    """But not what is hidden, and not through links out of it."""
    outside = write(tmp_path / "outside" / "c.txt", MIXED)
    folder = tmp_path / "folder"
    names = ["a.txt", "b/a.txt", "b/c/d"]
    for name in names:
        write(folder / name, MIXED)
    hidden = [write(folder / ".git" / "x", MIXED), write(folder / ".hidden", MIXED)]
    (folder / "link").symlink_to(outside.parent)
    assert normalize("-t", "hans", "-i", folder).code == 0
    assert {(folder / name).read_text("utf-8") for name in names} == {HANS}
    assert {path.read_text("utf-8") for path in [*hidden, outside]} == {MIXED}


def test_a_second_run_finds_nothing_to_do(tmp_path: Path) -> None:
    """Backups are not taken for inputs."""
    write(tmp_path / "a.txt", MIXED)
    normalize("-t", "hans", "-i", "--backup", ".bak", tmp_path)
    assert normalize("-t", "hans", "-i", "--backup", ".bak", "-v", tmp_path).code == 0
    assert (tmp_path / "a.txt.bak").read_text("utf-8") == MIXED
    assert left(tmp_path) == {"a.txt", "a.txt.bak"}


def test_a_file_that_fails_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    """One line, and exit code 2."""
    good = [write(tmp_path / name, MIXED) for name in ("a.txt", "c.txt")]
    bad = write(tmp_path / "b.txt", b"\xff\xff")
    ran = normalize("-t", "hans", "-i", "--strict", "-e", "utf-8", tmp_path)
    ran.refused("b.txt", "utf-8")
    assert {file.read_text("utf-8") for file in good} == {HANS}
    assert bad.read_bytes() == b"\xff\xff"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read and write everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """As any other that fails."""
    file = write(tmp_path / "a.txt", MIXED)
    file.chmod(0)
    normalize("-t", "hans", file).refused("a.txt", "ermission")


def test_names_that_are_no_utf_8_work(tmp_path: Path) -> None:
    """A name is bytes; what the command prints of it is the same bytes."""
    name = os.fsencode(tmp_path) + b"/\xce\xc4\xbc\xfe.txt"
    Path(os.fsdecode(name)).write_text(MIXED, "utf-8")
    ran = normalize("-t", "hans", "--check", name)
    assert (ran.code, ran.raw) == (1, name + b"\n")
    assert normalize("-t", "hans", "-i", name).code == 0
    assert Path(os.fsdecode(name)).read_text("utf-8") == HANS


# -- somewhere else ----------------------------------------------------------------------------


def test_output_is_a_file_for_one_input(tmp_path: Path) -> None:
    """From a path and from standard input."""
    file = write(tmp_path / "a.txt", MIXED)
    normalize("-t", "hans", "-o", tmp_path / "b.txt", file)
    normalize("-t", "hans", "-o", tmp_path / "c.txt", stdin=MIXED.encode())
    assert {(tmp_path / name).read_text("utf-8") for name in ("b.txt", "c.txt")} == {HANS}
    assert file.read_text("utf-8") == MIXED


def test_output_is_a_folder_for_several_and_keeps_their_shape(tmp_path: Path) -> None:
    """Folders that are not there are made."""
    write(tmp_path / "in" / "a.txt", MIXED)
    write(tmp_path / "in" / "b" / "c.txt", HANS)
    single = write(tmp_path / "d.txt", MIXED)
    out = tmp_path / "out" / "deep"
    assert normalize("-t", "hans", "-o", out, tmp_path / "in", single).code == 0
    assert left(out) == {"a.txt", "b/c.txt", "d.txt"}
    assert {path.read_text("utf-8") for path in out.rglob("*.txt")} == {HANS}


def test_output_into_a_folder_that_is_there(tmp_path: Path) -> None:
    """As cp does it."""
    file = write(tmp_path / "a.txt", MIXED)
    (tmp_path / "out").mkdir()
    normalize("-t", "hans", "-o", tmp_path / "out", file)
    assert (tmp_path / "out" / "a.txt").read_text("utf-8") == HANS


def test_output_inside_the_input_is_no_input(tmp_path: Path) -> None:
    """Or a second run would find the first one's answers."""
    write(tmp_path / "a.txt", MIXED)
    for _ in range(2):
        normalize("-t", "hans", "-o", tmp_path / "out", tmp_path)
    assert left(tmp_path) == {"a.txt", "out/a.txt"}


def test_two_answers_for_one_place_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    """Neither may win silently."""
    one, other = write(tmp_path / "1" / "a.txt", MIXED), write(tmp_path / "2" / "a.txt", HANT)
    normalize("-t", "hans", "-o", tmp_path / "out", one, other).refused("a.txt")
    assert not (tmp_path / "out").exists()


def test_new_files_have_the_permissions_of_the_old(tmp_path: Path) -> None:
    """What was private is private where it is written."""
    file = write(tmp_path / "a.txt", MIXED)
    file.chmod(0o600)
    normalize("-t", "hans", "-o", tmp_path / "b.txt", file)
    assert stat.S_IMODE((tmp_path / "b.txt").stat().st_mode) == 0o600


def test_a_device_is_written_to_and_not_replaced() -> None:
    """``-o /dev/null`` must not make a file of it."""
    assert normalize("-t", "hans", "-o", "/dev/null", stdin=MIXED.encode()).code == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


# -- looking -----------------------------------------------------------------------------------


def test_check_names_the_files_that_would_change(tmp_path: Path) -> None:
    """Exit code 1, and nothing is written."""
    write(tmp_path / "a.txt", HANS)
    changed = write(tmp_path / "b.txt", MIXED)
    ran = normalize("-t", "hans", "--check", tmp_path)
    assert (ran.code, ran.out) == (1, f"{changed}\n")
    assert changed.read_text("utf-8") == MIXED


def test_check_is_silent_when_all_is_well(tmp_path: Path) -> None:
    """Exit code 0."""
    ran = normalize("-t", "hans", "--check", write(tmp_path / "a.txt", HANS))
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_check_sees_a_change_of_encoding() -> None:
    """The bytes would change, though the text would not."""
    given = (HANS * 5).encode("gb18030")
    assert normalize("-t", "hans", "--check", stdin=given).code == 1
    assert normalize("-t", "hans", "--check", "--output-encoding", "keep", stdin=given).code == 0


@pytest.mark.parametrize(
    "given", [HANS * 20 + MIXED + HANS * 20 + MIXED, MIXED[:-1], HANS * 9 + "問題", "問\r\n题\r\n", MIXED * 9]
)
def test_diff_is_one_that_patch_takes(given: str, tmp_path: Path) -> None:
    """The text and its diff make the output."""
    file = write(tmp_path / "a.txt", given)
    ran = normalize("-t", "hans", "--diff", file)
    assert ran.code == 0
    assert ran.out.startswith(f"--- {file}\n+++ {file}")
    assert file.read_bytes() == given.encode()
    want = normalize("-t", "hans", file).raw
    assert apply(given, ran.out) == want.decode()


def apply(text: str, patch: str) -> str:
    """A unified diff, applied; every line it takes away or leaves must be there."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    made: list[str] = []
    at = 0
    rows = [row + "\n" for row in patch.split("\n")[2:-1]]
    for index, row in enumerate(rows):
        if row.startswith("\\"):
            continue
        if hunk := re.match(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@", row):
            start = int(hunk[1]) - (hunk[2] != "0")
            made += lines[at:start]
            at = start
            continue
        bare = index + 1 < len(rows) and rows[index + 1].startswith("\\")
        line = row[1:-1] if bare else row[1:]
        if row[0] in " -":
            assert lines[at] == line
            at += 1
        if row[0] in " +":
            made.append(line)
    return "".join(made + lines[at:])


def test_diff_and_check_together_show_and_tell(tmp_path: Path) -> None:
    """What would change on standard output, whether anything would in the exit code."""
    changed, same = write(tmp_path / "a.txt", MIXED), write(tmp_path / "b.txt", HANS)
    ran = normalize("-t", "hans", "--check", "--diff", changed, same)
    assert ran.code == 1
    assert "-这个問題很複雜。\n+这个问题很复杂。\n" in ran.out
    assert "b.txt" not in ran.out


def test_detect_shows_what_each_file_is_written_in(tmp_path: Path) -> None:
    """A table a person can read: a heading, and a row for each file."""
    write(tmp_path / "hans.txt", (HANS * 9).encode("gb18030"))
    write(tmp_path / "hant.txt", (HANT * 9).encode("utf-16"))
    write(tmp_path / "none.txt", "Just English.\n")
    ran = normalize("--detect", tmp_path)
    assert ran.code == 0
    heading, *rows = ran.out.splitlines()
    assert "script" in heading
    assert [row.split()[:2] for row in rows] == [["Hans", "gb18030"], ["Hant", "utf-16-le"], ["none", "utf-8"]]
    assert all(row.endswith(f"{name}.txt") for row, name in zip(rows, ("hans", "hant", "none"), strict=True))


def test_explain_lists_every_change_by_kind_with_its_place(tmp_path: Path) -> None:
    """Line and column, as editors count."""
    file = write(tmp_path / "a.txt", "今天\n我们推進(jìn)改革,鼓勵(lì)创新\n")
    ran = normalize("-t", "hant", "--explain", file)
    assert ran.code == 0
    assert "clean: gloss (2)" in ran.out
    assert re.search(r"^ +2:5 .*推進\[\(jìn\) → \]改革", ran.out, re.MULTILINE)
    assert re.search(r"convert: script \(\d\)", ran.out)
    assert re.search(r"\[,.* → ，", ran.out)


def test_explain_lists_what_is_beyond_repair() -> None:
    """And the note on standard error says that there is something."""
    ran = normalize("-t", "hans", "--explain", stdin="问题锟斤拷锟斤拷复杂".encode())
    assert "beyond repair (1)" in ran.out
    assert "锟斤拷" in ran.out


def test_a_report_has_a_line_of_json_for_each_input(tmp_path: Path) -> None:
    """Beside whatever else was asked for; its edits lead from what was to what is."""
    import hanfix

    write(tmp_path / "in" / "a.txt", MIXED)
    write(tmp_path / "in" / "b.txt", HANS)
    report = tmp_path / "report.jsonl"
    assert normalize("-t", "hans", "-i", "--report", report, tmp_path / "in").code == 0
    rows = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [Path(row["path"]).name for row in rows] == ["a.txt", "b.txt"]
    assert [row["changed"] for row in rows] == [True, False]
    assert rows[1]["edits"] == []
    fields = [[edit[name] for name in hanfix.Edit._fields] for edit in rows[0]["edits"]]
    assert hanfix.replay(MIXED, [hanfix.Edit(*edit) for edit in fields]) == HANS
    assert (tmp_path / "in" / "a.txt").read_text("utf-8") == HANS


# -- safety, running ---------------------------------------------------------------------------


def test_protected_terms_stay(tmp_path: Path) -> None:
    """One a line; empty lines and remarks are none."""
    terms = write(tmp_path / "terms.txt", "# names\n\n發展\n")
    given = "發展中的問題"
    assert normalize("-t", "hans", "--protect", terms, stdin=given.encode()).out == "發展中的问题"


def test_a_dictionary_decides_words(tmp_path: Path) -> None:
    """In OpenCC's format."""
    words = write(tmp_path / "words.txt", "服务器\t伺服主機 伺服器\n")
    assert normalize("-t", "hant", "--dictionary", words, stdin="这台服务器".encode()).out == "這台伺服主機"


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


def test_an_interrupt_says_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    """No traceback, exit code 130."""
    command = subprocess.Popen([COMMAND, "-t", "hans"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=PLAIN)
    time.sleep(1.5)
    command.send_signal(signal.SIGINT)
    assert command.stderr is not None
    assert command.stderr.read() == b""
    assert command.wait(60) == 130
    command.stderr.close()
    assert command.stdin is not None
    command.stdin.close()
    assert left(tmp_path) == set()


# -- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.txt"], ["missing.txt", "no such file"]),
        (["missing.txt", "-i"], ["missing.txt", "no such file"]),
        (["folder"], ["folder", "--in-place"]),
        (["a.txt", "b.txt"], ["several", "--in-place"]),
        (["-"  , "a.txt"], ["standard input"]),
        (["-t", "hanx", "a.txt"], ["hanx", "hant-tw"]),
        (["-i"], ["--in-place", "path"]),
        (["-i", "-"], ["--in-place"]),
        (["-i", "-o", "c.txt", "a.txt"], ["--in-place", "--output"]),
        (["-i", "--check", "a.txt"], ["--check", "--in-place"]),
        (["-o", "c.txt", "--diff", "a.txt"], ["--diff", "--output"]),
        (["--detect", "--explain", "a.txt"], ["--detect", "--explain"]),
        (["--backup", ".bak", "a.txt"], ["--backup", "--in-place"]),
        (["-i", "--backup", "x/y", "a.txt"], ["--backup"]),
        (["-o", "b.txt", "a.txt", "folder"], ["b.txt"]),
        (["-o", "folder"], ["folder"]),
        (["-q", "-v", "a.txt"], ["--quiet", "--verbose"]),
        (["--steps", "decode,wash", "a.txt"], ["wash", "repair"]),
        (["--steps", "", "a.txt"], ["--steps"]),
        (["--steps", "clean", "--words", "a.txt"], ["--words"]),
        (["--steps", "clean", "-e", "big5", "a.txt"], ["--encoding"]),
        (["-e", "klingon", "a.txt"], ["klingon"]),
        (["--bom", "maybe", "a.txt"], ["--bom", "keep"]),
        (["--output-encoding", "latin-1", "a.txt"], ["--output-encoding"]),
        (["-j", "0", "a.txt"], ["--jobs"]),
        (["--protect", "missing.txt", "a.txt"], ["--protect", "missing.txt"]),
        (["--dictionary", "missing.txt", "a.txt"], ["--dictionary", "missing.txt"]),
        (["--report", "a.txt", "-i", "a.txt"], ["--report"]),
        (["--resume", "a.txt"], ["--resume"]),
        (["-t"], ["-t"]),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_one_line_and_changes_nothing(
    arguments: list[str], words: list[str], tmp_path: Path
) -> None:
    """Exit code 2, and the line says what to do."""
    write(tmp_path / "folder" / "c.txt", MIXED)
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, MIXED)
    ran = normalize(*arguments, cwd=tmp_path, stdin=MIXED.encode())
    ran.refused(*words)
    assert ran.err.startswith("normalize: ")
    assert left(tmp_path) == {"a.txt", "b.txt", "folder/c.txt"}
    assert (tmp_path / "a.txt").read_text("utf-8") == MIXED
