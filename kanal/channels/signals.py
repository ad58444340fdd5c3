"""What comes in, for the rooms above: sent inside the transaction that keeps it, so that a fault above undoes both.

`message_came` carries `inbound` and `said` (adapters.Said), `message_changed` and `message_removed` carry `inbound`
(its `before` is the message until now), `file_settled` carries `file` (fetched, or not to be had). Whoever takes a
message up says so with `actions.settle`; one that nobody takes waits for a person.
"""

from django.dispatch import Signal

message_came = Signal()
message_changed = Signal()
message_removed = Signal()
file_settled = Signal()
