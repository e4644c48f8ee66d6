"""The record of moves: appended without gaps, never changed, and what tampering shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import pairwise
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from articles import binning, recording
from articles.models import Article, RecordHead, RecordIsFinal, Revision, Stage, Transition
from articles.recording import Actor
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def append(article: Article, by, move: str = "submit", **options) -> Transition:
    """A row, without the move it is about."""
    with transaction.atomic():
        return recording.append(
            article,
            move,
            by=Actor(by, "10.0.0.7"),
            from_stage=Stage.WRITING,
            to_stage=Stage.FIRST,
            **options,
        )


@pytest.fixture
def article(writer):
    return make_article(by=writer)


@pytest.fixture
def rows(article, writer):
    """Five rows about one article."""
    return [append(article, writer, reason=f"第{number}行") for number in range(1, 6)]


class TestAppend:
    def test_names_everything_in_words_and_numbers(self, article, writer, noon):
        row = append(article, writer, reason="送审。", facts={"link": 7})
        row.refresh_from_db()
        revision = article.revisions.get(number=article.version)
        assert (row.article_number, row.title, row.revision, row.sha256) == (
            article.pk,
            article.title,
            revision.number,
            revision.sha256,
        )
        assert (row.actor, row.actor_name, row.address) == (writer, "writer", "10.0.0.7")
        assert (row.reason, row.facts, row.made_at) == ("送审。", {"link": 7}, noon)

    def test_counts_without_gaps_and_chains_digests(self, rows):
        assert [row.number for row in rows] == list(
            range(rows[0].number, rows[0].number + len(rows))
        )
        for before, row in pairwise(rows):
            assert row.previous == before.digest
        assert RecordHead.objects.get().digest == rows[-1].digest

    def test_leaves_no_gap_where_a_move_failed(self, article, writer, rows):
        with transaction.atomic():
            append(article, writer)
            transaction.set_rollback(True)
        assert append(article, writer).number == rows[-1].number + 1

    @pytest.mark.django_db(transaction=True)
    def test_is_part_of_a_transaction(self, article, writer):
        with pytest.raises(transaction.TransactionManagementError):
            recording.append(article, "submit", by=Actor(writer), from_stage="", to_stage="")

    def test_outlives_the_article(self, article, writer, rows):
        binning.throw_away(article, by=writer)
        binning.discard(Article.objects.binned().get())
        assert Transition.objects.of(article.pk).count() == len(rows)
        assert recording.verify().faults == []


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_number_one_after_the_other(self, writer):
        articles = [make_article(by=writer) for _ in range(2)]
        together = Barrier(2)

        def several(article: Article) -> list[int]:
            try:
                together.wait(timeout=10)
                return [append(article, writer).number for _ in range(5)]
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            numbers = [each for found in pool.map(several, articles) for each in found]
        assert sorted(numbers) == list(range(1, 11))
        assert recording.verify().faults == []


class TestNobodyChanges:
    """Through the ORM and past it."""

    def test_a_row_by_saving_it(self, rows):
        rows[1].reason = "另有理由"
        with pytest.raises(RecordIsFinal):
            rows[1].save()
        with pytest.raises(RecordIsFinal):
            Transition.objects.get(pk=rows[1].pk).save(update_fields=["reason"])

    def test_a_row_by_deleting_it(self, rows):
        with pytest.raises(RecordIsFinal):
            rows[1].delete()

    @pytest.mark.parametrize(
        ("verb", "values"),
        [
            ("update", {"reason": "x"}),
            ("delete", {}),
            ("bulk_create", {"objs": []}),
            ("bulk_update", {"objs": [], "fields": ["reason"]}),
            ("update_or_create", {"number": 1}),
            ("_raw_delete", {"using": "default"}),
        ],
    )
    def test_many_rows_at_once(self, rows, verb, values):
        with pytest.raises(RecordIsFinal):
            getattr(Transition.objects.all(), verb)(**values)
        assert recording.verify().faults == []

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE articles_transition SET reason = 'x'",
            "UPDATE articles_transition SET reason = 'x' WHERE number = 3",
            "DELETE FROM articles_transition",
            "DELETE FROM articles_transition WHERE number = 3",
        ],
    )
    def test_rows_in_the_database_itself(self, rows, statement):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert recording.verify().faults == []


@pytest.fixture
def open_record(db):
    """The database lets itself be tampered with, as by somebody who administers it."""
    names = ["transition_unchanged"]
    if connection.vendor == "sqlite":
        names.append("transition_undeleted")
    table = " ON articles_transition" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}{table}")


def tamper(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def faults(expected: str = "") -> list[str]:
    with override("en"):
        return recording.verify(expected).faults


@pytest.mark.usefixtures("open_record")
class TestVerify:
    def test_finds_nothing_wrong_with_what_was_appended(self, rows):
        checked = recording.verify()
        assert (checked.rows, checked.digest, checked.faults) == (5, rows[-1].digest, [])
        assert recording.verify(rows[1].digest).faults == []

    def test_of_nothing_finds_nothing(self):
        assert recording.verify() == recording.Checked(0, "", [])

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("reason", "另有理由"),
            ("actor_name", "别人"),
            ("actor_id", None),
            ("title", "另一个标题"),
            ("move", "publish"),
            ("to_stage", "approved"),
            ("revision", 2),
            ("address", "10.9.9.9"),
            ("made_at", "2020-01-01 00:00:00+00:00"),
            ("facts", '{"link": 1}'),
            ("sha256", "0" * 64),
            ("article_number", 999),
        ],
    )
    def test_finds_a_row_that_was_changed(self, rows, column, value):
        tamper(f"UPDATE articles_transition SET {column} = %s WHERE number = %s", value, rows[2].pk)  # noqa: S608
        assert f"Row {rows[2].pk} was changed." in faults()

    def test_finds_a_changed_row_whose_digest_was_made_to_fit(self, rows):
        tamper("UPDATE articles_transition SET reason = 'x' WHERE number = %s", rows[2].pk)
        fitting = Transition.objects.get(pk=rows[2].pk).computed_digest()
        tamper("UPDATE articles_transition SET digest = %s WHERE number = %s", fitting, rows[2].pk)
        assert faults() == [f"Row {rows[3].pk} does not follow from the row before it."]

    def test_finds_a_row_taken_out_in_the_middle(self, rows):
        tamper("DELETE FROM articles_transition WHERE number = %s", rows[2].pk)
        assert f"Row {rows[3].pk}: rows before it are missing." in faults()

    def test_finds_a_row_taken_out_at_the_end(self, rows):
        tamper("DELETE FROM articles_transition WHERE number = %s", rows[4].pk)
        (fault,) = faults()
        assert "The end of the record" in fault

    def test_finds_everything_taken_out(self, rows):
        tamper("DELETE FROM articles_transition")
        assert len(faults()) == 1

    def test_finds_a_row_put_in(self, rows, article, writer):
        before = Transition.objects.get(pk=rows[4].pk)
        before.number, before.reason = rows[4].pk + 1, "补记"
        before.previous, before._state.adding = rows[4].digest, True
        before.digest = before.computed_digest()
        before.save()
        assert len(faults()) == 1

    @pytest.mark.parametrize("change", ["number = number + 1", "digest = 'x'"])
    def test_finds_a_changed_end(self, rows, change):
        tamper(f"UPDATE articles_recordhead SET {change}")  # noqa: S608
        assert len(faults()) == 1

    def test_finds_a_missing_end(self, rows):
        RecordHead.objects.all().delete()
        assert len(faults()) == 1

    def test_finds_a_text_changed_after_it_was_decided_on(self, rows, article):
        revision = article.revisions.get()
        revision.content["body"] = "<p>后来改的。</p>"
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)
        assert len(faults()) == len(rows)
        # With a checksum that fits the new text, too: the record has the old one.
        fitting = Revision.checksum(revision.content)
        Revision.objects.filter(pk=revision.pk).update(sha256=fitting)
        assert len(faults()) == len(rows)

    def test_finds_a_record_written_anew_by_a_digest_noted_before(self, rows, article, writer):
        noted = rows[4].digest
        tamper("DELETE FROM articles_transition WHERE number = %s", rows[4].pk)
        tamper(
            "UPDATE articles_recordhead SET number = %s, digest = %s", rows[3].pk, rows[3].digest
        )
        append(article, writer, reason="改写过的第5行")
        assert faults() == []
        (fault,) = faults(noted)
        assert noted in fault


class TestCommand:
    def test_prints_rows_and_end(self, rows):
        said = StringIO()
        call_command("verify_record", stdout=said)
        assert "5 rows" in said.getvalue()
        assert rows[-1].digest in said.getvalue()

    def test_knows_a_digest_noted_before(self, rows):
        call_command("verify_record", expect=f" {rows[0].digest.upper()} ", stdout=StringIO())

    def test_ends_with_1_on_a_fault(self, open_record, rows):
        tamper("UPDATE articles_transition SET reason = 'x' WHERE number = %s", rows[0].pk)
        said = StringIO()
        with pytest.raises(CommandError) as failure:
            call_command("verify_record", stdout=said)
        assert failure.value.returncode == 1
        assert str(rows[0].pk) in said.getvalue()
        with pytest.raises(CommandError):
            call_command("verify_record", expect="0" * 64, stdout=StringIO())


def test_the_database_guards_it_after_every_migration(db):
    """SQLite makes a table anew for some changes, and drops what guards the old one."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                " AND tbl_name = 'articles_transition'"
            )
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        names = {name for (name,) in cursor.fetchall()}
    assert "transition_unchanged" in names
    assert connection.vendor == "postgresql" or "transition_undeleted" in names
