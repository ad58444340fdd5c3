"""An X API v2 on the loopback, with pages of posts made for these tests."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlencode

from kanal.channels.x.oauth import Keys, signature
from tests.support.platform import Answer, Call, FakePlatform

ACCOUNT, SARI = "900100", "55110022"
KEYS = Keys("kunci-aplikasi", "rahasia-aplikasi", "900100-token", "rahasia-token")
FIRST = (int(datetime.now(tz=UTC).timestamp() * 1000) - 1_288_834_974_657) << 22
"""The number of a post of now."""


class FakeX(FakePlatform):
    """Holds posts that mention the account (`mentions`, any order) and its own (`ours`); X never takes a text twice.

    `gone` are posts that were deleted, `closed` people who take no direct messages, `remaining` what the headers say is
    left of the window; a page's token works once a walk has begun, unless `stale`; `too_old`: the first
    `since_id` that is not refused. `events` are direct messages to and from the account; `closed_ears`: what is
    answered to whoever asks for them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mentions: list[dict[str, Any]] = []
        self.ours: list[dict[str, Any]] = []
        self.direct: list[dict[str, Any]] = []
        self.gone: set[str] = set()
        self.closed: set[str] = set()
        self.headers: dict[str, str] = {}
        self.stale = False
        self.too_old = 0
        self.included: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.closed_ears: Answer | None = None
        self.event_headers: dict[str, str] = {}

    @property
    def texts(self) -> list[str]:
        """What the account said, in order."""
        return [post["text"] for post in self.ours]

    def answer(self, call: Call) -> Answer:
        """As api.x.com does."""
        if not signed_by_us(self.url, call):
            return problem(401, "Unauthorized", "Unauthorized")
        path = call.path.removeprefix("/2")
        if call.method == "POST":
            return self._say(call) if path == "/tweets" else self._whisper(path, call)
        if path == "/tweets":
            return self._by_id(call.query["ids"].split(","))
        return self._timeline(path, call.query)

    def _timeline(self, path: str, query: dict[str, str]) -> Answer:
        if path == "/dm_events":
            return self.closed_ears or self._events(query)
        if path == f"/users/{ACCOUNT}/tweets":
            return Answer({"data": self.ours[::-1], "meta": {"result_count": len(self.ours)}})
        if path != f"/users/{ACCOUNT}/mentions":
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
        return self._page(query)

    def _page(self, query: dict[str, str]) -> Answer:
        after, most = int(query.get("since_id", 0)), int(query["max_results"])
        found = sorted((one for one in self.mentions if int(one["id"]) > after), key=lambda one: -int(one["id"]))
        found = [one for one in found if one["id"] not in self.gone]
        token = query.get("pagination_token", "halaman-0")
        if self.too_old and after < self.too_old:
            return problem(400, "Invalid Request", "'since_id' must be a tweet id created after the last week")
        if self.stale and "pagination_token" in query:
            return problem(400, "Invalid Request", "Invalid value for 'pagination_token'")
        begin = int(token.removeprefix("halaman-"))
        page = found[begin : begin + most]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if begin + most < len(found):
            meta["next_token"] = f"halaman-{begin + most}"
        body = {"meta": meta, **({"data": page, "includes": self._includes()} if page else {})}
        return Answer(body, headers=self.headers)

    def _events(self, query: dict[str, str]) -> Answer:
        if self.stale and "pagination_token" in query:
            return problem(400, "Invalid Request", "Invalid value for 'pagination_token'")
        found = sorted(self.events, key=lambda one: -int(one["id"]))
        begin, most = int(query.get("pagination_token", "surat-0").removeprefix("surat-")), int(query["max_results"])
        page = found[begin : begin + most]
        meta: dict[str, Any] = {"result_count": len(page)}
        if begin + most < len(found):
            meta["next_token"] = f"surat-{begin + most}"
        body = {"meta": meta, **({"data": page, "includes": self._includes()} if page else {})}
        return Answer(body, headers=self.event_headers)

    def _includes(self) -> dict[str, Any]:
        return {"users": [{"id": SARI, "name": "Sari", "username": "sari_bjn"}], **self.included}

    def _by_id(self, ids: list[str]) -> Answer:
        there = [one for one in self.mentions if one["id"] in ids and one["id"] not in self.gone]
        kind = "https://api.twitter.com/2/problems/resource-not-found"
        errors = [
            {"value": one, "resource_id": one, "resource_type": "tweet", "parameter": "ids", "type": kind}
            for one in ids
            if one in self.gone
        ]
        return Answer({**({"data": there} if there else {}), **({"errors": errors} if errors else {})})

    def _say(self, call: Call) -> Answer:
        text, post = call.json["text"], call.json["reply"]["in_reply_to_tweet_id"]
        if text in self.texts:
            detail = "You are not allowed to create a Tweet with duplicate content."
            return problem(403, "Forbidden", detail)
        if post in self.gone:
            detail = "You attempted to reply to a Tweet that is deleted or not visible to you."
            return problem(403, "Forbidden", detail)
        number = str(FIRST + 5000 + len(self.ours))
        self.ours.append({"id": number, "text": text, "referenced_tweets": [{"type": "replied_to", "id": post}]})
        return Answer({"data": {"id": number, "text": text}}, 201)

    def _whisper(self, path: str, call: Call) -> Answer:
        person = path.split("/")[3]
        if person in self.closed:
            return problem(403, "Forbidden", "You cannot send messages to this user.")
        self.direct.append({"to": person, **call.json})
        return Answer({"data": {"dm_conversation_id": "1-2", "dm_event_id": f"77{len(self.direct)}"}}, 201)


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Answer:
    """A refusal as X words it."""
    return Answer({"title": title, "detail": detail, "type": "about:blank", "status": status}, status, headers or {})


def signed_by_us(url: str, call: Call) -> bool:
    """Whether a request carries the signature of our account, over its very address."""
    said = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', call.headers["Authorization"])}
    given = said.pop("oauth_signature", "")
    query = f"?{urlencode(call.query)}" if call.query else ""
    return given == signature(call.method, f"{url}{call.path}{query}", said, KEYS)


def settings_for(url: str, **changes: Any) -> dict[str, Any]:
    """The settings of X for an API at this address."""
    return {
        "api": f"{url}/2",
        "user_id": ACCOUNT,
        "consumer_key": KEYS.consumer_key,
        "consumer_secret": KEYS.consumer_secret,
        "token": KEYS.token,
        "token_secret": KEYS.token_secret,
        "minutes": 5,
        "posts_a_month": 10_000,
        "direct": False,
        "direct_read": False,
        "everything": False,
        **changes,
    }


def post(number: int = 1, text: str = "@pemkabbjn Jalan Jono rusak parah", **parts: Any) -> dict[str, Any]:
    """One post of Sari's that mentions the account."""
    identity = str(FIRST + number)
    at = datetime.now(tz=UTC) - timedelta(minutes=10)
    return {
        "id": identity,
        "text": text,
        "author_id": SARI,
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "edit_history_tweet_ids": [identity],
        "conversation_id": identity,
        **parts,
    }


def letter(number: int = 1, text: str = "Halo, mau lapor", **parts: Any) -> dict[str, Any]:
    """One direct message of Sari's to the account."""
    identity = str(FIRST + number)
    at = datetime.now(tz=UTC) - timedelta(minutes=5)
    return {
        "id": identity,
        "event_type": "MessageCreate",
        "text": text,
        "sender_id": SARI,
        "dm_conversation_id": f"{ACCOUNT}-{SARI}",
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        **parts,
    }
