"""/meja/kiriman/: what did not arrive, and sending it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.models import Membership
from kanal.channels import actions
from kanal.common.refusal import Refused
from kanal.reports.queries.outbox import SHOWN, post_for, visible_outbound

Role = Membership.Role


def purposes() -> dict[str, str]:
    """What each kind of message is for, in the reader's language; an unknown kind shows its own name."""
    return {
        "answered": _("Jawaban"),
        "address_proof": _("Kode bukti alamat"),
        "approval": _("Jawaban menunggu persetujuan"),
        "archived": _("Laporan diarsipkan"),
        "assigned": _("Laporan diteruskan"),
        "bulletin": _("Kabar bersama"),
        "bulletin_asked": _("Kabar menunggu dikirim"),
        "calendar": _("Kalender belum pasti"),
        "comment": _("Di bawah komentar"),
        "confided": _("Kabar tertutup"),
        "confirm_follow": _("Tautan untuk mengikuti"),
        "content_flagged": _("Isi perlu diperiksa"),
        "digest": _("Ringkasan pagi"),
        "escalated": _("Perlu perhatian atasan"),
        "identity_opened": _("Identitas dibuka"),
        "merged": _("Laporan digabung"),
        "message_answer": _("Balasan pesan"),
        "new_case": _("Disposisi baru"),
        "outage": _("Saluran tidak bisa dihubungi"),
        "question": _("Pertanyaan kepada pelapor"),
        "rapid": _("Reaksi cepat"),
        "receipt": _("Tanda terima"),
        "reopen_asked": _("Minta dibuka lagi"),
        "task_answered": _("Tugas dijawab"),
        "reopen_declined": _("Permintaan buka lagi ditolak"),
        "reopened": _("Laporan dibuka lagi"),
        "reply": _("Keterangan dari pelapor"),
        "returned": _("Bukan wewenang"),
        "recalled": _("Ditarik kembali"),
        "alone_off": _("Disposisi sendiri dimatikan"),
        "started": _("Mulai ditangani"),
        "talk": _("Percakapan"),
        "task": _("Tugas diberikan"),
    }


@require_GET
@desk(Role.COORDINATOR, Role.ADMINISTRATOR)
def page(request: DeskRequest) -> HttpResponse:
    """Messages that failed or wait, and whether a worker lives to send them."""
    return render(
        request, "reports/desk_outbox.html", {"post": post_for(request.actor), "purposes": purposes(), "shown": SHOWN}
    )


@require_POST
@desk(Role.COORDINATOR, Role.ADMINISTRATOR)
def resend(request: DeskRequest, pk: int) -> HttpResponse:
    """Put one failed message into the queue again. The second of two clicks finds it there and changes nothing."""
    if not visible_outbound(request.actor).filter(pk=pk).exists():
        raise Refused(_("Pesan itu tidak ditemukan."), status=404)
    if actions.resend(pk):
        messages.success(request, _("Pesan dikirim ulang sebentar lagi."))
    else:
        messages.info(request, _("Pesan itu sudah tidak berstatus gagal, jadi tidak dikirim dua kali."))
    return redirect("reports:desk_outbox")
