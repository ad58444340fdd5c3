"""What the worker does for the mailroom."""

from kanal.channels.actions import reap_deliveries
from kanal.channels.delivery import deliver_due
from kanal.common.tasks import pump, rescue

pump("outbox")(deliver_due)
rescue("outbox")(reap_deliveries)
