from kanal.dialogue.models.commitment import (
    HTTPS,
    LONGEST_PROMISE,
    Commitment,
    CommitmentEvent,
    Evidence,
    EvidencePhoto,
)
from kanal.dialogue.models.episode import LONGEST_TOPIC, WORD, Episode, EpisodeEvent, Invitation, Programme, Slot
from kanal.dialogue.models.question import Question, QuestionEvent, Voice
from kanal.dialogue.models.sitting import Minute, Sitting

__all__ = [
    "HTTPS",
    "LONGEST_PROMISE",
    "LONGEST_TOPIC",
    "WORD",
    "Commitment",
    "CommitmentEvent",
    "Episode",
    "EpisodeEvent",
    "Evidence",
    "EvidencePhoto",
    "Invitation",
    "Minute",
    "Programme",
    "Question",
    "QuestionEvent",
    "Sitting",
    "Slot",
    "Voice",
]
