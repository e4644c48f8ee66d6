"""Whatever is said to be a body: the article opens, in the form and on the portal."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles import markup, publishing, writing
from tests.factories import make_article, make_image
from tests.test_markup import HOSTILE, _Inventory, assert_harmless, soup

# The rows change with each example on purpose: one article takes whatever comes next.
repeated = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.django_db
class TestHostileBody:
    @repeated
    @given(st.one_of(soup, st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)))
    @example("".join(HOSTILE))
    @example("<table><tr><td>" * 7 + '<figure data-image="1"><figcaption>一')
    def test_leaves_an_article_that_opens(self, as_editor, editor, html):
        image = make_image(by=editor)
        body = f"<p>正文。</p>{html}".replace('data-image="1"', f'data-image="{image.pk}"')
        article = make_article(by=editor, body=body)

        form = as_editor.get(reverse("admin:articles_article_change", args=[article.pk]))
        assert form.status_code == 200
        shown = form.context["adminform"].form["body"].value()
        assert shown == writing.body_for_editor(article)
        assert_harmless(shown)
        # Saved again as it came, it stays what it is.
        assert markup.emptied(markup.clean(shown)) == article.body

        # Without a caption no picture is published.
        article.images.filter(caption="").update(caption="图注。")
        edition = publishing.publish(article, by=editor)
        assert as_editor.get(article.get_absolute_url()).status_code == 200
        printed = _Inventory(edition.body)
        assert not printed.tags & {"script", "style", "iframe", "object", "svg", "form"}
        assert not [name for _tag, name in printed.attributes if name.startswith("on")]
        schemes = {address.strip().partition(":")[0].lower() for address in printed.addresses}
        assert not schemes & {"javascript", "vbscript", "data", "file"}
