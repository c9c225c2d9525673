"""Phrases put together from pieces: the signs between the pieces are those of the reader's language."""

import re
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser
from django.forms import CharField, ModelChoiceField
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils.translation import override

from assistance import registry
from assistance.consents.models import Consent
from assistance.visits.models import Section
from entities.models import Absence, Organisation
from web.forms import NOTHING, DomainForm
from web.phrases import labelled, people_in, percent, sentences, with_remark

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# A sign of English that joins two pieces: a colon or comma after a variable, tag or element, then a space.
GLUE = re.compile(r"(?:[%}]\}|</\w+>)[:,] |>: ")


def rendered(source: str, language: str = "en", **values: object) -> str:
    """Return what a template with the tags of web shows in a language."""
    with override(language):
        return Template("{% load ui %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "A: B"), ("fr", "A\xa0: B"), ("es", "A: B"), ("ru", "A: B"), ("ar", "A: B"), ("zh-hans", "A：B")],
)
def test_a_label_and_its_value_are_joined_as_each_language_does(language: str, shown: str) -> None:
    with override(language):
        assert labelled("A", "B") == shown
    assert rendered("{% labelled label %}{{ value }}{% endlabelled %}", language, label="A", value="B") == shown
    after = rendered('{{ label }}{% labelled "" %}{{ value }}{% endlabelled %}', language, label="A", value="B")
    assert after == shown


def test_a_label_and_a_value_with_marks_of_html_are_escaped() -> None:
    shown = rendered("{% labelled label %}<b>{{ value }}</b>{% endlabelled %}", label="<i>", value="{label} & <u>")
    assert shown == "&lt;i&gt;: <b>{label} &amp; &lt;u&gt;</b>"


def test_names_are_listed_with_the_comma_of_the_language() -> None:
    shown = rendered("{{ names|isolated }}", "ar", names=["A", "<B>"])
    assert shown == "<bdi>A</bdi>، <bdi>&lt;B&gt;</bdi>"
    assert rendered("{{ names|isolated }}", names=[]) == ""
    assert rendered("a{% comma %}b", "zh-hans") == "a、b"


def test_no_template_joins_pieces_with_a_sign_of_english() -> None:
    found = {
        f"{path.relative_to(TEMPLATES)}: {line.strip()}"
        for path in TEMPLATES.rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if GLUE.search(re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", line))
    }
    assert not found


@pytest.mark.parametrize(
    ("language", "mark", "listed"),
    [
        ("en", "Language: Arabic", "Arabic, Chinese"),
        ("fr", "Langue\xa0: arabe", "Arabe, chinois"),
        ("es", "Idioma: árabe", "Árabe, chino"),
        ("ru", "Язык: арабский", "Арабский, китайский"),
        ("zh-hans", "语文：阿拉伯文", "阿拉伯文、中文"),
    ],
)
def test_languages_have_one_name_each(language: str, mark: str, listed: str) -> None:
    foreign = rendered('{% text_in "حاجة" "ar" %}', language)
    assert mark in re.sub(r"<[^>]*>", "", foreign)
    assert mark in re.sub(r"<[^>]*>", "", rendered('{% text_in "حاجة" "ar" block=True %}', language))
    assert rendered("{{ codes|language_names }}", language, codes=["ar", "zh-hans"]) == listed
    own = rendered("{{ codes|own_language_names }}", language, codes=["ar", "zh-hans"])
    assert re.findall(r"<bdi>(.*?)</bdi>", own) == ["العربية", "中文"]


def test_the_menu_names_the_languages_as_the_settings_do() -> None:
    with override("fr"):
        shown = get_template("components/frame/language.html").render({"LANGUAGE_CODE": "fr"})
    assert re.findall(r"<option[^>]*>(.*?)</option>", shown) == [name for _code, name in settings.LANGUAGES]


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh-hans"])
def test_a_share_is_never_broken_over_two_lines(language: str) -> None:
    gap = "" if language in ("en", "zh-hans") else "\xa0"
    with override(language):
        assert percent(45) == f"45{gap}%"
    assert rendered("{{ share|percent }}", language, share=45) == f'<span class="atom">45{gap}%</span>'


def test_no_share_is_written_without_the_filter() -> None:
    apps = (TEMPLATES.parent / name for name in ("accounts", "assistance", "entities", "portal", "web"))
    sources = [*TEMPLATES.rglob("*.html"), *(path for app in apps for path in app.rglob("*.py"))]
    assert not [path for path in sources if re.search(r"\} %[\"<]", path.read_text("utf-8"))]


def test_what_is_counted_has_plurals() -> None:
    number = re.compile(r"%\(\w+\)[sd] (people|persons|days|characters|times|more|others|organizations)\b")
    catalogue = polib.pofile(str(TEMPLATES.parent / "locale/fr/LC_MESSAGES/django.po"))
    assert not [entry.msgid for entry in catalogue if number.search(entry.msgid) and not entry.msgid_plural]


def test_how_many_names_are_left_out_agrees_with_their_number() -> None:
    def shown(language: str, number: int) -> str:
        cell = rendered('{% include "components/cells/names.html" %}', language, value=["A", *"B" * number])
        return re.sub(r"<[^>]*>", "", cell).split("\n")[-2 if cell.endswith("\n") else -1].strip()

    assert (shown("fr", 1), shown("fr", 2)) == ("et 1 autre", "et 2 autres")
    assert (shown("ar", 1), shown("ar", 2)) == ("وواحد غيره", "واثنان غيره")


def test_brackets_and_the_number_of_a_section_follow_the_language() -> None:
    about = registry.of(Section).about
    assert about is not None
    with override("zh-hans"):
        assert (with_remark("Leila", 45), about(Section(number=3))) == ("Leila（45）", "第3节")
    with override("en"):
        assert (with_remark("Leila", 45), about(Section(number=3))) == ("Leila (45)", "Section 3")


@pytest.mark.parametrize("name", ["account/snippets/help.html", "errors/layout.html", "errors/alone.html"])
def test_an_address_stands_inside_its_sentence(name: str) -> None:
    with override("zh-hans"):
        page = get_template(name).render({"contact_email": "a@example.org", "number": "7"})
    assert '请致函<a href="mailto:a@example.org"><bdi dir="ltr">a@example.org</bdi></a>。' in page.replace(
        "致函 ", "致函"
    )
    assert "编号：<bdi" in page or name != "errors/alone.html"


def test_people_and_their_organizations_are_one_phrase() -> None:
    who = {"people": 5, "organisations": ["a", "b"], "parts": ()}
    with override("zh-hans"):
        page = get_template("components/who_sees.html").render({"who": who})
    assert "2个组织的5人" in page
    assert people_in(1, 1) == "1 person in 1 organization"


def test_the_choice_of_nothing_has_one_sign_in_all_forms() -> None:
    class Form(DomainForm):
        row: Any = ModelChoiceField(Organisation.objects.none())
        kind = Absence._meta.get_field("appointment").formfield()
        decision = Consent._meta.get_field("decision").formfield()

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    administered = site._registry[Organisation].formfield_for_dbfield(Organisation._meta.get_field("region"), request)
    fields: list[Any] = [*Form().fields.values(), administered]
    assert [next(iter(field.choices)) for field in fields] == [("", NOTHING)] * 4


def test_between_sentences_stands_a_space_but_not_in_chinese() -> None:
    class Form(DomainForm):
        title = CharField(max_length=150, help_text="。")

    with override("zh-hans"):
        assert sentences("一。", "", "二。") == "一。二。" and Form().fields["title"].help_text == "。最多150个字符。"
    assert sentences("One.", "", "Two.") == "One. Two."
