"""Rows written in one statement: keys as from Django, and what the database knows already refused or passed over."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from kanal.channels.models import Contact, Inbound, Medium
from kanal.common.inserting import insert

pytestmark = pytest.mark.django_db


def message(number: str) -> Inbound:
    return Inbound(medium=Medium.WEB, external_id=number, text="Jalan rusak", received_at=timezone.now())


def test_rows_get_their_keys_in_order_and_read_back_as_written() -> None:
    rows = [message("satu"), message("dua")]
    assert insert(rows)
    assert [Inbound.objects.get(pk=row.pk).external_id for row in rows] == ["satu", "dua"]
    known = Inbound.objects.get(pk=rows[0].pk)
    assert (known.text, known.received_at) == (rows[0].text, rows[0].received_at)


def test_moments_that_the_model_sets_itself_are_set() -> None:
    contact = Contact(name="Sari")
    insert([contact])
    known = Contact.objects.get(pk=contact.pk)
    assert known.name == "Sari"
    assert known.created_at == contact.created_at


def test_a_known_row_is_refused() -> None:
    insert([message("satu")])
    with pytest.raises(IntegrityError):
        insert([message("satu")])


def test_a_known_row_is_passed_over_when_asked() -> None:
    insert([message("satu")])
    again, fresh = message("satu"), message("dua")
    assert not insert([again, fresh], skip_known=True)
    assert [row.pk for row in (again, fresh)] == [None, None]
    assert sorted(Inbound.objects.values_list("external_id", flat=True)) == ["dua", "satu"]
