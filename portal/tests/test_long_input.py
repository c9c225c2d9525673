"""Input that is too long: refused alike by page and API, at its field and with what was typed, never by an error of ours."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from assistance.needs.forms import NeedForm
from assistance.needs.models import Need
from assistance.needs.tests.cases import CASES
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, words
from entities.models import Theme
from portal.tests.api import ApiClients
from web.forms import DomainForm, PlainText
from web.templatetags.ui import error_summary
from web.texts import TEXT_MAX

LETTERS = {"ru": "слово ", "ar": "كلمة ", "en": "word "}


def need_data(cast: Cast, **values: Any) -> dict[str, Any]:
    theme = Theme.objects.exclude(pillar=None)[0]
    return {
        "state": str(cast.org("carana").pk), "source": "desk_survey", "language": "en", "title": "Screening",
        "description": "Missing.", "pillar": str(theme.pillar_id), "theme": theme.pk, "assistance_type": "training",
        "priority": "high", "human_rights": "not_considered", "gender": "not_considered", **values,
    }  # fmt: skip


def distinct(letters: str, most: int) -> str:
    """Return words that are all different: each of them is an entry of the search vector."""
    made = "".join(f"{letters.strip()}{number} " for number in range(most // len(letters)))
    return made[:most].strip()


@pytest.mark.parametrize("language", LETTERS)
def test_the_longest_text_is_taken_and_a_longer_one_is_refused_with_the_text(
    cast: Cast, sign_in: Any, language: str
) -> None:
    client = sign_in("cted")
    longest = distinct(LETTERS[language], TEXT_MAX)
    longest += "x" * (TEXT_MAX - len(longest))
    fields = ("description", "priority_reason", "baseline", "target")
    sent = need_data(cast, language=language, **dict.fromkeys(fields, longest))
    assert client.post(reverse("need-add"), sent).status_code == 302
    assert Need.objects.get().description == longest
    answer = client.post(reverse("need-add"), {**sent, "description": longest + "y"})
    assert answer.status_code == 422 and errors_at(answer, "description") and longest + "y" in words(answer)
    answer = client.post(reverse("need-add"), {**sent, "description": distinct(LETTERS[language], 900_000)})
    assert answer.status_code in (413, 422) and Need.objects.count() == 1


def test_page_and_api_have_the_same_limits(cast: Cast, api_clients: ApiClients, sign_in: Any) -> None:
    body = CASES[0].body
    assert body is not None
    sent = body(cast)
    for name in ("title", "description", "provision", "beneficiary", "baseline"):
        field = NeedForm.base_fields[name]
        assert isinstance(field, forms.CharField) and field.max_length
        for length in (field.max_length, field.max_length + 1):
            refused = length > field.max_length
            text = "x" * length
            by_page = sign_in("cted").post(reverse("need-add"), need_data(cast, **{name: text}))
            by_api = api_clients.cted.post("needs/", {**sent, name: text}, format="json")
            assert (by_page.status_code, by_api.status_code) == ((422, 422) if refused else (302, 201)), name


def subclasses(kind: type) -> set[type]:
    found: list[type] = kind.__subclasses__()
    return {one for each in found for one in (each, *subclasses(each))}


def test_every_text_of_a_form_has_a_limit() -> None:
    for form in subclasses(DomainForm):
        for name, field in form.base_fields.items():  # type: ignore[attr-defined]
            if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField | forms.RegexField):
                assert field.max_length, f"{form.__name__}.{name}"


class Written(DomainForm):
    """A form with a text of each kind."""

    title = forms.CharField(max_length=300, help_text="A title.")
    text = PlainText()
    address = forms.EmailField(max_length=254)


def test_the_limit_is_said_beside_the_field_and_the_browser_does_not_cut() -> None:
    html = render_to_string("web/form.html", {"form": Written(), "title": "x"})
    assert "A title. At most 300 characters." in html and "At most 50,000 characters." in html
    assert html.count("maxlength") == 1 and "254 characters" not in html


def test_an_error_summary_names_twenty_fields_and_counts_the_rest() -> None:
    many = type("Many", (DomainForm,), {f"f{n}": forms.CharField(max_length=9) for n in range(23)})
    html = render_to_string("components/error_summary.html", error_summary(many(data={})))
    assert html.count("<li>") == 20 and "And 3 more fields, marked below." in html


# ── Requests that are too large ──────────────────────────────────────────────
@pytest.mark.parametrize(
    "sent",
    [
        {"description": "x" * 2_200_000},
        {f"a{number}": "1" for number in range(1_001)},
        {f"file{number}": SimpleUploadedFile(f"{number}.txt", b"x") for number in range(101)},
    ],
    ids=["bytes", "fields", "files"],
)
@pytest.mark.parametrize("checks", [True, False], ids=["csrf", "plain"])
def test_a_form_that_is_too_large_is_answered_as_such(cast: Cast, sent: dict[str, Any], checks: bool) -> None:
    client = Client(enforce_csrf_checks=checks)
    client.force_login(cast.users["cted"], backend="accounts.sign_in.backend.AccountBackend")
    client.get(reverse("need-add"))
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} if checks else {}
    answer = client.post(reverse("need-add"), token | sent)
    assert answer.status_code == 413
    assert "The form is too large" in words(answer) and "2.0" in words(answer)


@pytest.mark.parametrize("path", ["/needs/", "/who/", "/offers/", "/"])
def test_a_long_address_is_answered(cast: Cast, sign_in: Any, path: str) -> None:
    client = sign_in("cted")
    many = "&".join(f"a{number}=1" for number in range(1_001))
    assert client.get(f"{path}?{many}").status_code == 413
    for word in ("x" * 3_000, "слово" * 200, "%00" * 50, "' OR 1" * 100):
        assert client.get(path, {"q": word}).status_code in (200, 422), word[:9]
