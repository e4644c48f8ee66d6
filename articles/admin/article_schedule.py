"""定时发布 and 下线: from when and until when readers see a story, in the newsroom's time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import publishing, tracking, workflow
from articles.admin.article_moves import ArticleMoves
from articles.admin.move_requests import actor, may_ever, posted_version, was_made_already
from articles.admin.numbers import number_in
from articles.models import Article, Edition, Transition
from articles.publishing import Period

# What `<input type="datetime-local">` sends and takes.
TYPED_MOMENT = "%Y-%m-%dT%H:%M:%S"
# Moves after which readers see a story from or until another moment.
TIMED = ("publish", "reschedule", "end", "withdraw")


def schedule_url(article: Article) -> str:
    return reverse("admin:articles_article_schedule", args=[article.pk])


class Mistyped(Exception):
    """A moment that is none; the message is a sentence staff can read."""


class ArticleSchedule(ArticleMoves):
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/schedule/",
            self.admin_site.admin_view(self.schedule),
            name="articles_article_schedule",
        )
        return [own, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the moments as they are. POST: prints with these moments what may be printed,
        or gives the printed edition others (`what`: "print" or "times")."""
        article = self.get_object(request, object_id)
        if article is None or not may_ever(request, "publish", article):
            raise Http404
        if request.method != "POST" and not _may(request, article):
            raise Http404
        problems: list[str] = []
        if request.method == "POST":
            is_print = request.POST.get("what") == "print"
            try:
                if is_print and was_made_already(request, "publish", article):
                    self.tell_made_already(request)
                else:
                    self._carry_out(request, article)
            except Mistyped as mistake:
                problems = [str(mistake)]
            except Article.DoesNotExist as error:
                raise Http404 from error
            except workflow.MoveRefused as refusal:
                if is_print and was_made_already(request, "publish", article):
                    self.tell_made_already(request)
                else:
                    problems = refusal.reasons
            if not problems:
                return HttpResponseRedirect(self.url_after(request, article))
        return self._times_page(request, article, problems)

    def _carry_out(self, request: HttpRequest, article: Article) -> None:
        period = Period(_moment(request, "starts_at"), _moment(request, "expires_at"))
        if request.POST.get("at") != "moment":
            if period.starts_at and _spelled(period.starts_at) != _known_start(article):
                raise Mistyped(
                    _("You typed a moment and chose “now”. Choose “at this moment”, or empty it.")
                )
            period = Period(None, period.expires_at)
        elif period.starts_at is None:
            raise Mistyped(_("Choose the day and time at which it appears."))
        if request.POST.get("what") == "print":
            version = posted_version(request)
            edition = publishing.publish(article, by=actor(request), version=version, period=period)
            sentence = _("Published version %(version)d") % {"version": version}
            self.log_change(request, article, sentence)
            self.tell_published(request, edition)
            return
        if _are_as_asked(article, period):
            self.message_user(request, _("These are its times already; nothing was changed."))
            return
        _refuse_unseen_times(request, article)
        edition = publishing.reschedule(article, period, by=actor(request))
        self.log_change(request, article, _("Changed the times"))
        self.message_user(request, times_sentence(edition), messages.SUCCESS)

    def _times_page(
        self, request: HttpRequest, article: Article, problems: list[str]
    ) -> HttpResponse:
        edition = Edition.objects.for_lists().filter(article=article.pk).first()
        typed = request.POST if request.method == "POST" else _moments(edition)
        may_print = workflow.can(request.user, "publish", article)
        is_out = article.is_published and edition is not None and not edition.is_waiting
        is_new_text = not article.is_published or article.is_changed_since_published
        context = {
            **self.admin_site.each_context(request),
            "title": _("Times of publication"),
            "article": article,
            "opts": self.opts,
            "edition": edition if article.is_published else None,
            "is_out": is_out,
            # The newest text with these moments, or the moments of what is printed.
            "what": "print" if may_print and is_new_text else "times",
            "is_new_text": is_new_text,
            "typed": typed,
            "now": timezone.localtime(),
            "seen": tracking.last_number(article),
            "back": self.url_after(request, article),
            "problems": problems,
        }
        return TemplateResponse(
            request,
            "admin/articles/article/schedule.html",
            context,
            status=422 if problems else 200,
        )


def times_sentence(edition: Edition) -> str:
    """What readers have of a printed story, and until when."""
    sentence = (
        _("Readers see it from %(moment)s.") % {"moment": publishing.spoken(edition.published_at)}
        if edition.is_waiting
        else _("Readers no longer see it.")
        if edition.has_expired
        else _("Readers see it now.")
    )
    if edition.expires_at:
        ends = _("It ends at %(moment)s.") % {"moment": publishing.spoken(edition.expires_at)}
    else:
        ends = _("It has no end.")
    return f"{sentence} {ends}"


def _are_as_asked(article: Article, period: Period) -> bool:
    """Whether readers see the printed story from and until then already, as a second click asks."""
    edition = Edition.objects.for_lists().filter(article=article.pk).first()
    if edition is None or edition.withdrawn_at:
        return False
    known = (edition.published_at if edition.is_waiting else None, edition.expires_at)
    asked = (period.starts_at, period.expires_at)
    return [_spelled(each) for each in known] == [_spelled(each) for each in asked]


def _refuse_unseen_times(request: HttpRequest, article: Article) -> None:
    """Raises workflow.MoveRefused when the times on screen are no longer those there are."""
    seen = number_in(request.POST.get("seen"))
    if seen is None:
        return
    rows = Transition.objects.of(article.pk).filter(number__gt=seen, move__in=TIMED)
    if row := rows.last():
        raise workflow.MoveRefused(
            _(
                "%(name)s changed its times at %(moment)s, after you opened this page. Look at "
                "them above, then keep yours once more if they shall hold."
            )
            % {"name": row.actor_name, "moment": publishing.spoken(row.made_at)}
        )


def _may(request: HttpRequest, article: Article) -> bool:
    return any(workflow.can(request.user, move, article) for move in ("publish", "end"))


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """What was typed, in the newsroom's time; None for nothing. Raises Mistyped."""
    typed = request.POST.get(name, "").strip().replace("\0", "")
    if not typed:
        return None
    try:
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    # A database holds no other years; the rest is said by publishing.
    if moment is None or not 2000 <= moment.year <= 2999:
        raise Mistyped(
            _("“%(typed)s” is no time. Write it like 2026-06-15 08:30.") % {"typed": typed[:40]}
        )
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _moments(edition: Edition | None) -> dict[str, Any]:
    """The moments to come of a printed story, as the page's fields hold them."""
    if edition is None or edition.withdrawn_at:
        # Whoever wants it now has a button for that.
        return {"at": "moment"}
    starts_at = edition.published_at if edition.is_waiting else None
    return {
        "at": "moment" if starts_at else "now",
        "starts_at": _spelled(starts_at),
        "expires_at": _spelled(edition.expires_at),
    }


def _known_start(article: Article) -> str:
    """The moment the page showed of a story that waits for it."""
    edition = Edition.objects.for_lists().filter(article=article.pk).first()
    return _spelled(edition.published_at) if edition and edition.is_waiting else ""


def _spelled(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime(TYPED_MOMENT) if moment else ""
