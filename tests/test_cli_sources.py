"""
The command on folders, lists and names: what counts as an input, and what is left out and said.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command import COMMAND, HANS, HANT, MIXED, PLAIN, PNG, left, normalize, write


def changed(*arguments: str | Path | bytes, cwd: Path) -> list[str]:
    """What ``--check`` names."""
    ran = normalize("-t", "hans", "--check", *arguments, cwd=cwd)
    assert ran.code in (0, 1), ran.err
    return ran.out.splitlines()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder in git with things that are ignored, hidden, and neither."""
    for name in ("a.txt", "b.md", "sub/c.txt", "sub/skip.log", "build/d.txt", ".hidden.txt", "keep/e.log"):
        write(tmp_path / "in" / name, MIXED)
    write(tmp_path / "in" / ".gitignore", "build/\n*.log\n!keep/*.log\n")
    (tmp_path / "in" / ".git").mkdir()
    return tmp_path


def test_what_git_ignores_is_ignored(tree: Path) -> None:
    """As in ripgrep, which this test asks too where it is installed."""
    found = ["in/a.txt", "in/b.md", "in/keep/e.log", "in/sub/c.txt"]
    assert changed("in", cwd=tree) == found
    if shutil.which("rg"):
        listed = subprocess.run(
            ["rg", "--files", "--sort=path", "in"], cwd=tree, capture_output=True, text=True, check=True
        )
        assert sorted(listed.stdout.splitlines()) == sorted(found)


def test_ignore_files_count_for_nothing_if_asked(tree: Path) -> None:
    """What is hidden stays hidden."""
    assert changed("--no-ignore", "in", cwd=tree) == [
        "in/a.txt", "in/b.md", "in/build/d.txt", "in/keep/e.log", "in/sub/c.txt", "in/sub/skip.log",
    ]  # fmt: skip


def test_what_is_named_is_done_even_if_it_is_ignored(tree: Path) -> None:
    """Nobody names a file for nothing."""
    assert changed("in/build/d.txt", "in/.hidden.txt", cwd=tree) == ["in/build/d.txt", "in/.hidden.txt"]


def test_globs_choose_files(tree: Path) -> None:
    """And with ``!`` leave some out. A glob finds hidden files too, as in ripgrep, but none of our own."""
    write(tree / "in" / ".normalize-1-1.txt", MIXED)
    assert changed("-g", "*.txt", "in", cwd=tree) == ["in/.hidden.txt", "in/a.txt", "in/sub/c.txt"]
    assert changed("-g", "!*.md", "-g", "!in/sub/**", "in", cwd=tree) == ["in/a.txt", "in/keep/e.log"]
    assert changed("in/*.txt", cwd=tree) == ["in/a.txt"]
    normalize("--check", "-g", "a[", "in", cwd=tree).refused("--glob", "a[")


def test_paths_come_from_a_list(tree: Path) -> None:
    """A line each, or with NUL between; from a file or standard input; folders too."""
    write(tree / "list", "in/a.txt\n\nin/sub\r\nin/a.txt\n")
    assert changed("--files-from", "list", cwd=tree) == ["in/a.txt", "in/sub/c.txt"]
    ran = normalize("-t", "hans", "--check", "--files-from", "-", "-0", cwd=tree, stdin=b"in/a.txt\0in/b.md\0")
    assert ran.out.splitlines() == ["in/a.txt", "in/b.md"]
    ran = normalize("-t", "hans", "-o", "out", "--files-from", "-", cwd=tree, stdin=b"in/a.txt\nin/sub/c.txt\n")
    assert (ran.code, left(tree / "out")) == (0, {"in/a.txt", "in/sub/c.txt"})


@pytest.mark.parametrize("way", ["-", "<(cat list)", "/dev/stdin"])
@pytest.mark.parametrize("rest", [["--check"], ["--pooled", "-t", "hans", "--check"]])
def test_a_list_from_a_pipe_is_there_for_every_pass(way: str, rest: list[str], tree: Path) -> None:
    """``auto`` and ``--pooled`` go through all files first; a pipe can be read but once."""
    write(tree / "list", "in/a.txt\nin/sub/c.txt\n")
    line = f"cat list | '{COMMAND}' {' '.join(rest)} --files-from {way}"
    done = subprocess.run(["bash", "-c", line], cwd=tree, capture_output=True, env=PLAIN, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"in/a.txt\nin/sub/c.txt\n", b"")


def test_a_long_list_from_a_pipe_is_kept_whole(tree: Path) -> None:
    """Longer than what is kept in memory; every name in it counts, and one is cut by each block."""
    names = [f"missing-{'x' * 99}-{number}" for number in range(12_000)] + ["in/a.txt"]
    ran = normalize("--check", "--files-from", "-", cwd=tree, stdin="\n".join(names).encode())
    assert (ran.code, ran.out) == (2, "in/a.txt\n")
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == names[:-1]


def test_a_path_in_a_list_that_is_not_there_fails_alone(tree: Path) -> None:
    """The others are done."""
    ran = normalize("-t", "hans", "--check", "--files-from", "-", cwd=tree, stdin=b"missing\nin/a.txt\n")
    assert (ran.code, ran.out) == (2, "in/a.txt\n")
    assert "missing: no such file" in ran.err
    assert ran.err.count("\n") == 1


def test_a_path_twice_is_one(tree: Path) -> None:
    """However it is spelled."""
    assert changed("in/sub", "in/sub/c.txt", "./in/sub/../sub/c.txt", "in", cwd=tree)[0] == "in/sub/c.txt"
    assert len(changed("in/sub", "in/sub/c.txt", "./in/sub/../sub/c.txt", cwd=tree)) == 1


def test_loops_of_links_end(tmp_path: Path) -> None:
    """Links inside folders are not followed."""
    write(tmp_path / "in" / "a.txt", MIXED)
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self").symlink_to("self")
    assert changed("in", cwd=tmp_path) == ["in/a.txt"]


def test_special_files_are_passed_over(tmp_path: Path) -> None:
    """Nothing waits for a pipe that nobody writes to."""
    write(tmp_path / "in" / "a.txt", MIXED)
    os.mkfifo(tmp_path / "in" / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        # The name of a socket may not be long.
        place = Path.cwd()
        os.chdir(tmp_path / "in")
        try:
            server.bind("socket")
        finally:
            os.chdir(place)
        assert changed("in", cwd=tmp_path) == ["in/a.txt"]


def test_a_sparse_file_is_no_text(tmp_path: Path) -> None:
    """A gigabyte of nothing is told by its beginning."""
    hole = tmp_path / "in" / "hole"
    write(hole, b"")
    os.truncate(hole, 1 << 30)
    write(tmp_path / "in" / "a.txt", MIXED)
    ran = normalize("-t", "hans", "-i", "in", cwd=tmp_path)
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert "in/hole: not text" in ran.err
    assert hole.stat().st_blocks < 100


def test_names_that_are_no_utf_8_keep_their_bytes(tmp_path: Path) -> None:
    """In a folder, in its copy, in lists and in messages."""
    folder = os.fsencode(tmp_path) + b"/in"
    Path(os.fsdecode(folder)).mkdir()
    name = b"\xce\xc4\xbc\xfe.txt"
    Path(os.fsdecode(folder + b"/" + name)).write_text(MIXED, "utf-8")
    Path(os.fsdecode(folder + b"/" + name + b".png")).write_bytes(PNG)
    ran = normalize("-t", "hans", "-o", "out", "in", cwd=tmp_path)
    assert ran.code == 0
    assert os.fsencode(ran.err.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")).count(name) == 1
    assert Path(os.fsdecode(os.fsencode(tmp_path) + b"/out/" + name)).read_text("utf-8") == HANS
    assert normalize("-t", "hans", "--check", "--report", "r.html", "in", cwd=tmp_path).code == 1


def test_names_in_utf_8_are_found_in_any_locale(tmp_path: Path) -> None:
    """One that knows ASCII alone has no characters for them."""
    write(tmp_path / "in" / "書" / "檔名.txt", MIXED)
    assert changed("in", cwd=tmp_path) == ["in/書/檔名.txt"]
    assert normalize("-t", "hans", "-o", "out", "in", cwd=tmp_path).code == 0
    assert (tmp_path / "out" / "書" / "檔名.txt").read_text("utf-8") == HANS


def test_many_notices_become_one(tmp_path: Path) -> None:
    """A thousand images do not bury what failed."""
    for number in range(50):
        write(tmp_path / "in" / f"{number}.png", PNG)
    ran = normalize("-t", "hans", "-i", "in", cwd=tmp_path)
    assert ran.err.count("\n") == 21
    assert "30 more files" in ran.err.splitlines()[-1]


# -- packed files --------------------------------------------------------------------------------


def zstd(data: bytes) -> bytes:
    """Two frames, as a parallel packer makes them."""
    zstandard = pytest.importorskip("zstandard")
    half = len(data) // 2
    packed: bytes = zstandard.compress(data[:half]) + zstandard.compress(data[half:])
    return packed


def unzstd(data: bytes) -> bytes:
    """What is in a file."""
    zstandard = pytest.importorskip("zstandard")
    text: bytes = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return text


PACKERS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    ".gz": (lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:]), gzip.decompress),
    ".bz2": (bz2.compress, bz2.decompress),
    ".xz": (lzma.compress, lzma.decompress),
    ".zst": (zstd, unzstd),
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_files_are_unpacked_and_packed_again(suffix: str, tmp_path: Path) -> None:
    """By their suffix, behind that of their format; what goes to standard output is not packed."""
    pack, unpack = PACKERS[suffix]
    page = write(tmp_path / f"a.html{suffix}", pack("<p title=問題>問題</p>".encode()))
    assert normalize("-t", "hans", page).out == "<p title=問題>问题</p>"
    assert normalize("-t", "hans", "-i", page).code == 0
    assert unpack(page.read_bytes()).decode() == "<p title=問題>问题</p>"
    assert normalize("-t", "hans", "--check", page).code == 0
    plain = write(tmp_path / "b.txt", MIXED * 200_000)
    assert normalize("-t", "hans", "-o", tmp_path / f"c.txt{suffix}", plain).code == 0
    assert unpack((tmp_path / f"c.txt{suffix}").read_bytes()).decode() == HANS * 200_000


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("damage", ["cut", "other"])
def test_packed_files_that_are_damaged_fail_in_one_line(suffix: str, damage: str, tmp_path: Path) -> None:
    """And stay as they are."""
    packed = PACKERS[suffix][0](os.urandom(3000) + MIXED.encode() * 99)
    data = packed[:-9] if damage == "cut" else packed[:4] + b"no such thing" + packed[20:]
    file = write(tmp_path / f"a.txt{suffix}", data)
    ran = normalize("-t", "hans", "-i", file)
    if ran.code == 0:
        # Noise is no text, as far as it can be seen before the damage.
        assert "not text" in ran.err
    else:
        ran.refused(f"a.txt{suffix}", "cannot be read")
    assert file.read_bytes() == data
    assert left(tmp_path) == {file.name}


def zstd_frames() -> list[bytes]:
    """One of each kind: with and without size and checksum, of blocks that are packed, as they are and of one byte."""
    zstandard = pytest.importorskip("zstandard")
    text = MIXED.encode() * 9000
    known: bytes = zstandard.ZstdCompressor(write_checksum=True).compress(text)
    unknown = zstandard.ZstdCompressor(write_checksum=False, write_content_size=False).compressobj()
    repeated: bytes = zstandard.compress(b"\n" * 300_000)
    noise: bytes = zstandard.compress("".join(chr(0x4E00 + os.urandom(1)[0]) for _ in range(99)).encode())
    skipped = b"\x55\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    return [known, unknown.compress(text) + unknown.flush(), repeated, skipped, noise]


def test_zstd_that_is_cut_off_anywhere_fails(tmp_path: Path) -> None:
    """Not only where the library sees it: it takes any end for the end, and half of a text was taken for all."""
    from hanfix.cli.errors import Failure
    from hanfix.cli.sources import Source
    from hanfix.cli.streams import Input

    def read(data: bytes, count: int) -> bytes:
        file = Input(Source(str(write(tmp_path / "a.zst", data))))
        try:
            return b"".join(iter(lambda: file.read(count), b""))
        finally:
            file.close()

    frames = zstd_frames()
    whole = unzstd(b"".join(frames))
    assert all(read(b"".join(frames), count) == whole for count in (1 << 10, 1 << 17, len(whole), 1 << 22))
    for number, frame in enumerate(frames):
        before = b"".join(frames[:number])
        for cut in {*range(1, min(len(frame), 40)), len(frame) // 2, *range(len(frame) - 12, len(frame))}:
            for count in (1 << 10, 1 << 22):
                with pytest.raises(Failure, match="the zstd data is cut off"):
                    read(before + frame[:cut], count)


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_packed_file_that_is_cut_off_is_not_rewritten(suffix: str, tmp_path: Path) -> None:
    """Or a download that was stopped would look whole afterwards."""
    file = write(tmp_path / f"a.txt{suffix}", PACKERS[suffix][0](MIXED.encode() * 9000)[:-9])
    before = file.read_bytes()
    normalize("-t", "hans", "-i", file).refused(f"a.txt{suffix}", "cut off")
    assert file.read_bytes() == before


DAMAGED_BEHIND: dict[str, Callable[[bytes], bytes]] = {
    "other": lambda member: bytes((member[0] ^ 0x20,)) + member[1:],
    "cut": lambda member: member[:-3],
    "begun": lambda member: member[:2],
    "text": lambda member: b"and no more" * len(member),
}


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("damage", DAMAGED_BEHIND)
def test_damage_behind_the_first_member_fails(suffix: str, damage: str, tmp_path: Path) -> None:
    """Parallel packers and ``cat`` put several into one file; the rest of it was taken for nothing at all."""
    pack = PACKERS[suffix][0]
    data = pack(MIXED.encode() * 9) + DAMAGED_BEHIND[damage](pack(HANT.encode() * 9))
    for behind in (b"", pack(MIXED.encode() * 99)):
        file = write(tmp_path / f"a.txt{suffix}", data + behind)
        normalize("-t", "hans", "-i", file).refused(f"a.txt{suffix}", "cannot be read")
        assert file.read_bytes() == data + behind


@pytest.mark.parametrize("suffix", PACKERS)
def test_members_are_one_text(suffix: str, tmp_path: Path) -> None:
    """A long one, an empty one and a short one, however they lie in what is read at a time."""
    pack, unpack = PACKERS[suffix]
    for length in (1, 90_000):
        text = MIXED.encode() * length
        file = write(tmp_path / f"a.txt{suffix}", pack(text) + pack(b"") + pack(MIXED.encode()) * 40)
        assert normalize("-t", "hans", "-i", file).code == 0
        assert unpack(file.read_bytes()).decode() == HANS * (length + 40)


def test_xz_may_be_padded(tmp_path: Path) -> None:
    """With NULs by fours behind any member, which a tape or a disk image leaves; another number is damage."""
    one = lzma.compress(MIXED.encode())
    for nulls in (4, 8, 512, 4000):
        file = write(tmp_path / "a.txt.xz", one + bytes(nulls) + one + bytes(nulls))
        assert normalize("-t", "hans", file).out == HANS * 2
    for nulls in (1, 6, 4001):
        for data in (one + bytes(nulls), one + bytes(nulls) + one):
            file = write(tmp_path / "a.txt.xz", data)
            normalize("-t", "hans", file).refused("a.txt.xz", "cannot be read")


def test_zstd_with_a_large_window_is_not_called_damaged(tmp_path: Path) -> None:
    """It is whole, and takes more memory than there is for it."""
    pytest.importorskip("zstandard")
    text = MIXED.encode()
    for window, is_read in ((0x88, True), (0x90, False)):
        # A frame without size and checksum, its window (128 or 256 MiB), and one block as it is.
        frame = b"\x28\xb5\x2f\xfd\0" + bytes((window,)) + (len(text) << 3 | 1).to_bytes(3, "little") + text
        ran = normalize("-t", "hans", write(tmp_path / "a.txt.zst", frame))
        if is_read:
            assert ran.out == HANS
        else:
            ran.refused("a.txt.zst", "window", "128 MiB")


def test_what_is_not_installed_is_named(tmp_path: Path) -> None:
    """With what to install."""
    write(tmp_path / "a.txt.zst", b"x")
    write(tmp_path / "a.parquet", b"x")
    for name, hidden, extra in (("a.txt.zst", "zstandard", "hanfix[zstd]"), ("a.parquet", "pyarrow", "hanfix[arrow]")):
        hide = f"import sys; sys.modules['{hidden}'] = None; from hanfix.cli import main; sys.exit(main())"
        python = COMMAND.with_name("python")
        command: list[str | Path] = [python, "-c", hide, "-t", "hans", "-o", "out.txt", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=PLAIN, check=False)
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1
        assert extra.encode() in done.stderr
