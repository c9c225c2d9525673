"""The API of who is who: for members with a token, in six languages, in pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken
from entities.models import Appointment, Organisation
from entities.tests.factories import appointment, organisation, person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
LISTS = (
    "member-states",
    "organisations",
    "regions",
    "pillars",
    "themes",
    "instruments",
    "programmes",
    "working-groups",
)


@pytest.fixture
def member(reference_lists: None, db: None) -> APIClient:
    row = appointment(Organisation.objects.get(slug="unodc"))
    _token, secret = ApiToken.issue(user=row.user, name="test", days=1, appointments=[row.pk])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


@pytest.mark.parametrize("name", LISTS)
def test_nobody_without_a_running_appointment_reads_anything(name: str) -> None:
    client = APIClient()
    assert client.get(f"{ROOT}/{name}/").status_code == 401
    client.force_authenticate(person(is_superuser=True))
    assert client.get(f"{ROOT}/{name}/").status_code == 403
    assert client.get(f"{ROOT}/{name}/absent/").status_code in (403, 404)


def test_a_right_that_ends_closes_the_api_at_the_next_request(member: APIClient) -> None:
    assert member.get(f"{ROOT}/pillars/").status_code == 200
    Appointment.objects.update(ended_at=timezone.now())
    assert member.get(f"{ROOT}/pillars/").status_code == 401


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_pages_and_cannot_be_written(name: str, member: APIClient) -> None:
    body = member.get(f"{ROOT}/{name}/", {"page_size": 2}).json()
    assert set(body) == {"next", "previous", "results"} and len(body["results"]) == 2
    second = member.get(body["next"]).json()
    assert second["results"][0] not in body["results"]
    assert member.get(second["previous"]).json()["results"] == body["results"]
    for method in (member.post, member.put, member.patch, member.delete):
        assert method(f"{ROOT}/{name}/", {}).status_code == 405
    assert member.get(f"{ROOT}/{name}/", {"page_size": 10**21}).status_code == 422
    assert member.get(f"{ROOT}/{name}/", {"cursor": "nonsense"}).status_code == 422


def test_every_state_is_met_once_by_following_the_pages(member: APIClient) -> None:
    url, codes = f"{ROOT}/member-states/?page_size=60", []
    while url:
        body = member.get(url).json()
        codes += [state["iso3"] for state in body["results"]]
        url = body["next"]
    assert len(codes) == 195 and codes == sorted(codes)


def test_a_state_is_found_by_its_code_and_speaks_six_languages(member: APIClient) -> None:
    for code in ("KEN", "ken"):
        kenya = member.get(f"{ROOT}/member-states/{code}/", HTTP_ACCEPT_LANGUAGE="ar").json()
        assert kenya["iso3"] == "KEN" and kenya["name"] == "كينيا" and kenya["region"] == "014"
        assert list(kenya["names"]) == ["ar", "en", "es", "fr", "ru", "zh"] and kenya["names"]["zh"] == "肯尼亚"
    for code in ("XYZ", "KE", "%00%00%00", "كين"):
        assert member.get(f"{ROOT}/member-states/{code}/").status_code == 404


def test_an_unknown_name_is_null_and_never_invented(member: APIClient) -> None:
    organisation("our-own", name_en="Ours")
    body = member.get(f"{ROOT}/organisations/our-own/", HTTP_ACCEPT_LANGUAGE="ru").json()
    assert body["names"]["ru"] is None and body["name"] == body["names"]["en"]
    assert "group" not in body and "provenance" not in body


def test_an_acronym_is_that_of_the_reader_and_all_of_them_are_there(member: APIClient) -> None:
    for language, acronym in (("ru", "ИКАО"), ("fr", "OACI"), ("ar", "ICAO"), ("en", "ICAO")):
        body = member.get(f"{ROOT}/organisations/icao/", HTTP_ACCEPT_LANGUAGE=language).json()
        assert body["acronym"] == acronym and body["acronyms"]["es"] == "OACI" and body["acronyms"]["ar"] is None
    assert [one["slug"] for one in member.get(f"{ROOT}/organisations/", {"q": "икао"}).json()["results"]] == ["icao"]


def test_the_nature_of_an_instrument_is_a_key_and_notes_of_the_compilers_are_not_there(member: APIClient) -> None:
    body = member.get(f"{ROOT}/instruments/s-res-1373-2001/", HTTP_ACCEPT_LANGUAGE="fr").json()
    assert body["nature"] == "chapter_vii"
    for path in ("programmes/BSM", "working-groups/hrrlvt"):
        assert "note" not in member.get(f"{ROOT}/{path}/").json()


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("organisations/unodc", "in_compact", True),
        ("themes/gender", "pillar", None),
        ("themes/cft", "pillar", "II"),
        ("pillars/IV", "order", 4),
        ("regions/014", "parent", "202"),
        ("instruments/s-res-1373-2001", "symbol", "S/RES/1373 (2001)"),
        ("programmes/CT-TRAVEL", "capacity_consultations", True),
        ("working-groups/rmme", "members", ["cted", "unoct", "unodc"]),
    ],
)
def test_items(path: str, key: str, value: object, member: APIClient) -> None:
    found = member.get(f"{ROOT}/{path}/").json()[key]
    assert (sorted(found) if isinstance(found, list) else found) == value


def test_filters(member: APIClient) -> None:
    def found(path: str, **query: object) -> list[dict]:
        return member.get(f"{ROOT}/{path}/", {"page_size": 200, **query}).json()["results"]

    assert len(found("organisations", compact="true")) == 33
    assert [one["slug"] for one in found("organisations", q="الاردن")] == ["jordan"]
    assert {one["iso3"] for one in found("member-states", region="143")} == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert {one["pillar"] for one in found("themes", pillar="I")} == {"I"}
    assert [one["slug"] for one in found("instruments", symbol="A/RES/60/288")] == ["a-res-60-288"]
    for query in ({"region": "nope"}, {"kind": "nope"}, {"q": "\x00"}):
        assert member.get(f"{ROOT}/organisations/", query).status_code == 422


@pytest.mark.parametrize("name", LISTS)
def test_one_row_costs_as_many_statements_as_three(name: str, member: APIClient) -> None:
    def cost(size: int) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert len(member.get(f"{ROOT}/{name}/", {"page_size": size}).json()["results"]) == size
        return len(counted)

    cost(1)  # the first use of a token is saved
    # token, appointments, rows, regions to choose from or the many of each item; two for row security, one for the log
    assert cost(1) == cost(3) <= 8
