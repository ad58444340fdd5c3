from typing import Any

from django.utils.translation import gettext as _


class Refused(Exception):  # noqa: N818  # it is an answer, not a fault
    """Something was asked that may not be done now; `sentence` says so kindly, in the reader's language.

    `status` is the HTTP status a page answers with: 403 not yours to do, 409 no longer possible, 404 not to be seen,
    400 cannot be understood, 413 too large, 429 too often.
    """

    def __init__(self, sentence: str, *, status: int = 409, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.code = code


def refuse_stale(row: Any, *, seen: int | None, verb: str, user_id: int | None, changed: str) -> None:
    """Refuse what somebody does to a row that is no longer as they saw it; `seen` is the version on their page.

    `row` counts its `version` and has a history, `events`. When the last line there is the same person doing the same
    (a double click), `Refused.code` is "repeated" and the page may call it done; otherwise it is "stale" and `changed`
    is the sentence. None for `seen`: nobody looked at a page.
    """
    if seen is None or row.version == seen:
        return
    last = row.events.order_by("-id").first()
    if last and last.verb == verb and last.user_id == user_id:
        raise Refused(_("Sudah dilakukan."), code="repeated")
    raise Refused(changed, code="stale")
