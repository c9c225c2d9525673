"""All searches compare folded texts, and find a row by an index, not by reading every row."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cast import Cast
from entities.models import Organisation, OtherName
from portal.tests.api import ApiClients
from web.folding import looks_for

SignIn = Callable[[str], Client]

WORDS = [
    (
        "fr",
        "Sécurité des réfugiés",
        ("securite", "Refugies", "SÉCURITÉ", "ｓｅｃｕｒｉｔｅ", unicodedata.normalize("NFD", "réfugiés")),
    ),
    ("fr", unicodedata.normalize("NFD", "Sécurité"), ("Sécurité", "securite")),
    ("es", "Capacitaciones judiciales", ("capacitación", "capacitacion", "JUDICIAL")),
    ("ar", "المحكمة العليا", ("المحكمه", "المحكمة", "مُحْكَمة")),
    ("ar", "مكافحة الإرهاب", ("الارهاب", "ارهاب")),
    ("ru", "Учёт оружия", ("учет", "Учёт", "оружие")),
    ("en", "Screening in the Straße", ("strasse", "STRAẞE", "screened")),
]


@pytest.mark.turns(3)
@pytest.mark.parametrize(("language", "title", "terms"), WORDS)
def test_a_text_is_found_however_it_is_typed(
    cast: Cast, api_clients: ApiClients, language: str, title: str, terms: tuple[str, ...]
) -> None:
    need = cast.need("shared", language=language, title=title, description="—")
    cast.need("shared", title="Other", description="—")
    offer, project = cast.offer(), cast.project()
    Offer.objects.filter(pk=offer.pk).update(**{f"title_{language}": title})
    Project.objects.filter(pk=project.pk).update(**{f"title_{language}": title})
    for term in terms:
        assert api_clients.unodc.ids("needs", q=term) == [str(need.pk)], term
        if looks_for(term) in looks_for(title):
            assert api_clients.unodc.ids("offers", q=term) == [str(offer.pk)], term
            assert api_clients.unodc.ids("projects", q=term) == [str(project.pk)], term


def test_people_and_references_are_found_however_they_are_typed(cast: Cast, api_clients: ApiClients) -> None:
    User.objects.filter(name="iom").update(name="Zoë Müßig-Đặng")
    for term in ("zoe", "MUSSIG", "dang", "Zoë Müßig"):
        found = api_clients.cted.get("directory/", {"q": term}).json()["results"]
        assert [row["organisation"] for row in found] == ["iom"], term
        assert api_clients.unoct.get("appointments/", {"q": term}).json()["results"][0]["organisation"] == "iom"
    offer = cast.offer()
    assert api_clients.unodc.ids("offers", q=offer.reference.lower()) == [str(offer.pk)]


def test_a_term_of_signs_alone_finds_nothing(cast: Cast, api_clients: ApiClients) -> None:
    cast.need("shared")
    cast.offer()
    for collection in ("needs", "offers"):
        assert api_clients.unodc.ids(collection, q="\u0301") == []


def plan_of(rows: QuerySet[Any]) -> str:
    """Return the plan by which PostgreSQL reads the rows, where it may not read every row if any index serves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # of another index, which would read every row as well
    return rows.order_by().explain()


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["securite", "Sécurité", "المحكمه"])
def test_every_search_for_people_and_organizations_has_its_index(term: str) -> None:
    wanted = looks_for(term)
    for rows, index in (
        (User.objects.filter(name__folded__contains=wanted), "user_name_folded"),
        (OtherName.objects.filter(name__folded__contains=wanted), "other_name_folded"),
        (Organisation.objects.named_like(term), "organisation_words"),
    ):
        assert index in plan_of(rows), index


@pytest.mark.turns(3)
@pytest.mark.parametrize("collection", ["needs", "offers", "projects"])
def test_a_term_that_is_too_long_is_refused_and_any_other_answered(
    cast: Cast, api_clients: ApiClients, sign_in: SignIn, collection: str
) -> None:
    assert api_clients.unodc.get(f"{collection}/", {"q": "x" * 10_000}).status_code == 422
    assert sign_in("unodc").get(f"/{collection}/", {"q": "x" * 10_000}).status_code == 422
    for term in ("x" * 200, "a", "& | ! <-> :* ( )", "-", '"', "%", "_", "\\", "or", "-a or -b", "机", "\u0301"):
        assert api_clients.unodc.get(f"{collection}/", {"q": term}).status_code == 200, term
        assert sign_in("unodc").get(f"/{collection}/", {"q": term}).status_code == 200, term


@pytest.mark.parametrize("collection", ["needs", "offers", "projects"])
def test_a_search_costs_one_statement_more_than_the_list(cast: Cast, sign_in: SignIn, collection: str) -> None:
    cast.need("shared"), cast.offer(), cast.project()
    client = sign_in("unodc")
    numbers = []
    for query in ({}, {}, {"q": "e"}, {"q": "border"}):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/{collection}/", query)
        numbers.append(len(asked))
    _first, without, *terms = numbers
    assert max(terms) <= without + 1
