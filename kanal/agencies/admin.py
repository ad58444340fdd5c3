# ruff: noqa: D101, D102  # a ModelAdmin is its list of options, and its methods are Django's hooks
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kanal.agencies.actions import merge_agency
from kanal.agencies.administration import ByRole, ChosenByName, Kept, NamedFields, site
from kanal.agencies.forms import AgencyForm, AllowanceForm, MergeForm, RegencyForm, stays_covered
from kanal.agencies.models import Agency, AllowanceRule, Holiday, Membership, Regency, Region, User
from kanal.agencies.queries import actor_of, check_stands, goes_over, reference
from kanal.common import calendar_words
from kanal.common.refusal import Refused

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
        for form in self.forms:
            agency = form.cleaned_data.get("agency") if form.is_valid() and form.has_changed() else None
            if agency and not form.cleaned_data.get("DELETE"):
                self._check(agency)
        person = self.instance
        stays = person.is_active and any(
            form.cleaned_data.get("role") == Role.ADMINISTRATOR and not form.cleaned_data.get("DELETE")
            for form in self.forms
            if form.is_valid()
        )
        held = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
        if not stays and held.filter(user_id=person.pk).exists() and not held.exclude(user_id=person.pk).exists():
            raise ValidationError(_("Harus ada paling sedikit satu administrator. Tunjuk dulu penggantinya."))

    def _check(self, agency: Agency) -> None:
        try:
            check_stands(agency)
        except Refused as refused:
            raise ValidationError(refused.sentence) from refused


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


class NamedAgencyForm(NamedFields, AgencyForm):
    """A line of the list of agencies."""


def merge_words(agency: Agency, into: Agency | None) -> dict[str, Any]:
    """What the page of a merge says; templates of Django's admin keep no texts of their own here."""
    names = {"agency": agency.name, "now": into.name if into else ""}
    return {
        "title": gettext("Gabungkan %(agency)s") % names,
        "here": gettext("Gabungkan"),
        "intro": gettext("Pilih siapa yang meneruskan pekerjaan %(agency)s. Belum ada yang berubah.") % names,
        "look": gettext("Lihat yang ikut berpindah"),
        "caption": gettext("Yang diteruskan oleh %(now)s") % names,
        "notes": [
            gettext("Orang-orangnya mendapat peran yang sama di %(now)s.") % names,
            gettext("Aturan dan kategorinya mengikuti %(now)s.") % names,
            gettext("Yang sudah selesai tetap atas nama %(agency)s dan tetap bisa dicari.") % names,
            gettext("Laporan baru tidak bisa lagi diteruskan ke sana. Ini tidak bisa dibatalkan."),
        ],
        "go": gettext("Gabungkan sekarang"),
        "back": gettext("Batal"),
    }


@admin.register(Agency, site=site)
class AgencyAdmin(Kept):
    form = AgencyForm
    list_display = ("name", "short_name", "kind", "email", "two_eyes", "active", "now")
    list_editable = ("two_eyes", "active")
    list_filter = ("kind", "active", "two_eyes")
    list_select_related = ("successor",)
    search_fields = ("name", "short_name", "code")
    autocomplete_fields = ("parent", "region")
    exclude = ("successor",)  # a merge is a deed of its own: merge_page
    readonly_fields = ("becomes",)
    prepopulated_fields = {"code": ("short_name",)}

    @admin.display(description=_("bergabung ke"), ordering="successor__name")
    def now(self, agency: Agency) -> str:
        return agency.successor.name if agency.successor else ""

    @admin.display(description=_("bergabung ke"))
    def becomes(self, agency: Agency) -> str:
        if agency.successor:
            address, words = reverse("admin:agencies_agency_change", args=[agency.successor.pk]), agency.successor.name
        else:
            address = reverse("admin:agencies_agency_merge", args=[agency.pk])
            words = gettext("Gabungkan ke perangkat daerah lain")
        return format_html('<a href="{}">{}</a>', address, words)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002  # Django's hook
        return ("becomes",) if obj else ()

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[ModelForm[Any]]:
        return super().get_changelist_form(request, **{"form": NamedAgencyForm, **kwargs})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Agency], search_term: str
    ) -> tuple[QuerySet[Agency], bool]:
        """What is looked up by name to be chosen is at work."""
        found, twice = super().get_search_results(request, queryset, search_term)
        return (found.filter(active=True) if "field_name" in request.GET else found), twice

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.merge_page)
        return [path("<int:pk>/gabung/", page, name="agencies_agency_merge"), *super().get_urls()]

    def merge_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose into which agency this one goes, look at what goes over, and do it."""
        agency = get_object_or_404(Agency, pk=pk)
        if agency.successor:
            said = gettext("%(agency)s sudah bergabung ke %(now)s.")
            self.message_user(request, said % {"agency": agency.name, "now": agency.successor.name}, "WARNING")
            return redirect("admin:agencies_agency_change", agency.pk)
        asked = request.POST if request.method == "POST" else request.GET
        form = MergeForm(asked if "into" in asked else None, agency=agency)
        chosen: Agency | None = form.cleaned_data["into"] if form.is_valid() else None
        if request.method == "POST" and chosen:
            try:
                merge_agency(agency=agency, into=chosen, by=actor_of(cast("User", request.user)))
            except Refused as refused:
                form.add_error("into", refused.sentence)
            else:
                said = gettext("%(agency)s sudah bergabung ke %(now)s.")
                self.message_user(request, said % {"agency": agency.name, "now": chosen.name})
                return redirect("admin:agencies_agency_change", chosen.pk)
        context = {
            **self.admin_site.each_context(request),
            **merge_words(agency, chosen),
            "opts": self.opts,
            "agency": agency,
            "form": form,
            "chosen": chosen,
            "over": goes_over(agency) if chosen else [],
        }
        status = 400 if form.errors else 200
        return render(request, "admin/agencies/agency/merge.html", context, status=status, using="django")

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
