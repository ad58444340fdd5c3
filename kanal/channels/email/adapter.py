from contextlib import AbstractContextManager

from kanal.channels.adapters import Adapter, Sender
from kanal.channels.email.sending import Postman
from kanal.channels.models import Medium


class Email(Adapter):
    """Electronic mail: notices and answers go out by SMTP."""

    medium = Medium.EMAIL
    sends = True

    def sending(self) -> AbstractContextManager[Sender]:
        """One connection to the mail server."""
        return Postman()


ADAPTER = Email()
