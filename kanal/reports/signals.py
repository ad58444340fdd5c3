"""Facts about reports that rooms above may hear. Sent inside the transaction that made them true.

Every signal carries `report`; `report_changed` also carries `verb`.
"""

from django.dispatch import Signal

report_filed = Signal()
report_changed = Signal()
report_answered = Signal()
