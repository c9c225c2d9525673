"""A visit is named by its State, with its days as each language writes them."""

import datetime as dt

from django.utils import translation

from assistance.tests.cast import Cast
from assistance.visits.names import name_of_visit


def test_the_days_of_a_visit_are_written_as_the_language_does(cast: Cast) -> None:
    visit = cast.visit()
    visit.starts_on, visit.ends_on = dt.date(2026, 10, 26), dt.date(2026, 10, 30)
    with translation.override("en"):
        assert name_of_visit(visit).facts[1] == "26–30 October 2026"
    with translation.override("ar"):
        assert "تشرين الأول/أكتوبر" in name_of_visit(visit).facts[1]
