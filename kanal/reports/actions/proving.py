"""Proving that an address is one's own: a short code goes there and is typed where it was asked for.

Asked for in a chat, or on the private page of a report. What is answered is always the same, whether the address is
known here, belongs to somebody else, wants no messages or was sent too many codes already.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.channels import actions as mail
from kanal.channels.adapters import adapter_of
from kanal.channels.models import Address, Contact, Inbound, Medium, Outbound
from kanal.common.refusal import Refused
from kanal.common.secrets import lookup_hash
from kanal.reports import policy
from kanal.reports.actions.deed import Deed
from kanal.reports.actions.intake import keep_informed
from kanal.reports.actions.notices import say, say_alone
from kanal.reports.actions.people import join, locked
from kanal.reports.models import AddressProof, ContactDeed, Follower, Report, Talk
from kanal.reports.policy import REPORTER
from kanal.reports.queries.person_history import PROOF
from kanal.reports.workflow import Kind

LIFETIME = timedelta(minutes=15)
DAY = timedelta(days=1)
MOST_TRIES = 5
MOST_ASKED = 5
"""Codes that one chat or one report may ask for in a day."""
MOST_SENT = 3
"""Codes that are sent to one address in a day, whoever asks: nobody's telephone can be flooded."""
DIGITS, FRONT = 6, 3
COUNTRY = "ID"


@dataclass(frozen=True, slots=True)
class Where:
    """An address that somebody named, in its normal form, and the medium on which its code is sent."""

    medium: str
    handle: str


def named(text: str) -> Where | None:
    """The telephone number or e-mail address that a text is; None for anything else."""
    text = text.strip(" .,;:<>")[:254]
    if "@" in text:
        try:
            validate_email(text.lower())
        except ValidationError:
            return None
        return Where(Medium.EMAIL, text.lower())
    try:
        number = phonenumbers.parse(text[:40], COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Where(Medium.SMS, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def proves_numbers() -> bool:
    """Whether codes can be sent to telephones here."""
    adapter = adapter_of(Medium.SMS)
    return adapter is not None and adapter.is_configured


@transaction.atomic
def ask_proof(
    *, where: Where, asker: Address | None = None, report: Report | None = None, at: datetime | None = None
) -> str:
    """Send a code to an address. Returns the digits that the asker types before those that arrive there ("" for none).

    A chat whose sender is not proven gets such digits in its own answer: whoever types all of them reads both.
    Raises Refused (429) for one who asks too often, and for whistle-blowing, which is joined with nothing.
    """
    if report is not None and report.kind == Kind.WHISTLEBLOWING:
        raise Refused(_("Laporan itu tidak ditemukan. Periksa kodenya."), status=404, code="hidden")
    at = at or timezone.now()
    recent = AddressProof.objects.filter(asked_at__gt=at - DAY)
    if recent.filter(asker=asker, report=report).count() >= MOST_ASKED:
        raise Refused(_("Kode sudah diminta beberapa kali hari ini. Coba lagi besok."), status=429, code="too_often")
    key = mail.hash_of(where.medium, where.handle)
    made = not Address.objects.filter(medium=where.medium, handle_hash=key).exists()
    address = mail.address_for(medium=where.medium, handle=where.handle)
    Address.objects.select_for_update().get(pk=address.pk)  # those who ask at once are counted one after another
    front = _digits(FRONT) if asker is not None and asker.verified_at is None else ""
    code = _digits(DIGITS)
    # What is not sent cannot be typed by anybody, so that asking from many places is not guessing many times.
    is_sent = recent.filter(address=address).count() < MOST_SENT
    proof = AddressProof.objects.create(
        asker=asker,
        report=report,
        address=address,
        code_hash=_hash(front + code if is_sent else secrets.token_urlsafe()),
        asked_at=at,
        expires_at=at + LIFETIME,
        made=made or AddressProof.objects.filter(address=address, made=True, used_at=None).exists(),
    )
    if is_sent:
        mail.queue([_letter(proof, address, code)])
    return front


def _digits(number: int) -> str:
    return "".join(secrets.choice("0123456789") for _digit in range(number))


def _hash(code: str) -> str:
    return lookup_hash(PROOF, code)


def _letter(proof: AddressProof, address: Address, code: str) -> mail.Message:
    subject = say_alone("subject_proof_code", address.language)
    body = say("chat_proof_code", address.language, proof=code)
    return mail.Message(purpose=PROOF, dedupe_key=f"{PROOF}:{proof.pk}", subject=subject, body=body, address=address)


def pending(*, asker: Address, at: datetime | None = None) -> bool:
    """Whether somebody in this chat may still type a code."""
    waiting = AddressProof.objects.filter(asker=asker, used_at=None, expires_at__gt=at or timezone.now())
    return waiting.filter(tries__lt=MOST_TRIES).exists()


@transaction.atomic
def enter_code(
    *, code: str, asker: Address | None = None, report: Report | None = None, at: datetime | None = None
) -> bool:
    """Type the code that arrived: the address is proven and joins the asker. Only the newest code counts.

    Returns False for a wrong, old or used one, or after too many tries; each try is counted.
    """
    at = at or timezone.now()
    mine = AddressProof.objects.select_for_update().filter(asker=asker, report=report)
    proof = mine.order_by("-pk").first()
    if proof is None or proof.used_at or proof.expires_at <= at or proof.tries >= MOST_TRIES:
        return False
    AddressProof.objects.filter(pk=proof.pk).update(tries=F("tries") + 1)
    typed = "".join(char for char in code if char.isdigit())
    if not hmac.compare_digest(_hash(typed), proof.code_hash):
        return False
    AddressProof.objects.filter(pk=proof.pk).update(used_at=at)
    address = Address.objects.select_related("contact").get(pk=proof.address_id)
    mail.proven(address)
    if asker is not None:
        mail.proven(asker)
        _join_all(asker, [address, *_twin(address)], at=at)
    elif report is not None:
        _proven_on_page(report, address, at)
    return True


def _twin(address: Address) -> Iterable[Address]:
    """The same number as it was written into a form: proven with it, because a code reached it."""
    if address.medium == Medium.SMS:
        key = mail.hash_of(Medium.PHONE, address.handle)
        for row in Address.objects.filter(medium=Medium.PHONE, handle_hash=key):
            mail.proven(row)
            yield row


def _join_all(first: Address, addresses: Iterable[Address], *, at: datetime) -> None:
    """Let proven addresses belong to whoever has the first, each with the reports that know it and nothing else."""
    for address in addresses:
        into, other = _homes(first, address)
        if into == other:
            continue
        deed = ContactDeed(verb=ContactDeed.Verb.JOINED, address=address, via=first, at=at)
        join(into, other, addresses=[address], reports=_going_along(address, other, into), deed=deed)


def _homes(*addresses: Address) -> list[Contact]:
    """The contacts of addresses, locked; looked up again while somebody joins or parts them."""
    while True:
        at = [_home(address) for address in addresses]
        found = locked(*at)
        if at == [_home(address) for address in addresses]:
            return found


def _home(address: Address) -> int:
    return Address.objects.values_list("contact_id", flat=True).get(pk=address.pk)


def _going_along(address: Address, other: Contact, into: Contact) -> list[int]:
    """The reports of this address's contact whose reporter left no address but this one and those of `into`."""
    alone = not other.addresses.exclude(pk=address.pk).exists()
    theirs = list(Report.objects.filter(contact=other).values_list("pk", flat=True))
    if alone:
        return theirs
    fine = {address.pk, *into.addresses.values_list("pk", flat=True)}
    known: dict[int, set[int]] = {}
    followed = Follower.objects.filter(report__in=theirs, reporter=True)
    for report, follower in followed.values_list("report_id", "address_id"):
        known.setdefault(report, set()).add(follower)
    return [report for report, told in known.items() if told <= fine]


@transaction.atomic
def _proven_on_page(report: Report, address: Address, at: datetime) -> None:
    """The holder of a report's link proved an address: notices go there, and it joins the others they proved there.

    The report's own address joins only when it is proven too: by its chat, or by a code on this page. What somebody
    wrote into the form may be anybody's.
    """
    row = Report.objects.select_for_update().get(pk=report.pk)
    known = Follower.objects.filter(report=row, reporter=True, address=address).exists()
    if not known and policy.allows("add_contact", REPORTER, row):
        with Deed("add_contact", report=report, by=REPORTER, at=at) as deed:
            deed.report.contact = deed.report.contact or address.contact
            keep_informed(deed.report, [address])
            deed.data = {"media": [address.medium]}
    row.refresh_from_db(fields=["contact"])
    sure = _proven_by_holder(row)
    at_home = [one for one in sure if one.contact_id == row.contact_id]
    first = next(iter(at_home or sure), None)
    if first is not None:
        _join_all(first, [*sure, *_twin(address)], at=at)


def _proven_by_holder(report: Report) -> list[Address]:
    """The addresses that the holder of a report's link certainly has: its chat's, and those proven on its page."""
    came = set(Talk.objects.filter(report=report).values_list("address_id", flat=True))
    came |= set(Inbound.objects.filter(report=report, address__isnull=False).values_list("address_id", flat=True))
    used = AddressProof.objects.filter(report=report, used_at__isnull=False).values_list("address_id", flat=True)
    rows = Address.objects.filter(pk__in=came | set(used), verified_at__isnull=False)
    return list(rows.order_by("pk"))


def hear_join(asker: Address, text: str) -> str:
    """What is answered to somebody who names another address of theirs in a chat; the code is on its way then."""
    where, language = named(text), asker.language
    if where is None:
        return say("chat_join_how", language)
    if where.medium == Medium.SMS and not proves_numbers():
        return say("chat_join_no_numbers", language)
    try:
        front = ask_proof(where=where, asker=asker)
    except Refused:
        return say("chat_join_often", language)
    return say("chat_join_sent", language, example=" ".join(filter(None, ["KODE", front, "······"])))


def hear_code(asker: Address, text: str) -> str:
    """What is answered to somebody who types a code in a chat."""
    return say("chat_join_done" if enter_code(code=text, asker=asker) else "chat_join_wrong", asker.language)


def forget_proofs(*, at: datetime | None = None) -> int:
    """Let go of codes that nobody typed, the letters that carried codes, and the addresses that only a code knew."""
    before = (at or timezone.now()) - DAY
    old = AddressProof.objects.filter(used_at=None, asked_at__lt=before)
    made = set(old.filter(made=True).values_list("address_id", flat=True))
    gone: int = old.delete()[0]
    Outbound.objects.filter(purpose=PROOF, created_at__lt=before).delete()
    unknown = Address.objects.filter(pk__in=made, verified_at=None, following=None, inbounds=None, proofs=None)
    for pk in list(unknown.exclude(state=Address.State.OPTED_OUT).values_list("pk", flat=True)):
        mail.forget_address(pk)
    return gone
