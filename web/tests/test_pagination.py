"""Keyset pagination: every row once, in both directions, whatever is asked for."""

from base64 import urlsafe_b64decode

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from entities.models import Appointment, Organisation
from entities.tests.factories import appointment, organisation
from web.exceptions import Invalid
from web.pagination import PAGE_SIZE, PAGE_SIZE_MAX, Cursor, InvalidCursor, Keyset, capped_count, page_of, page_size

pytestmark = pytest.mark.django_db
BY_SLUG = ("slug", "id")


@pytest.fixture
def seven() -> list[Organisation]:
    return [organisation(f"o{number}") for number in range(7)]


def slugs(page: object) -> list[str]:
    return [row.slug for row in page]


def test_walking_forward_meets_every_row_once(seven: list[Organisation]) -> None:
    keyset, met, cursor = Keyset(Organisation.objects.all(), BY_SLUG), [], None
    while True:
        page = keyset.page(3, cursor)
        met += slugs(page)
        if not (cursor := page.next):
            break
    assert met == [f"o{number}" for number in range(7)]


def test_walking_back_shows_the_same_pages(seven: list[Organisation]) -> None:
    keyset = Keyset(Organisation.objects.all(), BY_SLUG)
    first = keyset.page(3)
    second = keyset.page(3, first.next)
    third = keyset.page(3, second.next)
    assert (slugs(second), slugs(third)) == (["o3", "o4", "o5"], ["o6"])
    assert first.previous is None and third.next is None
    assert slugs(keyset.page(3, third.previous)) == slugs(second)
    again = keyset.page(3, second.previous)
    assert slugs(again) == slugs(first) and again.previous is None and again.next is not None


def test_descending_by_time_and_key_with_equal_times() -> None:
    at = organisation()
    made = [appointment(at) for _ in range(5)]
    Appointment.objects.update(created_at=made[0].created_at)
    keyset = Keyset(Appointment.objects.all(), ("-created_at", "-id"))
    first = keyset.page(2)
    second = keyset.page(2, first.next)
    third = keyset.page(2, second.next)
    met = [row.id for page in (first, second, third) for row in page]
    assert met == sorted((row.id for row in made), reverse=True)
    assert [row.id for row in keyset.page(2, third.previous)] == met[2:4]


def test_pages_of_plain_rows_and_of_computed_order(seven: list[Organisation]) -> None:
    rows = Organisation.objects.by_name("ar").values("id", "slug", "sort_name")
    keyset = Keyset(rows, ("sort_name", "slug"))
    first = keyset.page(4)
    assert [row["slug"] for row in keyset.page(4, first.next)] == ["o4", "o5", "o6"]


def test_an_empty_list_has_one_empty_page() -> None:
    page = Keyset(Organisation.objects.all(), BY_SLUG).page(5)
    assert (page.rows, page.next, page.previous) == ([], None, None)


def test_a_position_of_another_list_or_site_is_refused(seven: list[Organisation]) -> None:
    keyset = Keyset(Organisation.objects.all(), BY_SLUG)
    other = Keyset(Organisation.objects.all(), ("-slug", "-id")).page(2).next
    good = keyset.page(2).next
    for bad in ("x", "a:b", "\x00", "é" * 300, good[:-1], f"{good}A", other):
        with pytest.raises(InvalidCursor):
            keyset.page(2, bad)


def test_a_position_does_not_tell_what_it_holds(seven: list[Organisation]) -> None:
    page = Keyset(Organisation.objects.all(), BY_SLUG).page(3)
    assert page.next is not None
    readable = b"".join(urlsafe_b64decode(f"{part}===") for part in page.next.split(":"))
    assert str(page.rows[-1].pk).encode() not in readable


def test_fields_in_two_directions_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same direction"):
        Keyset(Organisation.objects.all(), ("-slug", "id"))


@pytest.mark.parametrize(
    ("raw", "size"),
    [
        (None, PAGE_SIZE), ("", PAGE_SIZE), ("x", PAGE_SIZE), ("-3", PAGE_SIZE), ("1.5", PAGE_SIZE), ("²", PAGE_SIZE),
        ("0", 1), ("7", 7), (" 7 ", 7), ("٥٠", 50), ("200", 200), ("201", PAGE_SIZE_MAX),
        (str(10**21), PAGE_SIZE_MAX), ("9" * 100_000, PAGE_SIZE_MAX), ("\x00", PAGE_SIZE),
    ],
)  # fmt: skip
def test_page_size_is_held_between_one_and_two_hundred(raw: str | None, size: int) -> None:
    assert page_size(raw) == size


def test_a_page_of_an_html_list_keeps_its_filters(rf: RequestFactory, seven: list[Organisation]) -> None:
    page = page_of(Organisation.objects.all(), rf.get("/who/?kind=x&page_size=3"), ordering=BY_SLUG)
    assert page.next_url.startswith("/who/?") and "kind=x" in page.next_url and "cursor=" in page.next_url
    second = page_of(Organisation.objects.all(), rf.get(page.next_url), ordering=BY_SLUG)
    assert slugs(second) == ["o3", "o4", "o5"] and second.previous_url
    shown = page_of(Organisation.objects.all(), rf.get("/who/?page_size=3&cursor=nonsense"), ordering=BY_SLUG)
    assert slugs(shown) == ["o0", "o1", "o2"]


def test_the_api_refuses_a_wrong_position_at_its_field(rf: RequestFactory, seven: list[Organisation]) -> None:
    with pytest.raises(Invalid) as refused:
        Cursor().paginate_queryset(Organisation.objects.all(), Request(rf.get("/?cursor=nonsense")))
    assert list(refused.value.errors) == ["cursor"]


def test_a_page_is_one_statement_without_a_count(
    rf: RequestFactory, seven: list[Organisation], django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1) as captured:
        page_of(Organisation.objects.all(), rf.get("/"), size=3, ordering=BY_SLUG)
    assert "COUNT" not in captured[0]["sql"].upper()


def test_capped_count_stops_at_the_cap(seven: list[Organisation]) -> None:
    assert capped_count(Organisation.objects.all(), cap=7) == (7, False)
    assert capped_count(Organisation.objects.all(), cap=6) == (6, True)
    assert capped_count(Organisation.objects.none()) == (0, False)
