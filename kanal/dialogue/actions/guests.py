"""Which agencies are asked to come, and what they answer."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kanal.agencies.models import Agency
from kanal.agencies.queries import Actor, check_stands
from kanal.dialogue.actions import notices
from kanal.dialogue.actions.deed import Deed, told
from kanal.dialogue.models import Episode, Invitation


@transaction.atomic
def invite(*, episode: Episode, agency: Agency, by: Actor, version: int | None = None) -> Invitation:
    """Ask an agency to come; its officers and heads are told. Inviting it again changes nothing."""
    check_stands(agency)
    with Deed("invite", episode, by=by, version=version) as deed:
        deed.data = {"agency": agency.code}
        invitation, fresh = Invitation.objects.get_or_create(
            episode=deed.subject, agency=agency, defaults={"invited_at": deed.at}
        )
        if fresh:
            notices.tell_guests(
                deed.subject,
                "dialogue_invited",
                gettext_noop(
                    "Dinas Anda diundang ke %(programme)s, %(when)s, %(place)s. Konfirmasi siapa yang hadir. "
                    "Pesan warga yang diawali %(word)s menjadi pertanyaan untuk acara ini."
                ),
                agency_id=agency.pk,
                sheet=reverse("dialogue:agency_sheet", args=[deed.subject.pk, agency.code]),
            )
    return invitation


@transaction.atomic
def uninvite(*, invitation: Invitation, by: Actor) -> None:
    """Take an invitation back; its people are told."""
    with Deed("uninvite", invitation.episode, by=by) as deed:
        deed.data = {"agency": invitation.agency.code}
        notices.tell_guests(
            deed.subject,
            "dialogue_uninvited",
            gettext_noop("Undangan dinas Anda ke %(programme)s, %(when)s, dibatalkan."),
            agency_id=invitation.agency_id,
        )
        Invitation.objects.filter(pk=invitation.pk).delete()


@transaction.atomic
def reply(*, invitation: Invitation, coming: bool, who: str, by: Actor) -> None:
    """Say who comes, or that nobody can. The agency says it itself, or a host notes it; the later word stands."""
    missing = _("Tulis siapa yang hadir, misalnya “Kepala Bidang Jalan”.") if coming else ""
    who = told(Invitation, "who", who, missing=missing)
    with Deed("reply", invitation.episode, by=by, agency_id=invitation.agency_id) as deed:
        deed.data = {"agency": invitation.agency.code, "coming": coming}
        invitation.state = Invitation.State.COMING if coming else Invitation.State.DECLINED
        invitation.who, invitation.answered_at = who, deed.at
        invitation.save(update_fields=["state", "who", "answered_at"])
