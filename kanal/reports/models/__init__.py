from kanal.reports.models.alone import MachineDisposition, Proposal, RoutingSwitch, SwitchChange
from kanal.reports.models.answer import Answer, CannedAnswer, Feedback
from kanal.reports.models.attachment import Attachment
from kanal.reports.models.event import ReportEvent
from kanal.reports.models.following import Follower, Supporter
from kanal.reports.models.gathering import Gathering, GatheringPhoto, GatheringRow
from kanal.reports.models.lapor import LaporFile, LaporMirror, LaporTopic
from kanal.reports.models.learned import LearnedModel
from kanal.reports.models.message import MessageDecision
from kanal.reports.models.open311 import ApiClient, ApiFiling, ApiUpdate, ServiceAttribute
from kanal.reports.models.person import AddressProof, ContactDeed, ContactMove
from kanal.reports.models.radio import RadioCall, RadioShow
from kanal.reports.models.reference import Category, Reason, RoutingRule, SavedView
from kanal.reports.models.report import Report, ReportClock
from kanal.reports.models.retention import Destruction, RetentionRule
from kanal.reports.models.talk import Talk, TalkPart
from kanal.reports.models.task import ReportTask
from kanal.reports.models.webhook import EventDelivery, Subscription
from kanal.reports.models.wording import Wording

__all__ = [
    "AddressProof",
    "Answer",
    "ApiClient",
    "ApiFiling",
    "ApiUpdate",
    "Attachment",
    "CannedAnswer",
    "Category",
    "ContactDeed",
    "ContactMove",
    "Destruction",
    "EventDelivery",
    "Feedback",
    "Follower",
    "Gathering",
    "GatheringPhoto",
    "GatheringRow",
    "LaporFile",
    "LaporMirror",
    "LaporTopic",
    "LearnedModel",
    "MachineDisposition",
    "MessageDecision",
    "Proposal",
    "RadioCall",
    "RadioShow",
    "Reason",
    "Report",
    "ReportClock",
    "ReportEvent",
    "ReportTask",
    "RetentionRule",
    "RoutingRule",
    "RoutingSwitch",
    "SavedView",
    "ServiceAttribute",
    "Subscription",
    "Supporter",
    "SwitchChange",
    "Talk",
    "TalkPart",
    "Wording",
]
