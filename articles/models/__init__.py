"""What is there: one file per noun."""

from articles.models.appointment import Appointment, Role
from articles.models.article import Article
from articles.models.attachment import Attachment
from articles.models.bulk_run import BulkRun
from articles.models.channel import Channel
from articles.models.comment import Comment
from articles.models.content_class import ContentClass
from articles.models.correction import Correction
from articles.models.department import Department
from articles.models.edition import Edition
from articles.models.edition_facts import EditionFacts
from articles.models.freshness import Freshness, FreshnessMark
from articles.models.grey_period import GreyPeriod
from articles.models.image import ArticleImage
from articles.models.manuscript import ManuscriptUse
from articles.models.monthly_views import MonthlyViews
from articles.models.notice import Notice, NoticeWish
from articles.models.placement import Placement
from articles.models.placement_picture import PlacementPicture
from articles.models.point_rule import PointRule
from articles.models.presence import Presence
from articles.models.preview_link import PreviewLink
from articles.models.review_chain import ReviewChain
from articles.models.review_link import ReviewLink
from articles.models.revision import Revision
from articles.models.save_receipt import SaveReceipt
from articles.models.search_entry import ArticleEntry, EditionEntry
from articles.models.search_message import SearchMessage
from articles.models.search_miss import SearchMiss
from articles.models.series import Installment, Series
from articles.models.shelf import Shelf, ShelfMonth, ShelvedStory
from articles.models.site_link import SiteLink
from articles.models.stage import Stage
from articles.models.story_template import StoryTemplate
from articles.models.topic import (
    SectionStory,
    Topic,
    TopicBanner,
    TopicMaterial,
    TopicSection,
)
from articles.models.transition import RecordHead, RecordIsFinal, Transition
from articles.models.video import Video
from articles.models.view_counter import (
    ArticleViews,
    DailyViews,
    DaySalt,
    HourlyViews,
    Outcome,
    UncountedViews,
    ViewInbox,
    ViewLedger,
)
from articles.models.view_review import KnownNetwork, Suspicion, ViewCorrection, ViewHold

__all__ = [
    "Appointment",
    "Article",
    "ArticleEntry",
    "ArticleImage",
    "ArticleViews",
    "Attachment",
    "BulkRun",
    "Channel",
    "Comment",
    "ContentClass",
    "Correction",
    "DailyViews",
    "DaySalt",
    "Department",
    "Edition",
    "EditionEntry",
    "EditionFacts",
    "Freshness",
    "FreshnessMark",
    "GreyPeriod",
    "HourlyViews",
    "Installment",
    "KnownNetwork",
    "ManuscriptUse",
    "MonthlyViews",
    "Notice",
    "NoticeWish",
    "Outcome",
    "Placement",
    "PlacementPicture",
    "PointRule",
    "Presence",
    "PreviewLink",
    "RecordHead",
    "RecordIsFinal",
    "ReviewChain",
    "ReviewLink",
    "Revision",
    "Role",
    "SaveReceipt",
    "SearchMessage",
    "SearchMiss",
    "SectionStory",
    "Series",
    "Shelf",
    "ShelfMonth",
    "ShelvedStory",
    "SiteLink",
    "Stage",
    "StoryTemplate",
    "Suspicion",
    "Topic",
    "TopicBanner",
    "TopicMaterial",
    "TopicSection",
    "Transition",
    "UncountedViews",
    "Video",
    "ViewCorrection",
    "ViewHold",
    "ViewInbox",
    "ViewLedger",
]
