"""A citizen's phone, played on a page: what is sent there takes the whole real way through Kanal, and so do answers."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kanal.agencies.queries import reference
from kanal.channels.files import what_it_is
from kanal.channels.models import Medium
from kanal.channels.simulator import phones, playing, walls
from kanal.channels.simulator.phones import Line
from kanal.channels.simulator.playing import Sent

COOKIE = "telepon_simulator"
LARGEST_FILE = 5 * 2**20
_PICTURES = {"image": "camera", "audio": "radio"}

_View = Callable[..., HttpResponse]


def _places() -> list[tuple[int | str, str]]:
    found = [(facts.id, facts.name) for facts in reference().districts() if facts.lat is not None]
    return [("", _("Pilih kecamatan")), *found]


class Compose(forms.Form):
    """What somebody may send at once: words, a file, or the middle of a kecamatan as their place."""

    text = forms.CharField(
        label=gettext_lazy("Pesan"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    public = forms.BooleanField(label=gettext_lazy("Tulis sebagai komentar yang dibaca umum"), required=False)
    file = forms.FileField(label=gettext_lazy("Foto, suara, atau PDF"), required=False)
    place = forms.TypedChoiceField(
        label=gettext_lazy("Lokasi"), required=False, coerce=int, empty_value=None, choices=_places
    )

    def clean_file(self) -> object:
        """Only what is what it says, and small."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("Berkasnya terlalu besar, paling besar 5 MB."))
        if file and what_it_is(file.read(16)) is None:
            raise forms.ValidationError(_("Kirim foto, suara, video, atau PDF."))
        return file


def _played(view: _View) -> _View:
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, medium: str) -> HttpResponse:
        if not settings.SIMULATOR or medium not in settings.PLAYED_MEDIA:
            raise Http404
        return view(request, medium)

    return guarded


def _number(request: HttpRequest) -> str:
    """The telephone of this visitor; "" before they have one."""
    number = str(request.get_signed_cookie(COOKIE, default="") or "")
    return number if phones.is_number(number) else ""


def _with_number(response: HttpResponse, number: str) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE, number, path="/simulator/", httponly=True, samesite="Lax", secure=settings.PRODUCTION
    )
    return response


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view's signature
    """To the first medium that is played."""
    if not settings.SIMULATOR or not settings.PLAYED_MEDIA:
        raise Http404
    return redirect("simulator:page", medium=settings.PLAYED_MEDIA[0])


@require_GET
@_played
def page(request: HttpRequest, medium: str) -> HttpResponse:
    """The telephone with one chat open."""
    number = _number(request)
    shown = number or phones.new_number()
    context = {**_chat(medium, shown), "number": shown, "form": Compose(), "media": _media()}
    response = render(request, "channels/simulator.html", context)
    return response if number else _with_number(response, shown)


def _media() -> list[tuple[str, str]]:
    return [(reverse("simulator:page", args=[medium]), str(Medium(medium).label)) for medium in settings.PLAYED_MEDIA]


def _chat(medium: str, number: str) -> dict[str, object]:
    lines = phones.lines(medium, number)
    return {
        "medium": Medium(medium),
        "lines": lines,
        "seen": lines[-1].id if lines else "-",
        "waits": bool(lines) and lines[-1].mine,
        "with_files": medium in playing.WITH_FILES,
        "with_comments": medium in playing.WITH_COMMENTS,
        "public_only": medium in playing.PUBLIC_ONLY,
    }


@require_GET
@_played
def chat(request: HttpRequest, medium: str) -> HttpResponse:
    """The chat alone, for htmx; 204 when nothing is new since the message `seen`."""
    told = _chat(medium, _number(request)) if _number(request) else {"seen": request.GET.get("seen")}
    if told["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "channels/_simulator_chat.html", told)


@require_POST
@_played
def send(request: HttpRequest, medium: str) -> HttpResponse:
    """Send what was written, chosen or both, each as the platform would tell it."""
    number = _number(request) or phones.new_number()
    form = Compose(request.POST, request.FILES)
    parcels = _parcels(form, medium) if form.is_valid() else []
    for sentences in form.errors.values():
        messages.error(request, " ".join(str(sentence) for sentence in sentences))
    if not parcels and not form.errors:
        messages.info(request, _("Tulis pesan dulu, atau pilih lokasi atau foto."))
    for _sent, line in parcels:
        phones.write(medium, number, line)
    if parcels:
        failed = _("Pesan Anda belum diterima Kanal. Coba kirim lagi sebentar lagi.")
        playing.send(medium, number, [sent for sent, _line in parcels], failed=failed)
    there = redirect(f"{reverse('simulator:page', args=[medium])}#hp")
    return _with_number(there, number)


def _parcels(form: Compose, medium: str) -> list[tuple[Sent, Line]]:
    """What the form holds, as messages in the order in which a person would send them."""
    text, file, place = form.cleaned_data["text"], form.cleaned_data["file"], form.cleaned_data["place"]
    parcels: list[tuple[Sent, Line]] = []
    if text and medium in playing.PUBLIC_ONLY:
        name = walls.new_name(medium)
        return [(Sent(text=text, name=name), Line(name, mine=True, text=text, public=True))]
    if form.cleaned_data["public"] and text and medium in playing.WITH_COMMENTS:
        return [(Sent(text=text, public=True), Line(phones.new_id(), mine=True, text=text, public=True))]
    if file and medium in playing.WITH_FILES:
        file.seek(0)
        content = file.read()
        kind, mime = what_it_is(content) or ("document", "")
        name = phones.keep_file(content)
        shown = Line(name, mine=True, text=text, picture=_PICTURES.get(kind, "file"))
        parcels.append((Sent(text=text, kind=kind, file=name, mime=mime), shown))
    elif text:
        parcels.append((Sent(text=text), Line(phones.new_id(), mine=True, text=text)))
    if place and medium in playing.WITH_FILES:
        facts = reference().regions[place]
        shown = Line(phones.new_id(), mine=True, text=_("Lokasi: %(place)s") % {"place": facts.place}, picture="pin")
        parcels.append((Sent(lat=facts.lat, lon=facts.lon), shown))
    return parcels


@require_POST
@never_cache
def change_number(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a view's signature
    """Another telephone: Kanal knows nothing of its owner."""
    if not settings.SIMULATOR:
        raise Http404
    return _with_number(redirect("simulator:start"), phones.new_number())
