"""Wording sentences to citizens anew."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.common.refusal import Refused
from kanal.reports import policy
from kanal.reports.models import Wording
from kanal.reports.policy import Doer
from kanal.reports.queries.wordings import forget
from kanal.reports.wordings import BY_KEY, Sentence, gaps_in

LONGEST, LONGEST_LINE = 2000, 150
"""Characters of a text, and of the title of a letter."""


def faults_of(sentence: Sentence, text: str) -> list[str]:
    """What is wrong with a text for this sentence, for the one who wrote it; empty when it may be sent."""
    found, known = set(gaps_in(text)), set(sentence.gaps)
    faults = []
    if found - known:
        names = ", ".join(f"{{{name}}}" for name in sorted(found - known))
        usable = ", ".join(f"{{{name}}}" for name in sentence.gaps)
        faults.append(_("%(names)s tidak dikenal. Yang bisa dipakai: %(usable)s.") % {"names": names, "usable": usable})
    missing = ", ".join(f"{{{name}}}" for name in sorted(sentence.needed - found))
    if sentence.line and ("\n" in text or len(text) > LONGEST_LINE):
        faults.append(_("Judul hanya satu baris, paling panjang %(most)s huruf.") % {"most": LONGEST_LINE})
    if missing:
        faults.append(_("Sertakan %(names)s, supaya isinya tidak hilang dari pesan.") % {"names": missing})
    return faults


@transaction.atomic
def word(*, key: str, texts: Mapping[str, str], by: Doer) -> None:
    """Word a sentence anew, by language; an empty text, or that of the code, gives the sentence back to the code.

    Raises Refused for one who may not, for an unknown sentence, and for a text whose gaps are wrong.
    """
    policy.check_wording(by)
    sentence = BY_KEY.get(key)
    if sentence is None:
        raise Refused(_("Kalimat itu tidak ada."), status=404)
    for language, text in texts.items():
        plain = text.strip()
        if not plain or (language == Wording.Language.INDONESIAN and plain == sentence.default):
            Wording.objects.filter(key=key, language=language).delete()
            continue
        faults = faults_of(sentence, plain)
        if faults:
            raise Refused(" ".join(faults), status=400)
        changes = {"text": plain, "changed_by_id": by.user_id}
        Wording.objects.update_or_create(key=key, language=language, defaults=changes)
    transaction.on_commit(forget)
    forget()
