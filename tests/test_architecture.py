"""Who may import whom, and other promises about the shape of the house (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "articles"

FLOOR_0 = {"text", "markup", "framing"}
FACES = {"portal", "admin", "receivers", "management", "templatetags"}
TOP = {"urls", "apps"}
NOT_ROOMS = {"migrations", "locale", "static", "__pycache__"}

# One capability using another: reviewed exceptions, each with its reason.
STAIRS = {
    ("publishing", "reviewing"): "printing and withdrawing are moves: locked and recorded alike",
    ("publishing", "recording"): "whoever publishes is named in the record",
    ("adopting", "workflow"): "a round-up is compiled by who may edit it",
    ("adopting", "reviewing"): "it is locked as for a move, so that a review sees one state",
    ("sheets", "workflow"): "the table of moves says how a step is called",
    ("inviting", "reviewing"): "what a leader decides is the move anybody makes",
    ("inviting", "recording"): "who invites and who decides by a link is named in the record",
    ("inviting", "workflow"): "a link is made by who could decide, and dies with that right",
    ("reviewing", "workflow"): "the table of moves says who may and where to",
    ("reviewing", "gaps"): "an empty text is not sent to anybody",
    ("publishing", "gaps"): "what lacks something is not printed",
    ("bulk", "gaps"): "the forecast says what a story lacks",
    ("reviewing", "recording"): "no move without its row, in one transaction",
    ("reviewing", "notices"): "whoever it waits for is told in the same transaction",
    ("notices", "workflow"): "who submitted in the present round hears of it",
    ("notices", "waiting"): "it waits for those who may make the next move",
    ("tracking", "waiting"): "the map names those whom the next step waits for",
    ("waiting", "workflow"): "what waits for whom follows the table of moves",
    ("reminding", "waiting"): "whoever lets a story wait too long is told",
    ("planning", "reviewing"): "a plan is kept under the lock of its story",
    ("planning", "workflow"): "the table says who may plan",
    ("planning", "publishing"): "a plan looks no further ahead than a publication",
    ("planning", "recording"): "whoever plans is an actor as in a move",
    ("bulk", "workflow"): "the rule of the single action holds for each story",
    ("bulk", "reviewing"): "many stories are submitted one by one",
    ("bulk", "publishing"): "many stories are published and withdrawn one by one",
    ("bulk", "recording"): "each of them is recorded",
    ("bulk", "writing"): "another channel or tag is kept as a version",
    ("bulk", "filing"): "a story is moved only where one may file",
    ("tracking", "workflow"): "where a story stands is read off the record as the table reads it",
    ("commenting", "workflow"): "who may comment is said in the table",
    ("commenting", "writing"): "a suggestion that is taken is kept as any other text is",
    ("commenting", "notices"): "whoever is named in a comment is told in the same transaction",
    ("publishing", "printing"): "a story that goes live gets an edition",
    ("publishing", "renditions"): "a story that goes live gives its pictures public names",
    ("publishing", "videos"): "a story that goes live gives its videos public names",
    ("publishing", "exposing"): "what readers no longer see loses its public names",
    ("printing", "renditions"): "an edition names the sizes there are of its pictures",
    ("printing", "figures"): "an edition holds the HTML of its pictures",
    ("printing", "videos"): "an edition holds the HTML of its videos",
    ("printing", "crediting"): "a page tells who answers for it and from whom it is",
    ("printing", "attachments"): "an edition names the files that may be downloaded",
    ("exposing", "renditions"): "pictures of live stories have public names, all others none",
    ("exposing", "videos"): "videos of live stories have public names, all others none",
    ("exposing", "printing"): "the cover of an edition has sizes of its own",
    ("figures", "renditions"): "a picture's HTML names the sizes there are of it",
    ("attachments", "documents"): "a file is taken when it is what its name says",
    (
        "publishing",
        "searching",
    ): "a printed story is found as it is printed, a withdrawn one is not",
    ("writing", "searching"): "what staff save is found in the admin at once",
    ("filling", "searching"): "synthetic stories are found as printed ones are",
    ("publishing", "listing"): "a printed story is put on the shelves readers leaf through",
    ("listing", "freshness"): "whatever changes a list makes kept pages old",
    ("publishing", "statistics"): "what statistics ask of a story is kept when it is printed",
    ("filling", "statistics"): "synthetic stories are counted as printed ones are",
    ("filling", "listing"): "synthetic stories stand on the shelves printed ones do",
    ("sweeping", "listing"): "what has expired leaves the shelves",
    ("publishing", "workflow"): "publishing and withdrawing are moves; the table says who may",
    ("publishing", "visits"): "a published story gets its row of sums",
    ("writing", "comparing"): "a revision knows how much it changed; what rows say is named once",
    ("merging", "comparing"): "two texts are told apart block by block, as two versions are",
    ("restoring", "writing"): "an earlier version is kept as any other text is",
    ("sweeping", "exposing"): "a withdrawal cut off half-way is made good",
    ("sweeping", "binning"): "a draft leaves the recycle bin as one deleted by hand does",
    ("starting", "writing"): "a copy is kept as what an editor writes is",
    ("sweeping", "renditions"): "an orphan leaves nothing under a public name",
    ("sweeping", "videos"): "an orphaned film leaves nothing under a public name",
    ("sweeping", "visits"): "old salts are swept with the rest",
    ("correcting", "workflow"): "a note is written by whoever may publish, on what is published",
    ("previewing", "printing"): "a preview is composed by what prints the edition",
    ("previewing", "listing"): "a preview has the neighbours the story will have",
    ("previewing", "related"): "a preview names the stories the page will name",
    ("previewing", "renditions"): "the pictures of a preview have addresses of their own",
    ("previewing", "attachments"): "the files of a preview are listed as an edition lists them",
    ("previewing", "videos"): "the films of a preview have addresses of their own",
    ("previewing", "writing"): "what of a text may be shown is what would be kept of it",
    ("previewing", "visits"): "a preview shows the views a story has, and counts none",
    ("previewing", "workflow"): "links are made by who may edit, revoked by who may publish",
    ("placing", "freshness"): "another order of a slot makes kept pages old",
    ("own_pictures", "pictures"): "a picture of no story comes in as a photograph does",
    ("own_pictures", "renditions"): "it has public names while it is shown",
    ("placing", "own_pictures"): "a placement may have a picture of its own",
    ("topics", "own_pictures"): "a topic has a banner",
    ("topics", "renditions"): "a topic's page names the sizes there are of its banner",
    ("topics", "freshness"): "another order or other numbers make kept pages old",
    ("topics", "visits"): "views of a topic and of a series are summed",
    ("demo", "visits"): "demo views take the road of real ones, into the sums and the ledger",
    ("demo", "topics"): "the demo's topic is arranged as an editor's is",
    ("demo", "own_pictures"): "its banner comes in as an upload does",
    ("front_page", "renditions"): "a placement's own picture takes the place of a cover",
    ("front_page", "visits"): "the hot list is made of counted views",
    ("sweeping", "placing"): "pictures of placements that ended by time lose their public names",
    ("demo", "correcting"): "the demo's note is written as an editor's is",
    ("demo", "placing"): "demo placements are kept as an editor's are",
    ("demo", "attachments"): "demo documents come in as uploads do",
    ("demo", "videos"): "the demo film comes in as an upload does",
    ("demo", "pictures"): "demo pictures come in as uploads do",
    ("demo", "renditions"): "the demo prepares its pictures on all cores",
    ("demo", "appointing"): "demo people are appointed as an administrator does it",
    ("demo", "planning"): "demo plans are an editor's",
    ("demo", "recording"): "demo moves are somebody's, as all are",
    ("demo", "reviewing"): "demo manuscripts pass the reviews as real ones do",
    ("demo", "writing"): "demo stories are kept as an editor's are",
    ("demo", "publishing"): "demo stories are printed as an editor's are",
    ("filling", "pictures"): "the shared files come in as uploads do",
    ("filling", "renditions"): "the shared files are exposed once",
    ("filling", "figures"): "synthetic bodies hold the figures publishing prints",
    ("filling", "writing"): "synthetic revisions keep the fields real ones do",
}


def rooms() -> dict[str, list[Path]]:
    """Room → its modules; a room is a module or a package of the app."""
    found: dict[str, list[Path]] = {}
    for entry in sorted(ARTICLES.iterdir()):
        if entry.suffix == ".py" and entry.stem != "__init__":
            found[entry.stem] = [entry]
        elif entry.is_dir() and entry.name not in NOT_ROOMS:
            found[entry.name] = sorted(entry.rglob("*.py"))
    return found


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a module imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: write absolute imports"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def may_import(room: str, other: str) -> bool:
    if other in FLOOR_0 or room == other:
        return room not in FLOOR_0 or room == other
    if room in FLOOR_0 or room == "models":
        return False
    if room in TOP:
        return True
    if other == "models":
        return True
    if room in FACES:
        return other not in FACES | TOP
    return (room, other) in STAIRS


def all_imports() -> list[tuple[str, str, str]]:
    """(room, imported room, place) within the app."""
    found = []
    for room, paths in rooms().items():
        for path in paths:
            for line, name in imports_of(path):
                parts = name.split(".")
                if parts[0] == "articles" and len(parts) > 1:
                    place = f"{path.relative_to(ROOT)}:{line}"
                    found.append((room, parts[1], place))
    return found


class TestTheFloors:
    def test_every_import_goes_down(self):
        refused = [
            f"{place}: {room} imports {other}"
            for room, other, place in all_imports()
            if not may_import(room, other)
        ]
        assert not refused, "\n".join(refused)

    def test_every_stair_is_used(self):
        used = {(room, other) for room, other, _place in all_imports()}
        assert set(STAIRS) <= used

    def test_the_rule_itself_refuses_what_it_must(self):
        assert not may_import("models", "publishing")
        assert not may_import("publishing", "portal")
        assert not may_import("portal", "admin")
        assert not may_import("text", "models")
        assert not may_import("markup", "text")
        assert not may_import("writing", "publishing")
        assert may_import("portal", "visits")

    @pytest.mark.parametrize("room", sorted(FLOOR_0))
    def test_the_ground_floor_knows_no_database(self, room):
        for path in rooms()[room]:
            for line, name in imports_of(path):
                assert not name.startswith("django"), f"{path.relative_to(ROOT)}:{line}: {name}"


class TestWhatReadersReach:
    def test_the_portal_never_imports_article(self):
        for path in rooms()["portal"]:
            for line, name in imports_of(path):
                assert name not in {
                    "articles.models.Article",
                    "articles.models.article.Article",
                }, f"{path.name}:{line}"

    def test_capabilities_never_see_a_request(self):
        for room, paths in rooms().items():
            if room in FACES | TOP:
                continue
            for path in paths:
                for line, name in imports_of(path):
                    assert not name.startswith(("django.http", "django.contrib.messages")), (
                        f"{path.relative_to(ROOT)}:{line}: {name}"
                    )

    def test_public_templates_touch_neither_session_nor_token(self):
        templates = ROOT / "templates"
        public = [*templates.glob("*.html"), *(templates / "articles").rglob("*.html")]
        assert public
        for path in public:
            source = path.read_text(encoding="utf-8")
            for word in ("csrf_token", "request.session", "user.", "messages"):
                assert word not in source, f"{path.name} holds {word}"


class TestStrictPolicy:
    def test_no_template_of_ours_holds_inline_script_or_style(self):
        for path in (ROOT / "templates").rglob("*.html"):
            source = path.read_text(encoding="utf-8")
            assert "<style" not in source, path.name
            assert " style=" not in source, path.name
            assert "javascript:" not in source, path.name
            # A block of data is never run.
            source = source.replace('<script type="application/ld+json">', "")
            for opening in source.split("<script")[1:]:
                assert " src=" in opening.partition(">")[0], f"{path.name}: inline script"

    def test_nothing_is_fetched_from_elsewhere(self):
        for pattern in ("templates/**/*.html", "articles/static/articles/**/*.*"):
            for path in ROOT.glob(pattern):
                if path.suffix in {".html", ".css", ".js"}:
                    source = path.read_text(encoding="utf-8")
                    for found in source.split("//")[1:]:
                        host = found.partition("/")[0]
                        assert not host.startswith(("cdn.", "fonts.", "unpkg.")), path.name


class TestMigrations:
    def test_are_named_for_what_they_do(self):
        for path in (ARTICLES / "migrations").glob("0*.py"):
            assert "_auto_" not in path.name
