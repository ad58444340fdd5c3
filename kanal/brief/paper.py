"""An edition on paper, set from what was kept: made again it looks the same, without what may no longer be told."""

import logging
import os
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from kanal.brief.figures import thaw
from kanal.brief.models import Edition
from kanal.brief.queries import told_now
from kanal.brief.wording import shown
from kanal.common import typesetting
from kanal.common.refusal import Refused

TEMPLATE = Path(__file__).parent / "letters" / "brief.typ"
log = logging.getLogger(__name__)


def pdf(edition: Edition) -> bytes:
    """The edition as an A4 PDF. Raises Refused (503) when it cannot be set, (409) when its figures cannot be read."""
    figures, taken = told_now(thaw(edition.figures))
    data = shown(figures, version=edition.version, taken=taken)
    try:
        return typesetting.pdf(TEMPLATE, data)
    except (RuntimeError, OSError) as error:
        log.exception("the brief %s could not be set", edition)
        sentence = _("PDF-nya gagal disusun. Angkanya tersimpan; baca di halaman ini dan coba PDF lagi nanti.")
        raise Refused(sentence, status=503) from error


def write(edition: Edition, folder: Path) -> Path:
    """Put the PDF into a folder, whole or not at all. Raises Refused with what to do when it cannot be written."""
    content, path = pdf(edition), folder / file_name(edition)
    half: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".lembar-", delete=False) as file:
            half = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.chmod(0o644)
        half.replace(path)
    except OSError as error:
        if half:
            half.unlink(missing_ok=True)
        sentence = _(
            "Tidak bisa menulis ke %(folder)s: %(reason)s. Angkanya tersimpan; jalankan lagi sesudah diperbaiki."
        )
        raise Refused(sentence % {"folder": folder, "reason": error.strerror or error}) from error
    return path


def file_name(edition: Edition) -> str:
    """What the PDF is called: the week, and the code of what it is about."""
    about = edition.agency.code if edition.agency else edition.region.code if edition.region else "kabupaten"
    return f"lembar-{edition.name}-{about}" + (f"-v{edition.version}" if edition.version > 1 else "") + ".pdf"
