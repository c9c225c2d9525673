"""A refusal names the first faults and counts the rest, on pages and in the API, and costs little."""

import time

import pytest
from django.test import RequestFactory

from portal.errors import page_of
from portal.tests.api import ApiClients
from web.exceptions import Invalid
from web.field_errors import MOST_NAMED, cut


@pytest.mark.parametrize(
    ("count", "more"), [(0, ""), (MOST_NAMED, ""), (MOST_NAMED + 1, "1 more error is not listed.")]
)
def test_the_rest_is_counted_when_there_is_one(count: int, more: str) -> None:
    named, text = cut(range(count))
    assert named == list(range(min(count, MOST_NAMED))) and text == more


def test_a_body_with_60_000_unknown_fields_is_refused_in_a_short_answer(api_clients: ApiClients) -> None:
    body = {f"field{number}": "" for number in range(60_000)} | {"title": 1}
    began = time.process_time()
    answer = api_clients.cted.post("needs/", body)
    assert time.process_time() - began < 3, "seconds of processor time"
    errors = answer.json()["errors"]
    assert answer.status_code == 422 and len(errors) == MOST_NAMED + 1 and len(answer.content) < 5000
    assert errors[-1]["code"] == "more" and "more errors are not listed" in errors[-1]["message"]
    assert {"summary", "state"} & {error["field"] for error in errors}, "fields that exist are named first"


@pytest.mark.django_db
def test_a_page_that_refuses_names_as_few() -> None:
    request = RequestFactory().get("/")
    answer = page_of(request, Invalid({f"field{number}": ["It is wrong."] for number in range(60_000)}))
    text = answer.content.decode()
    assert answer.status_code == 422 and text.count("It is wrong.") == MOST_NAMED
    assert "59980 more errors" in text and len(text) < 20_000
