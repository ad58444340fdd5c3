"""Facts about issues that rooms above may hear. Sent inside the transaction that made them true.

`issue_changed` carries `issue` and `verb`; of a merge it is told for both issues.
"""

from django.dispatch import Signal

issue_changed = Signal()
