"""The same message thousands of times within an hour: shown as what it is, and each sender one voice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kanal.agencies.queries import actor_of
from kanal.channels.models import Contact
from kanal.issues import queries
from kanal.issues.mining.night import mine
from kanal.issues.models import Issue
from kanal.issues.queries.campaigned import campaigns_in, loose_campaigns
from kanal.reports.models import Report
from tests.support.issues import FIRST, many, tell
from tests.support.people import People

TEXT = "Tolak penutupan pasar lama! Sebarkan dan dukung tuntutan pedagang pasar lama."
COPIES = 5000
AT = FIRST + timedelta(days=10)


def send(copies: int, contacts: list[int | None], *, start: datetime = FIRST, **more: Any) -> None:
    """So many copies of TEXT within an hour, from these contacts in turn (None: somebody new each time)."""
    Report.objects.bulk_create(
        (
            Report(
                tracking_code=f"BJN-K{turn // 100:03}-{turn % 100:04}",
                title=TEXT[:90],
                public_body=TEXT,
                received_at=start + timedelta(seconds=turn * 3600 / copies),
                contact_id=contacts[turn % len(contacts)],
                **more,
            )
            for turn in range(copies)
        ),
        batch_size=500,
    )


def some_contacts(number: int) -> list[int | None]:
    return [contact.pk for contact in Contact.objects.bulk_create(Contact() for _one in range(number))]


def board(client: Client, people: People) -> str:
    client.force_login(people.kun)
    return client.get("/meja/isu/").content.decode()


def test_thousands_from_a_dozen_people_are_a_dozen_voices_and_marked(people: People, client: Client) -> None:
    send(COPIES, some_contacts(12))
    (campaign,) = mine(at=AT).campaigns
    assert (campaign.copies, campaign.voices) == (COPIES, 12)
    issue = Issue.objects.get()
    tally = queries.tallies([issue.pk])[issue.pk]
    assert (tally.reports, tally.voices) == (COPIES, 12)
    rank = queries.rank_now(now=AT)
    assert rank.facts[issue.pk].voices == 12
    assert "Pesan berantai" in board(client, people)
    page = client.get(f"/meja/isu/{issue.pk}/").content.decode()
    assert "5.000 pesan yang sama dari 12 orang" in page
    assert "Satu orang tetap dihitung satu suara" in page


def test_a_crowd_that_sends_one_message_is_a_crowd_and_yet_marked(people: People) -> None:
    send(COPIES, [None])
    (campaign,) = mine(at=AT).campaigns
    assert campaign.voices == COPIES
    issue = Issue.objects.get()
    assert queries.tallies([issue.pk])[issue.pk].voices == COPIES
    (shown,) = campaigns_in(issue.pk)
    assert shown.copies == COPIES
    assert shown.last - shown.first < timedelta(hours=1)


def test_it_does_not_drown_what_others_say(people: People) -> None:
    for place, text in enumerate(many("lubang", 30)):
        tell(1, text, first=place)
    send(1000, some_contacts(3))
    mine(at=AT)
    ranks = queries.rank_now(now=AT)
    loudest = Issue.objects.get(pk=min(ranks.places, key=lambda pk: ranks.places[pk]))
    assert "jalan" in loudest.title.lower()
    assert ranks.facts[loudest.pk].voices <= 30 + 3


def test_from_so_few_that_it_is_no_issue_the_board_still_tells_of_it_for_two_weeks(
    people: People, client: Client
) -> None:
    now = timezone.now()
    send(300, some_contacts(3), start=now - timedelta(hours=2), published=True)
    mine(at=now)
    assert not Issue.objects.exists()
    page = board(client, people)
    assert "Pesan berantai di luar isu" in page
    assert "300 pesan yang sama dari 3 orang" in page
    assert loose_campaigns(actor_of(people.kun), now=now + timedelta(days=15)) == []


@pytest.mark.parametrize(("copies", "minutes"), [(19, 1), (40, 10)])
def test_what_comes_now_and_then_is_no_campaign(people: People, copies: int, minutes: int) -> None:
    for turn in range(copies):
        tell(1, TEXT, first=turn, received_at=FIRST + timedelta(minutes=turn * minutes))
    assert mine(at=AT).campaigns == []
