"""Texts come in by one function, whichever way: pages, the API, the administration, an import and the rows themselves."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.test import Client, RequestFactory
from django.urls import reverse
from rest_framework import serializers

from accounts.addresses import AddressFormField
from accounts.models import ApiToken, User
from accounts.serializers import Line as LineOfBody
from accounts.serializers import Strict, Text
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.offers.tests.test_pages import filled
from assistance.projects.models import Project
from assistance.projects.tests.test_iati import activity, file
from assistance.projects.tests.test_iati import run as import_iati
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from entities.models import Organisation
from portal.tests.api import ApiClients
from portal.tests.test_api_journey import NEED
from web.forms import DomainForm, Line, PlainText

OURS = ("accounts", "assistance", "entities", "files", "portal", "web")
SPOILT, PLAIN = "\u202eRa\u0301dar\u200b for\x07 small\r\nboats\u2069 ", "Rádar for small boats"


# ── No field is left out ─────────────────────────────────────────────────────
def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


def is_plain(field: forms.Field) -> bool:
    """Return whether a field of a form takes a text as it was typed."""
    if isinstance(field.widget, forms.HiddenInput):
        return False
    return isinstance(field, forms.CharField) and not isinstance(
        field, Line | PlainText | AddressFormField | forms.EmailField | forms.URLField | forms.SlugField
    )


def test_every_field_for_text_of_a_form_makes_the_normal_form() -> None:
    import_module("portal.urls")  # loads all forms
    kinds = {form for base in (DomainForm, forms.ModelForm) for form in subclasses(base)}
    ours = [form for form in kinds if form.__module__.partition(".")[0] in OURS and ".tests" not in form.__module__]
    checked = {"phone", "time_zone"}  # their validators accept few signs, or the names of a list
    plain = {
        (form.__name__, name)
        for form in ours
        for name, field in form.base_fields.items()
        if is_plain(field)
    }  # fmt: skip
    assert len(ours) > 30 and {pair for pair in plain if pair[1] not in checked} == set()


def test_every_field_for_text_of_the_administration_makes_the_normal_form(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    found = set()
    for model, kept in admin.site._registry.items():
        if model._meta.app_label in OURS and kept.has_add_permission(request):
            fields = kept.get_form(request, None)().fields
            found |= {(model.__name__, name) for name, field in fields.items() if is_plain(field)}
    assert found == set()


def test_every_text_of_a_request_body_makes_the_normal_form() -> None:
    found = set()
    for body in subclasses(Strict):
        if ".tests" in body.__module__:
            continue
        for name, field in body().get_fields().items():
            writable = not field.read_only and type(field) is serializers.CharField
            if writable and not isinstance(field, LineOfBody | Text):
                found.add((body.__name__, name))
    assert {name for _body, name in found} <= {"phone", "time_zone"}


# ── Each way in ──────────────────────────────────────────────────────────────
def test_a_page_keeps_the_normal_form(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "unodc")
    spoilt = filled(cast, title=SPOILT, description="one\u202e\r\n\r\ntwo\u200b")
    assert client.post(reverse("offer-add"), spoilt).status_code == 302
    offer = Offer.objects.get()
    assert (offer.title, offer.description) == (PLAIN, "one\n\ntwo")


@pytest.mark.parametrize("unseen", ["\u200b", "\u3164", "\u2800", "\u00ad\ufe0f", "\u202e\u2066"], ids=ascii)
def test_a_title_of_which_nothing_is_seen_is_no_title(
    cast: Cast, client: Client, api_clients: ApiClients, unseen: str
) -> None:
    sign_in(client, cast, "unodc")
    page = client.post(reverse("offer-add"), filled(cast, title=unseen))
    assert page.status_code == 422 and list(page.context["form"].errors) == ["title"]
    answer = api_clients.cted.post("needs/", {**NEED, "title": unseen, "description": unseen})
    fields = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert answer.status_code == 422 and fields == {"title": "blank", "description": "blank"}
    assert not Offer.objects.exists() and not Need.objects.exists()


def test_the_api_keeps_the_normal_form(cast: Cast, api_clients: ApiClients) -> None:
    answer = api_clients.cted.post("needs/", {**NEED, "title": SPOILT, "description": "one\u202e\r\n\r\ntwo\u200b"})
    assert answer.status_code == 201, answer.content
    need = Need.objects.get()
    assert (need.title, need.description) == (PLAIN, "one\n\ntwo")


@pytest.mark.parametrize("hidden", ["\x17", "\x8d", "\u200b", " "], ids=ascii)
def test_the_limit_of_the_api_is_that_of_its_schema(cast: Cast, api_clients: ApiClients, hidden: str) -> None:
    """A text is measured as it was sent: dropping what cannot be seen does not bring it below the limit."""
    answer = api_clients.cted.post("needs/", {**NEED, "title": "x" * 300 + hidden})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("title", "max_length")]
    assert not Need.objects.exists()
    assert api_clients.cted.post("needs/", {**NEED, "title": "x" * 299 + hidden}).status_code == 201


def test_the_administration_keeps_the_normal_form(cast: Cast, client: Client) -> None:
    root = User.objects.create_superuser("root@example.org", "a long one", name="Root")
    client.force_login(root, backend="accounts.sign_in.backend.AccountBackend")
    address = reverse("admin:entities_organisation_add")
    values = {
        "slug": "new-partner",
        "kind": "partner",
        "name_en": SPOILT,
        "acronym_en": "N\u200bP",
        "iati_ref": "XM\u200b-1",
    }
    answer = client.post(address, values)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    made = Organisation.objects.get(slug="new-partner")
    assert (made.name_en, made.acronym, made.iati_ref) == (PLAIN, "NP", "XM-1")


def test_an_import_keeps_the_normal_form_and_makes_no_twins(cast: Cast, tmp_path: Path) -> None:
    title = f"<title><narrative>{SPOILT.replace(chr(7), '')}</narrative></title>"  # XML knows no control characters
    for identifier in ("XM-1\u200b-A", "XM-1-A", "XM-1-A\ufeff"):
        import_iati(file(tmp_path, activity(identifier, title=title)))
    project = Project.objects.get()
    assert (project.iati_identifier, project.title) == ("XM-1-A", PLAIN)


def test_a_row_keeps_the_normal_form_whoever_saves_it(cast: Cast) -> None:
    offer = cast.offer(title=SPOILT)
    assert Offer.objects.get(pk=offer.pk).title == PLAIN
    token, _secret = ApiToken.issue(user=cast.users["unodc"], name="scr\u202eipt\n", days=1)
    assert ApiToken.objects.get(pk=token.pk).name == "script"
    with pytest.raises(ValidationError):
        ApiToken.issue(user=cast.users["unodc"], name="\u200b", days=1)


def test_every_model_of_the_portal_is_kept_in_the_normal_form() -> None:
    ours = [model for app in ("accounts", "entities", "assistance") for model in apps.get_app_config(app).get_models()]
    assert len(ours) > 30 and [model for model in ours if not pre_save.has_listeners(model)] == []
