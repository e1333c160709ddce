"""A plan's sentence read on the real figures."""

from __future__ import annotations

from collections.abc import Callable

from analysis.assessment import Assessment, claims

Open = Callable[..., Assessment]


def test_the_years_that_a_plan_may_mean_lie_around_its_writing(opened: Open) -> None:
    assert claims.plan_windows(opened()) == [
        ("2011-04", "2012-03"),
        ("2011-10", "2012-09"),
        ("2012-01", "2012-12"),
        ("2012-04", "2013-03"),
    ]
    # Seen from April 2012, only the first of them is over.
    assert claims.plan_windows(opened("harrow", "2012-04")) == [("2011-04", "2012-03")]
    # And a plan that is yet to be written is read in the latest year.
    assert claims.plan_windows(opened("havering", "2013-03")) == [("2012-04", "2013-03")]
    assert len(claims.plan_readings(opened("havering", "2013-03"))) > 20
