"""Stories on their way: one chain of reviews, and something at every stage of it.

All of it takes the road of real stories: moves, notices and the record are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from articles import planning, publishing, reviewing, writing
from articles.demo import people as cast
from articles.models import Article, Channel, Comment, Department, ReviewChain
from articles.publishing import Period
from articles.recording import Actor

# The channel, with those beneath it, whose stories are reviewed; the others need no review.
REVIEWED = "news"


@dataclass(frozen=True)
class Step:
    """A move of somebody; “publish” prints."""

    move: str
    by: str
    reason: str = ""


SUBMIT = Step("submit", "writer")
UNIT = Step("approve", "unit")
EDITED = Step("submit", "editor")
FIRST, SECOND, FINAL = (Step("approve", name) for name in ("first", "second", "final"))
PRINT = Step("publish", "publisher")


@dataclass(frozen=True)
class Manuscript:
    """`comment`: (by whom, passage, words, suggested wording or None)."""

    title: str
    text: str
    source: str
    steps: tuple[Step, ...] = ()
    by: str = "writer"
    channel: str = "units"
    planned_in: int | None = None
    comment: tuple[str, str, str, str | None] | None = None


MANUSCRIPTS = (
    Manuscript(
        "栎坪煤矿组织冬季救援演练",
        "演练设定副斜井皮带着火，救护队九分钟到达现场。\n演练总结待安监科核对后补写。",
        "liping",
    ),
    Manuscript(
        "墨沟煤矿智能化工作面单月推进创新高",
        "十一月，墨沟煤矿3207智能化工作面推进286米，比上月多31米。\n"
        "工作面实行“一键启停”，跟机作业由九人减为四人。",
        "mogou",
        (SUBMIT,),
        planned_in=3,
    ),
    Manuscript(
        "望岫选煤厂完成浮选系统年度检修",
        "检修历时四天，更换刮板六组，浮选机液位控制改为自动调节。\n"
        "检修期间生产计划同步调整，外运未受影响。",
        "prep",
        (SUBMIT, UNIT),
    ),
    Manuscript(
        "煤业公司入冬首月外运电煤过百万吨",
        "入冬首月，煤业公司外运电煤102万吨，日均装车62列次。\n"
        "三座矿井错峰检修，保证重点电厂存煤不低于十五天。",
        "coal",
        (SUBMIT, UNIT, EDITED),
        comment=("first", "日均装车62列次", "请与物流公司核对口径，是“列次”还是“车”？", None),
    ),
    Manuscript(
        "栎坪煤矿职工书屋办起夜读会",
        "每周四晚八点，下班矿工在书屋读一小时书，已办十一期。\n"
        "书屋藏书六千册，三分之一由职工捐赠。",
        "liping",
        (SUBMIT, UNIT, EDITED, FIRST),
    ),
    Manuscript(
        "煤业公司推行班前安全“三问”",
        "问身体、问隐患、问措施，每班用时不超过五分钟。\n"
        "推行三个月来，三座矿井轻伤事故同比下降四成。",
        "coal",
        (SUBMIT, UNIT, EDITED, FIRST, SECOND),
        planned_in=1,
        comment=("final", "同比下降四成", "用准确数字。", "同比减少六起"),
    ),
    Manuscript(
        "墨沟煤矿矿井水回用率提高到九成",
        "深度处理站投用后，矿井水用于井下降尘和地面绿化。\n全年可少取地下水约四十万立方米。",
        "mogou",
        (SUBMIT, UNIT, EDITED, FIRST, SECOND, FINAL),
    ),
    Manuscript(
        "望岫选煤厂青年突击队抢修皮带机",
        "昨夜零点，三号皮带机减速箱异响，突击队七小时更换完毕。",
        "prep",
        (
            SUBMIT,
            UNIT,
            EDITED,
            Step("send back", "first", "缺现场负责人姓名和恢复生产的时间，请补充后再报。"),
        ),
    ),
    Manuscript(
        "栎坪煤矿退休职工画出矿山四十年",
        "十二幅钢笔画记下栎坪煤矿从竖井到智能化的变迁。\n拟随厂庆专题一并刊发。",
        "liping",
        (SUBMIT, UNIT, Step("reserve", "editor", "留待十二月厂庆专题使用。")),
    ),
    Manuscript(
        "墨沟煤矿食堂推出冬至套餐",
        "冬至当天供应饺子和羊汤。",
        "mogou",
        (SUBMIT, UNIT, Step("reject", "editor", "同类消息本月已刊发两篇，请改投班组微信群。")),
    ),
    Manuscript(
        "煤业公司三座矿井同日通过安全标准化验收",
        "验收组三天检查四百余项，三座矿井均达到一级标准。\n验收发现的十七项问题已全部限期整改。",
        "coal",
        (SUBMIT, UNIT, EDITED, FIRST, SECOND, FINAL, PRINT),
    ),
    Manuscript(
        "集团年度先进集体评选启动",
        "评选范围为权属企业班组和机关处室，本月底截止报名。",
        "union",
        by="editor",
        channel="group-news",
        planned_in=5,
    ),
)
# Appears tomorrow at eight, without a review.
SCHEDULED = Manuscript(
    "关于元旦假期值班安排的通知",
    "各单位：元旦假期实行领导带班和关键岗位二十四小时值班，值班表请于本周五前报集团办公室。",
    "office",
    by="editor",
    channel="notices",
)
MORNING = time(8, 0)


def is_missing() -> bool:
    """Whether the demo is one from before there were reviews, and nothing stands in the way."""
    names = [person.username for person in cast.LATER]
    return not (User.objects.filter(username__in=names).exists() or ReviewChain.objects.exists())


def write(
    people: Mapping[str, User],
    departments: Mapping[str, Department],
    channels: Mapping[str, Channel],
) -> None:
    """Appoints everybody, then lets the stories go their way."""
    cast.appoint(people, departments, channels)
    ReviewChain.objects.create(
        channel=channels[REVIEWED], has_unit=True, has_first=True, has_second=True, has_final=True
    )
    # Rights as a new request sees them.
    acting = {
        name: Actor(User.objects.get(pk=user.pk), "127.0.0.1") for name, user in people.items()
    }
    for manuscript in MANUSCRIPTS:
        _send(_keep(manuscript, acting, departments, channels), manuscript, acting)
    coming = _keep(SCHEDULED, acting, departments, channels)
    publishing.publish(coming, by=acting["editor"], period=Period(_tomorrow()))


def _keep(
    manuscript: Manuscript,
    acting: Mapping[str, Actor],
    departments: Mapping[str, Department],
    channels: Mapping[str, Channel],
) -> Article:
    by = acting[manuscript.by].account
    article = Article(
        title=manuscript.title,
        channel=channels[manuscript.channel],
        source_department=departments[manuscript.source],
        byline=f"{by.last_name}{by.first_name}",
    )
    body = "".join(f"<p>{line}</p>" for line in manuscript.text.splitlines())
    return writing.keep(article, body=body, tags=[], by=by)


def _send(article: Article, manuscript: Manuscript, acting: Mapping[str, Actor]) -> None:
    for step in manuscript.steps:
        article = Article.objects.get(pk=article.pk)
        by = acting[step.by]
        if step.move == "publish":
            publishing.publish(article, by=by, version=article.version)
        else:
            reviewing.make(step.move, article, by=by, version=article.version, reason=step.reason)
    if manuscript.planned_in is not None:
        day = timezone.localdate() + timedelta(days=manuscript.planned_in)
        planning.plan(article, day, by=acting["editor"])
    if manuscript.comment:
        who, quote, words, replacement = manuscript.comment
        Comment.objects.create(
            article=article,
            revision=article.version,
            quote=quote,
            words=words,
            replacement=replacement,
            made_by=acting[who].account,
        )


def _tomorrow() -> datetime:
    day = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, MORNING))
