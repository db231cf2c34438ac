"""
The command looking: --check, --diff, --detect, --explain, --report; nothing is written.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from command import HANS, HANT, MIXED, normalize, write
from hypothesis import given
from hypothesis import strategies as st


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
    "text", [HANS * 20 + MIXED + HANS * 20 + MIXED, MIXED[:-1], HANS * 9 + "問題", "問\r\n题\r\n", MIXED * 9]
)
def test_diff_is_one_that_patch_takes(text: str, tmp_path: Path) -> None:
    """The text and its diff make the output."""
    file = write(tmp_path / "a.txt", text)
    ran = normalize("-t", "hans", "--diff", file)
    assert ran.code == 0
    assert ran.out.startswith(f"--- {file}\n+++ {file}")
    assert file.read_bytes() == text.encode()
    want = normalize("-t", "hans", file).raw
    assert apply(text, ran.out) == want.decode()


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


@pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
@pytest.mark.parametrize(
    "large",
    [HANS * 30_000 + MIXED, MIXED * 30_000, HANS[:-1] * 30_000 + MIXED + HANS, MIXED[:-1] * 90_000,
     (HANS * 999 + "\n" + MIXED) * 60],
    ids=["change near the end", "changes everywhere", "one line", "long line, all of it", "changes beside cuts"],
)  # fmt: skip
def test_a_diff_of_several_large_files_is_one_that_patch_takes(large: str, tmp_path: Path) -> None:
    """Each hunk goes to its own file, also of one in several pieces and of lines longer than a piece."""
    for name, text in (("a.txt", MIXED), ("b.txt", large), ("c.txt", MIXED)):
        write(tmp_path / "in" / name, text)
    assert normalize("-t", "hans", "-o", "out", "in", cwd=tmp_path).code == 0
    ran = normalize("-t", "hans", "--diff", "in", cwd=tmp_path)
    assert re.findall(r"^--- (.*)$", ran.out, re.MULTILINE) == ["in/a.txt", "in/b.txt", "in/c.txt"]
    done = subprocess.run(["patch", "-p0", "-s", "-F0"], input=ran.raw, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
    for name in ("a.txt", "b.txt", "c.txt"):
        assert (tmp_path / "in" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


@given(st.lists(st.tuples(st.text("ab\n", max_size=9), st.text("x\n", max_size=2)), max_size=30), st.data())
def test_a_diff_is_right_however_a_text_is_cut(parts: list[tuple[str, str]], data: st.DataObject) -> None:
    """Of the text as of its pieces, each cut anywhere between two edits."""
    from hanfix import Edit, Report
    from hanfix.cli.unified import Diff

    def reports(groups: list[list[tuple[str, str]]]) -> list[Report]:
        made = []
        for group in groups:
            edits, at = [], 0
            for old, new in group:
                at += len(old)
                edits += [Edit(at, at, "", new, "clean", "width")] if new else []
            original = "".join(old for old, _ in group)
            made.append(Report(original, "".join(map("".join, group)), tuple(edits), (), (), "none"))
        return made

    cuts = sorted(data.draw(st.lists(st.integers(0, len(parts)), max_size=4)))
    groups = [parts[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(parts)], strict=True)]
    old, new = "".join(old for old, _ in parts), "".join(map("".join, parts))
    for pieces in (reports([parts]), reports(groups)):
        diff = Diff("a")
        told = "".join(row for at, one in enumerate(pieces) for row in diff.piece(one, at == len(pieces) - 1))
        assert (apply(old, told) if told else old) == new


def test_the_places_of_a_line_that_is_longer_than_a_piece_are_counted_from_its_beginning(tmp_path: Path) -> None:
    """In JSON and for people."""
    before = "这里没有，" * 80_000
    file = write(tmp_path / "a.txt", before + "問题")
    row = json.loads(normalize("-t", "hans", "--explain", "--json", file).out)
    assert [(edit["line"], edit["column"], edit["start"]) for edit in row["edits"]] == [
        (1, len(before) + 1, len(before))
    ]
    assert re.search(
        rf"^ +1:{len(before) + 1} .*\[問 → 问\]", normalize("-t", "hans", "--explain", file).out, re.MULTILINE
    )


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
    assert [row.split()[:2] for row in rows] == [["Hans", "gb18030"], ["Hant", "utf-16-le"], ["none", "ascii"]]
    assert all(row.endswith(f"{name}.txt") for row, name in zip(rows, ("hans", "hant", "none"), strict=True))


@pytest.mark.parametrize("times", [9, 40_000], ids=["whole", "in pieces"])
def test_detect_says_how_sure_it_is_and_what_else_it_might_be(tmp_path: Path, times: int) -> None:
    """For machines, with the next best encodings; of a file in several pieces as of a small one."""
    write(tmp_path / "hans.txt", (HANS * times).encode("gb18030"))
    ran = normalize("--detect", "--json", tmp_path)
    row = json.loads(ran.out)
    assert row["encoding"] == "gb18030"
    assert 0.5 < row["confidence"] <= 1
    assert row["runners_up"] and all(name != "gb18030" for name, _ in row["runners_up"])


def test_explain_lists_every_change_by_kind_with_its_place(tmp_path: Path) -> None:
    """Line and column, as editors count."""
    file = write(tmp_path / "a.txt", "今天\n我们推進(jìn)改革,鼓勵(lì)大家创新\n")
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


@pytest.mark.parametrize("name", ["small.txt", "large.txt", "a.jsonl", "a.csv"])
@pytest.mark.parametrize("arguments", [(), ("-v",), ("--output-encoding", "keep"), ("--steps", "decode")])
def test_bytes_that_cannot_be_read_are_counted_whatever_the_file_is(
    name: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    """In JSON and in the note on standard error."""
    line = ('{"a": "好"}\n' if name == "a.jsonl" else HANS).encode()
    times = 40_000 if name == "large.txt" else 9
    file = write(tmp_path / name, line * times + line.replace(b"\n", b"\xff\n") + line * times)
    ran = normalize("-t", "hans", "--check", "--json", *arguments, file)
    assert json.loads(ran.out)["losses"] == 1
    assert "1 place beyond repair" in ran.err
    assert json.loads(normalize("--detect", "--json", file).out)["losses"] == 1


@pytest.mark.parametrize("times", [9, 60_000])
def test_explain_lists_the_bytes_that_cannot_be_read(times: int, tmp_path: Path) -> None:
    """They have no place in the text, so they are told by their bytes; in JSON as a report has them."""
    line = "今天的天气很好，我们去公园。\n".encode("gb18030")
    file = write(tmp_path / "a.txt", line * times + b"\xff" + line * 9)
    at = len(line) * times
    ran = normalize("-t", "hans", "--explain", file)
    assert f"  unreadable bytes (1)\n    {at}" in ran.out
    (loss,) = json.loads(normalize("-t", "hans", "--explain", "--json", file).out)["undecodable"]
    assert (loss["start"], loss["end"] > at) == (at, True)


def test_explain_lists_what_is_worth_a_look(tmp_path: Path) -> None:
    """What is least sure, written or kept, with its place, how sure it is, and what else may stand there."""
    file = write(tmp_path / "a.txt", "今天\n他舍了家\n")
    ran = normalize("-t", "hant-tw", "--explain", file)
    assert re.search(r"worth a look \(1\)\n +2:2 +他\[舍 → 捨\]了家  \d\d%, or 舍\n", ran.out)
    ran = normalize("-t", "hant-tw", "--min-confidence", "0.95", "--explain", file)
    assert re.search(r"worth a look \(1\)\n +2:2 +他\[舍 kept\]了家  \d\d%, or 捨\n", ran.out)
    assert normalize("-t", "hant-tw", "--min-confidence", "0.95", file).out == "今天\n他舍了家\n"
    row = json.loads(normalize("-t", "hant-tw", "--explain", "--json", file).out)
    (edit,) = row["edits"]
    assert edit["alternatives"] == ["舍"] and 0.5 < edit["confidence"] < 0.9


def test_a_place_worth_a_look_is_found_inside_markup(tmp_path: Path) -> None:
    """Where the file has it."""
    file = write(tmp_path / "a.html", "<p>一二三<b>他舍了家</b></p>\n")
    ran = normalize("-t", "hant-tw", "--min-confidence", "0.95", "--report", tmp_path / "r.jsonl", "--explain", file)
    assert re.search(r"1:11 .*他\[舍 kept\]了家", ran.out)


def test_a_confidence_needs_a_conversion() -> None:
    """And is a share."""
    assert "--min-confidence" in normalize("--min-confidence", "0.5", "--steps", "clean", stdin=b"").err
    assert "--min-confidence" in normalize("--min-confidence", "2", stdin=b"").err


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
