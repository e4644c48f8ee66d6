"""What the read API offers, as OpenAPI 3.1: for programs as a document, for people as a page.

Written by hand beside the views; a test asks a running server whatever it allows and holds every
answer against it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from articles.portal.api_answers import METHODS, MOST_A_MINUTE, PROBLEM
from articles.portal.api_questions import LONGEST_WORDS, MOST, MOST_HOT, USUAL
from articles.searching.finding import PAGE_SIZE
from articles.visits.hot import Hot
from newsroom.languages import tag_of

VERSION = "1.0.0"
ROW = 10**18 - 1

Values = dict[str, Any]


def document(server: str, language: str) -> Values:
    """The whole document; `server` is what its paths begin with."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Read API of %(site)s") % {"site": settings.SITE_NAME},
            "version": VERSION,
            "summary": _("Stories, channels, units and the hot list, as JSON."),
            "description": _(
                "Everything here is public: no account, no key, no cookie. Responses carry "
                "Access-Control-Allow-Origin: * and an ETag; ask again with If-None-Match. "
                "A network address may ask for %(most)d new responses a minute; those that "
                "have not changed are not counted."
            )
            % {"most": MOST_A_MINUTE},
        },
        "servers": [{"url": server, "description": tag_of(language)}],
        "paths": {
            "/stories/": _get("stories", *_stories()),
            "/stories/{id}/": _get("story", *_story()),
            "/search/": _get("search", *_search()),
            "/hot/": _get("hot", *_hot()),
            "/channels/": _get("channels", *_channels()),
            "/units/": _get("units", *_units()),
        },
        "components": {"schemas": _schemas(), "responses": _problems()},
    }


def _get(name: str, summary: str, description: str, parameters: list[Values], shape: str) -> Values:
    refused = ["400", "404", "405", "429", *(["410"] if name == "story" else [])]
    responses: Values = {
        "200": {
            "description": _("The response."),
            "headers": {
                "ETag": {
                    "schema": {"type": "string"},
                    "description": _("Changes whenever the response does."),
                }
            },
            "content": {"application/json": {"schema": _ref(shape)}},
        },
        "304": {"description": _("Nothing has changed since the response with this ETag.")},
    }
    responses |= {code: {"$ref": f"#/components/responses/{code}"} for code in refused}
    operation = {
        "operationId": name,
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "responses": responses,
    }
    return {"get": operation}


def _stories() -> tuple[str, str, list[Values], str]:
    moment = {"anyOf": [_string(format="date"), _string(format="date-time")]}
    parameters = [
        _query(
            "channel",
            _("The address of a channel; the channels beneath it belong to it."),
            _string(pattern="^[-a-zA-Z0-9_]{1,50}$"),
        ),
        _query(
            "unit", _("The number of a unit; the units beneath it belong to it."), _integer(ROW)
        ),
        _query("tag", _("One tag, written as it stands on the stories."), _words()),
        _query("since", _("Published then or later: a day in Shanghai, or a moment."), moment),
        _query("until", _("Published before then: a day in Shanghai, or a moment."), moment),
        _query("limit", _("How many at once."), _integer(MOST) | {"default": USUAL}),
        _cursor(),
    ]
    description = _(
        "Newest first. Several filters narrow the list together. What is published while you read "
        "does not shift it: follow “next” until it is null."
    )
    return _("Stories"), description, parameters, "StoryPage"


def _story() -> tuple[str, str, list[Values], str]:
    row = {"name": "id", "in": "path", "required": True, "schema": _integer(ROW)}
    description = _(
        "With its text as HTML, pictures with captions and sizes, attachments and views. The HTML "
        "holds no script; addresses in it are complete."
    )
    return _("One story"), description, [row], "WholeStory"


def _search() -> tuple[str, str, list[Values], str]:
    words = _query("q", _("What to look for; words of one character are enough."), _words())
    description = _(
        "Every story that holds all of the words, those with them in the title first; %(size)d at "
        "a time."
    ) % {"size": PAGE_SIZE}
    return _("Search"), description, [words | {"required": True}, _cursor()], "FoundPage"


def _hot() -> tuple[str, str, list[Values], str]:
    limit = _query("limit", _("How many at most."), _integer(MOST_HOT) | {"default": 10})
    period = _query(
        "period",
        _("Today, the last 7 days, the last 30 days, or of late: a view weighs half after 2 days."),
        _string(enum=list(Hot), default=Hot.WEEK),
    )
    return _("Hot list"), _("Viewed most in a period."), [limit, period], "HotList"


def _channels() -> tuple[str, str, list[Values], str]:
    return _("Channels"), _("All channels as a tree."), [], "ChannelTree"


def _units() -> tuple[str, str, list[Values], str]:
    return _("Units"), _("All units as a tree."), [], "UnitTree"


def _query(name: str, description: str, schema: Values) -> Values:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _cursor() -> Values:
    schema = _string(pattern="^[A-Za-z0-9_-]{1,60}$")
    return _query("cursor", _("Where to go on; taken from “next” of a response."), schema)


def _string(**more: Any) -> Values:
    return {"type": "string", **more}


def _words() -> Values:
    return _string(minLength=1, maxLength=LONGEST_WORDS, pattern=r"^[^\u0000]*$")


def _integer(most: int | None = None, least: int = 1) -> Values:
    return {"type": "integer", "minimum": least} | ({"maximum": most} if most else {})


def _count() -> Values:
    return _integer(least=0)


def _object(**properties: Values) -> Values:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Values) -> Values:
    return {"type": "array", "items": items}


def _ref(name: str) -> Values:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Values) -> Values:
    return {"oneOf": [schema, {"type": "null"}]}


def _address() -> Values:
    return _string(format="uri")


def _moment() -> Values:
    return _string(format="date-time")


def _schemas() -> Values:
    return {
        "Story": _object(**_of_story()),
        "WholeStory": _object(
            **_of_story(),
            body_html=_string(),
            pictures=_list(_ref("Picture")),
            attachments=_list(_ref("Attachment")),
            views=_count(),
        ),
        "Picture": _object(
            src=_address(),
            srcset=_string(),
            width=_integer(),
            height=_integer(),
            caption=_string(),
            credit=_string(),
            alternative=_string(),
        ),
        "Attachment": _object(
            title=_string(),
            name=_string(),
            kind=_string(),
            size=_count(),
            url=_address(),
            downloads=_count(),
        ),
        "ChannelName": _object(slug=_string(), name=_string()),
        "UnitName": _object(id=_integer(), name=_string(), short_name=_string()),
        "Channel": _object(
            slug=_string(), name=_string(), description=_string(), **_of_branch("Channel")
        ),
        "Unit": _object(id=_integer(), name=_string(), short_name=_string(), **_of_branch("Unit")),
        "StoryPage": _object(stories=_list(_ref("Story")), next=_or_null(_address())),
        "FoundPage": _object(
            stories=_list(_ref("Story")), total=_count(), next=_or_null(_address())
        ),
        "HotStory": _object(**_of_story(), views=_count()),
        "HotList": _object(
            **{
                "stories": _list(_ref("HotStory")),
                "period": _string(enum=list(Hot)),
                "from": _or_null(_string(format="date")),
                "to": _string(format="date"),
            }
        ),
        "ChannelTree": _object(channels=_list(_ref("Channel"))),
        "UnitTree": _object(units=_list(_ref("Unit"))),
        "Problem": _problem(),
    }


def _of_story() -> Values:
    return {
        "id": _integer(),
        "url": _address() | {"description": _("The page for readers.")},
        "api_url": _address() | {"description": _("The whole story, here.")},
        "kicker": _string(),
        "title": _string(),
        "subtitle": _string(),
        "short_title": _string() | {"description": _("For lists: one line.")},
        "summary": _string(),
        "channel": _ref("ChannelName"),
        "unit": _or_null(_ref("UnitName")),
        "source": _string(),
        "byline": _string() | {"description": _("As printed.")},
        "authors": _list(_string()),
        "tags": _list(_string()),
        "cover": _or_null(_ref("Picture")) | {"description": _("Cut to 3:2, for lists.")},
        "published_at": _moment(),
        "updated_at": _moment(),
    }


def _of_branch(kind: str) -> Values:
    return {
        "url": _address(),
        "feed_url": _address(),
        "stories_url": _address(),
        "beneath": _list(_ref(kind)),
    }


def _problem() -> Values:
    described = _object(title=_string(), status=_integer(599, 400), detail=_string())
    error = _object(parameter=_string(), detail=_string())
    return described | {"properties": described["properties"] | {"errors": _list(error)}}


def _problems() -> Values:
    said = {PROBLEM: {"schema": _ref("Problem")}}
    # Characters that no page has are refused before anybody looks at the rest of the address.
    unreadable = {"text/plain": {"schema": _string()}}
    described = {
        "400": _("The request cannot be understood."),
        "404": _("There is no such thing, or not for readers."),
        "405": _("Only %(methods)s are answered.") % {"methods": METHODS},
        "410": _("The story has been withdrawn."),
        "429": _("Too many requests; Retry-After says when to go on."),
    }
    return {
        code: {
            "description": description,
            "content": said | (unreadable if code == "400" else {}),
        }
        for code, description in described.items()
    }
