# ruff: noqa: D101, D102  # a ModelAdmin is its list of options, and its methods are Django's hooks
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kanal.agencies.administration import ByRole, Kept, ReadOnly, site
from kanal.agencies.queries import reference
from kanal.common.calendar import WEEKDAYS
from kanal.reports.models import (
    ApiClient,
    CannedAnswer,
    Category,
    Destruction,
    Reason,
    RetentionRule,
    RoutingRule,
    ServiceAttribute,
)
from kanal.reports.open311.actions import new_key
from kanal.reports.workflow import Kind


class WordsField(forms.CharField):
    """A list of words, written with semicolons."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 80})

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return "; ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """As it is kept."""
        return list(dict.fromkeys(word for part in str(value or "").split(";") if (word := " ".join(part.split()))))

    def validate(self, value: Any) -> None:
        """An empty list is fine."""


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week; none means every day."""

    def __init__(self, **options: Any) -> None:
        choices = list(enumerate(WEEKDAYS))
        super().__init__(choices=choices, coerce=int, widget=forms.CheckboxSelectMultiple, required=False, **options)


_LISTS = {"keywords", "lapor_ids", "words", "options"}


class WithLists(Kept):
    """Lists are edited as words, not as JSON."""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **options: Any
    ) -> forms.Field | None:
        if db_field.name in _LISTS:
            return WordsField(
                label=capfirst(db_field.verbose_name), required=False, help_text=_("Pisahkan dengan titik koma.")
            )
        if db_field.name == "weekdays":
            return WeekdaysField(label=_("Hari"), help_text=_("Kosong berarti setiap hari."))
        return super().formfield_for_dbfield(db_field, request, **options)


def _short_name(agency_id: int | None) -> str:
    """Where it leads today."""
    agency = reference().agency_today(agency_id)
    return agency.short_name if agency else ""


@admin.register(Category, site=site)
class CategoryAdmin(WithLists):
    list_display = ("name", "parent", "usually", "rapid", "order", "active")
    list_editable = ("order", "active")
    list_filter = ("rapid", "active", ("parent", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("name", "code", "keywords")
    autocomplete_fields = ("parent", "default_agency")

    @admin.display(description=_("biasanya ditangani"), ordering="default_agency__short_name")
    def usually(self, category: Category) -> str:
        return _short_name(category.default_agency_id)


@admin.register(ServiceAttribute, site=site)
class ServiceAttributeAdmin(WithLists):
    list_display = ("description", "category", "datatype", "required", "order")
    list_editable = ("order",)
    list_select_related = ("category",)
    search_fields = ("description", "code")
    autocomplete_fields = ("category",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's hook
        return site.has_permission(request)


@admin.register(ApiClient, site=site)
class ApiClientAdmin(Kept):
    """Programs that file over Open311. A new one's key is shown once, above the list."""

    list_display = ("name", "contact", "active", "batch", "hourly_limit", "created_at")
    list_filter = ("active", "batch")
    search_fields = ("name", "contact")
    fields = ("name", "contact", "active", "batch", "hourly_limit")

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's hook
        if not change:
            key, obj.key_hash = new_key()
            sentence = _("Kunci aplikasi %(name)s, hanya ditampilkan sekali ini: %(key)s")
            self.message_user(request, sentence % {"name": obj.name, "key": key}, messages.WARNING)
        super().save_model(request, obj, form, change)


@admin.register(Reason, site=site)
class ReasonAdmin(Kept):
    list_display = ("name", "use", "reopens", "active")
    list_editable = ("active",)
    list_filter = ("use", "active")
    search_fields = ("name", "code", "sentence")


@admin.register(RoutingRule, site=site)
class RoutingRuleAdmin(WithLists):
    list_display = ("name", "order", "category", "region", "target", "rapid", "active")
    list_editable = ("order", "active")
    list_filter = ("active", "rapid")
    list_select_related = ("category", "region")
    search_fields = ("name", "words")
    autocomplete_fields = ("category", "region", "agency")

    @admin.display(description=_("teruskan ke"), ordering="agency__short_name")
    def target(self, rule: RoutingRule) -> str:
        return _short_name(rule.agency_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's hook
        return site.has_permission(request)


@admin.register(CannedAnswer, site=site)
class CannedAnswerAdmin(ByRole):
    list_display = ("title", "category", "active")
    list_editable = ("active",)
    list_filter = ("active",)
    list_select_related = ("category",)
    search_fields = ("title", "body")
    autocomplete_fields = ("category",)


@admin.register(RetentionRule, site=site)
class RetentionRuleAdmin(ByRole):
    list_display = ("act", "kind", "after_days", "valid_from", "valid_to", "rule")
    list_filter = ("act",)


@admin.register(Destruction, site=site)
class DestructionAdmin(ReadOnly):
    """The register of what went, without whistle-blowing: not even its code is for administrators to know."""

    list_display = ("at", "act", "tracking_code", "number", "kind", "received_on", "rule")
    list_filter = ("act", "kind")
    search_fields = ("tracking_code",)
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Destruction]:
        rows: models.QuerySet[Destruction] = super().get_queryset(request)
        return rows.exclude(kind=Kind.WHISTLEBLOWING)
