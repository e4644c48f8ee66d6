"""The course of a period as a drawing: lines whose numbers stand in a table beside it.

Drawn on the server, so that it needs no script and prints; words stay outside the drawing, where
they keep their size on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from articles.statistics.days import Course, Point

WIDTH, HEIGHT = 1000, 200


@dataclass(frozen=True)
class Line:
    """`points` as SVG takes them; one point is drawn as a stroke across."""

    points: str
    is_before: bool


@dataclass(frozen=True)
class CourseRow:
    """A day of the period, and the one that stands at its place in the other."""

    now: Point | None
    before: Point | None


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    most: int
    first: date
    last: date
    lines: list[Line]
    rows: list[CourseRow]
    is_by_month: bool


def chart(course: Course) -> Chart:
    """Both periods from the left, on one scale."""
    count = max(len(course.now), len(course.before))
    most = max(point.views for point in (*course.now, *course.before))
    return Chart(
        WIDTH,
        HEIGHT,
        max(most, 0),
        course.now[0].day,
        course.now[-1].day,
        # The period itself last, on top.
        [
            Line(_points(points, count, max(most, 1)), is_before)
            for points, is_before in ((course.before, True), (course.now, False))
        ],
        [CourseRow(_at(course.now, place), _at(course.before, place)) for place in range(count)],
        course.is_by_month,
    )


def _points(points: list[Point], count: int, most: int) -> str:
    step = WIDTH / max(count - 1, 1)
    heights = [HEIGHT - HEIGHT * max(point.views, 0) / most for point in points]
    if len(heights) == 1:
        heights *= 2
    return " ".join(f"{place * step:.1f},{height:.1f}" for place, height in enumerate(heights))


def _at(points: list[Point], place: int) -> Point | None:
    return points[place] if place < len(points) else None
