"""Where the pages of an article stand on the desk."""

from __future__ import annotations

from django.urls import reverse

from articles.models import Article


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def review_url(article: Article) -> str:
    return reverse("admin:articles_article_review", args=[article.pk])


def views_url(article_id: int) -> str:
    """The page 人气 of an article."""
    return reverse("admin:articles_article_views", args=[article_id])


def move_url(article: Article, name: str) -> str:
    """The page on which a move is made."""
    if name == "withdraw":
        return reverse("admin:articles_article_withdraw", args=[article.pk])
    return reverse("admin:articles_article_move", args=[article.pk, name.replace(" ", "-")])
