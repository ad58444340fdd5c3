"""Every write to dialogue, as named verbs. Import them from here: `actions.announce(episode=…, by=…)`."""

from kanal.dialogue.actions.answering import air, answer, file_question, later, link, requeue, set_aside
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
from kanal.dialogue.actions.questions import Asked, ask, ask_once
from kanal.dialogue.actions.rundown import (
    MOST_TOPICS,
    Topic,
    add_topic,
    drop_topic,
    fill_up,
    move_topic,
    order_topics,
    put_topics,
    set_minutes,
)
from kanal.dialogue.actions.sitting import Draft, Overtaken, close_minutes, name_notes, open_minutes, turn, write

__all__ = [
    "MOST_PHOTOS",
    "MOST_TOPICS",
    "Asked",
    "Draft",
    "Overtaken",
    "Plan",
    "Promised",
    "Shown",
    "Topic",
    "accept",
    "add_topic",
    "air",
    "announce",
    "answer",
    "ask",
    "ask_once",
    "cancel",
    "change",
    "close_minutes",
    "correct",
    "drop_topic",
    "escalate",
    "file_question",
    "fill_up",
    "fulfil",
    "give_up",
    "hold",
    "invite",
    "keep_programme",
    "later",
    "link",
    "move_topic",
    "name_notes",
    "open_minutes",
    "order_topics",
    "plan",
    "promise",
    "put_topics",
    "refuse",
    "remind",
    "reply",
    "requeue",
    "set_aside",
    "set_minutes",
    "turn",
    "uninvite",
    "withdraw",
    "write",
]
