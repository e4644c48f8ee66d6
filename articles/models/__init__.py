"""What is there: one file per noun."""

from articles.models.article import Article, SaveReceipt
from articles.models.channel import Channel
from articles.models.department import Department
from articles.models.edition import Edition
from articles.models.image import ArticleImage
from articles.models.revision import Revision
from articles.models.view_counter import ArticleViews, DailyViews, DaySalt, ViewInbox, ViewLedger

__all__ = [
    "Article",
    "ArticleImage",
    "ArticleViews",
    "Channel",
    "DailyViews",
    "DaySalt",
    "Department",
    "Edition",
    "Revision",
    "SaveReceipt",
    "ViewInbox",
    "ViewLedger",
]
