"""Synthetic published articles in bulk: the same rows publishing makes, made a batch at a time.

For benchmarks on an otherwise idle database: row numbers are reserved ahead, so that bodies can
name their pictures without a second write. Every story has its article, revision, edition, four
captioned pictures and sums; the picture files are shared by all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from PIL import Image

from articles import figures, pictures, renditions, writing
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

BATCH = 1_000
YEARS = 10
PICTURES = 4
SHARED_FILES = 6
AUTHOR = "synthetic"
PARAGRAPHS = 12
SENTENCES = 5

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
HEADS = "凝心聚力 稳字当头 精益求精 同向同行 务实笃行 向新而进 安全为先 绿色发展".split()


def fill(articles: int, *, now: datetime) -> Iterator[int]:
    """Adds that many articles; yields how many are there after each batch."""
    writer = _Filler(now)
    for start in range(0, articles, BATCH):
        writer.add(start, min(BATCH, articles - start), of=articles)
        yield min(start + BATCH, articles)
    with connection.cursor() as cursor:
        models = [Article, ArticleImage, Revision]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


class _Filler:
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
        ArticleViews.objects.bulk_create([story[4] for story in stories])

    def _story(
        self, place: int, of: int
    ) -> tuple[Article, list[ArticleImage], Revision, Edition, ArticleViews]:
        pick = self.random.choice
        paragraphs = [
            "".join(self._sentence() for _ in range(SENTENCES)) for _ in range(PARAGRAPHS)
        ]
        figures = self.random.sample(self.figures, PICTURES)
        article = Article(
            pk=self.next_article,
            title=f"{pick(SUBJECTS)}{pick(HEADS)} {pick(DEEDS)}",
            channel=pick(self.channels),
            source_department=pick(self.departments),
            byline="合成",
            status=Article.Status.PUBLISHED,
            version=1,
            created_by=self.author,
            updated_by=self.author,
        )
        images = self._images(article, figures)
        stored, printed = _bodies(
            paragraphs, images, [figures[0][3], *(figure[4] for figure in figures[1:])]
        )
        article.body = stored
        published_at = self.now - timedelta(days=365 * YEARS) * (1 - (place + 1) / of)
        revision = self._revision(article, images)
        edition = self._edition(article, revision, printed, paragraphs, figures[0][2], published_at)
        self.next_article += 1
        views = ArticleViews(article_id=article.pk, base=self.random.randrange(20, 5_000))
        return article, images, revision, edition, views

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

    def _revision(self, article: Article, images: list[ArticleImage]) -> Revision:
        content = writing.content_of(article, [image.snapshot() for image in images], [])
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
            published_at=published_at,
            reprinted_at=published_at,
        )


def _bodies(
    paragraphs: list[str], images: list[ArticleImage], printed: list[str]
) -> tuple[str, str]:
    """The body as stored and as printed: a picture after every third paragraph."""
    stored, shown = [], []
    for number, paragraph in enumerate(paragraphs):
        text = f"<p>{paragraph}</p>"
        stored.append(text)
        shown.append(text)
        if number % 3 == 0:
            picture = number // 3
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
