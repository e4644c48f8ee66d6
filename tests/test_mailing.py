"""Notices by e-mail, through a mail server that listens."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection, connections

from articles import mailing
from articles.models import Article, Notice, NoticeWish
from tests.factories import make_article, make_colleague, make_department
from tests.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SITE_ADDRESS = "https://news.example.com"
        yield server


def tell(person: User, article: Article, *, at: datetime | None = None, **facts: str) -> Notice:
    notice = Notice.objects.create(user=person, article=article, **({"kind": "waiting"} | facts))
    if at:
        Notice.objects.filter(pk=notice.pk).update(made_at=at)
    return notice


def wish(person: User, mail: str, address: str = "ji@example.com") -> None:
    User.objects.filter(pk=person.pk).update(email=address)
    NoticeWish.objects.update_or_create(user=person, defaults={"mail": mail})


def words_of(server: MailServer) -> str:
    return server.messages[-1].get_content()


class TestAtOnce:
    def test_sends_each_person_one_message_once(self, server, editor, writer, noon):
        article = make_article(by=editor, title="井下照明改造完工")
        wish(editor, "at once", "shen@example.com")
        wish(writer, "at once", "lu@example.com")
        for person in (editor, writer):
            tell(person, article)
        tell(writer, article, kind="returned", words="请补充完工日期。")
        assert mailing.send(noon) == mailing.Sent(messages=2, notices=3)
        assert [message["To"] for message in server.messages] == [
            "shen@example.com",
            "lu@example.com",
        ]
        assert mailing.send(noon) == mailing.Sent()
        assert len(server.messages) == 2

    def test_says_what_it_is_about_and_where_to_go(self, server, editor, noon):
        article = make_article(by=editor, title="井下照明改造完工")
        wish(editor, "at once")
        tell(editor, article, kind="returned", words="请补充完工日期。")
        mailing.send(noon)
        assert "井下照明改造完工" in server.messages[0]["Subject"]
        assert "请补充完工日期。" in words_of(server)
        address = f"https://news.example.com/admin/articles/article/{article.pk}/change/"
        assert address in words_of(server)
        assert server.messages[0]["Auto-Submitted"] == "auto-generated"

    def test_leaves_out_what_was_read_or_is_old(self, server, editor, noon):
        article = make_article(by=editor)
        wish(editor, "at once")
        tell(editor, article, at=noon - timedelta(days=8))
        read = tell(editor, article)
        Notice.objects.filter(pk=read.pk).update(read_at=noon)
        assert mailing.send(noon) == mailing.Sent()

    def test_tells_nothing_of_what_one_may_not_open(self, server, editor, noon):
        outside = make_colleague("he", "editor", department=make_department())
        wish(outside, "at once")
        notice = tell(outside, make_article(by=editor, title="暗号金丝猴"))
        assert mailing.send(noon) == mailing.Sent()
        assert not server.messages
        notice.refresh_from_db()
        assert notice.mailed_at

    @pytest.mark.parametrize("mail", ["never", None])
    def test_sends_nothing_nobody_wished(self, server, editor, noon, mail):
        if mail:
            wish(editor, mail)
        tell(editor, make_article(by=editor))
        assert mailing.send(noon) == mailing.Sent()

    def test_sends_nothing_to_who_left_or_has_no_address(self, server, editor, writer, noon):
        article = make_article(by=editor)
        wish(editor, "at once", "")
        wish(writer, "at once")
        User.objects.filter(pk=writer.pk).update(is_active=False)
        for person in (editor, writer):
            tell(person, article)
        assert mailing.send(noon) == mailing.Sent()

    def test_survives_a_title_of_two_lines(self, server, editor, noon):
        wish(editor, "at once")
        article = make_article(by=editor)
        Article.objects.update(title="一行\n两行")
        tell(editor, article)
        assert mailing.send(noon).messages == 1


class TestDaily:
    def test_comes_once_a_day_after_the_hour(self, server, editor, noon):
        article = make_article(by=editor)
        wish(editor, "daily")
        morning = noon.replace(hour=7, minute=59)
        tell(editor, article, at=morning)
        assert mailing.send(morning) == mailing.Sent()
        assert mailing.send(noon.replace(hour=8)) == mailing.Sent(messages=1, notices=1)
        tell(editor, article, at=noon)
        assert mailing.send(noon) == mailing.Sent()
        assert mailing.send(noon + timedelta(days=1)) == mailing.Sent(messages=1, notices=1)

    def test_names_at_most_fifty(self, server, editor, noon):
        wish(editor, "daily")
        article = make_article(by=editor)
        for _ in range(52):
            tell(editor, article)
        mailing.send(noon)
        assert words_of(server).count("/change/") == mailing.MOST_NAMED
        assert "2" in words_of(server)


class TestWithoutAServer:
    def test_nothing_is_sent_and_nothing_fails(self, settings, editor, noon, capsys):
        settings.EMAIL_HOST = ""
        wish(editor, "at once")
        notice = tell(editor, make_article(by=editor))
        call_command("send_notices")
        assert "0 messages" in capsys.readouterr().out
        notice.refresh_from_db()
        assert notice.mailed_at is None


class TestWhenItFails:
    def test_one_refused_mailbox_keeps_nobody_else_from_theirs(self, server, editor, writer, noon):
        article = make_article(by=editor)
        wish(editor, "at once", "gone@example.com")
        wish(writer, "at once", "lu@example.com")
        server.refused = ["gone@example.com"]
        for person in (editor, writer):
            tell(person, article)
        assert mailing.send(noon) == mailing.Sent(messages=1, notices=1, failures=1)
        assert not Notice.objects.get(user=editor).mailed_at
        server.refused = []
        assert mailing.send(noon) == mailing.Sent(messages=1, notices=1)

    def test_the_command_says_so(self, settings, editor):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        # Nobody listens there.
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        wish(editor, "at once")
        tell(editor, make_article(by=editor))
        with pytest.raises(CommandError, match="1 messages"):
            call_command("send_notices")

    def test_killed_before_the_mark_it_sends_the_same_message_again(
        self, server, editor, noon, monkeypatch
    ):
        """It errs on the side of telling twice; the mailbox sees one message by its number."""
        wish(editor, "at once")
        tell(editor, make_article(by=editor))

        def killed(*facts):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(mailing, "_mark", killed)
            with pytest.raises(KeyboardInterrupt):
                mailing.send(noon)
        assert not Notice.objects.get().mailed_at
        mailing.send(noon)
        first, second = server.messages
        assert first["Message-ID"] == second["Message-ID"]
        assert Notice.objects.get().mailed_at


@pytest.mark.django_db(transaction=True)
class TestTwoRunsAtOnce:
    def test_send_no_message_twice(self, server, editor, noon, monkeypatch):
        wish(editor, "at once")
        tell(editor, make_article(by=editor), at=noon)
        send, both = EmailMessage.send, threading.Event()

        def slowly(message, *facts, **options):
            # As long as the other run needs to look for something to send.
            both.wait(3)
            return send(message, *facts, **options)

        monkeypatch.setattr(EmailMessage, "send", slowly)
        done: list[mailing.Sent] = []

        def run() -> None:
            done.append(mailing.send(noon))
            both.set()
            connections.close_all()

        runs = [threading.Thread(target=run) for _ in range(2)]
        for each in runs:
            each.start()
        for each in runs:
            each.join()
        assert len(server.messages) == 1
        assert sorted(sent.messages for sent in done) == [0, 1]
        assert connection.vendor in {"sqlite", "postgresql"}
