"""An agency becomes part of another: who may, what is refused, what its people may do from then on."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kanal.agencies import policy
from kanal.agencies.actions import enrol, load_pack, merge_agency
from kanal.agencies.models import Agency, Membership, User
from kanal.agencies.queries import actor_of, check_stands, goes_over, reference, staff_of
from kanal.common.refusal import Refused
from kanal.common.snapshot import Snapshot
from tests.support.people import PACK, People, roads_join_transport

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def health(people: People) -> Agency:
    return Agency.objects.get(code="dinkes")


def merge(people: People, agency: Agency, into: Agency) -> Agency:
    return merge_agency(agency=agency, into=into, by=actor_of(people.agus))


def page_of(agency: Agency, page: str = "merge") -> str:
    return reverse(f"admin:agencies_agency_{page}", args=[agency.pk])


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_administrators_merge_and_nobody_else(role: str) -> None:
    assert policy.merges({role}) is (role == Role.ADMINISTRATOR)


def test_whoever_may_not_is_told_who_does(people: People) -> None:
    for user in (people.kun, people.heni, people.laras, people.ida, people.rina):
        with pytest.raises(Refused, match="digabung oleh administrator"):
            merge_agency(agency=people.roads, into=people.transport, by=actor_of(user))
    assert Agency.objects.get(pk=people.roads.pk).active


# What it does ---------------------------------------------------------------------------------------------------------


def test_its_people_hold_their_roles_in_what_it_became(people: People) -> None:
    roads_join_transport(people)
    for user, role in ((people.oki, Role.OFFICER), (people.heni, Role.SUPERVISOR)):
        held = user.memberships.get()
        assert (held.role, held.agency) == (role, people.transport)


def test_who_held_the_same_role_in_both_holds_it_once(people: People) -> None:
    enrol(email="dewi@contoh.go.id", name="Dewi Lestari", role=Role.OFFICER, agency=people.roads)
    roads_join_transport(people)
    assert [one.agency for one in people.dewi.memberships.all()] == [people.transport]


def test_all_of_them_act_for_both_from_then_on(people: People) -> None:
    both = {people.roads.pk, people.transport.pk}
    assert actor_of(people.dewi).handles == {people.transport.pk}
    roads_join_transport(people)
    assert actor_of(people.dewi).handles == actor_of(people.oki).handles == actor_of(people.heni).heads == both


def test_word_for_either_goes_to_all_of_them(people: People) -> None:
    roads_join_transport(people)
    for agency in (people.roads, people.transport):
        found = staff_of([agency.pk], Role.OFFICER).values_list("user__name", flat=True)
        assert set(found) == {"Oki Prasetyo", "Dewi Lestari"}


def test_an_account_that_stayed_behind_acts_for_what_it_became(people: People) -> None:
    Agency.objects.filter(pk=people.roads.pk).update(active=False, successor=people.transport)
    Snapshot.clear_all()
    assert actor_of(people.oki).handles == {people.roads.pk, people.transport.pk}
    assert people.oki.pk in staff_of([people.transport.pk], Role.OFFICER).values_list("user_id", flat=True)


def test_a_second_merge_leads_on_from_the_first(people: People, health: Agency) -> None:
    roads_join_transport(people)
    merge(people, people.transport, health)
    facts = reference()
    assert facts.id_today(people.roads.pk) == health.pk
    assert facts.with_past(health.pk) == {people.roads.pk, people.transport.pk, health.pk}
    assert facts.with_past(people.transport.pk) == {people.roads.pk, people.transport.pk}
    assert facts.told(people.roads.pk) == f"{people.roads.name} (kini {health.name})"
    assert actor_of(people.dewi).handles == facts.with_past(health.pk)


def test_both_histories_tell_of_it_once(people: People) -> None:
    roads_join_transport(people)
    roads_join_transport(people)
    lines = LogEntry.objects.filter(user=people.agus).order_by("pk").values_list("object_repr", "change_message")
    assert list(lines) == [
        (people.roads.name, f"Bergabung ke {people.transport.name}; 2 orang pindah."),
        (people.transport.name, f"Menerima {people.roads.name}; 2 orang pindah."),
    ]


def test_what_stood_below_it_stands_below_what_it_became(people: People, health: Agency) -> None:
    Agency.objects.filter(pk__in=[people.transport.pk, health.pk]).update(parent=people.roads)
    roads_join_transport(people)
    for agency, above in ((health, people.transport), (people.transport, people.roads.parent)):
        agency.refresh_from_db()
        assert agency.parent == above


def test_loading_the_pack_again_does_not_bring_it_back(people: People) -> None:
    roads_join_transport(people)
    load_pack(PACK)
    assert reference().id_today(people.roads.pk) == people.transport.pk


# What is refused ------------------------------------------------------------------------------------------------------


def test_it_is_not_merged_into_itself(people: People) -> None:
    with pytest.raises(Refused, match="ke dirinya sendiri"):
        merge(people, people.roads, people.roads)


def test_it_is_not_merged_twice_nor_into_what_is_gone(people: People, health: Agency) -> None:
    roads_join_transport(people)
    with pytest.raises(Refused, match=f"sudah bergabung ke {people.transport.name}"):
        merge(people, people.roads, health)
    with pytest.raises(Refused, match=f"sudah bergabung ke {people.transport.name}. Pilih {people.transport.name}"):
        merge(people, health, people.roads)


def test_a_circle_cannot_be(people: People) -> None:
    roads_join_transport(people)
    with pytest.raises(Refused, match="sudah bergabung"):
        merge(people, people.transport, people.roads)


def test_it_is_not_merged_into_one_that_is_switched_off(people: People) -> None:
    Agency.objects.filter(pk=people.transport.pk).update(active=False)
    with pytest.raises(Refused, match="sudah tidak aktif"):
        roads_join_transport(people)


def test_one_that_was_switched_off_earlier_can_still_be_merged(people: People) -> None:
    Agency.objects.filter(pk=people.roads.pk).update(active=False)
    roads_join_transport(people)
    assert reference().id_today(people.roads.pk) == people.transport.pk


def test_the_inspectorate_stays_by_itself(people: People) -> None:
    inspectorate = Agency.objects.get(kind=Agency.Kind.INSPECTORATE)
    for pair in ((inspectorate, people.transport), (people.transport, inspectorate)):
        with pytest.raises(Refused, match="Inspektorat menjaga laporan rahasia"):
            merge(people, *pair)


@pytest.mark.parametrize("fields", [{"active": True}, {"active": False, "successor": "itself"}])
def test_the_database_keeps_a_merged_one_closed_and_apart_from_itself(
    people: People, fields: dict[str, object]
) -> None:
    into = people.roads.pk if "successor" in fields else people.transport.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=people.roads.pk).update(active=fields["active"], successor=into)


def test_a_circle_written_past_the_deed_hangs_nothing(people: People, health: Agency) -> None:
    ring = [people.roads, people.transport, health]
    Agency.objects.filter(pk__in=[one.pk for one in ring]).update(active=False)
    for one, after in zip(ring, [*ring[1:], ring[0]], strict=True):
        Agency.objects.filter(pk=one.pk).update(successor=after)
    Snapshot.clear_all()
    assert reference().agency_today(people.roads.pk)
    assert people.roads.pk in actor_of(people.oki).handles


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_merge_each_into_the_other(people: People) -> None:
    by = actor_of(people.agus)

    def work(pair: tuple[Agency, Agency]) -> str:
        try:
            merge_agency(agency=pair[0], into=pair[1], by=by)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "merged"

    with ThreadPoolExecutor(2) as crowd:
        said = crowd.map(work, [(people.roads, people.transport), (people.transport, people.roads)])
        assert sorted(said) == ["merged", "refused"]
    assert Agency.objects.filter(pk__in=[people.roads.pk, people.transport.pk], active=True).count() == 1


# No new work ----------------------------------------------------------------------------------------------------------


def test_new_work_for_it_names_who_has_it_now(people: People) -> None:
    roads_join_transport(people)
    people.roads.refresh_from_db()
    with pytest.raises(Refused, match=f"sudah bergabung ke {people.transport.name}. Pilih {people.transport.name}"):
        check_stands(people.roads)


def test_nobody_is_enrolled_there(people: People) -> None:
    roads_join_transport(people)
    people.roads.refresh_from_db()
    with pytest.raises(Refused, match="sudah bergabung"):
        enrol(email="baru@contoh.go.id", name="Bu Baru", role=Role.OFFICER, agency=people.roads)
    with pytest.raises(CommandError, match=r"sudah bergabung: pakai --agency dishub"):
        call_command(
            *("enrol", "baru@contoh.go.id", "--name", "Bu Baru", "--role", "officer", "--agency", people.roads.code),
            stdout=StringIO(),
        )
    assert not User.objects.filter(email="baru@contoh.go.id").exists()


# The administrators' page ---------------------------------------------------------------------------------------------


@pytest.fixture
def agus(client: Client, people: People) -> Client:
    client.force_login(people.agus)
    return client


def test_the_page_shows_what_goes_over_before_anything_changes(agus: Client, people: People) -> None:
    assert "Belum ada yang berubah" in agus.get(page_of(people.roads)).content.decode()
    page = agus.get(page_of(people.roads), {"into": people.transport.pk}).content.decode()
    for words in ("Orang yang berperan di sana", "Laporan terbuka", "Janji yang belum selesai", "Isu yang dipimpinnya"):
        assert words in page
    assert dict(goes_over(people.roads))["Orang yang berperan di sana"] == 2
    assert Agency.objects.get(pk=people.roads.pk).active


def test_confirmed_it_is_done_and_its_page_leads_on(agus: Client, people: People) -> None:
    answer = agus.post(page_of(people.roads), {"into": people.transport.pk}, follow=True)
    assert f"{people.roads.name} sudah bergabung ke {people.transport.name}." in answer.content.decode()
    assert page_of(people.transport, "change") in agus.get(page_of(people.roads, "change")).content.decode()
    assert agus.get(page_of(people.roads)).status_code == 302


@pytest.mark.parametrize("into", ["", "itself", "closed", "0", "x", "9" * 30])
def test_a_choice_that_is_none_is_said(agus: Client, people: People, into: str) -> None:
    Agency.objects.filter(code="dinkes").update(active=False)
    given = {"itself": str(people.roads.pk), "closed": str(Agency.objects.get(code="dinkes").pk)}.get(into, into)
    answer = agus.post(page_of(people.roads), {"into": given})
    assert answer.status_code == 400
    assert "Pilih perangkat daerah" in answer.content.decode()
    assert Agency.objects.get(pk=people.roads.pk).active


def test_no_page_of_the_admin_opens_it_again_or_points_it_elsewhere(agus: Client, people: People) -> None:
    roads_join_transport(people)
    form = {"name": people.roads.name, "short_name": "PU", "code": people.roads.code, "kind": people.roads.kind}
    answer = agus.post(page_of(people.roads, "change"), form | {"active": "on", "successor": ""})
    assert "tidak dibuka lagi" in answer.content.decode()
    assert agus.post(page_of(people.roads, "change"), form | {"successor": ""}).status_code == 302
    people.roads.refresh_from_db()
    assert (people.roads.active, people.roads.successor) == (False, people.transport)


def test_the_list_in_place_does_not_open_it_again_either(agus: Client, people: People) -> None:
    roads_join_transport(people)
    address = reverse("admin:agencies_agency_changelist")
    form = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(people.roads.pk)}
    answer = agus.post(f"{address}?q={people.roads.code}", form | {"form-0-active": "on", "_save": "Simpan"})
    assert "tidak dibuka lagi" in answer.content.decode()
    assert not Agency.objects.get(pk=people.roads.pk).active


def test_it_is_not_offered_where_agencies_are_chosen_by_name(agus: Client, people: People) -> None:
    asked = {
        "term": people.roads.short_name,
        "app_label": "reports",
        "model_name": "routingrule",
        "field_name": "agency",
    }
    assert agus.get(reverse("admin:autocomplete"), asked).json()["results"]
    roads_join_transport(people)
    assert agus.get(reverse("admin:autocomplete"), asked).json()["results"] == []
    found = agus.get(reverse("admin:agencies_agency_changelist"), {"q": people.roads.code}).content.decode()
    assert people.transport.name in found


def test_nobody_is_given_a_role_there_by_hand(agus: Client, people: People) -> None:
    roads_join_transport(people)
    form = {"email": "baru@contoh.go.id", "name": "Bu Baru", "is_active": "on"}
    form |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    form |= {"memberships-0-role": Role.OFFICER, "memberships-0-agency": str(people.roads.pk)}
    answer = agus.post(reverse("admin:agencies_user_add"), form)
    assert "sudah bergabung" in answer.content.decode()
    assert not User.objects.filter(email="baru@contoh.go.id").exists()


def test_only_administrators_find_the_page(client: Client, people: People) -> None:
    for user in (people.kun, people.oki, people.laras):
        client.force_login(user)
        assert client.post(page_of(people.roads), {"into": people.transport.pk}).status_code in {302, 403}
    assert Agency.objects.get(pk=people.roads.pk).active
    client.force_login(people.agus)
    assert client.get(reverse("admin:agencies_agency_merge", args=[10**15])).status_code == 404
