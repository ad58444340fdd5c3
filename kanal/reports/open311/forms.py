"""What a client posts, checked like a form of ours: every fault at once, each with its parameter's name."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext as _

from kanal.agencies import places
from kanal.agencies.models import Region
from kanal.agencies.queries import reference
from kanal.channels.models import Medium
from kanal.common.images import CleanImage
from kanal.common.indonesian import mended
from kanal.common.text import TooLong, clean, one_line
from kanal.reports.actions import Filing
from kanal.reports.actions.attachments import MOST
from kanal.reports.forms.fields import Line, Words
from kanal.reports.forms.photos import cleaned_photos
from kanal.reports.forms.reaching import MailField, PhoneField
from kanal.reports.models import ServiceAttribute
from kanal.reports.open311.answering import Problem
from kanal.reports.open311.asking import read_moment
from kanal.reports.open311.services import Service, choices

_PLACE = 200
_ANSWER = 2000
_MOST_LINKS = 5
_is_link = URLValidator(schemes=["https", "http"])
Datatype = ServiceAttribute.Datatype


class ProgramsWords(Words):
    """Words that a program passes on, mended before they are checked: some write what they read in a wrong alphabet."""

    def to_python(self, value: Any) -> str:
        """Mend, then clean as any words."""
        return super().to_python(mended(str(value or "")))


class RequestForm(forms.Form):
    """The parameters of POST requests that do not depend on the service."""

    description = ProgramsWords(most=4000, required=False)
    address_string = Line(most=500, required=False)
    address_id = Line(most=13, required=False)
    lat = Line(most=40, required=False)
    long = Line(most=40, required=False)
    first_name = Line(most=60, required=False)
    last_name = Line(most=59, required=False)
    email = MailField(required=False)
    phone = PhoneField(required=False)

    def __init__(self, data: QueryDict, files: Any, *, service: Service) -> None:
        super().__init__(data)
        self.service = service
        self.links = list(dict.fromkeys(link.strip() for link in data.getlist("media_url") if link.strip()))
        self.uploads = [*files.getlist("media"), *files.getlist("media[]")]
        self.photos: tuple[CleanImage, ...] = ()
        self.answers: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Place, questions of the service, links and photos."""
        data = super().clean() or self.cleaned_data
        if not any(name in self.errors for name in ("lat", "long", "address_id", "address_string")):
            self._place(data)
        for line, fault in answered(self.service, self.data):
            if fault:
                self.add_error(None, fault)
            else:
                self.answers.append(line)
        self._check_links()
        found, refused = cleaned_photos(self.uploads, kept=[], most=MOST)
        self.photos = tuple(found)
        for sentence in refused:
            self.add_error(None, f"media: {sentence}")
        return data

    def _check_links(self) -> None:
        if len(self.links) > _MOST_LINKS:
            self.add_error(None, _("media_url: paling banyak %(most)d.") % {"most": _MOST_LINKS})
        for link in self.links:
            try:
                _is_link(link)
            except ValidationError:
                self.add_error(None, _("media_url harus alamat http atau https."))

    def _place(self, data: dict[str, Any]) -> None:
        data["region_id"] = data["point"] = None
        if not any(data[name] for name in ("lat", "long", "address_id", "address_string")):
            self.add_error(None, _("Tempatnya belum ada. Isi lat dan long, atau address_string, atau address_id."))
        if data["address_id"]:
            region = reference().regions_by_code.get(data["address_id"])
            if region is None or region.level == Region.Level.REGENCY:
                sentence = _("address_id adalah kode desa atau kecamatan dari Kemendagri, misalnya 35.22.01.2001.")
                self.add_error(None, sentence)
            else:
                data["region_id"] = region.id
        if data["lat"] or data["long"]:
            self._pin(data)
        if data["region_id"] is None:
            named = places.named(data["address_string"])
            data["region_id"] = named[0].id if len(named) == 1 else None

    def _pin(self, data: dict[str, Any]) -> None:
        point = _point(data["lat"], data["long"])
        if point is None:
            self.add_error(None, _("lat dan long harus dua angka derajat WGS84, misalnya -7.15 dan 111.88."))
            return
        found = places.locate(*point)
        if not found.inside:
            self.add_error(None, _("Titik itu di luar %(regency)s.") % {"regency": reference().regency.name})
            return
        data["point"] = point
        data["region_id"] = data["region_id"] or found.region_id

    def faults(self) -> list[str]:
        """Every fault as one sentence with the parameter's name."""
        return [
            f"{name}: {sentence}" if name != "__all__" else str(sentence)
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def filing(self, *, submission: str) -> Filing:
        """What to file. Only after `is_valid()`. A name is hidden from the agency, as on our own form."""
        data = self.cleaned_data
        place = data["address_string"]
        said = [data["description"] or _("%(service)s (tanpa keterangan)") % {"service": self.service.name}]
        if len(place) > _PLACE:
            said.append(_("Alamat: %(place)s") % {"place": place})
        lat, lon = data["point"] or (None, None)
        return Filing(
            body="\n\n".join([*said, *(["\n".join(self.answers)] if self.answers else [])]),
            submission=submission,
            kind=self.service.kind,
            medium=Medium.OPEN311,
            category_id=self.service.category_id,
            region_id=data["region_id"],
            lat=lat,
            lon=lon,
            place_text="" if len(place) > _PLACE else place,
            name=f"{data['first_name']} {data['last_name']}".strip(),
            phone=data["phone"],
            email=data["email"],
            anonymous=True,
            photos=self.photos,
        )


def _point(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        point = float(lat), float(lon)
    except ValueError:
        return None
    on_globe = all(map(isfinite, point)) and -90 <= point[0] <= 90 and -180 <= point[1] <= 180  # noqa: PLR2004  # the globe
    return point if on_globe else None


# --- the questions of a service -------------------------------------------------------------------------------------


def answered(service: Service, told: QueryDict | Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """For each question that was answered ("question: answer", ""), for each fault ("", sentence).

    What a client sends beyond the questions is its own affair and passed over.
    """
    for question in service.attributes:
        if not question.asks:
            continue
        given = [text for text in _given(question.code, told) if text]
        if not given:
            if question.required:
                yield "", _("attribute[%(code)s] wajib diisi.") % {"code": question.code}
            continue
        words = _words(question, given)
        if words is None:
            yield "", _("attribute[%(code)s] tidak cocok. Lihat services/<service_code>.") % {"code": question.code}
        else:
            yield f"{question.description}: {words}", ""


def _given(code: str, told: Any) -> list[str]:
    texts = [*told.getlist(f"attribute[{code}]"), *told.getlist(f"attribute[{code}][]")]
    return [text.strip() for text in texts]


def _words(question: ServiceAttribute, given: list[str]) -> str | None:
    """The answer in words; None when it is not one."""
    kind = question.datatype
    if kind in {Datatype.SINGLE, Datatype.MULTIPLE}:
        known = choices(question)
        fits = all(key in known for key in given) and (kind == Datatype.MULTIPLE or len(given) == 1)
        return ", ".join(known[key] for key in given) if fits else None
    try:
        text = clean(given[0], max_chars=_ANSWER)
    except TooLong:
        return None
    if kind == Datatype.NUMBER:
        return text if _is_number(text) else None
    if kind == Datatype.DATETIME:
        return text if read_moment(text) else None
    return text if kind == Datatype.TEXT else one_line(text)


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


class RemarkForm(forms.Form):
    """The parameters of POST servicerequestupdates."""

    service_request_id = Line(most=40)
    update_id = Line(most=100)
    updated_datetime = Line(most=40)
    status = Line(most=40)
    description = ProgramsWords(most=4000)

    def told(self) -> dict[str, Any]:
        """The checked parameters, the moment read. Raises Problem (400) with every missing one."""
        if not self.is_valid():
            names = ", ".join(self.errors)
            raise Problem(400, _("Belum diisi atau terlalu panjang: %(names)s.") % {"names": names})
        at = read_moment(self.cleaned_data["updated_datetime"])
        if at is None:
            raise Problem(400, _("updated_datetime tidak terbaca. Tulis seperti 2026-11-22T08:00:00+07:00."))
        return {**self.cleaned_data, "updated_datetime": at}
