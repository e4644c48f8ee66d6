"""A figure as values: pictures that share a caption, or one video."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

MIDDLE = (0.5, 0.5)

Crop = tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A photograph as the editor hands it over: which row, how it is shown, what is said of it."""

    image: int
    credit: str = ""
    alternative: str = ""
    rights: str = ""
    rights_note: str = ""
    # Degrees clockwise.
    turn: int = 0
    # Left, top, width and height as shares of the turned picture; None shows all of it.
    crop: Crop | None = None
    # What stays in sight when a list cuts the picture: shares of width and height.
    focus: tuple[float, float] = MIDDLE

    def snapshot(self, caption: str) -> dict[str, Any]:
        """What a revision keeps of it; what is as usual takes no room."""
        usual = Picture(self.image)
        facts = {name: value for name, value in vars(self).items() if value != getattr(usual, name)}
        crop = {"crop": list(self.crop)} if self.crop else {}
        focus = {"focus": list(self.focus)} if self.focus != MIDDLE else {}
        always = {
            "id": self.image,
            "caption": caption,
            "credit": self.credit,
            "alternative": self.alternative,
        }
        facts.pop("image", None)
        return facts | crop | focus | always

    @classmethod
    def from_snapshot(cls, kept: dict[str, Any]) -> Picture:
        """The reverse of `snapshot`."""
        crop, focus = kept.get("crop"), kept.get("focus")
        return cls(
            image=kept["id"],
            credit=kept.get("credit", ""),
            alternative=kept.get("alternative", ""),
            rights=kept.get("rights", ""),
            rights_note=kept.get("rights_note", ""),
            turn=kept.get("turn", 0),
            crop=tuple(crop) if crop else None,
            focus=tuple(focus) if focus else MIDDLE,
        )


@dataclass(frozen=True)
class Figure:
    """What stands between two blocks: pictures that share a caption, or one video."""

    pictures: tuple[Picture, ...] = ()
    caption: str = ""
    video: int = 0
    # The row of the picture shown before the video plays, and who made the video.
    poster: int = 0
    credit: str = ""

    @classmethod
    def of(cls, image: int, caption: str = "", **facts: Any) -> Figure:
        """A figure with one picture."""
        return cls((Picture(image, **facts),), caption)

    @property
    def images(self) -> tuple[int, ...]:
        return tuple(picture.image for picture in self.pictures)

    @property
    def captioned(self) -> tuple[tuple[Picture, str], ...]:
        """Each picture with its caption; those of a group stand under the first."""
        captions = chain([self.caption], repeat(""))
        return tuple(zip(self.pictures, captions, strict=False))

    @property
    def bare(self) -> Figure:
        """Its place alone: the numbers of its rows."""
        if self.video:
            return Figure(video=self.video)
        return Figure(tuple(Picture(image) for image in self.images))
