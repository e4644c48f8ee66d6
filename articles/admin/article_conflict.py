"""Two people wrote at once: both texts with their differences, and three ways out.

A form that is stale is not refused: `writing.keep` says so, and instead of the form comes a page
with both texts. It carries everything that was posted in hidden fields and is sent to the form's
own address with `_outcome`, so receipts, rights, limits and a busy database work as ever. Each
way out first saves the posted text as a version of its own on top of the other person's, in the
same transaction, and then, for “theirs”, that person's text once more or, for “merge”, the merged
one. So whatever one presses, all texts stay in the history, and the form opens with the result
for a last look; readers see none of it until somebody publishes. When yet another save comes in
between, the page is shown again.
"""

from __future__ import annotations

import copy
import json
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles import markup, merging, restoring, writing
from articles.admin.article_addresses import change_url
from articles.admin.article_form import MOST_PICTURES, MOST_TAGS
from articles.admin.editor import MOST_BLOCKS, MOST_CHARACTERS
from articles.admin.numbers import number_in
from articles.models import Article, Revision
from articles.models.people import display_name

CHOICE = "choose-"
# How the log's message begins; the list of Django's own words has no such one.
SETTLED = "settled"
# Which text the posted one was written from, however often the page had to be shown again.
WRITTEN_FROM = "written_from"
# Said anew by the page itself.
NOT_CARRIED = frozenset(
    {
        "csrfmiddlewaretoken",
        "based_on",
        WRITTEN_FROM,
        "theirs",
        "_save",
        "_publish",
        "_submit",
        "_autosave",
        "_outcome",
    }
)


def settled_versions(entries: QuerySet[LogEntry]) -> dict[int, str]:
    """Number → how the version came about, for those that two texts at once left behind."""
    found: dict[int, str] = {}
    for entry in entries.filter(change_message__startswith=f'[{{"{SETTLED}"'):
        settled = json.loads(entry.change_message)[0][SETTLED]
        kept, theirs, version = (settled[name] for name in ("kept", "theirs", "version"))
        is_merge = settled["way"] == "merge"
        if kept != theirs:
            found[kept] = _("own text, before merging") if is_merge else _("own text, put aside")
        if version != kept:
            taken = _("the other text was kept (version %(number)d)") % {"number": theirs}
            found[version] = _("merged") if is_merge else taken
    return found


class Undecided(writing.StaleForm):
    """The choices do not give a text that may be saved; `problems` are sentences."""

    def __init__(self, article: Article, *problems: str):
        super().__init__(display_name(article.updated_by), article.updated_at, article.version)
        self.problems = list(problems)


class ArticleConflict(admin.ModelAdmin):
    """What the desk does with a stale form."""

    def settle(self, request: HttpRequest, article: Article, mine: dict[str, Any]) -> None:
        """After the posted text was saved: makes the article what the conflict page asked for.

        Raises Undecided, which undoes that save too.
        """
        outcome = request.POST.get("_outcome")
        if outcome not in (merging.THEIRS, "merge"):
            return
        number = _int(request.POST.get("theirs"))
        theirs = article.revisions.filter(number=number).first()
        if theirs is None:
            raise Undecided(article)
        kept = article.version
        if outcome == merging.THEIRS:
            restoring.restore(article, number, by=_by(request), based_on=kept)
            sentence = _(
                "The other text is in place again, as version %(version)d. "
                "Yours is kept as version %(kept)d."
            )
        else:
            merged = self._merged(request, article, mine, theirs)
            restoring.put(article, merged, by=_by(request), based_on=kept)
            sentence = _(
                "Both texts are merged, as version %(version)d. Look it over. "
                "Yours alone is version %(kept)d, the other one version %(theirs)d."
            )
        names = {"version": article.version, "kept": kept, "theirs": number}
        request.settled = names | {"way": outcome}  # type: ignore[attr-defined]
        self.message_user(request, sentence % names, messages.SUCCESS)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """The log remembers how two texts became one; the list of versions reads it there."""
        settled = getattr(request, "settled", None)
        return super().log_change(request, obj, [{SETTLED: settled}] if settled else message)

    def _merged(
        self, request: HttpRequest, article: Article, mine: dict[str, Any], theirs: Revision
    ) -> dict[str, Any]:
        base = _base(article, request)
        merge = merging.merge(base.content if base else None, mine, theirs.content)
        try:
            merged = merge.merged(_choices(request))
        except KeyError:
            raise Undecided(
                article, _("Choose for each place both of you changed, then merge.")
            ) from None
        problems = _limits(merged)
        if problems:
            raise Undecided(article, *problems)
        return merged

    def show_both(
        self, request: HttpRequest, form: ModelForm, problems: list[str]
    ) -> HttpResponse | None:
        """The page with both texts; None when they say the same, so that one may just save."""
        article = Article.objects.select_related("updated_by").get(pk=form.instance.pk)
        theirs = article.revisions.select_related("saved_by").get(number=article.version)
        mine = posted_content(form)
        base = _base(article, request)
        merge = merging.merge(base.content if base else None, mine, theirs.content)
        written = Revision.checksum(mine)
        if written == theirs.sha256 and not problems:
            request.POST = _based_on(request, article.version)
            return None
        if base and written == base.sha256 and not problems:
            sentence = _("%(name)s saved this article meanwhile; you had changed nothing.")
            names = {"name": display_name(theirs.saved_by)}
            self.message_user(request, sentence % names, messages.INFO)
            return HttpResponseRedirect(change_url(article))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "article": article,
            "title": _("Two texts of one article"),
            "theirs": theirs,
            "their_name": display_name(theirs.saved_by),
            "is_oneself": theirs.saved_by_id == request.user.pk,
            "base": base,
            "written_from": _written_from(request),
            "merge": merge,
            **_asked(merge, request),
            "carried": _carried(request),
            "problems": problems,
            "was_publishing": bool({"_publish", "_submit"} & request.POST.keys()),
        }
        return TemplateResponse(
            request, "admin/articles/article/conflict.html", context, status=409
        )


def posted_content(form: ModelForm) -> dict[str, Any]:
    """What a revision would hold if this valid form were saved."""
    article, typed = copy.copy(form.instance), form.cleaned_data
    figures = markup.read_figures(typed["body"])
    article.body = markup.emptied(typed["body"])
    pictures = {image for figure in figures for image in figure.images}
    article.cover_id = typed["cover"] if typed["cover"] in pictures else None
    lines = typed.get("attachments")
    if lines is None:
        rows = article.attachments.filter(order__gt=0) if article.pk else []
        lines = [writing.AttachmentLine(row.pk, row.title) for row in rows]
    return writing.content_from(article, figures, typed["tags"], lines)


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


def _int(typed: str | None) -> int:
    """A version's number; 0, which none has, for anything else."""
    return number_in(typed) or 0


def _written_from(request: HttpRequest) -> int:
    return _int(request.POST.get(WRITTEN_FROM)) or _int(request.POST.get("based_on"))


def _base(article: Article, request: HttpRequest) -> Revision | None:
    """What the posted text was written from; None when an autosave was folded away since.

    Nothing stands in for it: an older text would make changes look like none, and none like some.
    """
    return article.revisions.filter(number=_written_from(request)).first()


def _asked(merge: merging.Merge, request: HttpRequest) -> dict[str, Any]:
    """What is asked; nothing of whole texts to choose from, which would take seconds to compare."""
    if not merge.can_be_chosen:
        return {}
    choices = _choices(request)
    return {
        "questions": merging.questions(merge, choices),
        "stretches": merging.stretches(merge, choices),
    }


def _choices(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(CHOICE): str(value)
        for name, value in request.POST.items()
        if name.startswith(CHOICE)
    }


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_CARRIED and not name.startswith(CHOICE)
    ]


def _based_on(request: HttpRequest, version: int) -> Any:
    data = request.POST.copy()
    data["based_on"] = str(version)
    return data


def _limits(content: dict[str, Any]) -> list[str]:
    """Two texts within the limits may be beyond them together."""
    problems = []
    body = content["body"]
    if len(body) > MOST_CHARACTERS or markup.count_blocks(body) > MOST_BLOCKS:
        problems.append(_("Together the texts are too long. Keep one of them."))
    if len(content["images"]) > MOST_PICTURES:
        problems.append(_("Together the texts hold more than 500 pictures. Keep one of them."))
    if len(content["tags"]) > MOST_TAGS:
        problems.append(_("Together there are more than 20 tags. Keep one text, then add tags."))
    # Two captions of one group are put together.
    body = writing.with_words(content["body"], content["images"], content["videos"])
    return problems + writing.figure_faults(markup.read_figures(body))
