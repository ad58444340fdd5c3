"""What the mailroom and this room's own verbs tell, handed to the verbs that take it up."""

from kanal.channels.adapters import Said
from kanal.channels.models import Inbound, InboundFile
from kanal.reports import contributions
from kanal.reports.actions import alone, commenting, lapor_mirror, proposing, rewriting, talking
from kanal.reports.models import Report
from kanal.reports.webhooks.actions import outbox, taking


def message_came(inbound: Inbound, said: Said, **_signal: object) -> None:
    """A program files at once, a chat is led through a report, a comment taken up when it is one.

    What nobody takes up waits at the desk.
    """
    if said.details:
        taking.take_up(inbound, said)
    elif contributions.is_taken(inbound, said):
        return
    elif said.public:
        commenting.hear_comment(inbound, said)
    else:
        talking.hear(inbound, said)


def message_changed(inbound: Inbound, **_signal: object) -> None:
    """What was made of a message follows its new words, or loses those that were taken back."""
    rewriting.follow_change(inbound)


def file_settled(file: InboundFile, **_signal: object) -> None:
    """A picture joins the report that its message became."""
    talking.file_came(file)


def report_answered(report: Report, **_signal: object) -> None:
    """Whoever read the comment may know that it was answered."""
    commenting.tell_below(report)


def report_filed(report: Report, **_signal: object) -> None:
    """Programs that subscribed hear of a new report."""
    outbox.note("receive", report)


def report_changed(report: Report, verb: str, **_signal: object) -> None:
    """Programs that subscribed hear of what was done, LAPOR! is compared with it, and routing sees how it did."""
    outbox.note(verb, report)
    lapor_mirror.follow(report, verb)
    proposing.follow_proposal(report)
    alone.follow_machine(report, verb)
