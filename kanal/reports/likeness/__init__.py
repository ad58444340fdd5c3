"""Whether one text is a copy of another, lightly edited: no place, no time, no database.

What counts is what is left without greetings, thanks, pleas and spelling (`common.indonesian.matter`), letter by
letter and in order: another word makes another complaint, a slip of the pen does not.
"""

from kanal.reports.likeness.copies import SAME, Copies, alike
from kanal.reports.likeness.evaluation import Verdict, evaluate

__all__ = ["SAME", "Copies", "Verdict", "alike", "evaluate"]
