# ruff: noqa: D102  # a ModelAdmin is its list of options, and its methods are Django's hooks
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kanal.agencies.administration import ListOnly, site
from kanal.channels.models import Inbound, Outbound
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
