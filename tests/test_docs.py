"""
What the README promises, beyond what sybil runs of it: the two commands, the links, the figures' commands.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def shell_blocks(page: str) -> list[str]:
    """What stands in the ``sh`` blocks of a page."""
    return re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_readme_has_exactly_two_commands_of_one_line_each() -> None:
    """One installs and shows, one tests; both can be pasted."""
    blocks = shell_blocks(README)
    assert len(blocks) == 2
    assert all(block.count("\n") == 1 for block in blocks)
    assert "examples/article.txt" in blocks[0]
    assert blocks[1].rstrip().endswith("nox")


def test_continuous_integration_runs_the_second_command_as_it_stands() -> None:
    """The script takes it from the README instead of repeating it."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (extract,) = re.findall(r"^test_command=\$\((awk .*)\)$", script, re.MULTILINE)
    found = subprocess.run(["bash", "-c", extract], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert found == shell_blocks(README)[1]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    """A link to nowhere is worse than none."""
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("folder", ["decisions", "stages"])
def test_an_index_lists_every_page_beside_it(folder: str) -> None:
    """A page that nothing leads to is not read."""
    index = (ROOT / "docs" / folder / "index.md").read_text("utf-8")
    for page in (ROOT / "docs" / folder).glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in index, page.name


def test_the_example_article_is_what_its_script_makes() -> None:
    """The damage is made, not typed, so that what it was is known."""
    import damage

    assert damage.damage(damage.CLEAN.read_text("utf-8")) == damage.DAMAGED.read_bytes().decode("utf-8")


def test_the_examples_of_the_readme_need_nothing_but_the_package() -> None:
    """What a reader pastes runs in a bare interpreter."""
    blocks = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    code = "\n".join(line[4:] for block in blocks for line in block.splitlines() if line.startswith((">>> ", "... ")))
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
