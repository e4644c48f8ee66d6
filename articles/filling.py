"""Synthetic published articles in bulk: the same rows publishing makes, made a batch at a time.

For benchmarks on an otherwise idle database: row numbers are reserved ahead, so that bodies can
name their pictures without a second write. Every story has its article, revision, edition, four
captioned pictures and sums; the picture files are shared by all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone
from PIL import Image
from taggit.models import Tag, TaggedItem

from articles import figures, pictures, renditions, writing
from articles.listing import keeping
from articles.listing.pages import beginning_of, following
from articles.models import (
    Article,
    ArticleImage,
    ArticleViews,
    Channel,
    Department,
    Edition,
    EditionFacts,
    Revision,
    ShelvedStory,
)
from articles.renditions import Photograph
from articles.searching import indexing
from articles.statistics import facts
from newsroom import bulk

BATCH = 1_000
# Of a fast filling; the others are copies of them.
ORIGINALS = 5_000
YEARS = 10
PICTURES = 4
SHARED_FILES = 6
AUTHOR = "synthetic"
PARAGRAPHS = 12
SENTENCES = 5

# What a story consists of, and which column names it there; what copies of it have of their own.
COPIED: dict[type[Model], str] = {
    Article: "id",
    Revision: "article_id",
    Edition: "article_id",
    EditionFacts: "article_id",
    ArticleViews: "article_id",
    TaggedItem: "object_id",
    ShelvedStory: "article_id",
}
NUMBERS = ("id", "article_id", "revision_id", "object_id")
MOMENTS = ("published_at", "reprinted_at")
# The day of `published_at`, where readers are.
DAY = "published_on"

SUBJECTS = (
    "矿区 电厂 车间 项目部 技术中心 运输队 检修班 调度室 选煤厂 变电站 实验室 青年突击队".split()
)
TIMES = "本月初 入冬以来 上周三 第三季度 节日期间 清晨六点 连日来 半年间".split()
DEEDS = (
    "完成了主提升机的换绳与调试 把设备停机时间压缩了四成 对巷道支护逐段复核 组织了三轮应急演练 "
    "为偏远班组送去热饭和药品 推广了一线员工提出的小改小革 更新了全部巡检标牌 "
    "与兄弟单位共享备件库存 整理出一套看得懂用得上的操作图册 将检修记录搬到了线上"
).split()
RESULTS = (
    "工友们说干起活来心里更有底 现场安全员在本子上写下合格二字 产量曲线重新抬头 "
    "算下来一年能省出两台新车的钱 老师傅带着徒弟又走了一遍流程 参观的同行当场记下了做法 "
    "下一步将在更多单位推开 群众送来的锦旗挂在了值班室门口"
).split()
TAGS = (
    "安全生产 先进典型 科技创新 绿色矿山 青年建功 班组建设 节能降耗 精益管理 志愿服务 职工书屋 "
    "技能比武 降本增效 防汛 冬季供暖 智能开采 党员示范岗"
).split()
FAMILY_NAMES = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 马 朱 胡 郭 何 高 林 罗".split()
GIVEN_NAMES = "芳 伟 敏 静 磊 洋 艳 勇 军 杰 娟 涛 明 超 秀兰 建国 晓东 海燕 志强 雪梅".split()
HEADS = "凝心聚力 稳字当头 精益求精 同向同行 务实笃行 向新而进 安全为先 绿色发展".split()


def fill(articles: int, *, now: datetime, fast: bool = False) -> Iterator[int]:
    """Adds that many articles; yields how many are there after each batch.

    `fast`: one paragraph, no pictures in the text, and after the first thousands copies of them:
    for lists of a million.
    """
    originals = min(articles, ORIGINALS) if fast else articles
    writer = _FastFiller(now) if fast else _Filler(now)
    for start in range(0, originals, BATCH):
        writer.add(start, min(BATCH, originals - start), of=originals)
        yield min(start + BATCH, originals)
    if articles > originals:
        number = -(-articles // originals) - 1
        copies = _Copies(originals, now, of=number)
        for copy in range(1, number + 1):
            done = originals * copy
            copies.add(copy, min(originals, articles - done))
            yield min(done + originals, articles)
        keeping.recount()
    with connection.cursor() as cursor:
        models = [Article, ArticleImage, Revision]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


class _Filler:
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
        self.next_article = _next_id(Article)
        self.next_image = _next_id(ArticleImage)
        self.next_revision = _next_id(Revision)

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


class _FastFiller(_Filler):
    paragraphs = 1
    pictures = 0


class _Copies:
    """Copies of the newest stories, row by row: the same words, each a little later in its month.

    Nothing is made up and no object is built, so that a million takes minutes. Search does not
    know them.
    """

    def __init__(self, originals: int, now: datetime, *, of: int):
        self.originals = originals
        self.last = _next_id(Article) - 1
        self.tables = [_Table(model, self.last - originals) for model in COPIED]
        rows = Edition.objects.filter(pk__gt=self.last - originals)
        self.steps = {
            article: (min(now, _end_of_month(moment)) - moment) / (of + 1)
            for article, moment in rows.values_list("pk", "published_at")
        }

    @transaction.atomic
    def add(self, number: int, count: int) -> None:
        """The copy of that number, of the first `count` stories."""
        shift = number * self.originals
        end = self.last - self.originals + count
        for table in self.tables:
            bulk.insert(table.name, table.columns, table.copies(shift, number, end, self.steps))


class _Table:
    """What the originals have in one table."""

    def __init__(self, model: type[Model], after: int):
        columns = [str(field.column) for field in model._meta.concrete_fields]
        if model is TaggedItem:
            columns.remove("id")
        self.name = model._meta.db_table
        self.columns = columns
        self.article = columns.index(COPIED[model])
        self.numbers = [columns.index(name) for name in NUMBERS if name in columns]
        self.moments = [columns.index(name) for name in MOMENTS if name in columns]
        self.day = columns.index(DAY) if DAY in columns else None
        names = ", ".join(map(connection.ops.quote_name, columns))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM {self.name} WHERE {COPIED[model]} > %s",  # noqa: S608
                [after],
            )
            self.rows = cursor.fetchall()

    def copies(
        self, shift: int, number: int, end: int, steps: dict[int, timedelta]
    ) -> Iterator[list[Any]]:
        for row in self.rows:
            article = row[self.article]
            if article > end:
                continue
            copy = list(row)
            for place in self.numbers:
                copy[place] += shift
            for place in self.moments:
                moment = copy[place]
                if isinstance(moment, str):
                    moment = datetime.fromisoformat(moment)
                # SQLite knows no zones.
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                moment += number * steps[article]
                copy[place] = connection.ops.adapt_datetimefield_value(moment)
                if self.day is not None:
                    copy[self.day] = str(timezone.localdate(moment))
            yield copy


def _end_of_month(moment: datetime) -> datetime:
    return beginning_of(following(keeping.month_of(moment)))


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


def _next_id(model: type[Model]) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
