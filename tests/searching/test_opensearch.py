"""The search server, played by a server of our own that speaks as much HTTP as is needed.

It shows that what is sent is what OpenSearch documents; that OpenSearch itself understands it,
only OpenSearch can show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from articles import publishing
from articles.models import Article, SearchMessage
from articles.searching import finding, indexing, opensearch
from articles.searching.query import parse
from newsroom import environment
from tests.factories import make_channel, make_edition

pytestmark = pytest.mark.django_db

opensearchpy = pytest.importorskip("opensearchpy")


class Server:
    """Keeps documents, and answers questions by looking for phrases as OpenSearch would."""

    def __init__(self) -> None:
        self.documents: dict[str, dict] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.is_ill = False

    def answer(self, method: str, path: str, body: str) -> tuple[int, Any]:
        path = path.partition("?")[0]
        self.asked.append((method, path, body))
        if self.is_ill:
            return 503, {"error": "ill"}
        if path.endswith("/_bulk"):
            return 200, self._bulk([json.loads(line) for line in body.splitlines()])
        if path.endswith("/_search"):
            return 200, self._search(json.loads(body))
        if method == "DELETE":
            self.documents.clear()
        return 200, {"acknowledged": True}

    def _bulk(self, lines: list[dict]) -> dict:
        items = []
        waiting = iter(lines)
        for line in waiting:
            if "index" in line:
                self.documents[line["index"]["_id"]] = next(waiting)
                items.append({"index": {"status": 201}})
            else:
                gone = self.documents.pop(line["delete"]["_id"], None)
                items.append({"delete": {"status": 200 if gone else 404}})
        return {"errors": False, "items": items}

    def _search(self, body: dict) -> dict:
        asked = body["query"]["bool"]
        (title,) = asked["should"]
        wanted = title["constant_score"]["filter"]
        found = [
            (self._fits(row, wanted), row["place"])
            for row in self.documents.values()
            if all(self._fits(row, each) for each in asked["filter"])
            and not any(self._fits(row, each) for each in asked["must_not"])
        ]
        found.sort(reverse=True)
        page = found[body["from"] : body["from"] + body["size"]]
        hits = [{"_source": {"place": place}} for _score, place in page]
        return {"hits": {"total": {"value": len(found)}, "hits": hits}}

    def _fits(self, row: dict, condition: dict) -> bool:
        ((kind, of),) = condition.items()
        if kind == "bool":
            return all(self._fits(row, each) for each in of["filter"])
        ((name, value),) = of.items()
        if kind == "match_phrase":
            assert name.endswith(".one") == (len(value) == 1)
            return value in row[name.removesuffix(".one")]
        if kind == "terms":
            return bool(set(value) & set(row[name]))
        assert kind == "range"
        return row[name] is not None and row[name] <= value["lte"]


@pytest.fixture
def server(settings) -> Iterator[Server]:
    played = Server()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            status, answer = played.answer(self.command, self.path, body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 -- their names

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    settings.SEARCH_URL = f"opensearch://127.0.0.1:{http.server_port}/portal"
    yield played
    opensearch.client.cache_clear()
    http.shutdown()
    thread.join()
    http.server_close()


def found(typed: str, **facets) -> list[str]:
    return [edition.title for edition in finding.find(parse(typed, **facets)).editions]


class TestOpenSearch:
    def test_is_told_after_the_commit_and_asked(
        self, server, editor, django_capture_on_commit_callbacks
    ):
        channel = make_channel()
        with django_capture_on_commit_callbacks(execute=True):
            make_edition(by=editor, title="正文提到", body="<p>安全生产</p>")
            make_edition(by=editor, title="安全生产", channel=channel)
        assert not SearchMessage.objects.exists()
        assert found("安全生产") == ["安全生产", "正文提到"]
        assert found("提") == ["正文提到"]
        assert found("安全", channels=(channel.pk,)) == ["安全生产"]
        assert server.asked[-1][:2] == ("POST", "/portal/_search")

    def test_forgets_what_is_withdrawn(self, server, editor, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            edition = make_edition(by=editor, title="要撤的稿子")
            article = Article.objects.get(pk=edition.pk)
            publishing.withdraw(article, by=editor, reason="数字有误")
        assert server.documents == {}
        assert found("要撤") == []

    def test_is_told_nothing_of_a_publication_undone(self, server, editor):
        make_edition(by=editor, title="尚未提交")
        assert server.documents == {}

    def test_the_database_answers_while_it_is_ill_and_the_messages_wait(
        self, server, editor, django_capture_on_commit_callbacks, caplog
    ):
        server.is_ill = True
        with django_capture_on_commit_callbacks(execute=True):
            make_edition(by=editor, title="安全生产")
        assert SearchMessage.objects.count() == 1
        assert found("安全生产") == ["安全生产"]
        assert "could not be told" in caplog.text
        assert "did not answer" in caplog.text
        server.is_ill = False
        assert opensearch.send() == 1
        assert len(server.documents) == 1
        assert not SearchMessage.objects.exists()

    def test_the_database_answers_when_nobody_listens(self, settings, editor):
        settings.SEARCH_URL = "opensearch://127.0.0.1:9/portal"
        make_edition(by=editor, title="安全生产")
        assert found("安全生产") == ["安全生产"]
        opensearch.client.cache_clear()

    def test_is_begun_anew_by_the_command(self, server, editor):
        from django.core.management import call_command

        make_edition(by=editor, title="安全生产")
        indexing.forget_edition(0)
        call_command("index_search", verbosity=0)
        opensearch.send()
        made = [body for method, path, body in server.asked if method == "PUT"]
        assert json.loads(made[0])["mappings"]["dynamic"] == "strict"
        assert [row["title"] for row in server.documents.values()] == ["安全生产"]

    def test_asks_for_what_is_live_at_the_moment(self, server):
        now = timezone.now()
        question = opensearch.question(parse("安全"), 0, 20, now)
        live = {"range": {"published_at": {"lte": now.isoformat()}}}
        assert live in question["query"]["bool"]["filter"]
        assert question["track_total_hits"] is True


class TestSetting:
    @pytest.mark.parametrize("url", ["", "opensearch://search:9200/newsroom", "opensearchs://s"])
    def test_names_a_server_or_nothing(self, monkeypatch, url):
        monkeypatch.setenv("SEARCH_URL", url)
        assert environment.search_server("SEARCH_URL") == url

    @pytest.mark.parametrize("url", ["http://search:9200", "opensearch://", "search"])
    def test_refuses_anything_else(self, monkeypatch, url):
        monkeypatch.setenv("SEARCH_URL", url)
        with pytest.raises(ImproperlyConfigured, match="opensearch://host:9200"):
            environment.search_server("SEARCH_URL")
