"""A report's whole life through the verbs alone: filed, assigned, worked on, answered, approved, published, closed."""

from kanal.reports import actions
from kanal.reports.models import Report
from kanal.reports.workflow import Status
from tests.support.people import People


def test_from_words_to_a_closed_case(people: People, sari_reports: Report) -> None:
    kun, oki, heni = (people.doing(user) for user in (people.kun, people.oki, people.heni))
    actions.assign(report=sari_reports, agency=people.roads, by=kun, version=sari_reports.version)
    actions.start(report=sari_reports, by=oki)
    actions.draft_answer(report=sari_reports, by=oki, text="Lubang sudah ditambal pada Jumat, 27 November.")
    actions.submit_answer(report=sari_reports, by=oki)
    actions.approve_answer(report=sari_reports, by=heni)
    actions.publish_answer(report=sari_reports, by=oki)
    actions.give_feedback(report=sari_reports, stars=5)

    assert sari_reports.status == Status.CLOSED
    assert [event.verb for event in sari_reports.events.all()] == [
        "receive",
        "assign",
        "start",
        "draft_answer",
        "submit_answer",
        "approve_answer",
        "publish_answer",
        "feedback",
    ]
    assert not sari_reports.clocks.filter(met_at=None, voided_at=None).exists()
