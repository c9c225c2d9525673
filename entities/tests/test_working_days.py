"""Working days: counted over weekends and holidays, whose list is kept by the coordinators of UNOCT."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from entities import working_days
from entities.actors import Actor, actor_of
from entities.models import Holiday, Organisation, Role
from entities.reference_import import load_holidays
from entities.tests.factories import appointment, person
from entities.working_days import counted, is_working
from web.exceptions import Forbidden, Invalid, NotVisible

DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(0, 60)
HOLIDAYS = st.frozensets(st.integers(0, 90), max_size=12)


def near(day: date, offsets: frozenset[int]) -> frozenset[date]:
    return frozenset(day + offset * DAY for offset in offsets)


# ── Counting ─────────────────────────────────────────────────────────────────
@given(DAYS, st.integers(1, 60), HOLIDAYS)
def test_exactly_so_many_working_days_lie_after_the_day_and_the_last_is_one(
    day: date, count: int, offsets: frozenset[int]
) -> None:
    holidays = near(day, offsets)
    found = counted(day, count, holidays)
    between = [day + n * DAY for n in range(1, (found - day).days + 1)]
    assert sum(is_working(each, holidays) for each in between) == count and is_working(found, holidays)


@given(DAYS, HOLIDAYS)
def test_no_day_further_is_the_day_itself_or_the_next_working_day(day: date, offsets: frozenset[int]) -> None:
    holidays = near(day, offsets)
    found = counted(day, 0, holidays)
    assert is_working(found, holidays) and found >= day
    assert not any(is_working(day + n * DAY, holidays) for n in range((found - day).days))


@given(DAYS, st.integers(1, 60), st.integers(1, 60), HOLIDAYS)
def test_two_periods_one_after_the_other_are_as_long_as_both(
    day: date, first: int, second: int, offsets: frozenset[int]
) -> None:
    holidays = near(day, offsets)
    assert counted(counted(day, first, holidays), second, holidays) == counted(day, first + second, holidays)


@given(DAYS, COUNTS, HOLIDAYS, st.integers(0, 90))
def test_another_holiday_never_makes_a_period_shorter(
    day: date, count: int, offsets: frozenset[int], another: int
) -> None:
    assert counted(day, count, near(day, offsets)) <= counted(day, count, near(day, offsets | {another}))


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        counted(date(2026, 3, 2), -1, ())


@pytest.mark.django_db
def test_holidays_are_read_in_one_statement() -> None:
    Holiday.objects.create(day=date(2026, 12, 25), name="Christmas Day")
    with CaptureQueriesContext(connection) as statements:
        assert working_days.after(date(2026, 12, 24), 1) == date(2026, 12, 28)  # Thursday, holiday, weekend, Monday
        assert working_days.after(date(2026, 12, 25), 0) == date(2026, 12, 28)
        assert working_days.after(date(2026, 12, 21), 3) == date(2026, 12, 24)
    assert len(statements) == 3


# ── The list ─────────────────────────────────────────────────────────────────
def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def typed(day: date, name: str = "Eid al-Fitr") -> dict[str, object]:
    return {"day_day": day.day, "day_month": day.month, "day_year": day.year, "name": name}


@pytest.fixture
def soon() -> date:
    return date(timezone.now().year + 1, 3, 9)


@pytest.mark.django_db
def test_a_coordinator_adds_and_removes_a_holiday_and_both_are_logged(coordinator: Actor, soon: date) -> None:
    client = signed_in(coordinator)
    added = client.post(reverse("holiday-add"), typed(soon), follow=True)
    row = Holiday.objects.get(day=soon)
    assert "Eid al-Fitr" in added.content.decode() and coordinator.user.name in added.content.decode()
    assert row.recorded_by == coordinator.user
    again = client.post(reverse("holiday-add"), typed(soon))
    assert again.status_code == 422 and "already in the list" in again.content.decode()
    gone = client.post(reverse("holiday-remove", args=[row.pk]), follow=True)
    assert "No holidays recorded for this year" in gone.content.decode() and not Holiday.objects.exists()
    entries = Entry.objects.filter(kind="reference").order_by("id")
    assert [entry.detail for entry in entries] == [f"holiday added: {soon}", f"holiday removed: {soon}"]
    assert {entry.who for entry in entries} == {coordinator.user.pk}
    assert client.post(reverse("holiday-remove", args=[row.pk])).status_code == 404


@pytest.mark.django_db
def test_a_name_is_kept_in_the_language_in_which_it_was_written(coordinator: Actor, soon: date) -> None:
    with override("ar"):
        row = working_days.add(actor=coordinator, day=soon, name="عيد الفطر")
    page = signed_in(coordinator).get(f"{reverse('holidays')}?year={soon.year}").content.decode()
    assert row.name_ar == "عيد الفطر" and not row.name_en  # type: ignore[attr-defined]
    assert 'lang="ar"' in page and "عيد الفطر" in page


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["1999", "x", "20261", "-1"])
def test_a_year_whose_list_is_not_kept_is_not_found(coordinator: Actor, year: str) -> None:
    assert signed_in(coordinator).get(reverse("holidays"), {"year": year}).status_code == 404


@pytest.mark.django_db
def test_a_day_far_from_now_is_refused(coordinator: Actor, soon: date) -> None:
    for day in (soon.replace(year=1999), soon.replace(year=soon.year + 40)):
        with pytest.raises(Invalid):
            working_days.add(actor=coordinator, day=day, name="Some day")


@pytest.mark.django_db
def test_nobody_else_reads_or_changes_the_list(
    focal: Actor, unoct: Organisation, coordinator: Actor, soon: date
) -> None:
    row = working_days.add(actor=coordinator, day=soon, name="Eid al-Fitr")
    officer = actor_of(appointment(unoct, Role.FOCAL_POINT).user)
    for actor in (focal, officer, actor_of(person())):
        client = signed_in(actor)
        assert client.get(reverse("holidays")).status_code == 403
        assert client.get(reverse("holiday-add")).status_code == 403
        assert client.post(reverse("holiday-add"), typed(soon + DAY)).status_code == 403
        assert client.post(reverse("holiday-remove", args=[row.pk])).status_code == 403
        with pytest.raises(Forbidden):
            working_days.remove(actor=actor, pk=row.pk)
    with pytest.raises(NotVisible):
        working_days.remove(actor=coordinator, pk=coordinator.user.pk)
    assert Holiday.objects.count() == 1


# ── Reference data ───────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_days_of_the_list_are_added_to_years_without_any_holiday() -> None:
    Holiday.objects.create(day=date(2027, 5, 31), name="Memorial Day")
    assert load_holidays().created == 2 and load_holidays().created == 0
    assert list(Holiday.objects.values_list("day", flat=True)) == [
        date(2026, 12, 25), date(2027, 5, 31), date(2028, 1, 1),
    ]  # fmt: skip
