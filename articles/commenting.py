"""批注: words on a passage of a text, and suggestions that its writer takes or leaves.

Comments belong to the working copy alone; nothing that readers get is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import markup, notices, text, workflow, writing
from articles.models import Article, Comment, Transition
from articles.models.appointment import read_reaches, sees
from articles.models.people import display_name
from newsroom.authentication import BACKEND

LONGEST_QUOTE = 1000
LONGEST_WORDS = 1000
LONGEST_REPLACEMENT = 2000
OFFERED = 8
# Up to a blank or a mark, as the page offers names; an e-mail address names nobody.
AFTER_AT = re.compile(r"(?<![A-Za-z0-9._-])@([^\s@，。；：、,]{1,30})")

Outcome = Comment.Outcome


@dataclass(frozen=True)
class Passage:
    """What somebody marked: the words, and those before them as far as known."""

    quote: str = ""
    before: str = ""


@transaction.atomic
def comment(
    article: Article,
    *,
    by: User,
    version: int,
    words: str,
    passage: Passage | None = None,
    replacement: str | None = None,
) -> Comment:
    """Writes a comment, or with a `replacement` a suggestion, on the text that was read.

    Whoever is named with @ and may look at the article is told, and so are its authors. Sent
    twice it is one comment all the same. Raises workflow.MoveRefused with the reasons.
    """
    article = _locked(article)
    workflow.require(by, "comment", article)
    passage = passage or Passage()
    words = "\n".join(filter(None, map(text.tidy_line, _cleaned(words).splitlines())))
    quote = markup.tidy_passage(_cleaned(passage.quote))
    if replacement is not None:
        replacement = text.tidy_line(_cleaned(replacement))
    _refuse_faults(words, quote, replacement)
    before = _placed(article, quote, passage.before, is_suggestion=replacement is not None)
    facts = {
        "revision": version,
        "quote": quote,
        "before": before,
        "words": words,
        "replacement": replacement,
    }
    repeated = article.comments.open().filter(made_by=by, **facts).first()
    if repeated:
        return repeated
    row = Comment.objects.create(article=article, made_by=by, **facts)
    notices.tell_of_comment(article, row, mentioned(article, words))
    return row


def take(row: Comment, *, by: User, version: int) -> Article:
    """Puts the suggested words into the text, as a version by whoever takes them.

    `version` is the one on screen. Raises workflow.MoveRefused with the reason, and
    writing.StaleForm when somebody saved meanwhile.
    """
    with transaction.atomic():
        article = _locked(row.article)
        row = _open(row)
        workflow.require(by, "edit", article)
        if row.replacement is None:
            raise workflow.MoveRefused(_("This comment suggests no other words."))
        kept = writing.keep(
            article,
            body=_with_suggestion(article, row, row.replacement),
            tags=list(article.tags.names()),
            by=by,
            based_on=version,
        )
        _settle(row, by, Outcome.TAKEN)
    return kept


def leave(row: Comment, *, by: User) -> None:
    """The text stays as it is; for who writes it, and for whoever made the suggestion."""
    with transaction.atomic():
        article = _locked(row.article)
        row = _open(row)
        if row.made_by_id != by.pk:
            workflow.require(by, "edit", article)
        _settle(row, by, Outcome.LEFT)


def resolve(row: Comment, *, by: User) -> None:
    with transaction.atomic():
        article = _locked(row.article)
        row = _open(row)
        workflow.require(by, "comment", article)
        _settle(row, by, Outcome.RESOLVED)


def reopen(row: Comment, *, by: User) -> None:
    """What is in the text already is not opened again."""
    with transaction.atomic():
        article = _locked(row.article)
        row = Comment.objects.get(pk=row.pk)
        workflow.require(by, "comment", article)
        if row.outcome == Outcome.TAKEN:
            raise workflow.MoveRefused(
                _("These words are in the text already. Write a new comment instead.")
            )
        row.settled_by, row.settled_at, row.outcome = None, None, ""
        row.save(update_fields=["settled_by", "settled_at", "outcome"])


# People -------------------------------------------------------------------------------------


def mentionable(article: Article, beginning: str) -> list[User]:
    """The first few people who may look at the article and whose name or account holds this."""
    named: models.QuerySet[Any] = _staff().annotate(called=Concat("last_name", "first_name"))
    if beginning := text.tidy_line(_cleaned(beginning)):
        named = named.filter(
            models.Q(called__icontains=beginning) | models.Q(username__icontains=beginning)
        )
    return _who_may_look(list(named.order_by("pk")), article)[:OFFERED]


def mentioned(article: Article, words: str) -> list[User]:
    """Whom the words name with @, as far as they may look at the article."""
    if "@" not in words:
        return []
    names: dict[str, list[User]] = {}
    for person in _staff():
        for name in _names_of(person):
            if f"@{name}" in words.lower():
                names.setdefault(name, []).append(person)
    found = {person.pk: person for name in _named(words.lower(), names) for person in names[name]}
    return _who_may_look(list(found.values()), article)


def unknown_names(article: Article, words: str) -> list[str]:
    """What stands behind an @ and names nobody who is told."""
    told = {name for person in mentioned(article, words) for name in _names_of(person)}
    typed = AFTER_AT.findall(words.lower())
    return [each for each in dict.fromkeys(typed) if not any(map(each.startswith, told))]


def _names_of(person: User) -> set[str]:
    return {display_name(person).lower(), person.get_username().lower()}


def _named(words: str, names: dict[str, list[User]]) -> Iterator[str]:
    """After each @ the longest of the names that stand there: @张三丰 does not name 张三."""
    for after in words.split("@")[1:]:
        fitting = [name for name in names if after.startswith(name)]
        if fitting:
            yield max(fitting, key=len)


def _staff() -> models.QuerySet[User]:
    rights = ("articles.view_article", "articles.change_article")
    view, change = (User.objects.with_perm(right, backend=BACKEND) for right in rights)
    return (view | change).filter(is_staff=True, is_active=True).distinct()


def _who_may_look(staff: list[User], article: Article) -> list[User]:
    """Of `_staff`, in a few statements however many they are."""
    read_reaches(staff)
    acted = set(Transition.objects.of(article.pk).order_by().values_list("actor_id", flat=True))
    return [person for person in staff if sees(person, article, acted)]


# The passage --------------------------------------------------------------------------------


def _placed(article: Article, quote: str, before: str, *, is_suggestion: bool) -> str:
    """The words before the passage where it stands in the text; raises workflow.MoveRefused."""
    places = markup.find_passage(article.body, quote, before) if quote else []
    if is_suggestion and len(places) != 1:
        raise workflow.MoveRefused(_nowhere() if not places else _ambiguous())
    if quote and not places and not _stands_elsewhere(article, quote):
        raise workflow.MoveRefused(_nowhere())
    return places[0].before if len(places) == 1 else ""


def _stands_elsewhere(article: Article, quote: str) -> bool:
    """In the headline, in a caption, or over the end of a paragraph."""
    captions = article.images.filter(order__gt=0).values_list("caption", flat=True)
    videos = article.videos.filter(order__gt=0).values_list("caption", flat=True)
    headline = (article.kicker, article.title, article.subtitle, article.summary)
    whole = markup.plain_text(article.body)
    return any(
        quote in markup.tidy_passage(each) for each in (*headline, *captions, *videos, whole)
    )


def _with_suggestion(article: Article, row: Comment, replacement: str) -> str:
    body = writing.body_for_editor(article)
    places = markup.find_passage(body, row.quote, row.before)
    if not places:
        raise workflow.MoveRefused(
            _("The passage is no longer in the text. Change it by hand, or leave the suggestion.")
        )
    if len(places) > 1:
        raise workflow.MoveRefused(
            _(
                "The passage stands several times in the text by now. Change the right one by "
                "hand, then mark the suggestion as left."
            )
        )
    return markup.replace_passage(body, row.quote, places[0], replacement)


def _nowhere() -> str:
    return _("This passage is not in the text. Copy it from one paragraph, exactly as it stands.")


def _ambiguous() -> str:
    return _("This passage stands several times in the text. Add a few words around it.")


# Rows ---------------------------------------------------------------------------------------


def _cleaned(words: str) -> str:
    return text.INVISIBLE.sub("", words.replace("\0", ""))


def _refuse_faults(words: str, quote: str, replacement: str | None) -> None:
    faults = []
    if not words and replacement is None:
        faults.append(_("Write the comment."))
    if replacement is not None and not quote:
        faults.append(_("Mark the passage that should read otherwise."))
    if replacement is not None and quote and replacement == quote:
        faults.append(_("The suggestion reads as the passage does. Change it."))
    if len(quote) > LONGEST_QUOTE:
        faults.append(_("The passage is longer than 1,000 characters. Mark less."))
    if len(words) > LONGEST_WORDS:
        faults.append(_("The comment is longer than 1,000 characters. Shorten it."))
    if len(replacement or "") > LONGEST_REPLACEMENT:
        faults.append(_("The suggestion is longer than 2,000 characters. Shorten it."))
    if faults:
        raise workflow.MoveRefused(*faults)


def _locked(article: Article) -> Article:
    """The article under a lock, not from the bin."""
    return (
        Article.objects.select_for_update(of=("self",))
        .select_related("source_department", "channel", "updated_by")
        .get(pk=article.pk, deleted_at=None)
    )


def _open(row: Comment) -> Comment:
    """The row as it is now, under its article's lock."""
    row = Comment.objects.select_related("settled_by").get(pk=row.pk)
    if row.settled_at:
        raise workflow.MoveRefused(
            _("%(name)s settled this meanwhile: %(outcome)s.")
            % {
                "name": display_name(row.settled_by) if row.settled_by else "",
                "outcome": row.get_outcome_display(),
            }
        )
    return row


def _settle(row: Comment, by: User, outcome: str) -> None:
    row.settled_by, row.settled_at, row.outcome = by, timezone.now(), outcome
    row.save(update_fields=["settled_by", "settled_at", "outcome"])
