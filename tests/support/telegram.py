"""A Bot API on the loopback, and what Telegram posts, made for these tests."""

import json
import threading
import time
from typing import Any

from tests.support.platform import Answer, Call, FakePlatform

TOKEN, SECRET = "123456:AAbot", "rahasia-webhook"
SARI = 5511223344


class FakeBotApi(FakePlatform):
    """Takes messages, hands out updates and files: `updates` wait to be asked for, `files` by id.

    A question with a `timeout` is held open until there is an update; one that comes meanwhile ends it. `webhook`: one
    is set, so that nobody may ask. `holding`: how many questions are open just now; `conflicts`: how many were ended.
    """

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[dict[str, Any]] = []
        self.webhook = False
        self.holding = self.conflicts = 0
        self._question = 0
        self._news = threading.Condition()
        self.files: dict[str, bytes] = {}
        self.lies: dict[str, Any] = {}

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that it took."""
        return [call.json for call in self.calls if call.path.endswith("/sendMessage")]

    def answer(self, call: Call) -> Answer:
        """As api.telegram.org does."""
        if call.path.startswith(f"/file/bot{TOKEN}/"):
            return Answer(self.files[call.path.rpartition("/")[2]])
        if not call.path.startswith(f"/bot{TOKEN}/"):
            return error(401, "Unauthorized")
        match call.path.rpartition("/")[2]:
            case "sendMessage":
                return Answer({"ok": True, "result": {"message_id": 900 + len(self.sent)}})
            case "getUpdates":
                return self._updates(call.query)
            case "getFile" if call.query["file_id"] in self.files:
                name = call.query["file_id"]
                told = {"file_id": name, "file_path": f"photos/{name}", "file_size": len(self.files[name])}
                return Answer({"ok": True, "result": {**told, **self.lies}})
        return error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")

    def happens(self, *updates: dict[str, Any]) -> None:
        """People write: whoever waits hears it at once."""
        with self._news:
            self.updates = [*self.updates, *updates]
            self._news.notify_all()

    def _updates(self, query: dict[str, str]) -> Answer:
        if self.webhook:
            return error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        with self._news:
            first = int(query.get("offset", 0))
            self.updates = [update for update in self.updates if update["update_id"] >= first]
            self._question = mine = self._question + 1
            self._news.notify_all()
            self.holding += 1
            self._wait(mine, until=time.monotonic() + int(query["timeout"]))
            self.holding -= 1
            if self._question != mine:
                self.conflicts += 1
                return error(409, "Conflict: terminated by other getUpdates request; make sure that only one runs")
            return Answer({"ok": True, "result": self.updates[: int(query["limit"])]})

    def _wait(self, mine: int, *, until: float) -> None:
        while not self.updates and self._question == mine and time.monotonic() < until:
            self._news.wait(until - time.monotonic())


def error(status: int, description: str, **parameters: int) -> Answer:
    """An error as the Bot API words it."""
    told: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return Answer({**told, "parameters": parameters} if parameters else told, status)


def settings_for(url: str, *, polling: bool = False) -> dict[str, Any]:
    """The settings of Telegram for a Bot API at this address."""
    return {"api": url, "token": TOKEN, "secret": SECRET, "polling": polling}


def message(number: int = 1, kind: str = "private", **parts: Any) -> dict[str, Any]:
    """One message in a chat with Sari."""
    person = {"id": SARI, "is_bot": False, "first_name": "Sari", "last_name": "Utami"}
    chat = {"id": SARI, "type": kind, "first_name": "Sari", "last_name": "Utami"}
    return {"message_id": number, "from": person, "chat": chat, "date": 1795406400, **parts}


def update(number: int = 1, **part: Any) -> dict[str, Any]:
    """One update: `update(message=…)`."""
    return {"update_id": 700 + number, **part}


def posted(number: int = 1, **parts: Any) -> str:
    """An update with one message of Sari's, as the webhook gets it."""
    return json.dumps(update(number, message=message(number, **parts)))
