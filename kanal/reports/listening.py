"""What the mailroom tells this room, handed to the verbs that take it up."""

from kanal.channels.adapters import Said
from kanal.channels.models import Inbound, InboundFile
from kanal.reports.actions import commenting, talking
from kanal.reports.models import Report


def message_came(inbound: Inbound, said: Said, **_signal: object) -> None:
    """A chat is led through a report, a comment taken up when it is one; what nobody takes up waits at the desk."""
    if said.public:
        commenting.hear_comment(inbound, said)
    else:
        talking.hear(inbound, said)


def file_settled(file: InboundFile, **_signal: object) -> None:
    """A picture joins the report that its message became."""
    talking.file_came(file)


def report_answered(report: Report, **_signal: object) -> None:
    """Whoever read the comment may know that it was answered."""
    commenting.tell_below(report)
