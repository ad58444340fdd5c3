from kanal.issues.queries import standing
from kanal.issues.queries.access import find_for, get_for, get_public, whole
from kanal.issues.queries.counting import Tally, evidence, issues_of, tallies

__all__ = ["Tally", "evidence", "find_for", "get_for", "get_public", "issues_of", "standing", "tallies", "whole"]
