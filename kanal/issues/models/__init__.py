from kanal.issues.models.bulletin import Bulletin, BulletinEvent, BulletinRecipient, BulletinReport
from kanal.issues.models.issue import SOURCES, Issue, IssueEvent, IssueReport, Memory, Proposal, Weighing

__all__ = [
    "SOURCES",
    "Bulletin",
    "BulletinEvent",
    "BulletinRecipient",
    "BulletinReport",
    "Issue",
    "IssueEvent",
    "IssueReport",
    "Memory",
    "Proposal",
    "Weighing",
]
