"""Public files: only the renditions of live stories."""

from __future__ import annotations

import pytest

from articles import publishing, renditions
from articles.models import Article
from tests.factories import figure, make_article, make_edition, make_image

pytestmark = pytest.mark.django_db


class TestPublicFile:
    def test_serves_the_pictures_of_a_live_story_for_ever(self, client, editor):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        answer = client.get(edition.cover["source"])
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_never_serves_originals_clean_copies_or_drafts(self, client, editor):
        image = make_image(by=editor)
        make_article(by=editor, body=figure(image))
        private = [image.original.name, image.file.name, *renditions.prepare(image).values()]
        for name in private:
            assert image.file.storage.exists(name)
            assert client.get(f"/media/{name}").status_code == 404

    def test_disappears_with_the_withdrawal_and_comes_back(self, client, editor):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        article = Article.objects.get(pk=edition.pk)
        publishing.withdraw(article, by=editor, reason="有误")
        # Withdrawal acts at commit, which a test does not reach by itself.
        renditions.conceal(article.images.all())
        assert client.get(edition.cover["source"]).status_code == 404
        publishing.publish(article, by=editor)
        assert client.get(edition.cover["source"]).status_code == 200

    def test_never_leaves_its_folder(self, client, editor):
        image = make_image(by=editor)
        assert image.file.storage.exists(image.file.name)
        assert client.get(f"/media/public/../{image.file.name}").status_code == 404

    @pytest.mark.parametrize(
        "name",
        [
            "public/../originals/x.jpg",
            "public/%2e%2e/%2e%2e/manage.py",
            "public/..%2f..%2fdb.sqlite3.jpg",
            "public/",
            "public",
            "public/x.svg",
            "public/x.html",
            "/etc/passwd",
            "public/" + "x" * 5000 + ".jpg",
        ],
    )
    def test_refuses_odd_names(self, client, name):
        assert client.get(f"/media/{name}").status_code in (400, 404)
