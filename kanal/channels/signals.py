"""Facts about messages that rooms above may hear, sent inside the transaction. `inbound_received` carries `inbound`."""

from django.dispatch import Signal

inbound_received = Signal()
