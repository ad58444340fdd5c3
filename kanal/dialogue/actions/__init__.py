"""Every write to dialogue, as named verbs. Import them from here: `actions.announce(episode=…, by=…)`."""

from kanal.dialogue.actions.clock import escalate, remind
from kanal.dialogue.actions.episodes import Plan, announce, cancel, change, hold, plan
from kanal.dialogue.actions.guests import invite, reply, uninvite
from kanal.dialogue.actions.programmes import keep_programme
from kanal.dialogue.actions.promises import (
    MOST_PHOTOS,
    Promised,
    Shown,
    accept,
    correct,
    fulfil,
    give_up,
    promise,
    refuse,
    withdraw,
)
from kanal.dialogue.actions.rundown import (
    MOST_TOPICS,
    Topic,
    add_topic,
    drop_topic,
    move_topic,
    order_topics,
    put_topics,
    set_minutes,
)

__all__ = [
    "MOST_PHOTOS",
    "MOST_TOPICS",
    "Plan",
    "Promised",
    "Shown",
    "Topic",
    "accept",
    "add_topic",
    "announce",
    "cancel",
    "change",
    "correct",
    "drop_topic",
    "escalate",
    "fulfil",
    "give_up",
    "hold",
    "invite",
    "keep_programme",
    "move_topic",
    "order_topics",
    "plan",
    "promise",
    "put_topics",
    "refuse",
    "remind",
    "reply",
    "set_minutes",
    "uninvite",
    "withdraw",
]
