"""
The report as a page, in a real browser: it loads, filters work, text is shown as text.

Debian's chromium, driven by selenium; without a browser these are skipped, and the page is still
looked at as far as that goes without one.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import HANS, MIXED, PNG, normalize, write

DAMAGED = "推進(jìn)實質(zhì)性的發(fā)展,两国領導人会談。\n浣犲ソ,世界!<script>document.title = 'bad'</script>\n"
LOST = "问题锟斤拷锟斤拷复杂\n"


def page_of(folder: Path, *arguments: str) -> Path:
    """The report on a folder."""
    page = folder.parent / "report.html"
    ran = normalize("-t", "hant-tw", "--check", "-q", "--report", page, *arguments, folder)
    assert ran.code in (1, 2)
    return page


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with all that a report can have."""
    folder = tmp_path / "in"
    for number in range(30):
        write(folder / f"{number:02}.txt", DAMAGED * (number % 3 + 1))
    write(folder / "lost.txt", LOST)
    write(folder / "gb.txt", ("我们今天讨论的这个问题很复杂。\n" * 5).encode("gb18030"))
    write(folder / "rows.jsonl", '{"a": "問題"\n')
    write(folder / "<b>&amp;\"'.txt", MIXED)
    write(folder / "a.png", PNG)
    return folder


def data_of(page: Path) -> dict[str, Any]:
    """What is embedded in a page."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_needs_nothing_else_and_holds_no_text_as_markup(corpus: Path) -> None:
    """No address is loaded; what stands in files is escaped."""
    page = page_of(corpus)
    source = page.read_text("utf-8")
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)|url\(|@import|fetch\(|XMLHttp""", source)
    assert "document.title" in source
    assert "<script>document" not in source
    assert source.count("</script>") == 2
    data = data_of(page)
    assert len(data["files"]) == 35
    assert sum(data["totals"]) > 100


def test_a_page_on_very_many_files_stays_readable(tmp_path: Path) -> None:
    """A hundred thousand rows fit; excerpts are some of each kind, and the page says so."""
    from hanfix import Normalizer
    from hanfix.cli.inspect import Lines
    from hanfix.cli.jobs import Job
    from hanfix.cli.options import Options
    from hanfix.cli.page import OF_A_KIND, OF_ALL, Page
    from hanfix.cli.sources import Source

    options = Options(**{**dict.fromkeys(Options.__dataclass_fields__, None), "to": "hant-tw"})  # type: ignore[arg-type]
    page = Page(options)
    report = Normalizer(to="hant-tw").explain(DAMAGED)
    for number in range(100_000):
        job = Job(Source(f"corpus/{number % 100}/{number}.txt"))
        page.piece(job, report, Lines(report.original))
        job.edits = len(report.edits)
        job.kinds.update((edit.stage, edit.kind) for edit in report.edits[:9])
        page.end(job)
    with (tmp_path / "a.html").open("wb") as file:
        page.write(file)
    assert (tmp_path / "a.html").stat().st_size < 20 << 20
    data = data_of(tmp_path / "a.html")
    assert len(data["files"]) == 100_000
    assert len(data["excerpts"]) <= min(OF_ALL, OF_A_KIND * len(data["kinds"]))
    assert data["capped"]


# -- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a screen and without a network."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("no chromium here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--window-size=1100,1600", "--host-resolver-rules=MAP * ~NOTFOUND"):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    running = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield running
    running.quit()


def opened(browser: Any, page: Path) -> None:
    """The page, once its script has run. A busy machine shows the page before for a while."""
    browser.get(page.as_uri())
    deadline = time.monotonic() + 60
    state = "return [location.href, document.documentElement.dataset.ready]"
    while browser.execute_script(state) != [page.as_uri(), "yes"]:
        assert time.monotonic() < deadline, "the page's script has not run"
        time.sleep(0.1)


def rows(browser: Any, place: str) -> list[str]:
    """The text of each row of a list."""
    found: list[str] = browser.execute_script(
        "return [...document.getElementById(arguments[0]).children].map(row => row.innerText)", place
    )
    return found


def shown(browser: Any, place: str) -> str:
    """The text of an element."""
    text: str = browser.execute_script("return document.getElementById(arguments[0]).innerText", place)
    return text


def test_the_page_shows_totals_charts_and_who_needs_a_human(browser: Any, corpus: Path) -> None:
    """And no error is logged."""
    opened(browser, page_of(corpus))
    assert browser.title == "normalize: 35 files"
    assert "35\nfiles" in shown(browser, "tiles")
    assert "convert script" in shown(browser, "by-kind")
    assert "gb18030" in shown(browser, "by-encoding")
    assert "repair" in shown(browser, "by-stage")
    assert browser.execute_script("return document.querySelectorAll('svg rect').length") > 5
    human = "\n".join(rows(browser, "human-rows"))
    assert "lost.txt\t1 places beyond repair" in human
    assert "rows.jsonl\t1 broken lines" in human
    assert "a.png\tnot text" in human
    assert browser.get_log("browser") == []


def test_text_of_files_is_shown_as_text(browser: Any, corpus: Path) -> None:
    """A script in a file does nothing, a name with markup is a name."""
    opened(browser, page_of(corpus))
    browser.execute_script(
        "const path = document.getElementById('path'); path.value = '<b>'; path.dispatchEvent(new Event('input'))"
    )
    assert len(rows(browser, "files")) == 1
    assert "<b>&amp;\"'.txt" in rows(browser, "files")[0]
    assert "<b>&amp;\"'.txt:1:" in rows(browser, "excerpts")[0]
    assert browser.title == "normalize: 35 files"
    assert (
        browser.execute_script("return document.querySelectorAll('#files b, #excerpts b, #excerpts script').length")
        == 0
    )


def test_filters_by_kind_and_file_work(browser: Any, corpus: Path) -> None:
    """Alone and together, and all comes back."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.select import Select

    opened(browser, page_of(corpus))
    assert shown(browser, "matching").startswith("35 files")
    kinds = Select(browser.find_element(By.ID, "kind"))
    kinds.select_by_visible_text("repair mojibake")
    assert shown(browser, "matching").startswith("30 files")
    assert all("repair mojibake" in row for row in rows(browser, "excerpts"))
    assert browser.execute_script("return document.querySelectorAll('#excerpts ins').length") > 0
    browser.find_element(By.ID, "path").send_keys("07.txt")
    assert shown(browser, "matching").startswith("1 files")
    kinds.select_by_visible_text("beyond repair")
    assert shown(browser, "matching").startswith("0 files, 0 excerpts")
    browser.find_element(By.ID, "clear").click()
    kinds.select_by_visible_text("beyond repair")
    assert [row.split("\t")[0].rpartition("/")[2] for row in rows(browser, "files")] == ["lost.txt"]
    assert browser.execute_script("return document.querySelector('#excerpts mark').innerText") in LOST
    browser.find_element(By.ID, "clear").click()
    assert len(rows(browser, "files")) == 20
    browser.find_element(By.CSS_SELECTOR, "#files-more button").click()
    assert len(rows(browser, "files")) == 35


def test_a_file_that_is_clicked_is_the_only_one(browser: Any, corpus: Path) -> None:
    """And the table is sorted by what is clicked."""
    from selenium.webdriver.common.by import By

    opened(browser, page_of(corpus))
    browser.find_element(By.CSS_SELECTOR, "[data-sort='0']").click()
    first = browser.find_element(By.CSS_SELECTOR, "#files button")
    assert first.text.endswith("00.txt")
    first.click()
    assert shown(browser, "matching").startswith("1 files")


def test_before_and_after_have_every_change_marked(browser: Any, tmp_path: Path) -> None:
    """What goes and what comes, side by side, is the line before and the line after."""
    write(tmp_path / "in" / "a.txt", MIXED)
    ran = normalize("-t", "hans", "--check", "--report", tmp_path / "r.html", tmp_path / "in")
    assert ran.code == 1
    opened(browser, tmp_path / "r.html")
    line = (
        "return [...document.querySelector('#excerpts .line').childNodes]"
        ".filter(n => n.nodeName != arguments[0]).map(n => n.textContent).join('')"
    )
    assert browser.execute_script(line, "INS") == MIXED.strip()
    assert browser.execute_script(line, "DEL") == HANS.strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_reader_likes(scheme: str, browser: Any, corpus: Path) -> None:
    """And can be read in both: what is darker stands on what is lighter, or the other way round."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    opened(browser, page_of(corpus))
    colours = browser.execute_script(
        "const style = getComputedStyle(document.body); return [style.backgroundColor, style.color]"
    )
    back, text = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
    assert (back > text) == (scheme == "light")
    assert abs(back - text) > 450
    picture = browser.get_screenshot_as_png()
    assert len(picture) > 20_000


def test_a_hundred_thousand_files_are_no_burden(browser: Any, tmp_path: Path) -> None:
    """Loaded and filtered within seconds, by a browser that shares its machine."""
    test_a_page_on_very_many_files_stays_readable(tmp_path)
    opened(browser, tmp_path / "a.html")
    took = browser.execute_script(
        "const start = performance.now(); const path = document.getElementById('path'); path.value = '/99999.';"
        "path.dispatchEvent(new Event('input')); return performance.now() - start"
    )
    assert took < 5_000
    assert len(rows(browser, "files")) == 1
