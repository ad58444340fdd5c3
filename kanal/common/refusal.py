from collections.abc import Iterator
from contextlib import contextmanager


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


@contextmanager
def once() -> Iterator[None]:
    """Take the second press of a button for the first: what it asks for is here already (`code` "repeated")."""
    try:
        yield
    except Refused as refused:
        if refused.code != "repeated":
            raise
