"""Who else has the form open, and whether somebody saved meanwhile, as answers to its script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import presence, writing
from articles.admin.by_fetch import by_fetch, clock, problem
from articles.admin.numbers import number_in
from articles.admin.sittings import sitting_in
from articles.models import Article
from articles.models.people import display_name

# Above all steps a browser sends: any save of a sitting is an earlier one.
ANY_STEP = 2**62


class ArticlePresence(admin.ModelAdmin):
    if TYPE_CHECKING:
        # Of the class this is mixed into.
        def article_to_edit(self, request: HttpRequest, object_id: str) -> Article: ...

    def get_urls(self) -> list[URLPattern]:
        stay = path(
            "<path:object_id>/presence/",
            by_fetch(self.admin_site, self.stay),
            name="articles_article_presence",
        )
        return [stay, *super().get_urls()]

    def stay(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """A sign of life of an opened form; answers who else is in and whether they saved."""
        article = self.article_to_edit(request, object_id)
        sitting = sitting_in(request.POST.get("sitting"))
        if not sitting:
            return problem(400, _("This form has no number."))
        by = cast(User, request.user)
        before = sitting_in(request.POST.get("instead_of"))
        if before and before != sitting:
            # The page this tab showed before: its own goodbye may still be on its way.
            presence.leave(article, by=by, sitting=before)
        if "gone" in request.POST:
            presence.leave(article, by=by, sitting=sitting)
            return JsonResponse({"people": []})
        presence.stay(article, by=by, sitting=sitting)
        visitors = presence.others(article, by=by, sitting=sitting)
        return JsonResponse(
            {
                "people": [_who(visitor) for visitor in visitors],
                "newer": self.newer(request, article.pk),
            }
        )

    def newer(self, request: HttpRequest, pk: int) -> dict[str, Any] | None:
        """Who saved since this form was opened; None when nobody else did."""
        article = Article.objects.select_related("updated_by").get(pk=pk)
        based_on = request.POST.get("based_on", "")
        if based_on == str(article.version):
            return None
        sitting = writing.Sitting(sitting_in(request.POST.get("sitting")), step=ANY_STEP)
        if writing.is_own_sitting(article, cast(User, request.user), sitting):
            return None
        known = number_in(based_on)
        if known is not None and writing.says_the_same(article, known):
            return None
        return self.newest(request, pk)

    def newest(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        """Who saved the newest version, and where it can be compared with this form's."""
        article = Article.objects.select_related("updated_by").get(pk=pk)
        based_on = number_in(request.POST.get("based_on"))
        is_version = based_on is not None and based_on <= article.version
        who, at = display_name(article.updated_by), clock(article.updated_at)
        story = reverse("admin:articles_article_change", args=[pk]).removesuffix("change/")
        return {
            "by": who,
            "at": at,
            "version": article.version,
            "compare": f"{story}compare/?old={based_on}&new={article.version}"
            if is_version
            else "",
            "problem": _("%(name)s saved version %(version)d of this article at %(time)s.")
            % {"name": who, "version": article.version, "time": at},
        }


def _who(visitor: presence.Visitor) -> str:
    since = date_format(timezone.localtime(visitor.since), "H:i")
    if visitor.is_oneself:
        return _("You have this article open in another window too (since %(time)s).") % {
            "time": since
        }
    if visitor.saved_at:
        saved = date_format(timezone.localtime(visitor.saved_at), "H:i")
        return _("%(name)s is in this article too (since %(time)s, saved at %(saved)s).") % {
            "name": visitor.name,
            "time": since,
            "saved": saved,
        }
    return _("%(name)s is in this article too (since %(time)s).") % {
        "name": visitor.name,
        "time": since,
    }
