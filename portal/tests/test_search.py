"""All searches compare folded texts, and find a row by an index, not by reading every row."""

import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from assistance.needs.filters import NeedFilter
from assistance.needs.models import Need
from assistance.offers.filters import OfferFilter
from assistance.offers.models import Offer
from assistance.projects.filters import ProjectFilter
from assistance.projects.models import Project
from assistance.tests.cast import Cast
from entities.models import Organisation, OtherName
from portal.tests.api import ApiClients
from web.folding import looks_for

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


def found_by(filters: Any, model: Any, term: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = filters({"q": term}, queryset=model.objects.all()).qs
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["securite", "Sécurité", "المحكمه"])
def test_every_search_has_its_index(term: str) -> None:
    wanted = looks_for(term)
    needs = plan_of(found_by(NeedFilter, Need, term))
    assert "need_search" in needs and "need_plain" in needs and "Seq Scan" not in needs
    for filters, model, index in ((OfferFilter, Offer, "offer_texts"), (ProjectFilter, Project, "project_texts")):
        plan = plan_of(found_by(filters, model, term))
        assert index in plan and "Seq Scan" not in plan, plan
    for rows, index in (
        (User.objects.filter(name__folded__contains=wanted), "user_name_folded"),
        (OtherName.objects.filter(name__folded__contains=wanted), "other_name_folded"),
        (Organisation.objects.named_like(term), "organisation_words"),
    ):
        assert index in plan_of(rows), index
