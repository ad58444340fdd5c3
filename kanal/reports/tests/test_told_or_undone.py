"""A deed and the letters about it are one: when the letters cannot be kept, nothing has happened."""

from collections.abc import Callable
from typing import Any

import pytest

from kanal.reports import actions
from kanal.reports.actions import notices
from kanal.reports.models import Report
from kanal.reports.workflow import Kind
from tests.support.people import People

Act = Callable[[], object]


class FullDiskError(OSError):
    """What a full disk says."""


@pytest.fixture
def deeds(people: People, sari_reports: Report) -> dict[str, tuple[Act, ...]]:
    """For each verb that tells somebody: what leads up to it, and last the verb itself."""
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    it: dict[str, Any] = {"report": sari_reports}
    main = actions.file_report(actions.Filing(body="Lubang besar di tikungan Jono.", submission="utama"))

    def assign() -> object:
        return actions.assign(**it, agency=people.roads, by=kun)

    def draft() -> object:
        return actions.draft_answer(**it, by=oki, text="Sudah ditambal.")

    def submit() -> object:
        return actions.submit_answer(**it, by=oki)

    def publish() -> object:
        return actions.publish_answer(**it, by=oki)

    answered = (assign, draft, submit, lambda: actions.approve_answer(**it, by=heni), publish)
    asked = (*answered, lambda: actions.ask_reopen(**it, note="Masih berlubang."))
    return {
        "assign": (assign,),
        "return_": (assign, lambda: actions.return_(**it, by=oki, reason="other_agency")),
        "start": (assign, lambda: actions.start(**it, by=oki)),
        "ask_info": (assign, lambda: actions.ask_info(**it, by=oki, question="Di mana?")),
        "archive": (lambda: actions.archive(**it, by=kun, reason="no_reply"),),
        "merge": (lambda: actions.merge(**it, into=main, by=kun),),
        "submit_answer": (assign, draft, submit),
        "publish_answer": answered,
        "ask_reopen": asked,
        "reopen": (*asked, lambda: actions.reopen(**it, by=kun)),
        "decline_reopen": (*asked, lambda: actions.decline_reopen(**it, by=kun, note="Sudah beres.")),
        "escalate": (assign, lambda: actions.escalate(**it, by=oki)),
        "flag_rapid": (lambda: actions.flag_rapid(**it, by=kun, reason="Kabel putus"),),
        "reply": (assign, lambda: actions.reply(**it, text="Ini fotonya.")),
    }


VERBS = (
    *("assign", "return_", "start", "ask_info", "archive", "merge", "submit_answer", "publish_answer"),
    *("ask_reopen", "reopen", "decline_reopen", "escalate", "flag_rapid", "reply"),
)


def no_room(*_given: object, **_options: object) -> None:
    raise FullDiskError


@pytest.mark.parametrize("verb", VERBS)
def test_without_its_letters_a_verb_has_not_happened(
    deeds: dict[str, tuple[Act, ...]], sari_reports: Report, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    *before, last = deeds[verb]
    for act in before:
        act()
    was = Report.objects.values().get(pk=sari_reports.pk)
    lines = sari_reports.events.count()
    monkeypatch.setattr(notices, "queue", no_room)
    with pytest.raises(FullDiskError):
        last()
    assert Report.objects.values().get(pk=sari_reports.pk) == was
    assert sari_reports.events.count() == lines


def test_no_identity_is_opened_without_the_inspectors_letter(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    report = actions.file_report(
        actions.Filing(body="Jalan rusak.", submission="a", email="a@contoh.id", anonymous=True, kind=Kind.COMPLAINT)
    )
    monkeypatch.setattr(notices, "queue", no_room)
    with pytest.raises(FullDiskError):
        actions.open_identity(report=report, by=people.doing(people.kun), reason="Perlu ditelepon")
    assert not report.events.filter(verb="open_identity").exists()
