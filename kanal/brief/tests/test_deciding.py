"""What is put before the Bupati: few, the gravest first, nothing twice."""

from datetime import date

from kanal.brief.deciding import decisions
from kanal.brief.figures import Matter, Promise, Sudden

DUE = date(2026, 11, 6)


def matter(pk: int, *, agency: str = "PU", overdue: int = 0) -> Matter:
    return Matter(
        id=pk,
        title=f"Isu {pk}",
        place=pk,
        before=None,
        status="confirmed",
        field="",
        agency=agency,
        weeks=[0] * 8,
        voices=40,
        reports=40,
        unanswered=10,
        overdue=overdue,
        villages=3,
    )


def kinds(*found: object) -> list[str]:
    return [one.kind for one in decisions(*found)]  # type: ignore[arg-type]  # what the test says


def test_a_quiet_week_needs_nothing() -> None:
    assert decisions([matter(1)], [Promise(1, "Tambal", "PU", DUE)], []) == []


def test_the_order_is_promise_lead_overdue_and_not_more_than_three() -> None:
    matters = [matter(1, overdue=9), matter(2, agency=""), matter(3)]
    late = Promise(1, "Tambal jalan", "PU", DUE, late=4)
    sudden = [Sudden(3, "Isu 3", 20, 4, candidate=False, fresh=True)]
    assert kinds(matters, [late], sudden) == ["promise_late", "no_lead", "overdue"]
    assert kinds(matters[:1], [late], sudden) == ["promise_late", "overdue", "sudden"]


def test_a_broken_promise_comes_before_a_late_one_and_the_latest_before_the_others() -> None:
    late, later = Promise(1, "A", "PU", DUE, late=4), Promise(2, "B", "PU", DUE, late=9)
    broken = Promise(3, "C", "PU", DUE, broken=True)
    assert decisions([], [late, later], [])[0].title == "B"
    assert decisions([], [late, later, broken], [])[0].kind == "promise_broken"


def test_one_issue_is_put_before_them_once() -> None:
    matters = [matter(1, overdue=9), matter(2, overdue=6)]
    found = decisions(matters, [Promise(1, "Tambal", "PU", DUE, late=4, issue=1)], [])
    assert [one.title for one in found] == ["Tambal", "Isu 2"]


def test_few_overdue_reports_and_old_news_are_no_decision() -> None:
    known = Sudden(1, "Isu 1", 20, 4, candidate=False, fresh=False)
    assert decisions([matter(1, overdue=4)], [], [known]) == []
