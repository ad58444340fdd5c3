# ruff: noqa: D102  # a ModelAdmin is its list of options, and its methods are Django's hooks
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.agencies.administration import ByRole, ListOnly, site
from kanal.channels import actions
from kanal.channels.models import Inbound, Outbound, Watchword
from kanal.common.indonesian import plain_words
from kanal.common.masking import mask


@admin.register(Inbound, site=site)
class InboundAdmin(ListOnly):
    """That something came in and what became of it; never what it said."""

    list_display = ("received_at", "medium", "state", "what_failed")
    list_filter = ("medium", "state")
    date_hierarchy = "received_at"
    ordering = ("-received_at",)

    @admin.display(description=_("sebab gagal"))
    def what_failed(self, inbound: Inbound) -> str:
        return mask(inbound.why).text


@admin.register(Outbound, site=site)
class OutboundAdmin(ListOnly):
    """That something went out and whether it arrived; neither its words, nor its report, nor a citizen's address."""

    list_display = ("created_at", "purpose", "medium", "to_staff", "state", "attempts", "sent_at", "what_failed")
    list_filter = ("state", "purpose", "medium")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)

    @admin.display(description=_("sebab gagal"))
    def what_failed(self, outbound: Outbound) -> str:
        return mask(outbound.error).text


class WatchwordForm(ModelForm[Watchword]):
    """One word or phrase, kept as it is compared."""

    class Meta:
        model = Watchword
        fields = ("word", "counts")
        help_texts = {  # Django reads it from the class
            "word": _(
                "Satu kata atau frasa, misalnya: jalan berlubang. Ejaan, -nya, dan huruf berulang dikenali sendiri."
            ),
            "counts": _("Hilangkan centang untuk mencabut kata dari daftar bawaan."),
        }

    def clean_word(self) -> str:
        """The word in standard spelling."""
        word = " ".join(plain_words(self.cleaned_data["word"]))
        if not word:
            raise ValidationError(_now("Tulis paling sedikit satu kata."))
        return word


@admin.register(Watchword, site=site)
class WatchwordAdmin(ByRole):
    """Words by which public comments on X and YouTube are taken up, besides the built-in list.

    A change makes the comments of the last week be read anew, so that none is lost for want of a word.
    """

    form = WatchwordForm
    list_display = ("word", "counts")
    list_filter = ("counts",)
    search_fields = ("word",)

    def save_model(self, request: HttpRequest, obj: Watchword, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's
        super().save_model(request, obj, form, change)
        _read_anew()

    def delete_model(self, request: HttpRequest, obj: Watchword) -> None:
        super().delete_model(request, obj)
        _read_anew()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Watchword]) -> None:
        super().delete_queryset(request, queryset)
        _read_anew()


def _read_anew() -> None:
    actions.read_anew(since=timezone.now() - timedelta(days=7))
