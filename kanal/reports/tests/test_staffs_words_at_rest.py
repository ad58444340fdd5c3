"""What staff write about a report lies encrypted, whether the report is secret or not yet."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from kanal.common.secrets import cipher
from kanal.reports import actions
from kanal.reports.models import Answer, Report, ReportTask
from tests.support.life import Life
from tests.support.people import People

pytestmark = pytest.mark.django_db
WORDS = ("Sudah ditambal.", "Pasang rambu.", "Sudah dipasang.")
COLUMNS = "SELECT text, public_text FROM reports_answer UNION ALL SELECT instruction, answer FROM reports_reporttask"

migration = import_module("kanal.reports.migrations.0017_staffs_words_encrypted")
EDITOR = SimpleNamespace(connection=connection)


def stored() -> list[str]:
    """Every word of the two tables as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return sorted(word for row in cursor.fetchall() for word in row if word)


def told() -> set[str]:
    """The same as Kanal reads it."""
    answers = {word for row in Answer.objects.all() for word in (row.text, row.public_text)}
    return answers | {word for row in ReportTask.objects.all() for word in (row.instruction, row.answer)}


@pytest.fixture
def _told(people: People, sari_reports: Report) -> None:
    life = Life(people, sari_reports)
    life.task_answered()
    actions.draft_answer(report=sari_reports, by=life.oki, text="Sudah ditambal.")
    actions.submit_answer(report=sari_reports, by=life.oki)
    actions.approve_answer(report=sari_reports, by=life.heni)
    actions.publish_answer(report=sari_reports, by=life.oki)


@pytest.mark.usefixtures("_told")
def test_answers_and_tasks_are_in_no_column_in_clear() -> None:
    assert told() >= set(WORDS)
    assert {cipher().decrypt(word.encode()).decode() for word in stored()} >= set(WORDS)


@pytest.mark.usefixtures("_told")
def test_what_was_there_before_is_encrypted_once_and_can_be_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "BATCH", 1)
    before = told()
    migration.open_again(apps, EDITOR)
    assert set(stored()) >= set(WORDS)
    with connection.cursor() as cursor:  # as a run that was broken off leaves it
        cursor.execute("UPDATE reports_answer SET text = %s", [cipher().encrypt(WORDS[0].encode()).decode()])
    migration.close(apps, EDITOR)
    done = stored()
    assert told() == before
    migration.close(apps, EDITOR)
    assert stored() == done, "what is closed is not closed twice"
    migration.open_again(apps, EDITOR)
    migration.open_again(apps, EDITOR)
    assert set(stored()) >= set(WORDS)
