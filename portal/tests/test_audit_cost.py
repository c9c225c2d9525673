"""The cost of an audit entry: time to insert, seal and commit it, alone and concurrently."""

import statistics
import threading
import time
from uuid import uuid4

import pytest
from django.db import connection

from audit.chain import verify
from audit.models import Entry
from portal.tests.figures import Figures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def entry() -> Entry:
    made = Entry(kind="listed", who_name="Reader")
    made.set_rows([("need", uuid4()) for _ in range(50)])
    return made


def timed(count: int) -> list[float]:
    """Return the milliseconds of each of so many entries for a full page."""
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        entry().save(force_insert=True)
        found.append(1000 * (time.perf_counter() - begun))
    return found


def test_an_entry_with_its_seal_takes_milliseconds(figures: Figures) -> None:
    timed(20)
    alone = timed(300)
    figures.worst("log entry of 50 rows with its seal, median", statistics.median(alone), "ms")
    assert statistics.median(alone) < 50


def test_entries_of_eight_at_once_are_one_chain(figures: Figures) -> None:
    taken: list[float] = []

    def work() -> None:
        try:
            taken.extend(timed(50))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures.worst("log entry beside seven other writers, median", statistics.median(taken), "ms")
    assert len(taken) == 400 and time.perf_counter() - begun < 60
    assert verify().position == 400


# Writing a long chain takes most of the time: `make test` takes a tenth of it.
@pytest.mark.parametrize("entries", [2000, pytest.param(20000, marks=pytest.mark.prove)])
def test_a_long_chain_is_verified_quickly(figures: Figures, entries: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO audit_entry (kind, who_name, viewed_by_name, as_whom, appointments, subjects, "references", '
            "states, detail, source, credential, request) SELECT 'read', 'Reader', '', '', '{}', ARRAY['need:1'], "
            "ARRAY['N-1'], '{}', '', '', '', '' FROM generate_series(1, %s)",
            [entries],
        )
    begun = time.perf_counter()
    assert verify().position == entries
    figures.worst(f"{entries:,} entries verified", time.perf_counter() - begun, "s")
