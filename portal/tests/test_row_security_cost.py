"""The cost of row-level security: the same pages with and without it, alternately, over many needs."""

import statistics
import time

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from assistance.access import audiences, row_security
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from portal.tests.figures import Figures
from portal.tests.leak_world import BACKEND
from portal.tests.probes import CHANCE

pytestmark = [pytest.mark.prove, pytest.mark.django_db]
NEEDS, AUDIENCES, ROUNDS = 100_000, 2_000, 15
MOST = 1.6  # times the cost without it; performance.md sets G1 for the whole list, not for one statement


def many_needs(cast: Cast) -> None:
    """Copy one released need, each copy for one of many audiences: half of them hold everybody of the Compact."""
    model = cast.need("shared", title="Screening of passengers", audience="compact")
    compact = model.audience
    groups = [org.group_id for org in map(cast.org, ("carana", "cted", "unodc", "iom", "sumora", "searcct"))]
    more = Group.objects.bulk_create(Group(name=f"group {n}") for n in range(AUDIENCES))
    others = [audiences.audience_of({*groups[:2], group.pk}) for group in more]
    columns = [f.column for f in Need._meta.concrete_fields if not f.generated]
    own = {"id": "gen_random_uuid()", "reference": "'T-' || n", "audience_id": "(%s::uuid[])[1 + n %% %s]"}
    chosen = ", ".join(own.get(column, f"need.{column}") for column in columns)
    pool = [str(compact.pk)] * AUDIENCES + [str(audience.pk) for audience in others]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO assistance_need ({', '.join(columns)}) "  # noqa: S608 (names of our own columns)
            f"SELECT {chosen} FROM assistance_need need, generate_series(1, %s) n WHERE need.id = %s",
            [pool, len(pool), NEEDS, model.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE assistance_need; ANALYZE assistance_audience; ANALYZE assistance_audiencegrant")


# No search: its terms are looked up with the condition of row-level security, whether that is on or not (decision 29).
ADDRESSES = ("/api/v1/needs/", "/needs/", "/needs/?part=count")


def test_row_security_costs_little(cast: Cast, figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    many_needs(cast)
    client = Client()
    client.force_login(cast.users["unodc"], backend=BACKEND)
    ratios = {address: measure(client, address, figures, monkeypatch) for address in ADDRESSES}
    assert max(ratios.values()) < MOST, ratios


def measure(client: Client, address: str, figures: Figures, monkeypatch: pytest.MonkeyPatch) -> float:
    """Return how many times longer a response takes with row-level security."""
    times: dict[bool, list[float]] = {True: [], False: []}
    seen: dict[bool, str] = {}
    for turn in range(2 * ROUNDS + 2):
        up = bool(turn % 2)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE assistance_need {'ENABLE' if up else 'DISABLE'} ROW LEVEL SECURITY")
        monkeypatch.setattr(row_security, "is_active", lambda up=up: up)
        begun = time.perf_counter()
        answer = client.get(address, headers={"HX-Request": "true"})
        spent = time.perf_counter() - begun
        assert answer.status_code == 200
        seen[up] = CHANCE.sub("", answer.content.decode())
        if turn > 1:
            times[up].append(spent)
    assert seen[True] == seen[False], "what is compared is one page"
    ratio = statistics.median(times[True]) / statistics.median(times[False])
    figures.worst(f"with row security, {address}", statistics.median(times[True]) * 1000, "ms")
    figures.worst(f"with row security against without, {address}", ratio, "×")
    return ratio
