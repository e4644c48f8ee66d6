"""The read API for the group's app and screens, version 1.

It tells what public pages show and nothing else; docs/decisions/0009-the-read-api-is-plain-views.md
says why no library carries it. A change that breaks a program gets another version beside this one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles import attachments
from articles.listing import cursors, pages
from articles.listing.cursors import Place
from articles.models import Edition
from articles.portal import api_questions as asked
from articles.portal import listing
from articles.portal.api_answers import Problem, answer, public
from articles.portal.api_questions import Question
from articles.portal.api_shapes import Shapes
from articles.portal.kept_pages import not_kept
from articles.portal.listing import Facet
from articles.portal.pages import RECENT
from articles.searching import finding, query
from articles.visits import figures
from articles.visits import hot as hot_stories
from articles.visits.hot import Hot

STORIES = ("channel", "unit", "tag", "since", "until", "limit", "cursor")
SEARCH = ("q", "cursor")


@public(*STORIES)
def stories(request: HttpRequest) -> HttpResponse:
    """Newest first, from the cursor on."""
    question = Question(request)
    channel, unit = question.read("channel", asked.slug), question.read("unit", asked.number)
    tag, behind = question.read("tag", asked.words), question.read("cursor", asked.place)
    since, until = question.read("since", asked.moment), question.read("until", asked.moment)
    count = question.read("limit", asked.limit(asked.MOST), asked.USUAL)
    question.check()
    shapes = Shapes(request)
    facets = _facets(shapes, channel, unit, tag)
    shelves = pages.shelves([facet.shelf for facet in facets])
    stretch = cursors.Stretch([])
    if shelves:
        stretch = cursors.read(
            shelves, count, now=timezone.now(), behind=behind, since=since, until=until
        )
    return _page(request, STORIES, [shapes.story(row) for row in stretch.editions], stretch.next)


def _facets(shapes: Shapes, channel: str | None, unit: int | None, tag: str | None) -> list[Facet]:
    """What all stories shall have in common; raises Problem for what does not exist."""
    facets = []
    if channel:
        row = next((row for row in shapes.channels.rows.values() if row.slug == channel), None)
        if row is None:
            raise Problem(404, _("There is no such channel."))
        facets.append(listing.of_channel(row))
    if unit:
        if unit not in shapes.units.rows:
            raise Problem(404, _("There is no such unit."))
        facets.append(listing.of_unit(shapes.units.rows[unit]))
    if tag:
        facets.append(listing.of_tag(tag))
    return facets or [listing.of_everything()]


def _page(
    request: HttpRequest,
    parameters: tuple[str, ...],
    found: list[dict[str, Any]],
    following: Place | None,
    **more: Any,
) -> HttpResponse:
    """A page of an answer; only first pages are asked for often enough to be kept."""
    given = {name: request.GET[name] for name in parameters if name in request.GET}
    address = f"{request.path}?{urlencode(given | {'cursor': str(following)})}"
    link = Shapes(request).absolute(address) if following else None
    response = answer({"stories": found, **more, "next": link})
    return not_kept(response) if "cursor" in given else response


@public(life=RECENT)
def story(request: HttpRequest, article_id: int) -> HttpResponse:
    edition = Edition.objects.defer("plain_text").filter(pk=article_id).first()
    if edition is not None and edition.is_gone:
        raise Problem(410, _("The publisher has taken it back. It can no longer be read here."))
    if edition is None or not edition.is_live():
        raise Problem(404, _("There is no such story."))
    files = attachments.listed(edition)
    return answer(Shapes(request).whole_story(edition, files, figures.views(article_id)))


@public(*SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    """Those with the words in the title first. The cursor is a page of what was there at first."""
    question = Question(request)
    words, behind = question.require("q", asked.words), question.read("cursor", asked.place)
    question.check()
    now = timezone.now()
    at, number = (min(behind.published_at, now), behind.article_id) if behind else (now, 1)
    if number > finding.LAST_PAGE:
        raise Problem(404, _("There is nothing at this address."))
    # Live now, whatever the cursor says: the sum must not tell of what has expired.
    found = finding.find(replace(query.parse(words), until=at), number, at=now)
    shapes = Shapes(request)
    shown = [shapes.story(row) for row in found.editions]
    response = _page(request, SEARCH, shown, _following(at, number, found.total), total=found.total)
    return not_kept(response)


def _following(at: datetime, number: int, total: int) -> Place | None:
    is_last = number * finding.PAGE_SIZE >= total or number >= finding.LAST_PAGE
    return None if is_last else Place(at, number + 1)


@public("limit", "period", life=RECENT)
def hot(request: HttpRequest) -> HttpResponse:
    """The stories most viewed in a period, the most viewed first."""
    question = Question(request)
    count = question.read("limit", asked.limit(asked.MOST_HOT), 10)
    wanted = question.read("period", asked.hot, Hot.WEEK)
    question.check()
    today = timezone.localdate()
    shown = hot_stories.stories(wanted, today, asked.MOST_HOT)[:count]
    views = figures.views_of([row.pk for row in shown])
    shapes = Shapes(request)
    found = [shapes.story(row) | {"views": views.get(row.pk, 0)} for row in shown]
    period = hot_stories.PERIODS.get(wanted)
    first = hot_stories.first_day(today, period).isoformat() if period else None
    return answer({"stories": found, "period": wanted, "from": first, "to": today.isoformat()})


@public()
def channels(request: HttpRequest) -> HttpResponse:
    shapes = Shapes(request)
    return answer({"channels": [shapes.channel(row) for row in shapes.channels.children()]})


@public()
def units(request: HttpRequest) -> HttpResponse:
    shapes = Shapes(request)
    return answer({"units": [shapes.unit(row) for row in shapes.units.children()]})


@public()
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    detail = _("There is nothing at this address. What there is stands at %(address)s.")
    guide = Shapes(request).absolute(reverse("api"))
    raise Problem(404, detail % {"address": guide})
