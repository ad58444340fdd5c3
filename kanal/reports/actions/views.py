"""A person's own saved views of the desk."""

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.common.text import one_line
from kanal.reports.models import SavedView

MOST = 30
LONGEST_NAME = 60
LONGEST_QUERY = 500


@transaction.atomic
def save_view(*, user_id: int, name: str, query: str) -> SavedView:
    """Keep an address of the queue under a name; the same name again replaces what it stood for.

    Raises Refused for an empty or long name, an address that is too long, and beyond 30 views.
    """
    name = one_line(name)
    if not name:
        raise Refused(_("Beri nama dulu untuk tampilan ini, misalnya “Jalan di Temayang”."), status=400)
    if len(name) > LONGEST_NAME:
        raise Refused(_("Nama tampilan paling panjang %(limit)s huruf.") % {"limit": LONGEST_NAME}, status=400)
    if len(query) > LONGEST_QUERY:
        raise Refused(_("Saringan ini terlalu panjang untuk disimpan. Kurangi kata carinya."), status=400)
    mine = SavedView.objects.filter(user_id=user_id)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise Refused(_("Sudah ada %(most)s tampilan tersimpan. Hapus salah satu dulu.") % {"most": MOST})
    view, _created = SavedView.objects.update_or_create(user_id=user_id, name=name, defaults={"query": query})
    return view


@transaction.atomic
def drop_view(*, user_id: int, pk: int) -> str:
    """Forget a saved view and return its name; "" when it is gone already or is not theirs."""
    view = SavedView.objects.select_for_update().filter(user_id=user_id, pk=pk).first()
    if view is None:
        return ""
    view.delete()
    return view.name
