"""The demo's front page: what is placed, the weights of channels, other sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from articles import placing
from articles.demo.pictures import draw
from articles.models import (
    Channel,
    GreyPeriod,
    Placement,
    SiteLink,
)

Slot = Placement.Slot
BANNER = (1200, 480)
QUALITY = 88

BLOCKS = {
    "units": Channel.Block.UNITS,
    "commentary": Channel.Block.WIDE,
    "notices": Channel.Block.NOTICES,
}
SITES = (
    ("澜岳招采平台", "https://procurement.lanyue.example/"),
    ("澜岳煤业公司", "https://coal.lanyue.example/"),
    ("澜岳新能源公司", "https://energy.lanyue.example/"),
    ("澜岳网上学堂", "https://school.lanyue.example/"),
    ("职工服务网", "https://service.lanyue.example/"),
)


@dataclass(frozen=True)
class DemoPlacement:
    """A story by its key, or an address; days count from today."""

    slot: str
    story: str = ""
    address: str = ""
    title: str = ""
    motif: str = ""
    from_day: int = 0
    until_day: int | None = None


PLACEMENTS = (
    DemoPlacement(Slot.LEAD, story="winter-supply-meeting", from_day=-1),
    DemoPlacement(Slot.LEAD, story="craftsman", from_day=-60, until_day=-45),
    DemoPlacement(Slot.LEAD, story="safety-drill-night", title="今冬应急演练全面展开", from_day=3),
    DemoPlacement(
        Slot.CAROUSEL, story="rail-record", title="一夜32列 铁路装车再破纪录", from_day=-1
    ),
    DemoPlacement(
        Slot.TOPICS,
        address="/topics/yuexing-zhiyuan/",
        title="岳言七评：讲清来路 讲亮前程",
        motif="lecture_podium",
        from_day=-20,
    ),
    DemoPlacement(
        Slot.TOPICS,
        story="heating-notice",
        title="温暖过冬：供热服务一览",
        motif="winter_station",
        from_day=-5,
    ),
    DemoPlacement(Slot.PINNED, story="recruit", from_day=-2, until_day=12),
    DemoPlacement(Slot.PICTURES, story="picture-port", from_day=-3),
    DemoPlacement(Slot.PICTURES, story="bridge-check", from_day=-3),
)


def arrange(articles: dict[str, int], today: datetime) -> None:
    """Arranges the front page; `articles` maps the keys of stories to their numbers.

    A placement of a story that is not among them is left out.
    """
    for channel in Channel.objects.filter(slug__in=BLOCKS):
        channel.block = BLOCKS[channel.slug]
        channel.save(update_fields=["block"])
    # The last becomes the first of its slot.
    for wanted in reversed(PLACEMENTS):
        if wanted.address or wanted.story in articles:
            _place(wanted, articles, today)
    for order, (name, address) in enumerate(SITES, start=1):
        SiteLink.objects.create(name=name, address=address, order=order)
    GreyPeriod.objects.create(
        starts_at=today.replace(year=today.year + 1, month=4, day=4),
        ends_at=today.replace(year=today.year + 1, month=4, day=5),
        note="公祭日",
    )


def _place(wanted: DemoPlacement, articles: dict[str, int], today: datetime) -> None:
    ends_at = None if wanted.until_day is None else today + timedelta(days=wanted.until_day)
    placing.keep(
        Placement(
            slot=wanted.slot,
            edition_id=articles.get(wanted.story),
            address=wanted.address,
            title=wanted.title,
            starts_at=today + timedelta(days=wanted.from_day),
            ends_at=ends_at,
        ),
        picture=placing.clean_picture(_banner(wanted.motif)) if wanted.motif else None,
    )


def _banner(motif: str) -> SimpleUploadedFile:
    buffer = BytesIO()
    drawn: Image.Image = draw(motif, 7).convert("RGB")
    ImageOps.fit(drawn, BANNER).save(buffer, "JPEG", quality=QUALITY)
    return SimpleUploadedFile(f"{motif}.jpg", buffer.getvalue())
