"""A YouTube Data API v3 with Google's token server on the loopback, with comments made for these tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.platform import Answer, Call, FakePlatform

CHANNEL, SARI = "UCpemkabbojonegoro", "UCsari"
TOKENS = "/token"
HELD = 5
"""How many replies a thread carries along."""


class FakeYouTube(FakePlatform):
    """Holds comments by id (`comments`); takes any text any number of times; a token works until it is `revoked`.

    `refuses` answers questions for comments and threads, `grant` that for a token; `stale`: no page token works.
    """

    def __init__(self) -> None:
        super().__init__()
        self.comments: dict[str, dict[str, Any]] = {}
        self.issued: list[str] = []
        self.revoked: set[str] = set()
        self.grant: Answer | None = None
        self.refuses: Answer | None = None
        self.stale = False

    @property
    def ours(self) -> list[dict[str, Any]]:
        """What our channel said, in order."""
        return [one for one in self.comments.values() if one["snippet"]["authorChannelId"]["value"] == CHANNEL]

    @property
    def asked(self) -> list[Call]:
        """The calls of the API itself."""
        return [call for call in self.calls if call.path != TOKENS]

    def add(self, *comments: dict[str, Any]) -> None:
        """People comment."""
        self.comments |= {comment["id"]: comment for comment in comments}

    def answer(self, call: Call) -> Answer:
        """As www.googleapis.com and oauth2.googleapis.com do."""
        if call.path == TOKENS:
            return self.grant or self._issue()
        bearer = call.headers.get("Authorization", "").removeprefix("Bearer ")
        if bearer not in self.issued or bearer in self.revoked:
            return refusal(401, "authError")
        if self.refuses:
            return self.refuses
        if self.stale and "pageToken" in call.query:
            return refusal(400, "invalidPageToken")
        if call.method == "POST":
            return self._insert(call)
        return self._threads(call.query) if call.path.endswith("/commentThreads") else self._list(call.query)

    def _issue(self) -> Answer:
        self.issued.append(f"ya29.{len(self.issued)}")
        return Answer({"access_token": self.issued[-1], "expires_in": 3599, "token_type": "Bearer"})

    def _replies(self, thread: str) -> list[dict[str, Any]]:
        found = [one for one in self.comments.values() if one["snippet"].get("parentId") == thread]
        return sorted(found, key=lambda one: str(one["snippet"]["publishedAt"]), reverse=True)

    def _threads(self, query: dict[str, str]) -> Answer:
        if query["allThreadsRelatedToChannelId"] != CHANNEL:
            return refusal(404, "channelNotFound")
        firsts = [one for one in self.comments.values() if "parentId" not in one["snippet"]]
        firsts.sort(key=lambda one: str(one["snippet"]["publishedAt"]), reverse=True)
        begin, most = int(query.get("pageToken", "h0")[1:]), int(query["maxResults"])
        items = [self._thread(one) for one in firsts[begin : begin + most]]
        return _page("youtube#commentThreadListResponse", items, begin + most if begin + most < len(firsts) else 0)

    def _thread(self, first: dict[str, Any]) -> dict[str, Any]:
        replies = self._replies(first["id"])
        snippet = {"videoId": "vid30jalan", "topLevelComment": first, "canReply": True, "totalReplyCount": len(replies)}
        thread = {"kind": "youtube#commentThread", "id": first["id"], "snippet": snippet}
        return {**thread, **({"replies": {"comments": replies[:HELD]}} if replies else {})}

    def _list(self, query: dict[str, str]) -> Answer:
        if "id" in query:
            found = [self.comments[one] for one in query["id"].split(",") if one in self.comments]
            return _page("youtube#commentListResponse", found, 0)
        if query["parentId"] not in self.comments:
            return refusal(404, "commentNotFound")
        replies = self._replies(query["parentId"])
        begin, most = int(query.get("pageToken", "h0")[1:]), int(query["maxResults"])
        further = begin + most if begin + most < len(replies) else 0
        return _page("youtube#commentListResponse", replies[begin : begin + most], further)

    def _insert(self, call: Call) -> Answer:
        told = call.json["snippet"]
        if told["parentId"] not in self.comments:
            return refusal(404, "parentCommentNotFound")
        reply = comment(f"{told['parentId']}.kita{len(self.ours)}", told["textOriginal"], author=CHANNEL)
        reply["snippet"]["parentId"] = told["parentId"]
        self.add(reply)
        return Answer(reply)


def _page(kind: str, items: list[dict[str, Any]], further: int) -> Answer:
    token = {"nextPageToken": f"h{further}"} if further else {}
    return Answer({"kind": kind, "etag": "e", **token, "pageInfo": {"resultsPerPage": len(items)}, "items": items})


def refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> Answer:
    """A refusal as Google words it."""
    error = {"code": status, "message": reason, "errors": [{"domain": "youtube", "reason": reason, "message": reason}]}
    return Answer({"error": error}, status, headers or {})


def settings_for(url: str, **changes: Any) -> dict[str, Any]:
    """The settings of YouTube for servers at this address."""
    return {
        "api": f"{url}/youtube/v3",
        "oauth": f"{url}{TOKENS}",
        "channel_id": CHANNEL,
        "client_id": "kanal.apps.googleusercontent.com",
        "client_secret": "rahasia",
        "refresh_token": "1//izin",
        "minutes": 5,
        "units_a_day": 10_000,
        "everything": False,
        **changes,
    }


def comment(
    number: str = "Ug1", text: str = "Jalan Jono rusak parah", *, author: str = SARI, minutes: float = 10, **parts: Any
) -> dict[str, Any]:
    """One comment, written so many minutes ago; with `parentId` a reply."""
    at = (datetime.now(tz=UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    snippet = {
        "authorDisplayName": "@sari-bjn",
        "authorChannelId": {"value": author},
        "textDisplay": text,
        "textOriginal": text,
        "publishedAt": at,
        "updatedAt": at,
        **parts,
    }
    return {"kind": "youtube#comment", "id": number, "snippet": snippet}
