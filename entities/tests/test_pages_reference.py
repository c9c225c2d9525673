"""The pages of reference data: in the words of the reader's language, without the notes of those who compile them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from entities.models import Instrument, Organisation, Programme, Region, Theme, WorkingGroup
from entities.models.vocabulary import Nature
from entities.published import known, names
from entities.sources import sources_of
from entities.tests.factories import appointment
from web.folding import fold

pytestmark = pytest.mark.usefixtures("reference_lists", "db")


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(appointment(Organisation.objects.get(slug="unodc")).user)
    return client


def text_of(reader: Client, url: str, language: str) -> str:
    """Return the page as it is read, without its tags."""
    reader.cookies["django_language"] = language
    answer = reader.get(url)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", "", answer.text)


@pytest.mark.parametrize(
    ("language", "four"),
    [
        ("en", ("Recommendation", "Treaty", "Non-binding", "Binding where adopted under Chapter VII")),
        (
            "es",
            ("Recomendación", "Tratado", "No vinculante", "Vinculante cuando se aprueba en virtud del Capítulo VII"),
        ),
        ("fr", ("Recommandation", "Traité", "Non contraignant", "Contraignant si adopté en vertu du Chapitre VII")),
        ("ru", ("Рекомендация", "Договор", "Не имеет обязательной силы", "на основании главы VII")),
        ("ar", ("توصية", "معاهدة", "غير ملزم", "ملزم متى اتُّخذ بموجب الفصل السابع")),
        ("zh-hans", ("建议", "条约", "无约束力", "根据第七章通过者具有约束力")),
    ],
)
def test_the_nature_of_an_instrument_is_said_in_words(language: str, four: tuple[str, ...], reader: Client) -> None:
    text = text_of(reader, "/who/terms/instruments/", language)
    assert [words for words in four if words not in text] == []
    assert "chapter_vii" not in text and "CT-11" not in text, "the key of a treaty is no symbol"


def test_programmes_name_organisations_and_days_as_the_reader_does(reader: Client) -> None:
    french = text_of(reader, "/who/terms/programmes/", "fr")
    assert "ONUDC · OACI · OICT · INTERPOL · OIM" in french and "7 mai 2019" in french
    assert "Kazakhstan, Kirghizistan, Tadjikistan, Turkménistan, Ouzbékistan" in french
    arabic = text_of(reader, "/who/terms/programmes/", "ar")
    assert "أذربيجان، غامبيا، " in arabic and ";" not in re.sub(r"&\w+;|&#\w+;", "", arabic)


def test_no_note_of_the_compilers_is_on_a_page(reader: Client) -> None:
    notes = {*Programme.objects.exclude(note="").values_list("note", flat=True)}
    text = text_of(reader, "/who/terms/programmes/", "en")
    assert len(notes) > 5 and not [note for note in notes if note in text]
    group = WorkingGroup.objects.get(slug="hrrlvt")
    assert group.note and group.note not in text_of(reader, reverse("working-group", args=["hrrlvt"]), "en")


def test_members_that_nobody_recorded_are_not_counted_as_none(reader: Client) -> None:
    text = text_of(reader, "/who/groups/", "en")
    assert text.count("Members not recorded") == WorkingGroup.objects.filter(members=None).count() == 7
    page = text_of(reader, reverse("working-group", args=["rmme"]), "ru")
    assert "КТУ ООН, ИДКТК, УНП ООН" in page


def test_sources_are_said_in_words(reader: Client) -> None:
    text = text_of(reader, reverse("state", args=["kenya"]), "en")
    assert "United Nations Statistics Division (M49)" in text and "hdx" not in text
    entity = text_of(reader, reverse("organisation", args=["dpo"]), "en")
    assert "List of channels of delivery of OECD" in entity and "CTITF member list" not in entity
    invented = Organisation(slug="x", kind="member_state", is_demo=True, provenance="Demonstration: invented.")
    assert sources_of(invented) == []
    assert sources_of(Organisation(slug="x", kind="partner")) == []


def test_a_list_as_published_is_safe_and_keeps_what_is_not_known() -> None:
    found = known(Organisation.objects.all())
    with override("fr"):
        assert names("CTED; <b>;UNOCT/UNCCT;Nigeria (2008);Netherlands;", found) == (
            '<bdi>DECT</bdi>, <bdi lang="en">&lt;b&gt;</bdi>, <bdi>BLT/UNCCT</bdi>, <bdi>Nigéria (2008)</bdi>, '
            "<bdi>Pays-Bas (Royaume des)</bdi>"
        )
    assert names("", found) == ""


def test_the_nature_of_every_instrument_is_one_of_the_choices() -> None:
    assert set(Instrument.objects.values_list("nature", flat=True)) == set(Nature.values)


def test_regions_groups_and_themes_sort_as_they_are_shown() -> None:
    for language, first in (("en", "Africa"), ("fr", "Afrique"), ("ru", "Австралия и Новая Зеландия")):
        with override(language):
            assert Region.objects.by_name()[0].name == first
            names = [fold(group.name) for group in WorkingGroup.objects.by_name()]
            assert names == sorted(names)
            themes = [
                (theme.pillar.order if theme.pillar else 9, fold(theme.name)) for theme in Theme.objects.by_pillar()
            ]
            assert themes == sorted(themes)
