"""Printing an Edition: the body, its pictures and its plain text are rendered once, here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles import markup, renditions, text, workflow
from articles.models import Article, ArticleImage, Edition
from articles.renditions import Photograph
from articles.visits import ledger

# Two lines of a phone: 100 half columns each.
SUMMARY_WIDTH = 200
LONGEST_REASON = 200


def publish(
    article: Article, *, by: User, version: int | None = None, at: datetime | None = None
) -> Edition:
    """Prints the newest revision for readers; raises workflow.MoveRefused with the reasons.

    `version` is the one the person has seen: when somebody saved since, nothing is published.
    The publication time is the server's, and stays when a story is printed again. `at` is for
    content that was published elsewhere before (demo, imports), never for a form. Pictures the
    story no longer shows lose their public names.
    """
    workflow.require(by, "publish", article)
    _prepare(article)
    with transaction.atomic():
        article = _locked(article.pk)
        workflow.require(by, "publish", article)
        if version is not None and article.version != version:
            raise workflow.MoveRefused(
                _("Somebody saved this article meanwhile. Read the new text, then publish it.")
            )
        gaps = workflow.publishing_gaps(article)
        if gaps:
            raise workflow.MoveRefused(*gaps)
        images = list(article.images.filter(order__gt=0))
        edition = _print(article, images, at or timezone.now())
        Article.objects.filter(pk=article.pk).update(status=workflow.MOVES["publish"].to_status)
        ledger.open_account(article.pk)
        _conceal_after_commit(article.pk)
        # Last, when nothing but the commit can fail: a file outlives a transaction undone.
        renditions.expose(images)
    return edition


def withdraw(article: Article, *, by: User, reason: str) -> Edition:
    """Takes the story from every page at once; address and views stay for a re-publication.

    Raises workflow.MoveRefused; a reason is required.
    """
    reason = text.tidy_line(reason.replace("\0", ""))
    if not reason:
        raise workflow.MoveRefused(_("Write why the story is withdrawn."))
    if len(reason) > LONGEST_REASON:
        raise workflow.MoveRefused(_("The reason is longer than 200 characters. Shorten it."))
    with transaction.atomic():
        article = _locked(article.pk)
        workflow.require(by, "withdraw", article)
        edition = Edition.objects.select_for_update(of=("self",)).get(article=article)
        edition.withdrawn_at = timezone.now()
        edition.withdrawal_reason = reason
        edition.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        Article.objects.filter(pk=article.pk).update(status=workflow.MOVES["withdraw"].to_status)
        _conceal_after_commit(article.pk)
    return edition


def _locked(article_id: int) -> Article:
    return (
        Article.objects.select_for_update(of=("self",))
        .select_related("source_department")
        .get(pk=article_id)
    )


def _prepare(article: Article) -> None:
    """Makes missing renditions: slow, so before any lock is held."""
    for place, image in enumerate(article.images.filter(order__gt=0), start=1):
        try:
            renditions.prepare(image)
        except (OSError, ValueError) as error:
            raise workflow.MoveRefused(
                _("Picture %(place)d cannot be read. Remove it and insert it again.")
                % {"place": place}
            ) from error


def expose_all() -> int:
    """Gives the pictures of all live stories their public files again, after a restored backup.

    Returns how many stories it went through.
    """
    editions = Edition.objects.live().select_related("revision").defer("body", "plain_text")
    exposed = 0
    for edition in editions.iterator(chunk_size=200):
        shown = [image["id"] for image in edition.revision.content["images"]]
        renditions.expose(ArticleImage.objects.filter(pk__in=shown))
        exposed += 1
    return exposed


def _conceal_after_commit(article_id: int) -> None:
    # Robust: the move is made; what fails here is made good by the daily sweep.
    transaction.on_commit(lambda: conceal_what_readers_do_not_see(article_id), robust=True)


@transaction.atomic
def conceal_what_readers_do_not_see(article_id: int) -> None:
    """Hides the pictures of a story that its edition, as it stands by now, does not show.

    Under the article's lock: a publication at the same moment is seen, or waits.
    """
    article = _locked(article_id)
    edition = Edition.objects.select_related("revision").get(article=article)
    shown = [] if edition.withdrawn_at else edition.revision.content["images"]
    hidden = article.images.exclude(pk__in=[image["id"] for image in shown])
    renditions.conceal(hidden)


def _print(article: Article, images: list[ArticleImage], now: datetime) -> Edition:
    photographs = renditions.photographs(images)
    revision = article.revisions.get(number=article.version)
    edition = Edition.objects.filter(article=article).first() or Edition(
        article=article, published_at=now
    )
    edition.revision = revision
    edition.reprinted_at = now
    edition.withdrawn_at, edition.withdrawal_reason = None, ""
    for name, value in printed_values(article, photographs).items():
        setattr(edition, name, value)
    edition.save()
    return edition


def printed_values(article: Article, photographs: dict[int, Photograph]) -> dict[str, Any]:
    """What an edition shows of an article: its words, rendered body and names, as columns."""
    words = markup.plain_text(article.body)
    figures = [figure.image for figure in markup.read_figures(article.body)]
    cover = next((photographs[image] for image in figures if image in photographs), None)
    return {
        "kicker": article.kicker,
        "title": article.title,
        "subtitle": article.subtitle,
        "short_title": article.short_title,
        "summary": article.summary or text.excerpt(words, SUMMARY_WIDTH),
        "body": markup.render(article.body, photograph_printer(photographs)),
        "plain_text": words,
        "channel_id": article.channel_id,
        "department_id": article.source_department_id,
        "source_name": article.source_name,
        "byline": article.byline,
        "tag_names": sorted(article.tags.names()),
        "cover": cover.as_dict() if cover else None,
    }


def photograph_printer(photographs: dict[int, Photograph]) -> Callable[[int], str]:
    """A drawer for `markup.render`; the first picture is fetched at once, the rest when near."""
    first = next(iter(photographs), None)

    def draw(image: int) -> str:
        if image not in photographs:
            return ""
        return print_photograph(photographs[image], is_first=image == first)

    return draw


def print_photograph(photograph: Photograph, *, is_first: bool) -> str:
    """The HTML of one photograph with its caption."""
    # Printed once for all readers, so never in the language of the person who publishes.
    with override("zh-hans"):
        return render_to_string(
            "articles/parts/photograph.html", {"photograph": photograph, "is_first": is_first}
        )
