"""Facts about dialogue that rooms above may hear. Sent inside the transaction that made them true.

`episode_changed` carries `episode` and `verb`, `commitment_changed` carries `commitment` and `verb`, `question_changed`
`question` and `verb`.
"""

from django.dispatch import Signal

episode_changed = Signal()
commitment_changed = Signal()
question_changed = Signal()
