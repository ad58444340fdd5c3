"""A person's own views of the queue: kept by name, replaced, forgotten, and nobody else's business."""

import pytest
from django.test import Client
from django.utils.http import urlencode

from kanal.reports.actions import views as saved
from kanal.reports.models import SavedView
from tests.support.people import People


def keep(client: Client, name: str, query: str) -> int:
    return client.post("/meja/tampilan/", {"name": name, "query": query}).status_code


def test_the_filters_on_the_screen_are_kept_under_a_name(people: People, client: Client) -> None:
    client.force_login(people.kun)
    response = client.post("/meja/tampilan/", {"name": " Surat  masuk ", "query": "?saluran=letter&hal=abc&x=1"})
    assert response.headers["Location"] == "/meja/?saluran=letter"
    assert list(SavedView.objects.values_list("user", "name", "query")) == [
        (people.kun.pk, "Surat masuk", "saluran=letter")
    ]
    page = client.get("/meja/?saluran=letter").content.decode()
    assert "Surat masuk" in page
    assert "Surat masuk" not in Client().get("/meja/").content.decode()


def test_the_same_name_replaces_what_it_stood_for(people: People, client: Client) -> None:
    client.force_login(people.kun)
    keep(client, "Pagi", "?saluran=letter")
    keep(client, "Pagi", "?jenis=aspiration")
    assert SavedView.objects.get().query == "jenis=aspiration"


def test_nobody_sees_or_deletes_the_views_of_another(people: People, client: Client) -> None:
    view = saved.save_view(user_id=people.kun.pk, name="Milik Kun", query="saluran=letter")
    client.force_login(people.oki)
    assert "Milik Kun" not in client.get("/meja/").content.decode()
    response = client.post(f"/meja/tampilan/{view.pk}/hapus/", follow=True)
    assert "sudah tidak ada" in response.content.decode()
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_view_is_forgotten_and_a_second_click_does_no_harm(people: People, client: Client) -> None:
    view = saved.save_view(user_id=people.kun.pk, name="Sementara", query="")
    client.force_login(people.kun)
    assert "dihapus" in client.post(f"/meja/tampilan/{view.pk}/hapus/", follow=True).content.decode()
    assert client.post(f"/meja/tampilan/{view.pk}/hapus/").status_code == 302
    assert client.get(f"/meja/tampilan/{view.pk}/hapus/").status_code == 405


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [("", "", 400), ("   ", "", 400), ("x" * 61, "", 400), ("Panjang", urlencode({"q": "😀" * 150}), 400)],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(
    people: People, client: Client, name: str, query: str, status: int
) -> None:
    client.force_login(people.kun)
    assert keep(client, name, query) == status
    assert not SavedView.objects.exists()


def test_thirty_views_are_enough(people: People, client: Client) -> None:
    for number in range(saved.MOST):
        saved.save_view(user_id=people.kun.pk, name=f"Tampilan {number}", query="")
    client.force_login(people.kun)
    assert keep(client, "Satu lagi", "") == 409
    assert keep(client, "Tampilan 3", "?saluran=letter") == 302


def test_a_saved_view_never_leads_out_of_the_queue(people: People, client: Client) -> None:
    client.force_login(people.kun)
    response = client.post("/meja/tampilan/", {"name": "Jahat", "query": "//jahat.example/?q=<script>"})
    assert response.headers["Location"].startswith("/meja/?")
