"""A line on which news are awaited, and the worker that waits there killed, stopped or doubled: all is kept, once."""

import random
import signal
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.support.installation import Installation, Make, eventually
from tests.support.platform import running
from tests.support.telegram import SARI, TOKEN, FakeBotApi, message, update

pytestmark = pytest.mark.faults


@pytest.fixture
def bot() -> Iterator[FakeBotApi]:
    with running(FakeBotApi()) as platform:
        yield platform


def without_address(make: Make, bot: FakeBotApi) -> Installation:
    """A machine that Telegram cannot call."""
    return make(KANAL_TELEGRAM_API=bot.url, KANAL_TELEGRAM_TOKEN=TOKEN, KANAL_TELEGRAM_POLLING="1")


def write(bot: FakeBotApi, numbers: "count[int]", many: int) -> None:
    for number in (next(numbers) for _one in range(many)):
        bot.happens(update(number, message=message(number, text=f"Lampu nomor {number} mati")))


def kept(home: Installation) -> list[int]:
    """The updates in everything that was kept, as often as they were."""
    told: list[str] = home.python(
        "from kanal.channels.models import Delivery\nimport itertools\n"
        "pages = [json.loads(row.payload)['result'] for row in Delivery.objects.order_by('pk')]\n"
        "tell([one['update_id'] for page in pages for one in page])"
    )
    return [int(one) for one in told]


def messages(home: Installation) -> int:
    """What Sari wrote, as far as it was read."""
    hers = f"Inbound.objects.filter(external_id__startswith='{SARI}:')"
    return int(home.python(f"from kanal.channels.models import Inbound\ntell({hers}.count())"))


def holder(home: Installation) -> Any:
    return home.python("from kanal.channels.models import MediumState\ntell(MediumState.objects.get().held_by)")


def leases_run_out(home: Installation) -> None:
    home.python(
        "from kanal.channels.models import Delivery, MediumState\nfrom django.utils import timezone\n"
        "MediumState.objects.update(held_until=timezone.now())\n"
        "Delivery.objects.update(next_attempt_at=timezone.now())"
    )


def test_a_worker_killed_while_it_hears_loses_nothing_and_keeps_nothing_twice(make: Make, bot: FakeBotApi) -> None:
    home, numbers = without_address(make, bot), count(1)
    for _time in range(3):
        worker, asked = home.start("worker"), len(bot.calls)
        eventually(lambda asked=asked: bot.holding and len(bot.calls) > asked, what="it listens")  # type: ignore[misc]  # a default to bind it
        write(bot, numbers, 12)
        time.sleep(random.uniform(0, 0.05))
        home.kill(worker)
        write(bot, numbers, 3)
        leases_run_out(home)
    home.start("worker")
    eventually(lambda: not bot.updates, what="Telegram may forget them all")
    assert sorted(kept(home)) == [700 + number for number in range(1, 46)]
    eventually(lambda: messages(home) == 45, what="all are read")


def test_ctrl_c_does_not_wait_for_the_line_and_the_next_worker_has_it_at_once(make: Make, bot: FakeBotApi) -> None:
    home = without_address(make, bot)
    worker = home.start("worker")
    eventually(lambda: bot.holding, what="it listens")
    worker.send_signal(signal.SIGINT)
    assert worker.wait(20) == 0  # Telegram would have answered after 25
    assert bot.holding == 1, "nothing was heard meanwhile"
    assert "ended in good order" in (home.folder / "worker.log").read_text()
    assert holder(home) == ""


def test_two_workers_never_ask_at_once_and_work_goes_on_while_one_waits(make: Make, bot: FakeBotApi) -> None:
    home, numbers = without_address(make, bot), count(1)
    for _worker in range(2):
        home.start("worker")
    eventually(lambda: home.python("from kanal.common.actions import workers_alive\ntell(len(workers_alive()))") == 2)
    for rounds in range(1, 4):
        eventually(lambda: bot.holding, what="one listens")
        write(bot, numbers, 1)
        eventually(lambda rounds=rounds: messages(home) == rounds, what="it is read")  # type: ignore[misc]  # a default to bind it
    assert kept(home) == [701, 702, 703]
    assert bot.conflicts == 0
