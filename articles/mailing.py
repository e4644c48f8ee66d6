"""Notices by e-mail, to those who wish it: each at once, or once a day together.

The outbox is the notices themselves (`mailed_at`). A message is sent and its notices are marked
under a lock, so two runs never send one twice. Killed between the server's “accepted” and the mark,
a run forgets that it sent: the next one sends those again. It errs that way on purpose, a message
twice rather than never; `Message-ID` is made from the notices, so that many mailboxes show the two
as one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Notice, NoticeWish
from articles.models.people import display_name

# From this hour on the day's digest goes out, in the time of the newsroom.
DIGEST_HOUR = 8
# What is older is not sent: to those who wish e-mail only now, or whose mailbox was refused.
FRESH = timedelta(days=7)
# One message names no more; the page names all.
MOST_NAMED = 50

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """How many messages went out, of how many notices, and how many could not be sent."""

    messages: int = 0
    notices: int = 0
    failures: int = 0


def is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


def send(now: datetime) -> Sent:
    """Sends what is due; nothing where no mail server is set."""
    messages = notices = failures = 0
    with translation.override(settings.LANGUAGE_CODE), _alone() as is_alone:
        for person in _people(now) if is_configured() and is_alone else ():
            try:
                sent = _send_to(person, now)
            except (OSError, SMTPException, ValueError):
                # One mailbox that is refused must not keep the others from theirs.
                logger.exception("Notices for account %s could not be sent.", person)
                failures += 1
            else:
                messages += bool(sent)
                notices += sent
    return Sent(messages, notices, failures)


def _people(now: datetime) -> list[int]:
    """Accounts with notices to mail that wish to get them now."""
    wishes = NoticeWish.objects.exclude(mail=NoticeWish.Mail.NEVER)
    wishes = wishes.filter(user__is_active=True, user__is_staff=True).exclude(user__email="")
    due = wishes.filter(mail=NoticeWish.Mail.AT_ONCE)
    if timezone.localtime(now).hour >= DIGEST_HOUR:
        today = timezone.localdate(now)
        due |= wishes.filter(mail=NoticeWish.Mail.DAILY).exclude(digest_sent_on=today)
    named = due.filter(user__in=_outbox(now).values("user"))
    return list(named.order_by("pk").values_list("pk", flat=True))


def _send_to(person: int, now: datetime) -> int:
    """Sends this person's notices as one message; how many."""
    # On PostgreSQL their lock makes another run wait here and then find nothing. SQLite has one
    # lock for everything, which must not be held while a mail server thinks: see `_alone`.
    has_locks = connection.features.has_select_for_update
    with transaction.atomic() if has_locks else nullcontext():
        wishes = NoticeWish.objects.select_related("user").filter(pk=person)
        wish = (wishes.select_for_update(of=("self",)) if has_locks else wishes).first()
        rows = list(_outbox(now).filter(user=person).select_related("article").order_by("id"))
        if wish is None or not rows or not _is_due(wish, now):
            return 0
        # A notice of what one may not open any more would tell what one may not know.
        visible = Article.objects.visible_to(wish.user)
        stories = visible.filter(pk__in=[row.article_id for row in rows])
        may_open = set(stories.order_by().values_list("pk", flat=True))
        named = [row for row in rows if row.article_id in may_open]
        if named:
            _message(wish, named).send()
        _mark(wish, rows, now)
    return len(named)


def _outbox(now: datetime) -> QuerySet[Notice]:
    """What nobody mailed or read yet."""
    return Notice.objects.filter(mailed_at=None, read_at=None, made_at__gt=now - FRESH)


def _is_due(wish: NoticeWish, now: datetime) -> bool:
    if wish.mail == NoticeWish.Mail.DAILY:
        return wish.digest_sent_on != timezone.localdate(now)
    return wish.mail == NoticeWish.Mail.AT_ONCE


@transaction.atomic
def _mark(wish: NoticeWish, rows: Sequence[Notice], now: datetime) -> None:
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)
    if wish.mail == NoticeWish.Mail.DAILY:
        NoticeWish.objects.filter(pk=wish.pk).update(digest_sent_on=timezone.localdate(now))


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run of this machine sends just now; only asked where rows have no locks.

    The file lies beside the database, which a command can always write to.
    """
    if connection.features.has_select_for_update:
        yield True
        return
    with Path(f"{connection.settings_dict['NAME']}.notices-lock").open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _message(wish: NoticeWish, rows: Sequence[Notice]) -> EmailMessage:
    person = wish.user
    lines = [_("%(name)s, this concerns you:") % {"name": display_name(person)}, ""]
    lines += [line for row in rows[:MOST_NAMED] for line in _lines(row)]
    more = len(rows) - MOST_NAMED
    if more > 0:
        lines.append(ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more})
    lines += [
        "",
        _("All notices, and how you want to be told: %(address)s")
        % {"address": _address(reverse("admin:notices"))},
    ]
    return EmailMessage(
        subject=_subject(rows),
        body="\n".join(lines),
        to=[person.email],
        headers={
            "Message-ID": _message_id(person, rows),
            # No answers from holiday programs (RFC 3834).
            "Auto-Submitted": "auto-generated",
        },
    )


def _subject(rows: Sequence[Notice]) -> str:
    if len(rows) == 1:
        row = rows[0]
        subject = f"{row.article.title}：{row.get_kind_display()}"
    else:
        subject = ngettext("%(n)d notice", "%(n)d notices", len(rows)) % {"n": len(rows)}
    return f"【{settings.SITE_NAME}】{' '.join(subject.split())}"


def _lines(row: Notice) -> list[str]:
    when = date_format(timezone.localtime(row.made_at), "m-d H:i")
    head = _("%(when)s “%(title)s” %(kind)s") % {
        "when": when,
        "title": row.article.title,
        "kind": row.get_kind_display(),
    }
    words = [f"  {row.words}"] if row.words else []
    return [head, *words, f"  {_address(page_of(row))}"]


def page_of(notice: Notice) -> str:
    """Where one goes from a notice: the story, with what can be done with it."""
    return reverse("admin:articles_article_change", args=[notice.article_id])


def _address(path: str) -> str:
    """With scheme and host where they are known."""
    return f"{settings.SITE_ADDRESS}{path}"


def _message_id(person: User, rows: Sequence[Notice]) -> str:
    """The same for the same notices, whenever they are sent."""
    named = f"{person.pk}:{','.join(str(row.pk) for row in rows)}"
    digest = sha256(named.encode()).hexdigest()[:32]
    host = settings.SITE_ADDRESS.partition("://")[2].partition(":")[0] or "newsroom.invalid"
    return f"<notices-{digest}@{host}>"
