"""The pages in a real browser, from a folder: they load, ask for nothing, draw, sort, filter, run nobody's script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.reports import write_report
from tests.browser import chromium, complaints_of, requests_of
from tests.reports.small_warehouse import HOSTILE, hostile_rows, make_warehouse

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TOPICS = ("dates", "status", "sites")


def feed_rows() -> list[dict[str, Any]]:
    """30 changes, ten of each topic; one has an attack for its values."""
    rows = [
        {
            "record_key": f"CTGOV:NCT{n:08}",
            "brief_title": f"Title {n}",
            "topic": TOPICS[n % 3],
            "path": "protocolSection.x",
            "kind": "changed",
            "changed_on": f"2025-01-{n % 28 + 1:02}",
            "new_value": str(n),
        }
        for n in range(30)
    ]
    return [*rows, *hostile_rows()["marts.change_feed"]]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    slipped = [
        {
            "record_key": f"CTGOV:NCT{n:08}",
            "brief_title": "Anti-inflammatory Effect of Nocturnal Ventilation on Acute Asthma, a Study in Two Parts",
            "lead_sponsor": "National Institute of Respiratory Diseases, Mexico",
            "milestone": "primary_completion",
            "promised_raw": "2006-06-12",
            "now_raw": "2008-07-12",
            "has_slipped": True,
            "slipped_days_min": days,
            "slipped_days_max": days,
            "change_count": 1,
        }
        for n, days in enumerate((5, 900, 70, 1000, 8, 60, 100, 2000))
    ]
    rows = {**hostile_rows(), "marts.change_feed": feed_rows(), "marts.date_slippage": slipped}
    return write_report(make_warehouse(folder / "w.duckdb", rows), folder / "report").index.parent


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


def find(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def visit(browser: Any, page: Path) -> None:
    """Open a page and wait until it is loaded: on a busy machine the driver comes back before (2026-11-22)."""
    wait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait
    browser.get(page.as_uri())
    wait(browser, 30).until(lambda running: running.execute_script("return document.readyState") == "complete")


def shown_rows(browser: Any, block: str) -> list[list[str]]:
    script = (
        "return [...document.querySelectorAll(arguments[0] + ' tbody tr')].filter(r => !r.hidden)"
        ".map(r => [...r.cells].map(c => c.textContent.trim()))"
    )
    rows: list[list[str]] = browser.execute_script(script, block)
    return rows


def test_every_page_loads_in_silence_and_asks_for_nothing(browser: Any, report: Path) -> None:
    """No error in the console, no policy broken, no request but for the files themselves, no dialog."""
    pages = sorted(report.glob("*.html"))
    assert len(pages) > 8
    for page in pages:
        visit(browser, page)
        assert browser.execute_script("return document.documentElement.classList.contains('js')")
    asked = requests_of(browser)
    assert {page.as_uri() for page in pages} <= set(asked)
    assert not [url for url in asked if not url.startswith(("file://", "data:"))]
    assert complaints_of(browser) == []


def test_a_hostile_title_stays_text(browser: Any, report: Path) -> None:
    visit(browser, report / "trial-ctgov-nct00000101.html")
    assert find(browser, "h1").text.replace(" ", "") == HOSTILE.replace(" ", "")
    assert browser.execute_script("return document.images.length") == 0
    assert browser.execute_script("return document.scripts.length") == 2


def test_the_policy_holds_even_against_markup_that_got_in(browser: Any, report: Path) -> None:
    """A script, a handler and an image put into the page afterwards do not run and do not load."""
    visit(browser, report / "index.html")
    requests_of(browser), complaints_of(browser)
    browser.execute_script(
        "document.body.insertAdjacentHTML('beforeend', "
        '\'<img src="http://127.0.0.1:9/x.png" onerror="window.hit = 1"><p onclick="window.hit = 1" id=evil>x</p>\');'
        "const s = document.createElement('script'); s.textContent = 'window.hit = 2'; document.body.append(s);"
        "document.getElementById('evil').click();"
    )
    assert browser.execute_script("return window.hit") is None
    assert any("Content Security Policy" in words for words in complaints_of(browser))


def test_charts_draw(browser: Any, report: Path) -> None:
    visit(browser, report / "history.html")
    script = (
        "return [...document.querySelectorAll('.picture.wide svg')].map(s => [s.getBoundingClientRect().width,"
        " s.querySelectorAll('[data-tip]').length, s.querySelectorAll('text').length])"
    )
    pictures = browser.execute_script(script)
    assert len(pictures) >= 2
    assert all(width > 200 and marks >= 1 and words >= 2 for width, marks, words in pictures)
    painted = "return getComputedStyle(document.querySelector('.picture.wide [data-tip]')).fill"
    assert browser.execute_script(painted).startswith(("rgb", "color(")), "the colour of the theme, not none or black"
    from selenium.webdriver import ActionChains

    mark = find(browser, ".picture.wide [data-tip]")
    ActionChains(browser).move_to_element(mark).perform()
    assert find(browser, ".tip").text, "the mark says what it stands for"


def test_filters_filter(browser: Any, report: Path) -> None:
    visit(browser, report / "history.html")
    block = "#table-history-feed"
    assert len(shown_rows(browser, block)) == 15
    find(browser, f"{block} .more").click()
    assert len(shown_rows(browser, block)) == 31
    browser.execute_script(
        "const s = document.querySelector(arguments[0] + ' select'); s.value = 'Sites';"
        "s.dispatchEvent(new Event('change'))",
        block,
    )
    assert [row[3] for row in shown_rows(browser, block)] == ["Sites"] * 10
    assert find(browser, f"{block} .count").text == "10 of 31 rows"
    find(browser, f"{block} input").send_keys("SITES nct00000005")
    assert [row[2] for row in shown_rows(browser, block)] == ["Title 5"]
    find(browser, f"{block} input").send_keys(" nothing of the kind")
    assert shown_rows(browser, block) == []


def test_sorting_sorts_by_keyboard_and_says_so(browser: Any, report: Path) -> None:
    visit(browser, report / "history.html")
    block = "#table-history-slipped"
    column = [head.text for head in browser.find_elements("css selector", f"{block} thead th")].index(
        "Later by at least"
    )
    press = browser.find_elements("css selector", f"{block} thead th button")[column]
    head = browser.find_elements("css selector", f"{block} thead th")[column]
    press.send_keys("\n")
    assert head.get_attribute("aria-sort") == "descending"
    days = [int(row[column].split()[0].replace(",", "")) for row in shown_rows(browser, block)]
    assert days == [2000, 1000, 900, 100, 70, 60, 8, 5]
    press.send_keys(" ")
    assert head.get_attribute("aria-sort") == "ascending"
    assert shown_rows(browser, block)[0][column] == "5 days"


def test_paper_has_the_heads_of_columns_as_words(browser: Any, report: Path) -> None:
    """Chromium repeats no button: the heads of a table were missing on its second page (2026-11-21)."""
    visit(browser, report / "history.html")
    script = "return [...document.querySelectorAll('#table-history-feed th')].map(h => h.innerText.trim()).join('|')"
    on_screen = browser.execute_script(script)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        on_paper = browser.execute_script(script)
        buttons = browser.execute_script(
            "return [...document.querySelectorAll('th button')].filter(b => b.getClientRects().length).length"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert buttons == 0
    assert on_paper == on_screen
    assert "Record" in on_paper


def test_a_number_opens_the_sql_that_made_it(browser: Any, report: Path) -> None:
    visit(browser, report / "recruitment.html")
    how = find(browser, "#how-recruitment-totals")
    assert how.get_attribute("open") is None
    find(browser, "#tiles-recruitment-totals a.number").click()
    assert how.get_attribute("open") is not None
    assert "FROM marts.recruitment_pipeline" in how.text


def contrast(browser: Any, selector: str) -> float:
    """Contrast of an element's text with what is behind it, as WCAG counts it."""
    script = """
        const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgb = c => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = c; pen.fillRect(0, 0, 1, 1);
                           return [...pen.getImageData(0, 0, 1, 1).data]; };
        const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const light = c => { const [r, g, b] = rgb(c).map(linear); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        let one = document.querySelector(arguments[0]), behind = one;
        while (rgb(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
        const ink = light(getComputedStyle(one).color), paper = light(getComputedStyle(behind).backgroundColor);
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    """
    ratio: float = browser.execute_script(script, selector)
    return ratio


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(browser: Any, report: Path, theme: str) -> None:
    visit(browser, report / "trial-ctgov-nct00000101.html")
    wanted = f"return document.documentElement.dataset.theme = '{theme}'"
    browser.execute_script(wanted)
    for selector in (
        "body",
        ".lead",
        "main a",
        ".tag.bad",
        "th",
        "summary",
        "nav.menu a",
        "footer p",
        ".block > .text",
    ):
        if browser.find_elements("css selector", selector):
            assert contrast(browser, selector) >= 4.5, (theme, selector)


def test_light_and_dark_are_the_readers_choice(browser: Any, report: Path) -> None:
    visit(browser, report / "index.html")
    before = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    find(browser, ".theme-button").click()
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") != before
    visit(browser, report / "quality.html")
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") != before, (
        "it is remembered"
    )
    find(browser, ".theme-button").click()


def test_a_laptop_shows_a_wide_table_in_whole(report: Path) -> None:
    """At 1280 pixels the last columns of nearly every table, "Why" of the overdue list among them, were cut off beside
    a wide menu (2026-11-22)."""
    overhang = """
        const box = document.querySelector('#table-history-slipped .scroll');
        return box.scrollWidth - box.clientWidth;
    """
    with chromium(1280, 900) as browser:
        visit(browser, report / "history.html")
        assert browser.execute_script("return innerWidth") >= 1200
        assert browser.execute_script(overhang) <= 0


def test_a_telephone_shows_everything_without_scrolling_sideways(report: Path) -> None:
    with chromium(390, 844) as browser:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        )
        for page in sorted(report.glob("*.html")):
            name = page.name
            visit(browser, page)
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= 390, f"{name} is {wide} px wide"
        assert not find(browser, "nav.menu").is_displayed()
        find(browser, ".menu-button").click()
        assert find(browser, "nav.menu").is_displayed()


def test_on_a_telephone_a_row_is_a_card_that_names_its_values(report: Path) -> None:
    """Rows of ten columns showed two of them beside white space as high as the hidden ones (2026-11-21)."""
    cards = """
        const table = document.querySelector('#table-history-slipped table');
        const row = table.querySelector('tbody tr:not([hidden])');
        const box = table.parentElement;
        return {
          cards: table.classList.contains('cards'),
          inside: box.scrollWidth <= box.clientWidth + 1,
          names: [...row.cells].map(cell => getComputedStyle(cell, '::before').content),
          roles: [table, row, row.cells[0]].map(one => one.getAttribute('role')),
          shown: [...table.tBodies[0].rows].filter(one => one.offsetHeight).length,
        };
    """
    with chromium(390, 844) as browser:
        phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
        visit(browser, report / "history.html")
        on_phone = browser.execute_script(cards)
        assert on_phone["cards"]
        assert on_phone["inside"]
        assert {'"Record"', '"Milestone"'} <= set(on_phone["names"])
        assert on_phone["roles"] == ["table", "row", "cell"]
        find(browser, "#table-history-slipped thead th button").click()
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**phone, "width": 1200, "mobile": False})
        on_desk = browser.execute_script(cards)
        assert not on_desk["cards"]
        assert on_desk["shown"] == on_phone["shown"] == 6, "cards are long: six of eight until more are asked for"
