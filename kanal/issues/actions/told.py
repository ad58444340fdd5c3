"""What is said of an issue besides its reports."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kanal.agencies.models import Agency, Region
from kanal.common.masking import mask
from kanal.common.refusal import Refused
from kanal.common.text import TooLong, clean, one_line
from kanal.issues.models import Issue
from kanal.reports.models import Category

LONGEST_TITLE = 120
LONGEST_SUMMARY = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """Title, summary, category, lead agency and places of an issue. No place: it is a matter everywhere."""

    title: str = ""
    summary: str = ""
    category: Category | None = None
    agency: Agency | None = None
    regions: Iterable[Region] = field(default=())


def told_title(text: str) -> str:
    """The title as it is kept: masked, because everybody reads it. Raises Refused for none, or one that is too long."""
    title = one_line(text)
    if not title:
        raise Refused(_("Tulis judul isu: apa masalahnya dan di mana."), status=400, code="no_title")
    if len(title) > LONGEST_TITLE:
        sentence = _("Judul paling panjang %(most)s huruf; ini %(length)s.")
        raise Refused(sentence % {"most": LONGEST_TITLE, "length": len(title)}, status=400, code="long_title")
    return mask(title).text[:LONGEST_TITLE]


def told_summary(text: str) -> str:
    """The summary, or a note, as it is kept: masked too. Raises Refused when it is too long."""
    try:
        return mask(clean(text, max_chars=LONGEST_SUMMARY)).text
    except TooLong as fault:
        sentence = _("Ringkasan paling panjang %(most)s huruf; ini %(length)s.")
        raise Refused(
            sentence % {"most": fault.limit, "length": fault.actual}, status=400, code="long_summary"
        ) from None


def settle(issue: Issue, *names: str) -> None:
    """Remember that a person has said this of the issue: the machine leaves it alone."""
    issue.settled = sorted({*issue.settled, *names})
