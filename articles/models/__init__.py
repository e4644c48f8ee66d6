"""What is there: one file per noun."""

from articles.models.article import Article, SaveReceipt
from articles.models.attachment import Attachment
from articles.models.channel import Channel
from articles.models.department import Department
from articles.models.edition import Edition
from articles.models.image import ArticleImage
from articles.models.presence import Presence
from articles.models.preview_link import PreviewLink
from articles.models.revision import Revision
from articles.models.story_template import StoryTemplate
from articles.models.video import Video
from articles.models.view_counter import ArticleViews, DailyViews, DaySalt, ViewInbox, ViewLedger

__all__ = [
    "Article",
    "ArticleImage",
    "ArticleViews",
    "Attachment",
    "Channel",
    "DailyViews",
    "DaySalt",
    "Department",
    "Edition",
    "Presence",
    "PreviewLink",
    "Revision",
    "SaveReceipt",
    "StoryTemplate",
    "Video",
    "ViewInbox",
    "ViewLedger",
]
