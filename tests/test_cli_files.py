"""
The command on files: in place, somewhere else, whole folders, and whatever a name can be.
"""

from __future__ import annotations

import codecs
import gzip
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, HANS, HANT, MIXED, PLAIN, left, normalize, write

# -- in place ------------------------------------------------------------------------------------


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
    bad = write(tmp_path / "b.txt", "问题".encode() + b"\xff" + "复杂".encode())
    ran = normalize("-t", "hans", "-i", "--strict", "-e", "utf-8", tmp_path)
    ran.refused("b.txt", "utf-8")
    assert {file.read_text("utf-8") for file in good} == {HANS}
    assert b"\xff" in bad.read_bytes()


@pytest.mark.parametrize("rest", [["-t", "hans"], []])
def test_a_path_that_is_not_there_is_named_and_the_others_are_done(rest: list[str], tmp_path: Path) -> None:
    """Wherever it stands, in one line each; and no folder is made for one."""
    good = [write(tmp_path / name, MIXED + HANS) for name in ("a.txt", "c.txt")]
    (tmp_path / "link").symlink_to("nowhere")
    names = ["there/none.txt", "a.txt", "missing.txt", "link", "c.txt", "*.md"]
    ran = normalize(*rest, "--check", *names, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "a.txt\nc.txt\n")
    assert [line.split(": ")[1:] for line in ran.err.splitlines()] == [
        ["there/none.txt", "no such file"],
        ["missing.txt", "no such file"],
        ["link", "a link that leads nowhere"],
        ["*.md", "no such file"],
    ]
    for way in (["-o", "out"], ["-i"]):
        ran = normalize(*rest, *way, *names, cwd=tmp_path)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 4)
    assert {file.read_text("utf-8") for file in (*good, tmp_path / "out" / "a.txt")} == {HANS * 2}
    assert not (tmp_path / "there").exists()


def test_a_path_that_may_not_be_read_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    """Also where root runs the tests, without what makes root read everything."""
    powers = "-dac_override,-dac_read_search"
    prefix: list[str | Path] = ["setpriv", f"--inh-caps={powers}", f"--bounding-set={powers}"]
    if os.geteuid() != 0:
        prefix = []
    elif not shutil.which("setpriv") or subprocess.run([*prefix, "true"], check=False).returncode != 0:
        pytest.skip("root may read everything")
    write(tmp_path / "a.txt", MIXED)
    write(tmp_path / "b.txt", MIXED).chmod(0)
    command = [*prefix, COMMAND, "-t", "hans", "--check", "b.txt", "a.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=PLAIN, check=False)
    assert (done.returncode, done.stdout) == (2, b"a.txt\n")
    assert done.stderr == b"normalize: b.txt: cannot be read: Permission denied\n"


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


# -- somewhere else ------------------------------------------------------------------------------


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
    listed = f"{one}\n{other}\n".encode()
    ran = normalize("-t", "hans", "-o", tmp_path / "out", "--files-from", "-", stdin=listed)
    ran.refused(str(one), "would both be written")
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


@pytest.mark.parametrize("option", ["-o", "--check --report"])
@pytest.mark.parametrize(
    "line",
    [
        "{} /dev/stdout | cat",
        "{} link | cat",
        "{} >(cat)",
        "{} /dev/fd/3 3>&1 > /dev/null",
        "(echo before; {} /dev/stdout; echo behind) > out; cat out",
    ],
)
def test_what_a_shell_has_opened_is_written_to(option: str, line: str, tmp_path: Path) -> None:
    """Behind what it has written there; a file was replaced, unseen by who had it open, and a pipe was not found."""
    write(tmp_path / "in" / "a.txt", MIXED)
    (tmp_path / "link").symlink_to("/dev/stdout")
    line = line.format(f"'{COMMAND}' -t hans in/a.txt {option}")
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, env=PLAIN, check=False)
    assert done.stderr == b""
    said = done.stdout.decode().splitlines()
    assert (HANS.strip() in said) if option == "-o" else any('"path": "in/a.txt"' in one for one in said)
    if "before" in line:
        assert (said[0], said[-1]) == ("before", "behind")
    assert left(tmp_path) <= {"in/a.txt", "link", "out"}


@pytest.mark.parametrize("rest", [[], ["--output-encoding", "keep"]])
def test_a_pipe_is_written_to_once(rest: list[str], tmp_path: Path) -> None:
    """A long file that stays as it is, is copied where it can be put in place, and no second time into a pipe."""
    text = HANS * 22_000
    assert normalize("-t", "hans", "-o", "/dev/stdout", *rest, write(tmp_path / "a.txt", text)).out == text


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that even root cannot read")
def test_a_file_that_cannot_be_read_fails_in_one_line() -> None:
    """Whatever the system says of it."""
    normalize("-t", "hans", "/proc/self/mem").refused("/proc/self/mem", "cannot be read")


def test_a_pipe_is_read_like_a_file() -> None:
    """As a shell hands one over: ``normalize <(command)``."""
    reader, writer = os.pipe()
    os.write(writer, MIXED.encode())
    os.close(writer)
    command: list[str | Path] = [COMMAND, "-t", "hans", f"/dev/fd/{reader}"]
    done = subprocess.run(command, pass_fds=[reader], capture_output=True, env=PLAIN, check=True)
    os.close(reader)
    assert done.stdout.decode() == HANS


@pytest.mark.parametrize("rest", ["-t hans", "", "--pooled", "--resume"])
def test_a_dictionary_may_come_from_a_pipe(rest: str, tmp_path: Path) -> None:
    """It is read once, whether the target is known or decided; it was gone the second time, and not missed."""
    write(tmp_path / "words", "伺服器\t服务主机\n")
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, HANS * 3 + "伺服器")
    line = f"'{COMMAND}' {rest} -i a.txt b.txt --dictionary <(cat words)"
    subprocess.run(["bash", "-c", line], cwd=tmp_path, env=PLAIN, check=True)
    assert {(tmp_path / name).read_text("utf-8") for name in ("a.txt", "b.txt")} == {HANS * 3 + "服务主机"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["long.txt", "long.jsonl"])
def test_files_of_many_pieces_are_written_in_their_own_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    """A piece that the core has made is put together with marks, encoded and written as any other."""
    lines = [f"第{number}行：这是皇后的头发。" for number in range(40_000)]
    if name.endswith(".jsonl"):
        lines = [f'{{"text": "{line}\\n\\u00e9"}}' for line in lines]
    long = write(tmp_path / name, "\n".join(lines).encode(encoding))
    assert long.stat().st_size > 1 << 20
    out = tmp_path / "out"
    assert normalize("-t", "hant", "--output-encoding", "keep", "-o", out, long).code == 0
    want = "\n".join(lines).translate(str.maketrans("这头发", "這頭髮"))
    made = out.read_bytes()
    assert made.decode(encoding) == want
    assert made.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")


def test_pieces_of_json_lines_are_packed(tmp_path: Path) -> None:
    """What the core has made goes through gzip as well."""
    rows = '{"text": "皇后的头发"}\n' * 60_000
    out = tmp_path / "out.jsonl.gz"
    assert normalize("-t", "hant", "-o", out, write(tmp_path / "long.jsonl", rows)).code == 0
    assert gzip.decompress(out.read_bytes()).decode() == rows.replace("头发", "頭髮")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030"])
def test_without_decode_what_is_marked_as_no_utf_8_is_refused(encoding: str, tmp_path: Path) -> None:
    """It lost its mark to that of UTF-8, with its own bytes behind it. UTF-8 is done, with a mark and without."""
    data = ("\ufeff" * (encoding == "gb18030") + MIXED).encode(encoding)
    file = write(tmp_path / "a.txt", data)
    good = [write(tmp_path / "b.txt", MIXED), write(tmp_path / "c.txt", codecs.BOM_UTF8 + MIXED.encode())]
    normalize("--steps", "convert", "-t", "hans", "-i", file, *good).refused("a.txt", encoding, "--steps", "decode")
    assert [one.read_bytes() for one in (file, *good)] == [data, HANS.encode(), codecs.BOM_UTF8 + HANS.encode()]
    for target in ("hans", "auto"):
        normalize("--steps", "convert", "-t", target, stdin=data).refused("(stdin)", "decode")
    normalize("--steps", "convert", stdin=data * 40_000).refused("(stdin)", "decode")


@pytest.mark.parametrize("name", ["short.txt", "short.html", "short.csv", "long.txt", "long.html"])
@pytest.mark.parametrize("rest", [[], ["-v"]])
def test_bytes_that_are_lost_are_said_in_every_format(name: str, rest: list[str], tmp_path: Path) -> None:
    """Whether a file is one piece or many, and whether an account is asked for or not."""
    text = HANS.encode() * (22_000 if name.startswith("long") else 40)
    file = write(tmp_path / name, text + "这个问".encode() + b"\xe9\x97")
    ran = normalize("-t", "hans", "-o", tmp_path / "out", *rest, file)
    assert "1 place beyond repair" in ran.err
    row = json.loads(normalize("-t", "hans", "--check", "--json", *rest, file).out)
    assert row["losses"] == 1


@pytest.mark.parametrize("tail", [b"\xe9", b"\xe9\x97", b"\xff", "问".encode() + b"\xe9\x97", b"\xff\xff"])
@pytest.mark.parametrize("keep", ["keep", "utf-8"])
def test_the_end_of_a_long_file_is_read_as_the_rest_of_it(tail: bytes, keep: str, tmp_path: Path) -> None:
    """What is cut off there is lost, as in a short file; by itself it was a letter of some other encoding."""
    from hanfix import decode

    text = (MIXED + HANS * 22_000 + "这个").encode()
    file = write(tmp_path / "a.txt", text + tail)
    ran = normalize("-t", "hans", "--output-encoding", keep, "-o", tmp_path / "out", file)
    assert (ran.code, ran.err.count("beyond repair")) == (0, 1)
    assert (tmp_path / "out").read_text("utf-8") == decode(text + tail).text.replace(MIXED, HANS)
    place = len(text + tail) - len(tail.removeprefix("问".encode()))
    normalize("-t", "hans", "--strict", "--check", file).refused("a.txt", f"utf-8 at byte {place}")


def test_a_long_file_in_two_encodings_is_written_in_the_first(tmp_path: Path) -> None:
    """And not each piece in another, so that nothing could read it."""
    file = write(tmp_path / "a.txt", (MIXED * 22_000).encode() + (MIXED * 40_000).encode("gb18030"))
    assert normalize("-t", "hans", "--output-encoding", "keep", "-o", tmp_path / "out", file).code == 0
    assert (tmp_path / "out").read_text("utf-8") == HANS * 62_000
