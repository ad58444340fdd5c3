from collections.abc import Iterable

from kanal.channels.adapters import Item
from kanal.channels.facebook import reading
from kanal.channels.graph import refusals
from kanal.channels.graph.pages import Page
from kanal.channels.models import Medium


class Facebook(Page):
    """The regency's Facebook Page: comments, visitors' posts and mentions in public, Messenger in private."""

    medium = Medium.FACEBOOK
    menu = refusals.menu("Facebook", "KANAL_FACEBOOK", "pages_messaging, pages_manage_engagement")
    echoes = True
    longest = {True: 8000, False: 2000}

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one call of the webhook holds."""
        return reading.read(payload, str(self.have["id"]))

    def under(self, thread: str, words: str) -> tuple[str, dict[str, str]]:
        """An answer below a comment or a post, whoever wrote it."""
        return f"{thread.partition(':')[2]}/comments", {"message": words}


ADAPTER = Facebook()
