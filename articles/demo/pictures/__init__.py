"""Photographs that nobody took: drawn stand-ins for the demo stories.

`draw` gives the same picture for the same motif and seed, on every machine, so the demo content
needs no binary files in the repository.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image

from articles.demo.pictures import (
    scenes_farms,
    scenes_indoors,
    scenes_land,
    scenes_mines,
    scenes_people,
    scenes_rails,
    scenes_speakers,
    scenes_workplaces,
    scenes_works,
)
from articles.demo.pictures.canvas import Canvas
from articles.demo.pictures.light import finish

MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "award_stage": scenes_speakers.award_stage,
    "coal_train": scenes_rails.coal_train,
    "control_room": scenes_workplaces.control_room,
    "conveyor_plant": scenes_works.conveyor_plant,
    "headframe_dusk": scenes_mines.headframe_dusk,
    "lecture_podium": scenes_speakers.lecture_podium,
    "meeting_hall": scenes_indoors.meeting_hall,
    "mine_tunnel": scenes_workplaces.mine_tunnel,
    "open_pit": scenes_mines.open_pit,
    "orchard_harvest": scenes_farms.orchard_harvest,
    "port_cranes": scenes_rails.port_cranes,
    "reading_desk": scenes_people.reading_desk,
    "river_bridge": scenes_land.river_bridge,
    "safety_drill": scenes_people.safety_drill,
    "solar_slope": scenes_land.solar_slope,
    "team_portrait": scenes_people.team_portrait,
    "tree_planting": scenes_farms.tree_planting,
    "village_terrace": scenes_farms.village_terrace,
    "wind_ridge": scenes_land.wind_ridge,
    "winter_station": scenes_land.winter_station,
    "workshop_craft": scenes_workplaces.workshop_craft,
}


class UnknownMotif(ValueError):
    """A story asks for a picture that nobody can draw."""


def draw(motif: str, seed: int, *, width: int = 1800, height: int = 1200) -> Image.Image:
    """The picture of a motif; another seed gives another hour, place and arrangement."""
    try:
        scene = MOTIFS[motif]
    except KeyError:
        raise UnknownMotif(f"No motif “{motif}”; known are {', '.join(MOTIFS)}.") from None
    canvas = Canvas(width, height, random.Random(f"{motif}/{seed}"))
    scene(canvas)
    return finish(canvas)
