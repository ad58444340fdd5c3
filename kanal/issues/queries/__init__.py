from kanal.issues.policy import LEAST_PUBLIC
from kanal.issues.queries import standing
from kanal.issues.queries.access import find_for, get_for, get_public, whole
from kanal.issues.queries.bulletins import bulletin_for, bulletins_about, bulletins_for, bulletins_in
from kanal.issues.queries.counting import Tally, evidence, issues_of, tallies
from kanal.issues.queries.ranked import Ranking, rank_now, ranking, weights

__all__ = [
    "LEAST_PUBLIC",
    "Ranking",
    "Tally",
    "bulletin_for",
    "bulletins_about",
    "bulletins_for",
    "bulletins_in",
    "evidence",
    "find_for",
    "get_for",
    "get_public",
    "issues_of",
    "rank_now",
    "ranking",
    "standing",
    "tallies",
    "weights",
    "whole",
]
