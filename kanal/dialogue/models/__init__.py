from kanal.dialogue.models.commitment import (
    HTTPS,
    LONGEST_PROMISE,
    Commitment,
    CommitmentEvent,
    Evidence,
    EvidencePhoto,
)
from kanal.dialogue.models.episode import LONGEST_TOPIC, Episode, EpisodeEvent, Invitation, Programme, Slot

__all__ = [
    "HTTPS",
    "LONGEST_PROMISE",
    "LONGEST_TOPIC",
    "Commitment",
    "CommitmentEvent",
    "Episode",
    "EpisodeEvent",
    "Evidence",
    "EvidencePhoto",
    "Invitation",
    "Programme",
    "Slot",
]
