"""The views in the rail of the desk: the built-in ones with their counts, and those a person saved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, F, Func, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kanal.agencies.models import Membership
from kanal.agencies.queries import Actor, reference
from kanal.channels.models import Outbound
from kanal.reports.models import Answer, Report, SavedView
from kanal.reports.queries import signs
from kanal.reports.queries.access import find_for
from kanal.reports.workflow import HANDLED, OPEN_VALUES, VERBS, Status, Who, Words

Role = Membership.Role

COUNTED_FOR_SECONDS = 15
"""How long the counts of the rail are kept in this process."""

FAILED = "gagal-terkirim"

# SQLite uses an index "WHERE status IN (…)" only for a condition with the very same words: bound parameters hide it.
OPEN = Q(status__in=[RawSQL(f"'{value}'", ()) for value in OPEN_VALUES])  # noqa: S611  # constants of the workflow
"""Reports for which somebody still owes the citizen something, written so that both databases use the queue's index."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and for which day of the regency a view is worked out."""

    actor: Actor
    today: date


@dataclass(frozen=True, slots=True)
class View:
    """One built-in view. `nothing` is what its empty list says."""

    slug: str
    name: Words
    title: Words
    nothing: Words
    roles: frozenset[str]
    where: Callable[[Scope], Q]
    only_open: bool = True


_ALL = frozenset({Role.COORDINATOR, Role.OFFICER, Role.SUPERVISOR, Role.LEADER, Role.INSPECTOR})
_CHIEFS = frozenset({Role.COORDINATOR, Role.INSPECTOR})
_AGENCY = frozenset({Role.OFFICER, Role.SUPERVISOR})


def _submitted() -> QuerySet[Answer, int]:
    # The first condition lets the small index over answers in the making be used.
    making = Answer.objects.exclude(state=Answer.State.PUBLISHED)
    return making.filter(state=Answer.State.SUBMITTED).values_list("report_id", flat=True)


VIEWS: dict[str, View] = {
    view.slug: view
    for view in (
        View(
            "terbuka",
            _("Semua terbuka"),
            _("Semua yang terbuka"),
            _("Tidak ada laporan terbuka. Laporan baru muncul di sini dengan sendirinya."),
            _ALL,
            lambda _scope: Q(),
        ),
        View(
            "baru",
            _("Belum diteruskan"),
            _("Belum diteruskan"),
            _("Semua laporan sudah diteruskan."),
            _CHIEFS,
            lambda _scope: Q(status=Status.RECEIVED),
        ),
        View(
            "reaksi-cepat",
            _("Reaksi cepat"),
            _("Reaksi cepat"),
            _("Tidak ada laporan reaksi cepat yang terbuka."),
            _ALL,
            lambda _scope: Q(urgency=0),
        ),
        View(
            "lewat",
            _("Lewat tenggat"),
            _("Lewat tenggat"),
            _("Tidak ada yang lewat tenggat."),
            _ALL,
            lambda scope: Q(due_on__lt=scope.today),
        ),
        View(
            "hari-ini",
            _("Jatuh hari ini"),
            _("Jatuh tempo hari ini"),
            _("Tidak ada yang jatuh tempo hari ini."),
            _ALL,
            lambda scope: Q(due_on=scope.today),
        ),
        View(
            "dikembalikan",
            _("Dikembalikan"),
            _("Dikembalikan oleh dinas"),
            _("Tidak ada laporan yang dikembalikan dinas."),
            frozenset({Role.COORDINATOR}),
            lambda _scope: Q(status=Status.RECEIVED, returned_by__isnull=False),
        ),
        View(
            "buka-lagi",
            _("Minta dibuka lagi"),
            _("Pelapor minta dibuka lagi"),
            _("Tidak ada pelapor yang meminta laporannya dibuka lagi."),
            _CHIEFS,
            lambda _scope: Q(reopen_asked_at__isnull=False),
            only_open=False,
        ),
        View(
            "saya",
            _("Punya saya"),
            _("Laporan yang saya ambil"),
            _("Anda belum mengambil laporan. Buka salah satu, lalu pilih “Ambil”."),
            _AGENCY,
            lambda scope: Q(officer_id=scope.actor.user_id),
        ),
        View(
            "tanpa-petugas",
            _("Tanpa petugas"),
            _("Belum diambil petugas"),
            _("Setiap laporan sudah ada petugasnya."),
            _AGENCY,
            lambda _scope: Q(officer_id__isnull=True, status__in=sorted(HANDLED)),
        ),
        View(
            "persetujuan",
            _("Menunggu persetujuan"),
            _("Jawaban yang menunggu persetujuan"),
            _("Tidak ada jawaban yang menunggu persetujuan Anda."),
            frozenset({Role.SUPERVISOR, Role.INSPECTOR}),
            lambda _scope: Q(pk__in=_submitted()),
            only_open=False,
        ),
        View(
            "menunggu-pelapor",
            _("Menunggu pelapor"),
            _("Menunggu keterangan pelapor"),
            _("Tidak ada laporan yang menunggu keterangan pelapor."),
            _ALL,
            lambda _scope: Q(status=Status.NEEDS_INFO),
        ),
    )
}


def views_for(actor: Actor) -> list[View]:
    """The built-in views of a person's roles, in the order of the rail."""
    return [view for view in VIEWS.values() if actor.has(*view.roles)]


def _number_of(rows: QuerySet[Report] | QuerySet[Outbound]) -> Coalesce:
    """A count taken from outside the aggregated rows.

    Django wants an aggregate in every column of an aggregate query; the second argument is one, and never used because
    a count is never null.
    """
    counted = rows.order_by().annotate(number=Func(F("pk"), function="COUNT")).values("number")
    return Coalesce(Subquery(counted), Count("pk"))


def counts_for(actor: Actor) -> dict[str, int]:
    """How many reports each view of the rail holds, in one query over the open part, at most 15 seconds old."""
    key = _counts_key(actor)
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        known = _count(actor)
        cache.set(key, known, COUNTED_FOR_SECONDS)
    return known


def _count(actor: Actor) -> dict[str, int]:
    scope = Scope(actor, reference().today())
    reports = find_for(actor)
    columns: dict[str, Count | Coalesce] = {
        view.slug: Count("pk", filter=view.where(scope)) if view.slug != "terbuka" else Count("pk")
        for view in views_for(actor)
        if view.only_open
    }
    for view in views_for(actor):
        if not view.only_open:
            columns[view.slug] = _number_of(reports.filter(view.where(scope)))
    if actor.has(Role.COORDINATOR):
        columns[FAILED] = _number_of(Outbound.objects.filter(state=Outbound.State.FAILED))
    along = signs.due_columns(actor)
    counted = {name: number or 0 for name, number in reports.filter(OPEN).aggregate(**columns, **along).items()}
    signs.take(counted, along)
    return counted


def _counts_key(actor: Actor) -> str:
    # People without an agency see the same lists as others of their roles; the rest have lists of their own.
    own = f"{actor.user_id}:{sorted(actor.agencies)}" if actor.agencies else ""
    return f"desk.counts:{reference().today()}:{sorted(actor.roles)}:{own}".replace(" ", "")


def forget_counts(actor: Actor) -> None:
    """Count anew on the next page: this person has just changed something."""
    cache.delete(_counts_key(actor))


def saved_views(actor: Actor) -> list[SavedView]:
    """The views a person saved, by name."""
    return list(SavedView.objects.filter(user_id=actor.user_id or 0))


_STANDS_AS = {
    Role.COORDINATOR: Who.COORDINATOR,
    Role.OFFICER: Who.HANDLER,
    Role.SUPERVISOR: Who.HEAD,
    Role.INSPECTOR: Who.INSPECTOR,
    Role.LEADER: Who.LEADER,
}


def verbs_offered(actor: Actor, verbs: Iterable[str]) -> list[str]:
    """Those of `verbs` that one of the person's roles may do to some report. Each report is still asked on its own."""
    stands = {_STANDS_AS[Role(role)] for role in actor.roles if role in _STANDS_AS}
    return [verb for verb in verbs if not VERBS[verb].by.isdisjoint(stands)]
