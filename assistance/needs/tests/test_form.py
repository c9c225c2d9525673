"""The form of a need: records in words, visits of the State and sections of the visit, lists that can be shortened."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.needs.models import Need
from assistance.needs.tests.test_pages import filled
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, words
from assistance.visits.models import Visit
from assistance.workflow.naming import in_words
from entities.models import Instrument, Pillar, Theme
from entities.models.vocabulary import TREATY

SignIn = Callable[[str], Client]
OPTION = re.compile(r"<option[^>]*>([^<]*)</option>")
REFERENCE = re.compile(r"^[A-Z]{1,2}-[2-9A-Z]{4}-[2-9A-Z]{4}$")


def visit(cast: Cast, state: str = "carana") -> Visit:
    made: Visit = cast.visit(state=cast.org(state), starts_on=date(2026, 10, 25), ends_on=date(2026, 10, 29))
    return made


def options_of(answer: Any, name: str) -> list[str]:
    """Return the entries of a list, as a reader sees them."""
    html = re.search(rf'<select name="{name}".*?</select>', answer.content.decode(), re.DOTALL)
    assert html
    return [text.strip() for text in OPTION.findall(html[0])]


def test_instruments_are_listed_with_their_subject_beside_the_symbol(cast: Cast, sign_in: SignIn) -> None:
    Instrument.objects.create(slug="r", symbol="S/RES/1 (2001)", kind="resolution", subject="Border " * 30)
    Instrument.objects.create(slug="t", symbol="CT-01", kind=TREATY, subject="Convention on aircraft")
    form = sign_in("cted").get(reverse("need-add")).context["form"]
    filters = sign_in("cted").get(reverse("needs")).context["filters"].form
    for field in (form["instrument"], filters["instrument"]):
        labels = [str(label) for value, label in field.field.choices if value]
        assert "Convention on aircraft" in labels
        (long,) = [label for label in labels if label.startswith("S/RES/1 (2001) · Border Border")]
        assert long.endswith(" …") and len(long) < 120


def test_visits_and_sections_are_named_in_words(cast: Cast, sign_in: SignIn) -> None:
    found = visit(cast)
    section = cast.section(found, 4, title="Ports and coast")
    page = sign_in("cted").get(reverse("need-add"))
    text = f"Visit to Carana · {found.get_kind_display()} · 25–29 October 2026 · {found.reference}"
    assert text in options_of(page, "visit")
    assert f"Ports and coast · Section 4 · Carana · {section.reference}" in options_of(page, "section")
    assert f'<optgroup label="{text}">' in page.content.decode()


@pytest.mark.parametrize("name", ["need-add", "visit-add", "offer-add", "project-add"])
def test_no_list_shows_a_record_by_its_reference_alone(cast: Cast, sign_in: SignIn, name: str) -> None:
    cast.section(visit(cast), 1)
    cast.need("shared")
    cast.offer()
    page = sign_in("cted" if name in ("need-add", "visit-add") else "unodc").get(reverse(name)).content.decode()
    shown = [*OPTION.findall(page), *re.findall(r'form-check-label"[^>]*>(.*?)</label>', page)]
    assert shown and not [text for text in shown if REFERENCE.match(re.sub("<[^>]+>", "", text).strip())]


def test_each_kind_of_record_with_a_title_is_named_by_it(cast: Cast) -> None:
    need = cast.need("shared", title="Screening at borders")
    assert in_words(need) == f"Screening at borders · Carana · High · {need.reference}"
    offer = cast.offer()
    assert in_words(offer).endswith(f" · UNODC · {offer.reference}") and len(in_words(offer)) > 20


# ── What depends on what is chosen ───────────────────────────────────────────
def test_without_a_script_the_button_shows_the_visits_of_the_state_and_keeps_the_text(
    cast: Cast, sign_in: SignIn
) -> None:
    here, there = visit(cast), visit(cast, "sumora")
    cast.section(here, 1, title="Here")
    cast.section(there, 1, title="There")
    client = sign_in("cted")
    sent = {"state": here.state_id, "description": "Half a sentence", "step": "narrow"}
    page = client.post(reverse("need-add"), sent)
    assert page.status_code == 200 and "Half a sentence" in words(page) and not Need.objects.exists()
    assert "error-summary" not in page.content.decode() and "field-wrong" not in page.content.decode()
    assert [here.reference in text for text in options_of(page, "visit")] == [False, True]
    assert len(options_of(page, "section")) == 2 and "There" not in page.content.decode()
    second = visit(cast)
    cast.section(second, 7, title="Later")
    page = client.post(reverse("need-add"), {**sent, "visit": second.pk})
    assert options_of(page, "section")[1].startswith("Later · Section 7") and len(options_of(page, "section")) == 2


def test_a_hidden_visit_is_in_no_list(cast: Cast, sign_in: SignIn) -> None:
    found = visit(cast)
    answer = sign_in("cted").post(reverse("need-add"), filled(cast, state=cast.org("sumora").pk, visit=found.pk))
    assert answer.status_code == 422 and errors_at(answer, "visit") == [
        "The visit was to another State. Select a visit to this State."
    ]


def test_a_long_list_is_shortened_by_a_text_and_keeps_what_is_chosen(cast: Cast, sign_in: SignIn) -> None:
    for number in range(14):
        Theme.objects.create(code=f"t{number}", name_en=f"Thème {number}", pillar_id="II")
    client = sign_in("cted")
    page = client.get(reverse("need-add"))
    assert 'name="theme_filter"' in page.content.decode() and 'name="state_filter"' not in page.content.decode()
    page = client.post(reverse("need-add"), {"theme": "border", "theme_filter": "THEME 13", "step": "narrow"})
    assert [text for text in options_of(page, "theme") if text != "—"] == ["Border security", "Thème 13"]
    assert 'value="THEME 13"' in page.content.decode() and 'value="border" data-' not in page.content.decode()


def test_the_key_enter_sends_the_form_and_does_not_shorten_a_list(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("cted").get(reverse("need-add")).content.decode()
    form = page[page.index('<form method="post" enctype') :]
    first = re.search(r"<button[^>]*>", form)
    assert first and 'type="submit"' in first[0] and "name=" not in first[0]


# ── Pillar and groups ────────────────────────────────────────────────────────
def test_the_pillar_follows_from_the_theme_and_is_asked_where_it_does_not(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("cted")
    assert client.post(reverse("need-add"), filled(cast, pillar="")).status_code == 302
    assert Need.objects.get().pillar_id == Theme.objects.get(pk="border").pillar_id
    Theme.objects.create(code="cross", name_en="Human rights", pillar=None)
    answer = client.post(reverse("need-add"), filled(cast, pillar="", theme="cross"))
    assert answer.status_code == 422 and "belongs to no pillar" in errors_at(answer, "pillar")[0]
    assert 'value="cross" selected data-cross="true"' in answer.content.decode()
    other = Pillar.objects.exclude(pk="II")[0] if Pillar.objects.exclude(pk="II") else Pillar.objects.get(pk="II")
    assert client.post(reverse("need-add"), filled(cast, pillar=other.pk, theme="cross")).status_code == 302
    assert Need.objects.get(theme="cross").pillar_id == other.pk


@pytest.mark.parametrize(
    ("name", "who", "groups"), [("need-add", "cted", 4), ("offer-add", "unodc", 4), ("project-add", "unodc", 4)]
)
def test_a_long_form_stands_in_groups_with_every_field_once(
    cast: Cast, sign_in: SignIn, name: str, who: str, groups: int
) -> None:
    page = sign_in(who).get(reverse(name))
    html, form = page.content.decode(), page.context["form"]
    assert html.count('<fieldset class="field-group"') == groups
    for bound in form.visible_fields():
        assert len(re.findall(rf'class="field field-{bound.name}[ "]', html)) == 1, bound.name
    assert all(fields for _heading, fields in form.field_groups)
