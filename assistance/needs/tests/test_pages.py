"""Pages of needs: errors are shown at their field, submitted values are kept, lists have constant query counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, statements, words
from entities.models import Appointment

SignIn = Callable[[str], Client]


def filled(cast: Cast, **values: Any) -> dict[str, Any]:
    """Return form data of a need as the browser sends it."""
    return {
        "state": cast.org("carana").pk, "source": "desk_survey", "language": "en", "title": "A title of mine",
        "description": "What I have written.", "pillar": "II", "theme": "border", "assistance_type": "training",
        "priority": "high", "human_rights": "not_considered", "gender": "not_considered", **values,
    }  # fmt: skip


def test_an_assessor_records_a_need_in_another_language(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in("cted").post(reverse("need-add"), filled(cast, language="ar", title="أمن الحدود"))
    need = Need.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("need", args=[need.pk])
    assert need.title_ar == "أمن الحدود" and not need.title_en
    page = sign_in("cted").get(reverse("need", args=[need.pk])).content.decode()
    assert 'lang="ar" dir="rtl">أمن الحدود' in page and "Arabic" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 301),
        ("title", "nul\x00byte"),
        ("theme", "no-such-theme"),
        ("pillar", "IX"),
        ("state", "00000000-0000-0000-0000-000000000000"),
        ("state", "not-a-key"),
        ("priority", "highest"),
        ("deadline", "2026-02-30"),
        ("deadline", "tomorrow"),
        ("language", "de"),
        ("visit", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn, field: str, value: str
) -> None:
    answer = sign_in("cted").post(reverse("need-add"), filled(cast, **{field: value}))
    assert answer.status_code == 422
    assert errors_at(answer, field)
    assert "What I have written." in answer.content.decode()
    assert not Need.objects.exists()


def test_arabic_digits_of_a_share_are_understood(cast: Cast, sign_in: SignIn) -> None:
    need = cast.need("shared")
    answer = sign_in("unodc").post(
        reverse("match-propose", args=[need.pk]), {"share": "٤٠", "provider": cast.org("unodc").pk}
    )
    assert answer.status_code == 302
    assert need.matches.get().share == 40


def test_of_two_who_edit_at_once_the_second_sees_both_texts(cast: Cast, sign_in: SignIn) -> None:
    need = cast.need("draft")
    page = reverse("need-edit", args=[need.pk])
    first, second = sign_in("cted"), sign_in("cted")
    assert first.post(page, filled(cast, title="Theirs", version=need.version)).status_code == 302
    answer = second.post(page, filled(cast, title="Mine", version=need.version))
    assert answer.status_code == 409
    assert "Mine" in words(answer) and "Theirs" in words(answer)
    need.refresh_from_db()
    assert need.title_en == "Theirs"
    again = dict(answer.context["form"].data.items())
    assert second.post(page, again).status_code == 302
    need.refresh_from_db()
    assert need.title_en == "Mine"


def test_a_step_taken_by_somebody_else_first_is_refused_with_what_is_possible_now(cast: Cast, sign_in: SignIn) -> None:
    need = cast.need("put")
    page, client = reverse("need-transition", args=[need.pk, "agree"]), sign_in("carana")
    assert client.post(page, {"note": "Yes"}).status_code == 302
    answer = client.post(page, {"note": "A long remark of mine"})
    assert answer.status_code == 409
    assert "A long remark of mine" in answer.content.decode() and "Agreed with the State" in words(answer)


def test_an_appointment_that_ends_while_one_writes_loses_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("cted")
    yesterday = timezone.now().date() - timedelta(days=1)
    Appointment.objects.filter(user=cast.users["cted"]).update(until=yesterday)
    answer = client.post(reverse("need-add"), filled(cast))
    assert answer.status_code == 403
    assert "What I have written." in answer.content.decode()
    assert not Need.objects.exists()


def test_the_list_costs_the_same_for_one_need_and_for_three(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("unodc")
    cast.match("accepted")
    one = statements(client, reverse("needs"))
    cast.match("accepted")
    cast.need("shared")
    assert statements(client, reverse("needs")) == one


def test_the_dashboard_costs_the_same_for_one_need_and_for_three(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("carana")
    cast.match("proposed")
    cast.need("put", deadline=timezone.now().date() + timedelta(days=9))
    one = statements(client, "/")
    cast.match("proposed")
    cast.match("proposed")
    cast.need("put", deadline=timezone.now().date() + timedelta(days=9))
    assert statements(client, "/") == one


WORDS = {
    "ar": ("مكافحة الإرهاب على الحدود", "ارهاب"),
    "en": ("Screening of travellers", "traveller"),
    "es": ("Capacitación de los fiscales", "fiscal"),
    "fr": ("Formation des magistrats", "magistrat"),
    "ru": ("Подготовка следователей", "следователь"),
    "zh-hans": ("边境安全和管理培训", "边境"),
}


@pytest.mark.turns(3)
@pytest.mark.parametrize("language", WORDS)
def test_a_need_is_found_by_a_word_of_its_own_language(cast: Cast, sign_in: SignIn, language: str) -> None:
    title, word = WORDS[language]
    need = cast.need("shared", title=title, language=language, description="—")
    cast.need("shared", title="Something else", description="—")
    answer = sign_in("unodc").get(reverse("needs"), {"q": word})
    assert [row.pk for row in answer.context["page"].rows] == [need.pk]
    assert not sign_in("sumora").get(reverse("needs"), {"q": word}).context["page"].rows


@pytest.mark.parametrize(
    "query",
    [
        "state=XCA",
        "region=002",
        "pillar=II",
        "theme=border",
        "priority=high",
        "status=shared",
        "assistance_type=training",
    ],
)
def test_each_filter_finds_what_fits_and_shows_a_chip(cast: Cast, sign_in: SignIn, query: str) -> None:
    need = cast.need("shared")
    answer = sign_in("unodc").get(f"{reverse('needs')}?{query}")
    assert [row.pk for row in answer.context["page"].rows] == [need.pk]
    assert answer.context["chips"]


@pytest.mark.parametrize(
    "query", ["state=XXX", "theme=none", "priority=1", "status=gone", "region=999", "instrument=S/9"]
)
def test_a_filter_that_means_nothing_finds_nothing_and_says_so(cast: Cast, sign_in: SignIn, query: str) -> None:
    cast.need("shared")
    answer = sign_in("unodc").get(f"{reverse('needs')}?{query}")
    assert answer.status_code == 422 and not answer.context["page"].rows
    (name,) = answer.context["filters"].form.errors
    assert name == query.partition("=")[0] and str(answer.context["filters"].form[name].errors) in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=nonsense", 200), ("page_size=1000000000000000000000", 200), ("sort=title_en", 200), ("q=%00", 422),
        ("page_size=٣", 200),
    ],
)  # fmt: skip
def test_nonsense_in_the_address_never_breaks_the_list(cast: Cast, sign_in: SignIn, query: str, status: int) -> None:
    cast.need("shared")
    assert sign_in("unodc").get(f"{reverse('needs')}?{query}").status_code == status


def test_the_count_of_a_list_is_a_part_of_it_and_no_answer_to_its_filters(cast: Cast, sign_in: SignIn) -> None:
    """An error of this request would make the browser leave the list for the count."""
    answer = sign_in("unodc").get(f"{reverse('needs')}?status=gone&part=count", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and answer.text.strip() == "0 found"


def test_an_administrator_without_appointment_sees_no_row_in_the_administration_site(
    cast: Cast, sign_in: SignIn
) -> None:
    need = cast.need("shared")
    client = sign_in("admin")
    listed = client.get("/admin/assistance/need/")
    assert listed.status_code == 200 and need.reference not in listed.content.decode()
    assert client.get(f"/admin/assistance/need/{need.pk}/change/").status_code in (302, 404)


# ── Steps, ranking, and what is said after an act ──
def test_the_steps_have_days_and_the_present_one_says_who_moves_it_on(cast: Cast, sign_in: SignIn) -> None:
    need = cast.need("shared")
    steps = sign_in("cted").get(reverse("need", args=[need.pk])).context["steps"]
    today = timezone.now().date()
    assert [(step["state"], step["at"] and step["at"].date()) for step in steps[:5]] == [
        ("done", today), ("done", today), ("done", today), ("here", today), ("todo", None)
    ]  # fmt: skip
    assert steps[3]["hint"] == "A provider proposes an offer." and not steps[4]["hint"]


def test_the_last_step_does_not_promise_an_outcome_before_the_verification(cast: Cast, sign_in: SignIn) -> None:
    need = cast.match("delivered").need
    address = reverse("need", args=[need.pk])
    assert sign_in("cted").get(address).context["steps"][-1]["label"] == "Outcome"
    needs.verify(actor=cast.cted, need=need.pk, outcome="not_met", note="Nothing seen.")
    assert sign_in("cted").get(address).context["steps"][-1]["label"] == "Not met"


def test_the_form_of_a_verification_says_when_the_share_is_required(cast: Cast, sign_in: SignIn) -> None:
    need = cast.match("delivered").need
    address = reverse("need-transition", args=[need.pk, "verify"])
    assert "Required for “partly met”, otherwise empty." in sign_in("carana").get(address).content.decode()
    answer = sign_in("carana").post(address, {"outcome": "partly_met", "note": "Half.", "version": need.version})
    assert "share" in answer.context["form"].errors


def test_a_step_that_is_hidden_has_no_day(cast: Cast, sign_in: SignIn) -> None:
    need = cast.match("proposed").need
    at = {
        name: sign_in(name).get(reverse("need", args=[need.pk])).context["steps"][4]["at"] for name in ("cted", "iom")
    }
    assert at["cted"] and at["iom"] is None, "another provider does not learn when it was proposed"


def test_three_offers_are_shown_with_what_does_not_fit_and_the_others_folded_away(cast: Cast, sign_in: SignIn) -> None:
    need = cast.need("shared")
    for number in range(5):
        cast.offer(title=f"Offer-{number}")
    answer = sign_in("cted").get(reverse("need", args=[need.pk]))
    body = answer.content.decode()
    assert len(answer.context["suggested"]) == 3 and len(answer.context["others"]) == 2
    assert body.count("Meets ") == body.count("of 100 points") == 5 and "2 others that meet some criteria" in body
    assert body.count("Capacity not stated") == 5 and body.count("Suggest this provider<") == 5
    choose = sign_in("unodc").get(reverse("match-propose", args=[need.pk])).content.decode()
    assert choose.count('name="offer"') == 6 and "2 other offers" in choose


def test_after_an_act_one_is_told_what_changed_who_is_notified_and_what_is_next(cast: Cast, sign_in: SignIn) -> None:
    need, client = cast.need("put", title="Port cameras."), sign_in("carana")
    answer = client.post(reverse("need-transition", args=[need.pk, "agree"]), {"version": need.version}, follow=True)
    body = answer.content.decode()
    assert "Agreed with the State: Port cameras." in body and "cameras.." not in body
    assert "Notified: 1 person (CTED)." in body or "Notified: 1 person (Cted)." in body
    assert "Next: The State releases it." in body


def test_who_is_not_told_is_not_named(cast: Cast, sign_in: SignIn) -> None:
    offer, client = cast.offer(published=False, title="Dog handlers"), sign_in("unodc")
    url = reverse("offer-transition", args=[offer.pk, "withdraw"])
    body = client.post(url, {"version": offer.version}, follow=True).content.decode()
    assert "Dog handlers." in body and "No one else is notified." in body and "Next: " not in body


def test_a_page_of_a_need_costs_the_same_for_one_offer_and_for_many(cast: Cast, sign_in: SignIn) -> None:
    need, client = cast.need("shared", audience="compact"), sign_in("unodc")
    cast.offer()
    one = statements(client, reverse("need", args=[need.pk]))
    for _number in range(5):
        cast.offer(who="iom", for_states=[cast.org("carana")])
    assert statements(client, reverse("need", args=[need.pk])) == one
