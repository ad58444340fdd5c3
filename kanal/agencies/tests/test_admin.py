from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django import Settings

from kanal.agencies.actions import enrol
from kanal.agencies.administration import site
from kanal.agencies.models import Agency, AllowanceRule, Holiday, Membership, Region, User
from kanal.agencies.queries import reference
from kanal.channels.models import Inbound, Outbound
from kanal.reports.models import Category, Destruction, Report, RoutingRule
from tests.support.people import People

Role = Membership.Role
PAGES = {
    *("regency", "region", "user", "agency", "holiday", "allowancerule"),
    *("inbound", "outbound", "watchword"),
    *("category", "reason", "routingrule", "cannedanswer", "retentionrule", "destruction"),
    *("apiclient", "serviceattribute"),
}


def page_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def agus(client: Client, people: People) -> Client:
    """The administrator's browser."""
    client.force_login(people.agus)
    return client


def test_reference_data_and_registers_are_all_that_there_is() -> None:
    assert {model._meta.model_name for model in site._registry} == PAGES


@pytest.mark.parametrize("model", sorted(site._registry, key=str), ids=lambda m: m.__name__)
def test_an_administrator_opens_every_list_and_every_form(agus: Client, model: Any, sari_reports: Report) -> None:
    found = agus.get(page_of(model), {"q": "a"})
    assert found.status_code == 200
    admin = site._registry[model]
    if admin.has_add_permission(found.wsgi_request):
        assert agus.get(page_of(model) + "add/").status_code == 200
    row = model.objects.first()
    if row and admin.list_display_links is not None:
        assert agus.get(f"{page_of(model)}{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("who", ["kun", "oki", "heni", "laras", "ida"])
def test_nobody_else_gets_in(client: Client, people: People, who: str) -> None:
    client.force_login(getattr(people, who))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    assert client.get(page_of(User), follow=True).status_code == 403
    assert client.post(page_of(Holiday) + "add/", {"date": "2027-01-04", "name": "Curang"}).status_code in {302, 403}
    assert not Holiday.objects.filter(name="Curang").exists()


def test_even_a_superuser_needs_the_role(client: Client, regency: object) -> None:
    client.force_login(User.objects.create_superuser("akar@contoh.go.id", "rahasia-sekali", name="Akar"))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_strangers_sign_in_through_the_same_door_as_everybody(client: Client, regency: object) -> None:
    answer = client.get(page_of(User), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("year", ["0", "-1", "99999", "9" * 30])
def test_an_impossible_year_shows_the_whole_list(agus: Client, year: str) -> None:
    for model, name in ((Outbound, "created_at__year"), (Holiday, "tahun")):
        answer = agus.get(page_of(model), {name: year}, follow=True)
        assert answer.status_code == 200, (name, year)


def test_no_word_and_no_name_of_a_citizen_is_shown(agus: Client, sari_reports: Report) -> None:
    Outbound.objects.update(error="550 sari@contoh.id tidak dikenal", state="failed")
    Inbound.objects.update(text="isi rahasia Sari", why="nomor 081234567890")
    shown = "".join(agus.get(page_of(model)).content.decode() for model in (Outbound, Inbound))
    assert agus.get(f"{page_of(Outbound)}{Outbound.objects.get().pk}/change/").status_code == 404
    assert "receipt" in shown
    for secret in ("sari@contoh.id", "Sari", "isi rahasia", "081234567890", "berlubang", sari_reports.tracking_code):
        assert secret not in shown
    assert "[e-mail disembunyikan]" in shown


def test_registers_cannot_be_written(agus: Client, sari_reports: Report) -> None:
    row = Outbound.objects.get()
    for page in ("add/", f"{row.pk}/delete/", f"{row.pk}/change/"):
        assert agus.post(page_of(Outbound) + page, {"post": "yes", "state": "sent"}).status_code == 404
    assert agus.post(page_of(Destruction) + "add/", {}).status_code == 403
    assert Outbound.objects.get().state == row.state


def test_what_reports_point_at_is_switched_off_and_never_deleted(agus: Client, people: People) -> None:
    for row in (people.roads, people.kun, Region.objects.first(), Category.objects.first()):
        assert row
        assert agus.post(f"{page_of(type(row))}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def roles_form(*held: tuple[str, str], keep: int = 0) -> dict[str, str]:
    form = {"memberships-TOTAL_FORMS": str(len(held) + keep), "memberships-INITIAL_FORMS": str(keep)}
    for number, (role, agency) in enumerate(held, keep):
        form |= {f"memberships-{number}-role": role, f"memberships-{number}-agency": agency}
    return form


def test_a_new_person_gets_roles_and_comes_in_by_a_mailed_code(agus: Client, people: People) -> None:
    form = {"email": "Baru@Contoh.go.id", "name": "Bu Baru", "is_active": "on"}
    agus.post(page_of(User) + "add/", form | roles_form((Role.OFFICER, str(people.roads.pk))))
    person = User.objects.get(email="baru@contoh.go.id")
    assert not person.has_usable_password()
    assert not person.is_staff
    assert person.memberships.get().agency == people.roads
    assert LogEntry.objects.filter(user=people.agus, object_repr="Bu Baru").exists()


def test_a_new_address_shuts_the_old_mailbox_out(agus: Client, people: People) -> None:
    EmailAddress.objects.create(user=people.kun, email=people.kun.email, primary=True, verified=True)
    held = people.kun.memberships.get()
    form = {"email": "kun.baru@contoh.go.id", "name": people.kun.name, "is_active": "on"} | roles_form(keep=1)
    form |= {"memberships-0-id": str(held.pk), "memberships-0-user": str(people.kun.pk), "memberships-0-agency": ""}
    form |= {"memberships-0-role": held.role}
    assert agus.post(f"{page_of(User)}{people.kun.pk}/change/", form).status_code == 302
    for address, body in (("kun@contoh.go.id", "tidak ada akun"), ("kun.baru@contoh.go.id", "    ")):
        mail.outbox.clear()
        Client().post(reverse("account_request_login_code"), {"email": address})
        assert body in mail.outbox[0].body


def test_an_officer_belongs_to_an_agency(agus: Client, regency: object) -> None:
    form = {"email": "baru@contoh.go.id", "name": "Bu Baru", "is_active": "on"}
    answer = agus.post(page_of(User) + "add/", form | roles_form((Role.OFFICER, "")))
    assert answer.status_code == 200
    assert not User.objects.filter(email="baru@contoh.go.id").exists()


def test_the_last_administrator_stays(agus: Client, people: People) -> None:
    held = people.agus.memberships.get()
    form = {"email": people.agus.email, "name": people.agus.name, "is_active": "on"} | roles_form(keep=1)
    form |= {"memberships-0-id": str(held.pk), "memberships-0-user": str(people.agus.pk), "memberships-0-agency": ""}
    form |= {"memberships-0-role": Role.ADMINISTRATOR, "memberships-0-DELETE": "on"}
    address = f"{page_of(User)}{people.agus.pk}/change/"
    answer = agus.post(address, form)
    assert "Harus ada paling sedikit satu administrator" in answer.content.decode()
    enrol(email="kedua@contoh.go.id", name="Kedua", role=Role.ADMINISTRATOR)
    assert agus.post(address, form).status_code == 302
    assert not User.objects.get(pk=people.agus.pk).is_staff


def test_the_last_administrator_cannot_switch_the_own_account_off(agus: Client, people: People) -> None:
    held = people.agus.memberships.get()
    form = {"email": people.agus.email, "name": people.agus.name} | roles_form(keep=1)
    form |= {"memberships-0-id": str(held.pk), "memberships-0-user": str(people.agus.pk), "memberships-0-agency": ""}
    form |= {"memberships-0-role": Role.ADMINISTRATOR}
    agus.post(f"{page_of(User)}{people.agus.pk}/change/", form)
    assert User.objects.get(pk=people.agus.pk).is_active


def test_a_holiday_counts_at_once_and_uncertain_years_are_named(agus: Client, regency: object) -> None:
    assert "belum diketahui" in agus.get(page_of(Holiday)).content.decode()
    day = date(2027, 3, 17)
    assert reference().calendar.is_working_day(day)
    agus.post(page_of(Holiday) + "add/", {"date": "2027-03-17", "name": "Hari jadi"})
    assert not reference().calendar.is_working_day(day)
    assert "Hari jadi" in agus.get(page_of(Holiday), {"tahun": "2027"}).content.decode()
    assert "Hari jadi" not in agus.get(page_of(Holiday), {"tahun": "2026"}).content.decode()
    assert agus.get(page_of(Holiday), {"tahun": "x' OR 1"}).status_code == 200


def regency_form(**more: str) -> dict[str, str]:
    regency = reference().regency
    names = ("name", "short_name", "code", "timezone", "brand", "phone", "email", "emergency_phone", "lat", "lon")
    form = {name: str(getattr(regency, name)) for name in names}
    return form | {"bounds": "[[-7.5, 111.4], [-6.9, 112.2]]", "count_collective_leave": "on"} | more


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Mars/Base"),
        ("timezone", "../../etc/passwd"),
        ("lat", "999"),
        ("lon", "nan"),
        ("bounds", "[1]"),
        ("bounds", '[["a", 1], [2, 3]]'),
        ("bounds", "[[NaN, 1], [1, 1]]"),
        ("bounds", "[[5, 5], [1, 1]]"),
    ],
)
def test_a_mistyped_regency_stops_no_page(agus: Client, client: Client, regency: Any, name: str, value: str) -> None:
    address = f"{page_of(type(regency))}1/change/"
    assert agus.post(address, regency_form(**{name: value})).status_code == 200
    assert agus.post(address, regency_form(code_prefix="x")).status_code == 302
    regency.refresh_from_db()
    assert (regency.timezone, regency.code_prefix) == ("Asia/Jakarta", "BJN")


def test_no_day_is_left_without_an_allowance(agus: Client, regency: object) -> None:
    row = AllowanceRule.objects.get(kind="verify", valid_to=None)
    address = f"{page_of(AllowanceRule)}{row.pk}"
    form = {"kind": "verify", "unit": row.unit, "rule": row.rule, "valid_from": str(row.valid_from), "amount": "3"}
    later = str(reference().today() + timedelta(days=30))
    for change in ({"amount": "0"}, {"amount": "32000"}, {"kind": "lain"}, {"valid_from": later}, {"valid_to": later}):
        assert agus.post(f"{address}/change/", form | change).status_code == 200, change
    assert agus.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    AllowanceRule.objects.create(kind="verify", amount=2, unit=row.unit, rule="baru", valid_from=later)
    day_before = str(reference().today() + timedelta(days=29))
    assert agus.post(f"{address}/change/", form | {"valid_to": day_before}).status_code == 302


def test_lists_of_words_are_edited_as_words(agus: Client, people: People) -> None:
    rule = RoutingRule.objects.create(name="Uji", agency=people.roads, words=["banjir"], weekdays=[])
    form: dict[str, Any] = {"order": "5", "name": "Uji", "agency": str(people.roads.pk), "active": "on"}
    form |= {"words": "jalan  rusak;; lubang ; lubang", "weekdays": ["0", "6"], "hour_from": "", "hour_to": ""}
    agus.post(f"{page_of(RoutingRule)}{rule.pk}/change/", form)
    rule.refresh_from_db()
    assert rule.words == ["jalan rusak", "lubang"]
    assert rule.weekdays == [0, 6]
    assert "jalan rusak; lubang" in agus.get(f"{page_of(RoutingRule)}{rule.pk}/change/").content.decode()
    agus.post(f"{page_of(RoutingRule)}{rule.pk}/change/", form | {"words": "", "weekdays": []})
    rule.refresh_from_db()
    assert (rule.words, rule.weekdays) == ([], [])


def test_boundaries_are_not_dragged_along(agus: Client, regency: object) -> None:
    Region.objects.filter(code="35.22.21").update(boundary={"type": "Polygon", "coordinates": [[[111, -7]]]})
    page = agus.get(page_of(Region), {"q": "Temayang"}).content.decode()
    assert "Polygon" not in page
    region = Region.objects.get(code="35.22.21")
    assert "Polygon" not in agus.get(f"{page_of(Region)}{region.pk}/change/").content.decode()


def test_the_second_factor_guards_these_pages_too(agus: Client, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert agus.get(reverse("admin:index"))["Location"] == reverse("mfa_index")


def test_the_pages_work_in_a_browser_under_the_same_policy(
    desktop: Page, live_url: str, people: People, signed_in: Callable[[Page, User], None]
) -> None:
    signed_in(desktop, people.agus)
    desktop.goto("/admin/")
    desktop.get_by_role("row", name="Orang").get_by_role("link").first.click()
    desktop.get_by_role("link", name="Kun Hidayat").click()
    desktop.goto("/admin/reports/routingrule/add/")
    desktop.locator(".field-agency .select2-selection").click()
    desktop.locator(".select2-search__field").fill("Bina")
    desktop.locator(".select2-results__option", has_text="Bina Marga").click()
    assert "Bina Marga" in (desktop.locator("#select2-id_agency-container").text_content() or "")
    assert Agency.objects.count()
