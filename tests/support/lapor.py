"""SP4N-LAPOR! on the loopback: the two calls that are known, as far as they are known, made for these tests."""

import json
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from tests.support.platform import Answer, Call, FakePlatform

TOKEN, KEY = "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "kunci-topik"
FIRST = 1916449
TOPICS = [
    {"id": "13", "parent": "3", "topic_name": "Teknologi Informasi dan Komunikasi"},
    {"id": "3", "parent": "0", "topic_name": "Perhubungan"},
    {"id": "1397", "parent": "3", "topic_name": "Jalan Berlubang"},
]


class FakeLapor(FakePlatform):
    """Takes reports and tells categories. Beyond the faults of every platform:

    `takes_and_hangs_up` keeps the report and closes the line before answering; `says` replaces the answer's XML.
    """

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []
        self.flags: list[dict[str, str]] = []
        self.senders: list[dict[str, str]] = []
        self.topics: Any = TOPICS
        self.takes_and_hangs_up = False
        self.says: bytes | None = None

    def reply_to(self, call: Call) -> Answer | None:
        """As every platform; or take the report and say nothing."""
        answer = super().reply_to(call)
        return None if self.takes_and_hangs_up else answer

    def answer(self, call: Call) -> Answer:
        """As lapor.go.id is known to."""
        if call.path == "/api/services/f01/gettopics":
            known = parse_qs(call.body.decode()).get("KEYTOKEN") == [KEY]
            return Answer(json.dumps(self.topics).encode()) if known else Answer(status=403)
        if call.path != "/api/stream/addstream":
            return Answer(status=404)
        root = ET.fromstring(call.body)  # what our own client wrote
        if root.get("token") != TOKEN:
            return Answer(status=401)
        report = root.find("laporan")
        if report is None or not call.headers["Content-Type"].startswith("text/xml"):
            return Answer(status=400)
        self.taken.append(report.findtext("isi", ""))
        self.flags.append(dict(report.attrib))
        self.senders.append({one.tag: one.text or "" for one in root.find("pelapor") or ()})
        number = FIRST + len(self.taken) - 1
        return Answer(self.says or accepted(number), headers={"Content-Type": "text/xml"})


def accepted(number: int) -> bytes:
    """The answer to a report: names are known, how they nest is not."""
    told = f"<trackingid>{number}</trackingid><transaksiid>T-{number}</transaksiid>"
    return f'<?xml version="1.0"?><lapor><status>OK</status>{told}</lapor>'.encode()


def settings_for(url: str = "", **more: Any) -> dict[str, Any]:
    """The settings of LAPOR! for a simulator at this address; without one, no call can be made."""
    keys = {"token": TOKEN, "key": KEY} if url else {"token": "", "key": ""}
    sender = {"sender_name": "Kominfo Bojonegoro", "sender_email": "lapor@contoh.go.id", "sender_phone": "0353881826"}
    return {"folder": "", "api": f"{url}/api", "secret_reports": False, **keys, **sender, **more}
