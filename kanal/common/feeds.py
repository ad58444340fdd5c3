"""Atom feeds (RFC 4287) of what people wrote."""

from typing import Any

from django.utils.feedgenerator import Atom1Feed

from kanal.common.text import xml_text


class Feed(Atom1Feed):
    """A feed of a list: `page` is the address of the list, `address` its own. Nobody's text makes it unreadable."""

    def __init__(self, *, title: str, page: str, address: str, author: str) -> None:
        super().__init__(title=xml_text(title), link=page, feed_url=address, description=None, author_name=author)

    def add(self, *, title: str, address: str, text: str, **dates: Any) -> None:
        """Add an entry with its address as a permanent name; `pubdate` and `updateddate` are moments."""
        self.add_item(title=xml_text(title), link=address, unique_id=address, description=xml_text(text), **dates)
