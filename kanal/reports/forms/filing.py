"""The form "Buat laporan": what, where, who."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.agencies import places
from kanal.agencies.models import Region
from kanal.agencies.queries import RegionFacts, reference
from kanal.channels.models import Medium
from kanal.channels.web import parking
from kanal.channels.web.challenge import Stamp
from kanal.common.images import CleanImage
from kanal.reports.actions import Filing
from kanal.reports.actions.attachments import MOST
from kanal.reports.forms.fields import Coordinate, Day, Known, Line, SeveralFiles, Words
from kanal.reports.forms.photos import cleaned_photos
from kanal.reports.forms.reaching import MailField, PhoneField
from kanal.reports.queries import report_reference
from kanal.reports.queries.places import grouped
from kanal.reports.workflow import Kind

LONGEST = 20_000
LEAST_LETTERS = 15
OLDEST = timedelta(days=10 * 366)

KINDS = (
    (Kind.COMPLAINT.value, gettext_lazy("Pengaduan|Ada yang rusak, lambat, atau salah")),
    (Kind.ASPIRATION.value, gettext_lazy("Usul|Gagasan untuk desa atau kabupaten")),
    (Kind.INFORMATION.value, gettext_lazy("Tanya|Minta informasi atau penjelasan")),
    (
        Kind.WHISTLEBLOWING.value,
        gettext_lazy("Laporkan penyelewengan oleh pegawai|Hanya Inspektorat yang membacanya, dan tidak pernah tampil."),
    ),
)
STEPS = (
    ("what", ("kind", "body", "photos", "category", "occurred_on")),
    ("where", ("lat", "lon", "accuracy", "region", "village", "place_text")),
    ("who", ("name", "phone", "email", "anonymous", "secret")),
)


def _category_choices() -> Iterator[tuple[str, Any]]:
    yield "", _("Biar petugas yang memilih")
    for top, below in report_reference().grouped_categories():
        if below:
            rest = (str(top.id), _("%(name)s, lainnya") % {"name": top.name})
            yield top.name, [*((str(c.id), c.name) for c in below), rest]
        else:
            yield str(top.id), top.name


def village_choices() -> Iterator[tuple[str, Any]]:
    """Every kecamatan with its villages, for a select box."""
    yield "", _("Pilih desa atau kelurahan")
    for district, villages in grouped():
        whole = (str(district.id), _("Kec. %(name)s (desanya belum tahu)") % {"name": district.name})
        yield f"Kec. {district.name}", [*((str(v.id), v.name) for v in villages), whole]


def _is_category(pk: int) -> bool:
    found = report_reference().categories.get(pk)
    return found is not None and found.active


def is_place(pk: int) -> bool:
    """Whether the id is a village or a kecamatan."""
    found = reference().regions.get(pk)
    return found is not None and found.level != Region.Level.REGENCY


class Village(Known):
    """The village, chosen from a list by district; may stay empty."""

    def __init__(self) -> None:
        super().__init__(
            knows=is_place,
            label=gettext_lazy("Desa atau kelurahan"),
            required=False,
            choices=village_choices,
            error_messages={"invalid_choice": gettext_lazy("Desa itu tidak ada di daftar. Pilih lagi.")},
        )


class _Shared(dict[str, forms.Field]):
    """Fields that no form changes. Django copies them for each form, which takes as long as checking them."""

    def __deepcopy__(self, _memo: object) -> Self:
        return self


def _named_in(text: str) -> int | None:
    """The place that the words name for certain; of a village and a kecamatan of one name at least the kecamatan."""
    facts, found = reference(), places.meant(text)
    if len(found) == 1:
        return found[0].id
    districts = {facts.district_of(one.id) for one in found}
    district = districts.pop() if len(districts) == 1 else None
    return district.id if district else None


class FilingForm(forms.Form):
    """A report from the public page. Whatever is wrong, every other answer stays; photos already cleaned are parked."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Apa yang ingin Anda sampaikan?"),
        choices=KINDS,
        initial=Kind.COMPLAINT.value,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih dulu: pengaduan, usul, atau tanya."),
            "invalid_choice": gettext_lazy("Pilih salah satu: pengaduan, usul, atau tanya."),
        },
    )
    body = Words(
        most=LONGEST,
        label=gettext_lazy("Ceritakan kejadiannya"),
        error_messages={"required": gettext_lazy("Ceritanya masih kosong. Tulis apa yang terjadi.")},
    )
    photos = SeveralFiles(label=gettext_lazy("Foto"), required=False)
    category = Known(
        knows=_is_category,
        label=gettext_lazy("Kategori"),
        required=False,
        choices=_category_choices,
        error_messages={"invalid_choice": gettext_lazy("Kategori itu tidak ada. Pilih dari daftar atau kosongkan.")},
    )
    occurred_on = Day(
        label=gettext_lazy("Tanggal kejadian"),
        required=False,
        error_messages={"invalid": gettext_lazy("Tanggal itu tidak terbaca. Contoh: 25-11-2026. Boleh dikosongkan.")},
    )
    lat = Coordinate()
    lon = Coordinate()
    accuracy = Coordinate()
    region = Village()
    village = Line(most=200, required=False, widget=forms.HiddenInput)
    place_text = Line(most=200, label=gettext_lazy("Patokan"), required=False)
    name = Line(most=120, label=gettext_lazy("Nama"), required=False)
    phone = PhoneField(label=gettext_lazy("Nomor HP atau WhatsApp"), required=False)
    email = MailField(label=gettext_lazy("E-mail"), required=False)
    anonymous = forms.BooleanField(
        label=gettext_lazy("Anonim: sembunyikan nama saya"),
        help_text=gettext_lazy("Dinas yang menangani tidak melihat nama dan kontak Anda."),
        required=False,
        initial=True,
    )
    secret = forms.BooleanField(
        label=gettext_lazy("Rahasia: sembunyikan laporan saya"),
        help_text=gettext_lazy("Laporan tidak tampil untuk umum. Hanya petugas yang menangani yang membacanya."),
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None, *, stamp: Stamp | None = None, parked: Any = ()) -> None:
        super().__init__(data, files, label_suffix="", use_required_attribute=False)
        self.stamp = stamp
        self.choose: list[RegionFacts] = []
        self.kept: list[CleanImage] = parking.parked(stamp.submission, parked) if stamp else []

    def clean_body(self) -> str:
        """Refuse what no clerk could act on."""
        text: str = self.cleaned_data["body"]
        if sum(map(str.isalnum, text)) < LEAST_LETTERS:
            raise ValidationError(
                _("Terlalu pendek untuk ditindaklanjuti. Tambahkan: jalan mana, seberapa parah, sejak kapan.")
            )
        return text

    def clean_photos(self) -> list[CleanImage]:
        """Clean each photo. The good ones are kept whatever else is wrong."""
        self.kept, refused = cleaned_photos(self.cleaned_data["photos"], kept=self.kept, most=MOST)
        if refused:
            raise ValidationError(refused)
        return self.kept

    def clean_occurred_on(self) -> date | None:
        """Refuse the future, and the last century: both are slips of the thumb."""
        day: date | None = self.cleaned_data["occurred_on"]
        today = reference().today()
        if day and day > today:
            raise ValidationError(_("Tanggal itu belum tiba. Periksa lagi, atau kosongkan."))
        if day and day < today - OLDEST:
            raise ValidationError(_("Tanggal itu lebih dari sepuluh tahun lalu. Periksa tahunnya, atau kosongkan."))
        return day

    def clean(self) -> dict[str, Any]:
        """Bring pin, list and typed name together."""
        data = super().clean() or self.cleaned_data
        if data.get("region"):
            data["region_id"] = int(data["region"])
        elif data.get("village"):
            self._ask_for(data["village"])
        self._place_pin(data)
        if not data.get("region_id") and not data.get("village"):
            data["region_id"] = _named_in(f"{data.get('body', '')}\n{data.get('place_text', '')}")
        return data

    def _ask_for(self, typed: str) -> None:
        """A typed name that was not chosen from the list: take it only when it can mean one village."""
        found = places.named(typed)
        if len(found) == 1 and found[0].level != "kecamatan":
            self.cleaned_data["region_id"] = found[0].id
            return
        self.choose = found
        if found:
            sentence = _("“%(name)s” ada di lebih dari satu tempat. Pilih kecamatannya.")
        else:
            sentence = _("“%(name)s” tidak ada di daftar. Pilih dari daftar, atau kosongkan dan tulis patokannya.")
        self.add_error("region", sentence % {"name": typed[:60]})

    def _place_pin(self, data: dict[str, Any]) -> None:
        """Keep a pin inside the regency and let it name the village when nobody did; outside it becomes words."""
        lat, lon = data.get("lat"), data.get("lon")
        if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004  # the globe
            data["lat"] = data["lon"] = data["accuracy"] = None
            return
        found = places.locate(lat, lon)
        if found.inside:
            data.setdefault("region_id", found.region_id)
            return
        self._forget_pin(lat, lon)
        self.add_error(
            None,
            _("Pin itu di luar %(regency)s, jadi kami lepas. Titiknya kami tulis di patokan; periksa, lalu kirim lagi.")
            % {"regency": reference().regency.name},
        )

    def _forget_pin(self, lat: float, lon: float) -> None:
        """Turn the pin into words, in the data that the form shows again."""
        words = f"{self.data.get('place_text', '')} ({lat:.5f}, {lon:.5f})".strip()
        told = cast("QueryDict", self.data).copy()
        for name, value in (("lat", ""), ("lon", ""), ("accuracy", ""), ("place_text", words)):
            told[name] = value
        self.data = told

    def first_wrong_step(self) -> int:
        """The number of the step (1-3) to show first."""
        wrong = set(self.errors)
        return next((at for at, (_name, fields) in enumerate(STEPS, 1) if wrong.intersection(fields)), 1)

    def filing(self) -> Filing:
        """What to file. Only after `is_valid()`."""
        assert self.stamp is not None  # noqa: S101  # the view checks it before
        data = self.cleaned_data
        accuracy = data.get("accuracy")
        return replace(
            self.told(submission=self.stamp.submission, medium=Medium.WEB),
            lat=data["lat"],
            lon=data["lon"],
            accuracy_m=min(round(accuracy), 100_000) if accuracy and accuracy > 0 else None,
        )

    def told(self, *, submission: str, medium: str) -> Filing:
        """What the fields say, whoever filled them in."""
        data = self.cleaned_data
        return Filing(
            body=data["body"],
            submission=submission,
            kind=Kind(data["kind"]),
            medium=medium,
            category_id=int(data["category"]) if data["category"] else None,
            region_id=data.get("region_id"),
            place_text=data["place_text"],
            occurred_on=data["occurred_on"],
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            anonymous=data["anonymous"],
            secret=data["secret"],
            photos=tuple(self.kept),
        )


FilingForm.base_fields = _Shared(FilingForm.base_fields)
