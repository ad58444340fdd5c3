"""The story of the demonstration: a newcomer sees the whole way from what people keep saying to a promise kept."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from kanal.brief.models import Edition
from kanal.config.story import play
from kanal.dialogue.actions.packs import load_pack
from kanal.dialogue.models import Commitment, Episode, Question
from kanal.dialogue.workflow import QuestionStatus, Status
from kanal.issues.models import Bulletin, Issue
from kanal.issues.workflow import CONFIRMED
from kanal.reports.demo.accounts import demo_accounts
from tests.support.people import PACK, People

pytestmark = pytest.mark.django_db


def test_an_empty_kanal_has_no_story(people: People) -> None:
    demo_accounts()
    assert not play()
    assert not Episode.objects.exists()


def test_without_the_people_of_the_demonstration_it_says_who_is_missing(people: People) -> None:
    with pytest.raises(CommandError, match=r"koordinator@contoh\.go\.id"):
        call_command("demo_story")


@override_settings(PRODUCTION=True)
def test_real_citizens_are_never_shown_an_invented_story(people: People) -> None:
    with pytest.raises(CommandError, match="sungguhan"):
        call_command("demo_story")


def test_issues_an_evening_promises_and_sheets_are_there_to_look_at(people: People, client: Client) -> None:
    load_pack(PACK)
    call_command("demo", reports=300, seed=1)
    assert play()
    assert Issue.objects.filter(status__in=CONFIRMED).count() >= 5
    assert sorted(Episode.objects.values_list("status", flat=True)) == [Status.ANNOUNCED, Status.HELD]
    assert {"kept", "open"} <= set(Commitment.objects.values_list("status", flat=True))
    assert Bulletin.objects.count() == 1
    assert Question.objects.filter(status=QuestionStatus.WAITING).count() == 2
    assert Edition.objects.count() == 4
    for address in ("/isu/", "/dialog/", "/janji/"):
        assert "Jalan kabupaten berlubang" in client.get(address).content.decode(), address
    assert not play(), "a second start adds nothing"
