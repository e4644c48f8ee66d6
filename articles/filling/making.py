"""Makes up stories, a batch at a time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from io import BytesIO

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max, Model
from PIL import Image
from taggit.models import Tag, TaggedItem

from articles import figures, pictures, renditions, writing
from articles.filling.words import (
    DEEDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    HEADS,
    RESULTS,
    SUBJECTS,
    TAGS,
    TIMES,
)
from articles.listing import keeping
from articles.models import (
    Article,
    ArticleImage,
    ArticleViews,
    Channel,
    Department,
    Edition,
    Revision,
)
from articles.renditions import Photograph
from articles.searching import indexing
from articles.statistics import facts

YEARS = 10
PICTURES = 4
SHARED_FILES = 6
AUTHOR = "synthetic"
PARAGRAPHS = 12
SENTENCES = 5


class Filler:
    paragraphs = PARAGRAPHS
    pictures = PICTURES

    def __init__(self, now: datetime):
        self.now = now
        self.random = random.Random(2_000)
        self.author, _created = User.objects.get_or_create(
            username=AUTHOR, defaults={"is_active": False}
        )
        self.channels = list(Channel.objects.filter(children=None)) or [
            Channel.objects.create(name="合成", slug="synthetic")
        ]
        self.departments = list(Department.objects.all()) or [
            Department.objects.create(name="合成单位", short_name="合成")
        ]
        self.tags = _tags()
        self.tagged = ContentType.objects.get_for_model(Article)
        self.files = _shared_files(self.author)
        self.figures = self._printed_figures()
        self.next_article = next_id(Article)
        self.next_image = next_id(ArticleImage)
        self.next_revision = next_id(Revision)

    def _printed_figures(self) -> list[tuple[ArticleImage, str, Photograph, str, str]]:
        """(file, caption, its cover, its HTML as the first picture, as a later one)."""
        printed = []
        for file in self.files:
            renditions.expose([file], file)
            for _ in range(8):
                file.caption = self._sentence()
                photograph = renditions.photographs([file])[file.pk]
                first = figures.print_photograph(photograph, is_first=True)
                later = figures.print_photograph(photograph, is_first=False)
                cover = renditions.cover_photograph(file)
                printed.append((file, file.caption, cover, first, later))
        return printed

    def _sentence(self) -> str:
        pick = self.random.choice
        return f"{pick(TIMES)}，{pick(SUBJECTS)}{pick(DEEDS)}，{pick(RESULTS)}。"

    @transaction.atomic
    def add(self, start: int, count: int, *, of: int) -> None:
        stories = [self._story(start + place, of) for place in range(count)]
        Article.objects.bulk_create([story[0] for story in stories])
        ArticleImage.objects.bulk_create([image for story in stories for image in story[1]])
        Revision.objects.bulk_create([story[2] for story in stories])
        Edition.objects.bulk_create([story[3] for story in stories])
        facts.keep_new(story[3] for story in stories)
        ArticleViews.objects.bulk_create([story[4] for story in stories])
        indexing.index_new(
            [story[3] for story in stories], [(story[0], story[2].content) for story in stories]
        )
        TaggedItem.objects.bulk_create(
            TaggedItem(tag=self.tags[name], content_type=self.tagged, object_id=story[3].pk)
            for story in stories
            for name in story[3].tag_names
        )
        keeping.shelve_new(story[3] for story in stories)

    def _story(
        self, place: int, of: int
    ) -> tuple[Article, list[ArticleImage], Revision, Edition, ArticleViews]:
        pick = self.random.choice
        paragraphs = [
            "".join(self._sentence() for _ in range(SENTENCES)) for _ in range(self.paragraphs)
        ]
        figures = self.random.sample(self.figures, PICTURES)
        article = Article(
            pk=self.next_article,
            title=f"{pick(SUBJECTS)}{pick(HEADS)} {pick(DEEDS)}",
            channel=pick(self.channels),
            source_department=pick(self.departments),
            byline=" ".join(self._name() for _ in range(self.random.choice((1, 1, 2)))),
            status=Article.Status.PUBLISHED,
            version=1,
            created_by=self.author,
            updated_by=self.author,
        )
        images = self._images(article, figures[: self.pictures])
        printed = [figures[0][3], *(figure[4] for figure in figures[1:])]
        stored, shown = _bodies(paragraphs, images, printed)
        tags = sorted(self.random.sample(TAGS, 2))
        article.body = stored
        published_at = self.now - timedelta(days=365 * YEARS) * (1 - (place + 1) / of)
        revision = self._revision(article, images, tags)
        edition = self._edition(article, revision, shown, paragraphs, figures[0][2], published_at)
        edition.tag_names = tags
        self.next_article += 1
        views = ArticleViews(article_id=article.pk, base=self.random.randrange(20, 5_000))
        return article, images, revision, edition, views

    def _name(self) -> str:
        return self.random.choice(FAMILY_NAMES) + self.random.choice(GIVEN_NAMES)

    def _images(self, article: Article, figures: list) -> list[ArticleImage]:
        images = []
        for order, (file, caption, *_printed) in enumerate(figures, start=1):
            images.append(
                ArticleImage(
                    pk=self.next_image,
                    article=article,
                    order=order,
                    file=file.file.name,
                    width=file.width,
                    height=file.height,
                    original=file.original.name,
                    original_name=file.original_name,
                    sha256=file.sha256,
                    caption=caption,
                    uploaded_by=self.author,
                )
            )
            self.next_image += 1
        return images

    def _revision(self, article: Article, images: list[ArticleImage], tags: list[str]) -> Revision:
        content = writing.content_of(article, [image.snapshot() for image in images], tags)
        revision = Revision(
            pk=self.next_revision,
            article=article,
            number=1,
            content=content,
            sha256=Revision.checksum(content),
            saved_by=self.author,
        )
        self.next_revision += 1
        return revision

    def _edition(
        self,
        article: Article,
        revision: Revision,
        body: str,
        paragraphs: list[str],
        cover: Photograph,
        published_at: datetime,
    ) -> Edition:
        return Edition(
            article=article,
            revision=revision,
            title=article.title,
            summary=paragraphs[0][:90],
            body=body,
            plain_text="\n".join(paragraphs),
            channel_id=article.channel_id,
            department_id=article.source_department_id,
            source_name=article.source_name,
            byline=article.byline,
            cover=cover.as_dict(),
            pictures=figures.count_in(body),
            published_at=published_at,
            reprinted_at=published_at,
        )


class FastFiller(Filler):
    paragraphs = 1
    pictures = 0


def _tags() -> dict[str, Tag]:
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=TAGS)}
    for name in TAGS:
        if name not in known:
            known[name] = Tag.objects.create(name=name)
    return known


def _bodies(
    paragraphs: list[str], images: list[ArticleImage], printed: list[str]
) -> tuple[str, str]:
    """The body as stored and as printed: a picture after every third paragraph."""
    stored, shown = [], []
    for number, paragraph in enumerate(paragraphs):
        text = f"<p>{paragraph}</p>"
        stored.append(text)
        shown.append(text)
        picture = number // 3
        if number % 3 == 0 and picture < len(images):
            stored.append(f'<figure data-image="{images[picture].pk}"></figure>')
            shown.append(printed[picture])
    return "".join(stored), "".join(shown)


def _shared_files(author: User) -> list[ArticleImage]:
    """Uploads whose files all synthetic stories show."""
    known = list(ArticleImage.objects.filter(uploaded_by=author, article=None)[:SHARED_FILES])
    while len(known) < SHARED_FILES:
        shade = 60 + 25 * len(known)
        buffer = BytesIO()
        Image.linear_gradient("L").resize((1500, 1000)).point(
            lambda value, shade=shade: (value + shade) // 2
        ).save(buffer, "JPEG")
        upload = SimpleUploadedFile(f"synthetic-{len(known)}.jpg", buffer.getvalue())
        known.append(pictures.accept(upload, by=author))
    return known


def next_id(model: type[Model]) -> int:
    """Behind the last row there is."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
