# ruff: noqa: D101, D102  # a ModelAdmin is its list of options, and its methods are Django's hooks
from collections.abc import Sequence
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.agencies.administration import ByRole, ChosenByName, Kept, site
from kanal.agencies.forms import AllowanceForm, RegencyForm, stays_covered
from kanal.agencies.models import Agency, AllowanceRule, Holiday, Membership, Regency, Region, User
from kanal.agencies.queries import reference
from kanal.common import calendar_words

Role = Membership.Role
_YEARS_AHEAD = 3


@admin.register(Regency, site=site)
class RegencyAdmin(Kept):
    form = RegencyForm
    readonly_fields = ("code_prefix",)  # every code that was ever given out begins with it
    list_display = ("name", "code", "timezone", "emergency_phone")
    fieldsets = (
        (None, {"fields": ("name", "short_name", "code", "code_prefix", "timezone", "brand")}),
        (_("Kontak"), {"fields": ("office", "address", "phone", "whatsapp", "email", "website", "emergency_phone")}),
        (_("Peta"), {"fields": ("lat", "lon", "bounds")}),
        (_("Kalender kerja"), {"fields": ("count_collective_leave",)}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's hook
        return False


@admin.register(Region, site=site)
class RegionAdmin(Kept):
    list_display = ("code", "name", "level", "parent", "population", "has_boundary")
    list_filter = ("level",)
    search_fields = ("name", "code")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)
    exclude = ("boundary",)
    readonly_fields = ("has_boundary",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        bounded = ExpressionWrapper(Q(boundary__isnull=False), BooleanField())
        regions: QuerySet[Region] = super().get_queryset(request)
        return regions.defer("boundary").annotate(bounded=bounded)

    @admin.display(description=_("batas di peta"), boolean=True)
    def has_boundary(self, region: Region) -> bool:
        return bool(getattr(region, "bounded", False))


class MembershipFormSet(BaseInlineFormSet[Membership, User, ModelForm[Membership]]):
    """The roles of one person. The last administrator cannot give the role away: nobody could give it back."""

    def clean(self) -> None:
        super().clean()
        person = self.instance
        stays = person.is_active and any(
            form.cleaned_data.get("role") == Role.ADMINISTRATOR and not form.cleaned_data.get("DELETE")
            for form in self.forms
            if form.is_valid()
        )
        held = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
        if not stays and held.filter(user_id=person.pk).exists() and not held.exclude(user_id=person.pk).exists():
            raise ValidationError(_("Harus ada paling sedikit satu administrator. Tunjuk dulu penggantinya."))


class MembershipInline(ChosenByName, admin.TabularInline[Membership, User]):
    model = Membership
    formset = MembershipFormSet
    extra = 1
    autocomplete_fields = ("agency",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's hook
        return site.has_permission(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(User, site=site)
class PersonAdmin(Kept):
    list_display = ("name", "email", "roles", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("name", "email")
    fields = ("email", "name", "is_active", "last_login", "date_joined")
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__agency")

    @admin.display(description=_("peran"))
    def roles(self, person: User) -> str:
        return ", ".join(
            f"{held.get_role_display()} ({held.agency.short_name})" if held.agency else str(held.get_role_display())
            for held in person.memberships.all()
        )

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:  # noqa: FBT001  # Django's hook
        """A new person has no password yet: they come in by a mailed code, or set one through the mail.

        A new address is the only one that opens the account: whoever reads the old mailbox stays out.
        """
        obj.email = obj.email.lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[User],
        formsets: Sequence[BaseModelFormSet[Any, Any]],
        change: bool,  # noqa: FBT001  # Django's hook
    ) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        User.objects.filter(pk=person.pk).update(is_staff=person.memberships.filter(role=Role.ADMINISTRATOR).exists())


@admin.register(Agency, site=site)
class AgencyAdmin(Kept):
    list_display = ("name", "short_name", "kind", "email", "two_eyes", "active")
    list_editable = ("two_eyes", "active")
    list_filter = ("kind", "active", "two_eyes")
    search_fields = ("name", "short_name", "code")
    autocomplete_fields = ("parent", "region", "successor")
    prepopulated_fields = {"code": ("short_name",)}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:  # noqa: ARG002  # Django's hook
        return {} if obj else {"code": ("short_name",)}


class YearFilter(admin.SimpleListFilter):
    title = _("tahun")
    parameter_name = "tahun"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  # Django's hook
        return [(str(day.year), str(day.year)) for day in Holiday.objects.dates("date", "year")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> QuerySet[Holiday]:  # noqa: ARG002  # Django's hook
        year = self.value()
        return queryset.filter(date__year=int(year)) if year and year.isdigit() else queryset


@admin.register(Holiday, site=site)
class HolidayAdmin(ByRole):
    list_display = ("date", "name", "working")
    list_filter = (YearFilter, "working")
    search_fields = ("name",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say for which years the national calendar is still uncertain."""
        year = timezone.localdate().year
        for shown in range(year, year + _YEARS_AHEAD):
            if warning := calendar_words.warning(reference().calendar, shown):
                self.message_user(request, warning, "WARNING")
        return super().changelist_view(request, extra_context)


@admin.register(AllowanceRule, site=site)
class AllowanceRuleAdmin(ByRole):
    form = AllowanceForm
    list_display = ("kind", "amount", "unit", "valid_from", "valid_to", "rule", "in_force")
    list_filter = ("kind",)
    search_fields = ("kind", "rule")

    @admin.display(description=_("berlaku sekarang"), boolean=True)
    def in_force(self, row: AllowanceRule) -> bool:
        today: date = timezone.localdate()
        return row.valid_from <= today and (row.valid_to is None or today <= row.valid_to)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A row may go where others cover its days: a report without a deadline could not be taken in."""
        return super().has_delete_permission(request, obj) and (obj is None or stays_covered(obj))
