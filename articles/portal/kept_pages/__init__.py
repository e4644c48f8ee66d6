"""Public pages are rendered once and kept, compressed, until something readers see changes.

All processes of a machine share what they keep (`store`). A page is right as long as the
generation of the portal is the one it was rendered in, or the marks of all it shows are the same
(`articles.freshness`), and no moment has come at which time alone changes it: one small statement
a request, whatever the page shows. When many readers ask for a page that has just changed, one of
them renders it and the others of the process wait for that (`making`).

    @kept("page", "year", life=timedelta(minutes=10))
    def channel(request, slug): …

The parameters are those of the query string the view reads; all others are ignored. Only what is
there for everybody is kept: 200 and 410. Refusals, errors and what `not_kept` names are not. A
view that shows something which ends at a moment of its own says so with `until`; one that knows
the marks of all it shows names them with `shows`, and outlives changes elsewhere.

What is kept here, nginx may keep for a second, and nothing else (decision 0010).
"""

from articles.portal.kept_pages.decorator import kept, not_kept, until
from articles.portal.kept_pages.making import once, shows
from articles.portal.kept_pages.middleware import answer_kept_pages

__all__ = ["answer_kept_pages", "kept", "not_kept", "once", "shows", "until"]
