"""One account at Meta: what must be set up for it, and its files, told of by the Graph API and kept elsewhere."""

from collections.abc import Mapping
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from kanal.channels import calling
from kanal.channels.adapters import GoneError, RefusedForGoodError, Step
from kanal.channels.files import LARGEST
from kanal.channels.graph.faults import Menu
from kanal.channels.models import Medium

FILE_HOSTS = ("fbsbx.com", "facebook.com", "fbcdn.net", "whatsapp.net", "cdninstagram.com")
"""Where Meta keeps what people send. Files are fetched from nowhere else."""


def bearer(have: Mapping[str, Any]) -> dict[str, str]:
    """The header that shows the account's token."""
    return {"Authorization": f"Bearer {have['token']}"}


def steps(medium: Medium, *, number: Step, token: str) -> list[Step]:
    """What must be set up, in order; `number` is the account's own id, `token` says which token is meant."""
    have, setting = getattr(settings, medium.name), f"KANAL_{medium.name}"
    words = {"setting": setting, "token": token, "url": f"{settings.BASE_URL}/saluran/{medium.value}/"}
    return [
        number,
        Step(_("Isi %(setting)s_TOKEN: %(token)s.") % words, bool(have["token"])),
        Step(_("Isi %(setting)s_APP_SECRET: rahasia aplikasi Meta.") % words, bool(have["app_secret"])),
        Step(
            _("Isi %(setting)s_VERIFY_TOKEN, lalu daftarkan alamat %(url)s di Meta dengan kata yang sama.") % words,
            bool(have["verify_token"]),
        ),
    ]


def told_of(
    line: httpx.Client, name: str, have: Mapping[str, Any], menu: Menu, *, elsewhere: bool = False, **parameters: str
) -> dict[str, Any]:
    """What the Graph API tells of one thing, which may be `elsewhere` (Menu.fault_of).

    Raises GoneError for what it does not (any more) give away.
    """
    url = f"{have['api']}/{name}"
    response = calling.ask(line, "GET", url, platform=menu.platform, params=parameters, headers=bearer(have))
    if response.is_success:
        return calling.json_of(response)
    fault = menu.fault_of(response, elsewhere=elsewhere)
    if isinstance(fault, RefusedForGoodError):
        raise GoneError(_("Berkasnya sudah tidak ada di %(platform)s.") % {"platform": menu.platform})
    raise fault


def content_at(
    line: httpx.Client, url: str, have: Mapping[str, Any], menu: Menu, *, size: int = 0, with_token: bool = False
) -> bytes:
    """The file at an address of Meta's, with the size that was told of it. Raises as Adapter.fetch says."""
    if size > LARGEST:
        raise GoneError(_("Berkasnya terlalu besar."))
    headers = bearer(have) if with_token else None
    return calling.download(
        line, url, platform=menu.platform, base=have["api"], hosts=FILE_HOSTS, most=LARGEST, headers=headers
    )
