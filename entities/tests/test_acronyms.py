"""Acronyms are those of the reader's language, and every one of them is found."""

import re

import pytest
from django.utils.translation import override

from entities.collation import by_short_name
from entities.models import Appointment, Kind, Organisation
from entities.reference_import import read
from entities.tests.factories import appointment

pytestmark = pytest.mark.usefixtures("reference_lists", "db")


@pytest.mark.parametrize(
    ("language", "icao", "ctc", "women"),
    [
        ("ar", "ICAO", "CTED", "هيئة الأمم المتحدة للمرأة"), ("en", "ICAO", "CTED", "UN Women"),
        ("es", "OACI", "DECT", "ONU-Mujeres"), ("fr", "OACI", "DECT", "ONU-Femmes"),
        ("ru", "ИКАО", "ИДКТК", "ООН-женщины"), ("zh-hans", "ICAO", "CTED", "妇女署"),
    ],
)  # fmt: skip
def test_an_acronym_is_that_of_the_language_else_the_english_one(
    language: str, icao: str, ctc: str, women: str
) -> None:
    rows = {row.slug: row for row in Organisation.objects.all()}
    with override(language):
        assert [rows[slug].short for slug in ("icao", "cted", "un-women")] == [icao, ctc, women]
        assert rows["kenya"].short == rows["kenya"].name, "a State has no acronym"


def test_every_name_and_acronym_in_another_language_says_where_it_comes_from() -> None:
    languages = ("ar", "es", "fr", "ru", "zh")
    for row in (*read("compact_entities"), *read("partners")):
        for field in ("name", "acronym"):
            given = {language for language in languages if row[f"{field}_{language}"]}
            assert set(re.findall(r"\b(\w\w):[SUOWK]", row[f"{field}_provenance"])) == given, row["acronym"]


def test_an_organisation_without_one_in_english_is_shown_by_its_name() -> None:
    ours = Organisation.objects.establish(slug="our-own", kind=Kind.PARTNER, name_en="Ours", acronym_en="OO")
    for language in ("ru", "ar", "en"):
        with override(language):
            assert (ours.acronym, ours.short) == ("OO", "OO")
    ours.acronym_en = ""
    assert ours.short == "Ours"


@pytest.mark.parametrize(
    ("term", "slug"),
    [
        ("УНП ООН", "unodc"), ("унп", "unodc"), ("onudc", "unodc"), ("unodc", "unodc"), ("ONU-Mujeres", "un-women"),
        ("妇女署", "un-women"), ("هيئة الامم المتحدة للمراه", "un-women"), ("гафи", None),
    ],
)  # fmt: skip
def test_a_search_finds_every_languages_acronym(term: str, slug: str | None) -> None:
    assert [one.slug for one in Organisation.objects.named_like(term)] == ([slug] if slug else [])


def test_a_list_by_short_name_is_sorted_as_it_is_shown() -> None:
    for slug in ("icao", "iom", "unodc", "kenya"):
        appointment(Organisation.objects.get(slug=slug))
    rows = Appointment.objects.select_related("organisation")
    for language, wanted in (("en", ["ICAO", "IOM", "Kenya", "UNODC"]), ("ru", ["ИКАО", "Кения", "МОМ", "УНП ООН"])):
        with override(language):
            ordered = rows.annotate(key=by_short_name("organisation")(False)).order_by("key")
            assert [row.organisation.short for row in ordered] == wanted
