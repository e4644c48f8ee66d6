"""What holds on every page of the portal: in both widths and both languages, in light and dark
and in the elder version.

A page is loaded once a width and then dressed anew, because loading is what takes time. Grey days
change no contrast that axe could see: see tests/portal/test_palette.py.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, both_screens
from tests.every_page import publish_everything

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

# So many tests share the pages of a width, so that none is the last one running for long.
PARTS = 4
ELDER = "(isOn) => document.documentElement.classList.toggle('elder', isOn)"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
# Links within a sentence are as high as its lines; what is hidden has no height.
SMALL_TARGETS = """
    [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
      .filter((each) => each.checkVisibility() && !each.closest(".body p, .skip"))
      .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect().height])
      .filter(([, height]) => height > 1 && height < 43.5)
      .map(([html, height]) => `${height} ${html}`)
"""


@pytest.fixture
def addresses(live_server, editor) -> dict[str, str]:
    chinese = publish_everything(editor)
    english = {name: f"/en{chinese[name]}" for name in ("home", "list", "story", "no hits")}
    return chinese | {f"{name} in English": address for name, address in english.items()}


@both_screens
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.expects_console(r"404 \(Not Found\)|410 \(Gone\)")
def test_every_page_fits_and_can_be_read_in_every_dress(page: Page, addresses, axe, viewport, part):
    faults: list[str] = []

    def look(name: str) -> None:
        if (wider := page.evaluate(OVERFLOW)) > 0:
            faults.append(f"{name}: {wider} px wider than the window")
        if viewport == PHONE:
            faults.extend(f"{name}: {small}" for small in page.evaluate(SMALL_TARGETS))

    for name, address in list(addresses.items())[part::PARTS]:
        page.emulate_media(color_scheme="light")
        page.goto(address)
        look(name)
        axe(page)
        page.emulate_media(color_scheme="dark")
        axe(page, only="color-contrast")
        page.evaluate(ELDER, True)
        look(f"{name} in large type")
        # Colours are the same in both widths, and so is what has them in large type.
        if viewport == PHONE:
            axe(page, only="color-contrast")
            page.emulate_media(color_scheme="light")
            axe(page, only="color-contrast")
    assert "\n".join(faults) == ""
