"""The administrators' pages: reference data and registers, open to the role administrator alone.

Nothing that a citizen said or is can be opened here. Django's permissions per table are not used: the role decides,
so that nobody needs the superuser's rights.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Membership, User
from kanal.agencies.queries import actor_of
from kanal.common.text import row_id


class AdministratorsSite(AdminSite):
    """Django's admin, signed in to through the same door as everything else."""

    site_header = _("Administrasi Kanal")
    site_title = _("Administrasi Kanal")
    index_title = _("Data acuan dan daftar")
    site_url = "/meja/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is an administrator; asked many times a page, so it is looked up once."""
        known: bool | None = getattr(request, "administrator", None)
        if known is None:
            user = request.user
            known = isinstance(user, User) and user.is_active and actor_of(user).has(Membership.Role.ADMINISTRATOR)
            request.administrator = known  # type: ignore[attr-defined]  # kept for this request
        return known

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002  # Django's hook
        """Send people to Kanal's own sign-in: this one knows neither rate limits nor a second factor."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002  # a redirect instead
        """Kanal's own page asks and signs out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002  # a redirect instead
        """Kanal's own page changes passwords."""
        return redirect("account_change_password")


site = AdministratorsSite(name="admin")


class NamedFields(ModelForm[Any]):
    """A line of a list that is edited in place: each field says to a screen reader what it is and of what."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class _Chooser(AutocompleteSelect):
    """A choice by name. What came back as chosen and cannot be a row's number is passed over, where Django gives up."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """The rows chosen so far."""
        return super().optgroups(name, [chosen for chosen in value if not chosen or row_id(chosen) is not None], attrs)


class ChosenByName(BaseModelAdmin[Any]):
    """Mixed into pages whose choices are looked up by name (`autocomplete_fields`)."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Choices by name survive what no form of ours sends."""
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", _Chooser(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ByRole(ChosenByName, ModelAdmin[Any]):
    """An administrator may do everything that the page offers, nobody else anything."""

    show_full_result_count = False
    list_per_page = 50

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[ModelForm[Any]]:
        """Lists edited in place have no labels of their own."""
        return super().get_changelist_form(request, **{"form": NamedFields, **kwargs})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; whole when a year or a row was asked for that cannot be, where Django itself gives up."""
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, ValueError):
            if not request.GET and request.method != "POST":
                raise
            return redirect(request.path)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the group is listed."""
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Whether the rows may be read."""
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Whether rows may be added."""
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Whether rows may be changed."""
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Whether rows may be deleted."""
        return site.has_permission(request)


class Kept(ByRole):
    """Rows that reports may point at: switched off when no longer wanted, never deleted.

    Django's own page would list the reports in the way of a deletion, and administrators must not learn of those.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Never."""
        return False


class ReadOnly(Kept):
    """A register: read, never written."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's hook
        """Never."""
        return False


class ListOnly(ReadOnly):
    """A register without pages of its own: their titles would name what the row is about."""

    list_display_links = None

    def get_urls(self) -> list[URLPattern]:
        """The list alone."""
        return [page for page in super().get_urls() if str(page.name or "").endswith("_changelist")]
