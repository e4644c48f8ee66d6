"""A group of pictures on the portal, as browsers lay it out."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from articles import pictures
from articles.models import Edition
from tests.browser.conftest import both_screens
from tests.factories import make_edition, photograph

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SHAPES = [(900, 600), (600, 900), (900, 300), (500, 500), (640, 480)]


@pytest.fixture
def story(editor) -> Edition:
    images = [pictures.accept(photograph(size=size), by=editor) for size in SHAPES]
    group = json.dumps([{"image": image.pk, "credit": "王建"} for image in images])
    caption = "<figcaption>五张照片，一个昼夜。</figcaption>"
    return make_edition(by=editor, body=f"<figure data-group='{group}'>{caption}</figure>")


@both_screens
def test_rows_are_level_and_nothing_is_distorted(live_server, page: Page, axe, story: Edition):
    page.goto(f"{live_server.url}{story.get_absolute_url()}")
    for image in page.locator(".group img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.querySelectorAll('.group img')].every((each) => each.naturalWidth)"
    )
    boxes = page.evaluate(
        """[...document.querySelectorAll('.group img')].map((each) => {
          const { width, height, top } = each.getBoundingClientRect()
          return { width, height, top: top + scrollY }
        })"""
    )
    text = page.locator(".group").bounding_box()
    assert text
    assert boxes[0]["width"] == pytest.approx(text["width"], abs=1)
    for left, right in (boxes[1:3], boxes[3:5]):
        assert left["top"] == pytest.approx(right["top"], abs=0.5)
        assert left["height"] == pytest.approx(right["height"], abs=0.5)
        assert left["width"] + right["width"] + 8 == pytest.approx(text["width"], abs=1)
    for (width, height), box in zip(SHAPES, boxes, strict=True):
        # What is shown is the picture's own shape but for a sliver at the edge.
        assert box["width"] / box["height"] == pytest.approx(width / height, rel=0.07)
    axe(page)
