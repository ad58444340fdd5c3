"""/meja/kalimat/: the sentences that citizens are sent, worded anew and looked at before they are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kanal.agencies.desk import DeskRequest, desk
from kanal.agencies.queries import reference
from kanal.channels.adapters import adapter_of
from kanal.channels.models import Medium
from kanal.common import formats
from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.actions import wordings as actions
from kanal.reports.actions.notices import THEIRS, framed, say_alone
from kanal.reports.forms.wordings import WordingForm
from kanal.reports.models import Wording
from kanal.reports.queries.wordings import worded
from kanal.reports.wordings import BY_KEY, FRAMES, NOTICES, PUBLIC, SUBJECTS, TALK, Sentence, filled, joined
from kanal.reports.workflow import Kind, Status, public_info

ID, JV = Wording.Language.INDONESIAN.value, Wording.Language.JAVANESE.value


def _example() -> dict[str, str]:
    """An invented report to show a sentence with, in the language of its readers."""
    facts = reference()
    agency = next((one.name for one in facts.agencies.values() if one.active), facts.regency.name)
    prefix = facts.regency.code_prefix
    with override(THEIRS):
        return {
            "code": f"{prefix}-7K4M-Q2XD",
            "day": formats.day(facts.today() + timedelta(days=3)),
            "agency": agency,
            "main": f"{prefix}-4T9P-W6HC",
            "reason": _("di luar wewenang kabupaten"),
            "question": _("Di sebelah mana tepatnya lubang itu?"),
            "answer": _("Lubang di tikungan sudah kami tambal hari ini."),
            "link": f"{settings.BASE_URL}/aduan/",
            "regency": facts.regency.name,
            "status": str(public_info(Status.ASSIGNED, Kind.COMPLAINT).word),
            "choices": "\n".join(f"{at}. {place.place}" for at, place in enumerate(facts.districts()[:2], 1)),
            "example": f"{prefix}-7K4M-9Q2X",
            "site": settings.BASE_URL,
            "note": "4821",
            "proof": "482913",
            "text": _("Laporan Anda sudah dijawab."),
        }


@dataclass(frozen=True, slots=True)
class _Preview:
    """A message as it arrives: its title where it is a letter, and its words."""

    title: str
    words: str


def _preview(sentence: Sentence, texts: dict[str, str]) -> list[_Preview]:
    """The whole message as it would arrive: with those who chose no language, and with those who chose Javanese."""
    indonesian, own = texts.get(ID) or sentence.default, texts.get(JV, "")
    usual = joined([indonesian, "" if sentence.alone else own])
    javanese = own or sentence.javanese
    return [_arriving(sentence, usual, ""), *([_arriving(sentence, javanese, JV)] if javanese else [])]


def _arriving(sentence: Sentence, text: str, language: str) -> _Preview:
    values = _example()
    said = filled(text, values)
    if not sentence.framed:
        return _Preview("", said)
    link = f"{settings.BASE_URL}/lacak/{values['code']}/"
    titled = f"subject_{sentence.key.removesuffix('_later')}"
    title = say_alone(titled, language, **values) if titled in BY_KEY else ""
    return _Preview(title, framed(said, code=values["code"], link=link, language=language))


@require_safe
@never_cache
@desk(*policy.WORDING_EDITORS)
def listing(request: DeskRequest) -> HttpResponse:
    """Every sentence, and whether it is that of the code."""
    known = worded()
    groups = [
        (name, words, [(sentence, known.get(sentence.key, {})) for sentence in sentences])
        for name, words, sentences in (
            (_("Kabar tentang laporan"), "", NOTICES),
            (
                _("Bingkai dan judul"),
                _("Salam dan tanda tangan di sekeliling setiap kabar, dan judulnya di e-mail."),
                (*FRAMES, *SUBJECTS),
            ),
            (_("Percakapan"), _("Yang Kanal katakan sendiri dalam percakapan dan di bawah komentar warga."), TALK),
            (_("Di kolom umum"), _("Yang dibaca semua orang: tanpa kode dan tanpa data siapa pun."), PUBLIC),
        )
    ]
    return render(request, "reports/desk_wordings.html", {"groups": groups})


@never_cache
@desk(*policy.WORDING_EDITORS)
def edit(request: DeskRequest, key: str) -> HttpResponse:
    """One sentence: change it, see how it arrives (`lihat`), save."""
    sentence = BY_KEY.get(key)
    if sentence is None:
        raise Refused(_("Kalimat itu tidak ada."), status=404)
    texts = dict(worded().get(key, {}))
    form = WordingForm(request.POST if request.method == "POST" else None, sentence=sentence, texts=texts)
    context: dict[str, Any] = {"sentence": sentence, "form": form, "changed": ID in texts}
    if request.method == "POST":
        if not form.is_valid():
            return render(request, "reports/desk_wording.html", context, status=400)
        if "lihat" not in request.POST:
            actions.word(key=key, texts=form.texts(), by=policy.staff(request.actor))
            messages.success(request, _("Kalimat “%(name)s” tersimpan.") % {"name": sentence.name})
            return redirect("reports:desk_wordings")
        texts = form.texts()
    shown = _preview(sentence, texts)
    sms = None if sentence in {*PUBLIC, *SUBJECTS} else adapter_of(Medium.SMS)
    context |= {"preview": shown, "length": sms.measured(shown[0].words) if sms else ""}
    return render(request, "reports/desk_wording.html", context)
