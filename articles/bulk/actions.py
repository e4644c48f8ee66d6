"""What can be done to many stories: each action says what will happen, does it, takes it back.

All three raise workflow.MoveRefused with sentences, and none knows a rule of its own: rights,
locks, versions and the record are those of the single moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import filing, gaps, publishing, reviewing, text, workflow, writing
from articles.models import Article, Channel, Edition, Stage
from articles.models.review_chain import stages_for
from articles.publishing import Period
from articles.recording import Actor
from articles.workflow import MoveRefused

Status = Article.Status


@dataclass(frozen=True)
class Facts:
    """What was chosen beside the stories, as far as the action needs it."""

    reason: str = ""
    channel: int | None = None
    tag: str = ""

    def faults(self, action: Action) -> list[str]:
        """What is missing or too long, as sentences."""
        faults = []
        if action.needs == "reason":
            reason = self.tidied().reason
            if not reason:
                faults.append(_("Write why the stories are withdrawn."))
            elif len(reason) > publishing.LONGEST_REASON:
                faults.append(_("The reason is longer than 200 characters. Shorten it."))
        if action.needs == "channel" and not (
            self.channel and Channel.objects.filter(pk=self.channel).exists()
        ):
            faults.append(_("Choose the channel the stories move to."))
        if action.needs == "tag":
            tags = _tags_in(self.tag)
            if len(tags) != 1:
                faults.append(_("Write one tag."))
            elif len(tags[0]) > text.TAG_LENGTH:
                faults.append(_("The tag is longer than 30 characters. Shorten it."))
        return faults

    def tidied(self) -> Facts:
        """As they are kept and acted on; PostgreSQL keeps no NUL."""
        reason = text.tidy_line(self.reason.replace("\0", ""))
        return replace(self, reason=reason, tag=next(iter(_tags_in(self.tag)), ""))


def _tags_in(typed: str) -> list[str]:
    return text.split_tags(typed.replace("\0", ""))


# (story, who, facts) → what will happen
Say = Callable[[Article, Actor, Facts], str]
# (story, who, facts) → what was before, for taking it back
Do = Callable[[Article, Actor, Facts], dict[str, Any]]
# (story, who, what was before, facts) → what happened
Undo = Callable[[Article, Actor, dict[str, Any], Facts], str]


@dataclass(frozen=True)
class Action:
    """`right`: the beginning of the right's name without which the action is not offered."""

    name: str
    label: str | Promise
    right: str
    say: Say
    do: Do
    undo: Undo
    needs: str = ""


# Submitting --------------------------------------------------------------------------------


def _say_submit(article: Article, by: Actor, facts: Facts) -> str:
    workflow.require(by.account, "submit", article)
    if missing := gaps.submitting(article):
        raise MoveRefused(*missing)
    stage = Stage(workflow.destination(workflow.MOVES["submit"], by.account, article))
    return _("goes to: %(stage)s") % {"stage": stage.label}


def _submit(article: Article, by: Actor, facts: Facts) -> dict[str, Any]:
    reviewing.make("submit", article, by=by, version=article.version)
    return {}


def _undo_submit(article: Article, by: Actor, before: dict[str, Any], facts: Facts) -> str:
    reviewing.make("recall", article, by=by, version=article.version)
    return _("taken back to edit")


# Publishing --------------------------------------------------------------------------------


def _say_publish(article: Article, by: Actor, facts: Facts) -> str:
    workflow.require(by.account, "publish", article)
    if missing := gaps.publishing(article):
        raise MoveRefused(*missing)
    if article.is_published and not article.is_changed_since_published:
        raise MoveRefused(_("Nothing was changed since it was published."))
    if article.is_published and article.edition.is_waiting:
        when = publishing.spoken(article.edition.published_at)
        return _("readers get version %(version)d on %(when)s") % {
            "version": article.version,
            "when": when,
        }
    if article.is_published and article.edition.is_live():
        return _("readers get version %(version)d instead of theirs") % {"version": article.version}
    return _("readers see it at once")


def _publish(article: Article, by: Actor, facts: Facts) -> dict[str, Any]:
    if article.is_published and not article.is_changed_since_published:
        raise MoveRefused(_("Nothing was changed since it was published."))
    status = article.status
    publishing.publish(article, by=by, version=article.version)
    return {"status": status}


def _undo_publish(article: Article, by: Actor, before: dict[str, Any], facts: Facts) -> str:
    if before["status"] == Status.PUBLISHED:
        raise MoveRefused(
            _(
                "Readers had an earlier version, which withdrawing would take from them as well. "
                "Restore it under “Versions” and publish it."
            )
        )
    if article.is_published and article.edition.revision.number != before["version"]:
        raise MoveRefused(_("It was published again since. Withdraw it by itself if need be."))
    publishing.withdraw(article, by=by, reason=_("Bulk publication undone"))
    return _("withdrawn")


# Withdrawing -------------------------------------------------------------------------------


def _say_withdraw(article: Article, by: Actor, facts: Facts) -> str:
    workflow.require(by.account, "withdraw", article)
    if article.edition.is_waiting:
        return _("is taken from the schedule; readers have not seen it")
    says = _("disappears from every page at once")
    if stages_for(article):
        says = _("disappears from every page at once; comes back only when it was reviewed again")
    if article.is_changed_since_published:
        says += _("; cannot be undone here, because the text was changed since readers got it")
    return says


def _withdraw(article: Article, by: Actor, facts: Facts) -> dict[str, Any]:
    publishing.withdraw(article, by=by, reason=facts.reason)
    return {}


def _undo_withdraw(article: Article, by: Actor, before: dict[str, Any], facts: Facts) -> str:
    if article.status != Status.WITHDRAWN:
        workflow.require(by.account, "publish", article)
        raise MoveRefused(_("It is published again already."))
    edition = Edition.objects.select_related("revision").get(article=article)
    if edition.revision.number != article.version:
        raise MoveRefused(_("The text was changed since readers had it; publish it by itself."))
    now = timezone.now()
    if edition.expires_at and edition.expires_at <= now:
        raise MoveRefused(_("It has come to its end meanwhile. Publish it by itself."))
    period = Period(
        edition.published_at if edition.published_at > now else None, edition.expires_at
    )
    publishing.publish(article, by=by, version=before["version"], period=period)
    return _("published again")


# Moving to a channel, adding a tag: words of the story, kept as a version ---------------------


def _say_move(article: Article, by: Actor, facts: Facts) -> str:
    workflow.require(by.account, "edit", article)
    if article.channel_id == facts.channel:
        raise MoveRefused(_("It stands in this channel already."))
    old, article.channel_id = article.channel, facts.channel  # type: ignore[assignment]
    refused = filing.refusal(by.account, article)
    article.channel = old
    if refused:
        raise MoveRefused(refused)
    return _("moves from “%(channel)s”") % {"channel": old} + _for_readers(article)


def _move(article: Article, by: Actor, facts: Facts) -> dict[str, Any]:
    _say_move(article, by, facts)
    old, article.channel_id = article.channel_id, facts.channel  # type: ignore[assignment]
    _keep(article, by, list(article.tags.names()))
    return {"channel": old}


def _undo_move(article: Article, by: Actor, before: dict[str, Any], facts: Facts) -> str:
    if article.channel_id != facts.channel:
        raise MoveRefused(_("It was moved to another channel since; there it stays."))
    _move(article, by, Facts(channel=before["channel"]))
    return _("back in its channel")


def _say_tag(article: Article, by: Actor, facts: Facts) -> str:
    workflow.require(by.account, "edit", article)
    tags = [name.casefold() for name in article.tags.names()]
    if _tag(facts).casefold() in tags:
        raise MoveRefused(_("It has this tag already."))
    if len(tags) >= text.MOST_TAGS:
        raise MoveRefused(_("It has 20 tags already; more are not possible."))
    return _("gets the tag “%(tag)s”") % {"tag": _tag(facts)} + _for_readers(article)


def _add_tag(article: Article, by: Actor, facts: Facts) -> dict[str, Any]:
    _say_tag(article, by, facts)
    _keep(article, by, [*article.tags.names(), _tag(facts)])
    return {}


def _undo_tag(article: Article, by: Actor, before: dict[str, Any], facts: Facts) -> str:
    workflow.require(by.account, "edit", article)
    tags = list(article.tags.names())
    rest = [name for name in tags if name.casefold() != _tag(facts).casefold()]
    if rest == tags:
        raise MoveRefused(_("It does not have this tag any more."))
    _keep(article, by, rest)
    return _("without the tag again")


def _tag(facts: Facts) -> str:
    return _tags_in(facts.tag)[0]


def _for_readers(article: Article) -> str:
    if article.is_published:
        return _("; readers see that when it is published again")
    return ""


def _keep(article: Article, by: Actor, tags: list[str]) -> None:
    try:
        writing.keep(
            article,
            body=writing.body_for_editor(article),
            tags=tags,
            by=by.account,
            based_on=article.version,
        )
    except (writing.StaleForm, writing.TextLocked) as error:
        raise MoveRefused(_("Somebody saved this article just now. Look at it again.")) from error


ACTIONS = {
    action.name: action
    for action in (
        Action("submit", gettext_lazy("Submit"), "change", _say_submit, _submit, _undo_submit),
        Action(
            "publish", gettext_lazy("Publish"), "publish", _say_publish, _publish, _undo_publish
        ),
        Action(
            "withdraw",
            gettext_lazy("Withdraw"),
            "withdraw",
            _say_withdraw,
            _withdraw,
            _undo_withdraw,
            needs="reason",
        ),
        Action(
            "move",
            gettext_lazy("Move to a channel"),
            "change",
            _say_move,
            _move,
            _undo_move,
            needs="channel",
        ),
        Action("tag", gettext_lazy("Add a tag"), "change", _say_tag, _add_tag, _undo_tag, "tag"),
    )
}
