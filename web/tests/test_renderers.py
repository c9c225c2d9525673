"""JSON of the API: the bytes that the framework's own renderer writes."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.serializer_helpers import ReturnDict, ReturnList

from web.renderers import FastJSON


class Word(StrEnum):
    """A value of an enumeration."""

    ONE = "one"


MOMENT = datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC)
VALUES = [
    None, {}, [], "", 0, True, 2**63, -(2**70), 1.5, "é 中 ع \u2028 \u2029 \" \\ \x00 </script>",
    MOMENT, MOMENT.replace(microsecond=0), MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45))), date(2026, 2, 28),
    timedelta(days=1), UUID(int=5), Decimal("1.50"), Word.ONE, mark_safe("<b>"), gettext_lazy("Status"), b"bytes", (1, 2),
    {1: "a", None: "b"}, ReturnList([1], serializer=None), ReturnDict({"a": 1}, serializer=None),
]  # fmt: skip


def written(renderer: type[JSONRenderer], value: Any, media_type: str | None = None) -> bytes:
    return renderer().render(value, media_type, {})


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_each_value_is_written_as_the_framework_writes_it(value: Any) -> None:
    for one in (value, [value], {"a": value}):
        assert written(FastJSON, one) == written(JSONRenderer, one)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.datetimes(timezones=st.just(UTC)) | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.turns(days=3)
@given(ANY)
def test_whatever_is_written_is_the_same_or_refused_by_both(value: Any) -> None:
    def outcome(renderer: type[JSONRenderer]) -> Any:
        try:
            return written(renderer, value)
        except (TypeError, ValueError) as error:
            return type(error).__mro__[-3]

    assert outcome(FastJSON) == outcome(JSONRenderer)


def test_a_client_may_ask_for_lines() -> None:
    asked = "application/json; indent=2"
    assert (
        written(FastJSON, {"a": [1]}, asked)
        == written(JSONRenderer, {"a": [1]}, asked)
        != written(FastJSON, {"a": [1]})
    )


def test_what_is_no_json_is_refused() -> None:
    for value in (object(), datetime.now, UUID):
        with pytest.raises((TypeError, ValueError)):
            written(FastJSON, value)
