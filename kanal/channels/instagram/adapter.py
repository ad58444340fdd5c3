from collections.abc import Iterable

from kanal.channels.adapters import Item
from kanal.channels.calling import shortened
from kanal.channels.graph import refusals
from kanal.channels.graph.pages import Page
from kanal.channels.instagram import mentions, reading
from kanal.channels.models import Medium


class Instagram(Page):
    """The regency's Instagram account: comments and mentions in public, messages and story replies in private."""

    medium = Medium.INSTAGRAM
    menu = refusals.menu("Instagram", "KANAL_INSTAGRAM", "instagram_manage_messages, instagram_manage_comments")
    longest = {True: 2200, False: 1000}

    def read(self, payload: bytes) -> Iterable[Item]:
        """What one call of the webhook holds; of mentions it holds the numbers alone, the words are asked for."""
        for item in reading.read(payload, str(self.have["id"]), str(self.have["name"])):
            yield mentions.asked(item, self.have, self.menu) if isinstance(item, mentions.Mention) else item

    def under(self, thread: str, words: str) -> tuple[str, dict[str, str]]:
        """An answer below a comment of ours, or where somebody else's post or comment names us."""
        kind, _colon, rest = thread.partition(":")
        if kind == "mention":
            media, _colon, comment = rest.partition(":")
            about = {"media_id": media, **({"comment_id": comment} if comment else {})}
            return f"{self.have['id']}/mentions", {**about, "message": words}
        return f"{rest}/replies", {"message": words}

    def cut(self, words: str, *, public: bool) -> str:
        """Words as long as Instagram takes them; it counts the bytes of private ones."""
        if public:
            return super().cut(words, public=True)
        most = self.longest[False]
        cut = shortened(words, most)
        while (over := len(cut.encode()) - most) > 0:  # no character has more than four bytes
            cut = shortened(words, len(cut) - max(1, over // 4))
        return cut


ADAPTER = Instagram()
