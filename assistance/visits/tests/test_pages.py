"""Pages of visits and report sections: responses by actor, and what is kept when an error occurs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.consents.progress import ConsentFacts, consent_state, consent_states
from assistance.consents.states import ConsentState
from assistance.needs import transitions as needs
from assistance.recommendations import procedure
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from portal.tests.api import ApiClients
from web.exceptions import Invalid

SEE_VISITS = {"carana", "observer", "cted", "unoct", "unodc", "iom"}
SEE_REPORT = {"carana", "observer", "cted"}


def visit_data(cast: Cast, **values: Any) -> dict[str, Any]:
    return {
        "state": str(cast.org("carana").pk), "kind": "focused", "mode": "virtual",
        "starts_on": "2026-03-02", "ends_on": "2026-03-06", **values,
    }  # fmt: skip


def section_data(**values: Any) -> dict[str, Any]:
    return {"number": "1", "language": "en", "title": "Borders", "text": "What was found.", **values}


# ── Responses by actor ───────────────────────────────────────────────────────
@pytest.mark.turns(3)
@pytest.mark.parametrize("name", [*MEMBERS, *OUTSIDERS])
def test_each_role_gets_its_answer_on_every_page(cast: Cast, sign_in: Any, name: str) -> None:
    visit = cast.visit()
    section = cast.section(visit, 1)
    client, member = sign_in(name), name in MEMBERS
    seen, read = name in SEE_VISITS, name in SEE_REPORT

    def expect(address: str, code: int) -> None:
        assert client.get(address).status_code == (code if member else 403), address

    expect(reverse("visits"), 200)
    expect(reverse("visit", args=[visit.pk]), 200 if seen else 404)
    expect(reverse("section", args=[section.pk]), 200 if read else 404)
    expect(reverse("visit-add"), 200 if name == "cted" else 403)
    for page in ("visit-edit", "section-add"):
        expect(reverse(page, args=[visit.pk]), 200 if name == "cted" else 403 if seen else 404)
    expect(reverse("visit-transition", args=[visit.pk, "ask-consent"]), 200 if name == "cted" else 403 if seen else 404)
    expect(reverse("section-edit", args=[section.pk]), 200 if name == "cted" else 403 if read else 404)


@pytest.mark.parametrize("name", ["unodc", "unoct"])
def test_the_report_and_the_state_of_consent_are_not_on_the_page_of_others(cast: Cast, sign_in: Any, name: str) -> None:
    visit = cast.visit()
    cast.section(visit, 1, title="Title-of-one", text="Text-of-one")
    cast.need("put", visit=visit, source="visit", title="Need-of-one")
    consents.ask(actor=cast.cted, visit=visit.pk)
    for address in (reverse("visit", args=[visit.pk]), reverse("visits")):
        body = sign_in(name).get(address).content.decode()
        for word in ("Title-of-one", "Text-of-one", "Need-of-one", "Consent requested", "Consent to release requested"):
            assert word not in body, (address, word)
    body = sign_in("carana").get(reverse("visit", args=[visit.pk])).content.decode()
    assert "Text-of-one" in body and "Need-of-one" in body and "Consent to release requested" in body


def test_the_buttons_are_those_of_the_reader(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    address = reverse("visit", args=[visit.pk])
    assert (
        reverse("visit-transition", args=[visit.pk, "ask-consent"]) not in sign_in("cted").get(address).content.decode()
    )
    section = cast.section(visit, 1)
    cted = sign_in("cted").get(address).content.decode()
    for page in ("visit-transition", "visit-edit", "section-add"):
        arguments = [visit.pk, "ask-consent"] if page == "visit-transition" else [visit.pk]
        assert reverse(page, args=arguments) in cted
    assert f"{reverse('need-add')}?visit={visit.pk}&amp;section=1" in cted
    assert reverse("visit-share", args=[visit.pk]) not in cted
    carana = sign_in("carana").get(address).content.decode()
    assert reverse("visit-share", args=[visit.pk]) in carana and reverse("visit-edit", args=[visit.pk]) not in carana
    observer = sign_in("observer").get(address).content.decode()
    assert reverse("visit-share", args=[visit.pk]) not in observer
    own = sign_in("carana").get(reverse("section", args=[section.pk])).content.decode()
    assert reverse("section-share", args=[section.pk]) in own


# ── Recording and editing ────────────────────────────────────────────────────
def test_a_visit_is_recorded_with_its_delegation(cast: Cast, sign_in: Any) -> None:
    data = visit_data(cast, delegation=[str(cast.org("unodc").pk), str(cast.org("iom").pk)])
    answer = sign_in("cted").post(reverse("visit-add"), data)
    visit = Visit.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("visit", args=[visit.pk])
    assert {o.slug for o in visit.delegation.all()} == {"unodc", "iom"}


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"ends_on": "2026-03-01"}, "ends_on", "The end date is before the start date."),
        ({"starts_on": "2026-02-30"}, "starts_on", "Enter a valid date."),
        ({"starts_on": ""}, "starts_on", "This field is required."),
        ({"kind": "party"}, "kind", "Select a valid choice"),
        ({"kind": "\0"}, "kind", "Select a valid choice"),
        ({"state": "\0"}, "state", ""),
        ({"delegation": ["\0"]}, "delegation", ""),
        ({"delegation": ["00000000-0000-4000-8000-000000000000"]}, "delegation", "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_visit_is_said_at_its_field(
    cast: Cast, sign_in: Any, values: dict[str, Any], field: str, words: str
) -> None:
    answer = sign_in("cted").post(reverse("visit-add"), visit_data(cast, **values))
    assert answer.status_code == 422 and not Visit.objects.exists()
    assert words in " ".join(answer.context["form"].errors[field])
    if field != "starts_on":
        assert answer.context["form"]["starts_on"].value() == "2026-03-02", "what was typed is kept"


def test_a_visit_is_to_a_state_only(cast: Cast, sign_in: Any) -> None:
    answer = sign_in("cted").post(reverse("visit-add"), visit_data(cast, state=str(cast.org("unodc").pk)))
    assert answer.status_code == 422 and "state" in answer.context["form"].errors


def test_the_state_of_a_visit_is_fixed_once_it_has_a_report(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    moved = visit_data(cast, state=str(cast.org("sumora").pk))
    assert sign_in("cted").post(reverse("visit-edit", args=[visit.pk]), moved).status_code == 302
    editing.edit(actor=cast.cted, model=Visit, pk=visit.pk, values={"state": cast.org("carana")})
    section = cast.section(visit)
    answer = sign_in("cted").post(reverse("visit-edit", args=[visit.pk]), moved)
    assert answer.status_code == 422 and "state" in answer.context["form"].errors
    with pytest.raises(Invalid):
        editing.edit(actor=cast.cted, model=Section, pk=section.pk, values={"visit": cast.visit()})


def test_the_state_of_a_visit_is_fixed_once_it_has_agreed(cast: Cast) -> None:
    today = timezone.now().date()
    visit = cast.visit(starts_on=today + timedelta(days=2), ends_on=today + timedelta(days=3))
    procedure.record_host_consent(actor=cast.cted, visit=visit.pk)
    with pytest.raises(Invalid) as caught:
        editing.edit(actor=cast.cted, model=Visit, pk=visit.pk, values={"state": cast.org("sumora")})
    assert "has agreed" in str(caught.value.errors["state"][0])


def test_a_visit_moved_to_another_state_no_longer_follows_up_on_the_earlier_one(cast: Cast) -> None:
    today = timezone.now().date()
    earlier = cast.visit()
    later = cast.visit(kind="follow_up", follows=earlier, starts_on=today, ends_on=today)
    earlier.refresh_from_db()
    assert earlier.followed_up_on == today
    editing.edit(actor=cast.cted, model=Visit, pk=later.pk, values={"state": cast.org("sumora"), "follows": None})
    earlier.refresh_from_db()
    assert earlier.followed_up_on is None


def test_the_day_on_which_priority_needs_were_agreed_is_shown_to_cted_and_the_state(cast: Cast, sign_in: Any) -> None:
    clients = ApiClients(cast)
    day = timezone.now().date() - timedelta(days=26)
    visit = cast.visit(priority_needs_agreed_on=day)
    for name, told in (("cted", True), ("carana", True), ("unodc", False), ("unoct", False)):
        page = sign_in(name).get(reverse("visit", args=[visit.pk])).content.decode()
        assert ("Priority needs agreed on" in page) is told, name
    assert clients.carana.get(f"visits/{visit.pk}/").data["priority_needs_agreed_on"] == day
    assert clients.unodc.get(f"visits/{visit.pk}/").data["priority_needs_agreed_on"] is None


def test_nothing_is_added_to_the_report_of_a_cancelled_visit(cast: Cast, sign_in: Any) -> None:
    section = cast.section(cast.visit())
    procedure.cancel(actor=cast.cted, visit=section.visit_id, reason="It was held elsewhere.")
    client = sign_in("cted")
    page = client.get(reverse("visit", args=[section.visit_id])).content.decode()
    for name, key in (("section-add", section.visit_id), ("section-edit", section.pk)):
        assert reverse(name, args=[key]) not in page, name
    assert client.get(reverse("section-edit", args=[section.pk])).status_code == 409
    answer = client.post(reverse("section-add", args=[section.visit_id]), section_data(number="2"))
    assert answer.status_code == 422 and "The visit was cancelled." in answer.content.decode()


def test_the_next_number_stands_in_the_form_of_a_new_section(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    address = reverse("section-add", args=[visit.pk])
    assert sign_in("cted").get(address).context["form"].initial["number"] == 1
    cast.section(visit, 4)
    assert sign_in("cted").get(address).context["form"].initial["number"] == 5


def test_a_section_takes_arabic_digits_and_keeps_its_language(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    data = section_data(number="٣", language="ar", title="أمن الحدود", text="لا تصل المعلومات.")
    answer = sign_in("cted").post(reverse("section-add", args=[visit.pk]), data)
    assert answer.status_code == 302 and answer["Location"].endswith("#section-3")
    body = sign_in("carana").get(reverse("visit", args=[visit.pk])).content.decode()
    assert (
        '<span lang="ar" dir="rtl">أمن الحدود</span>' in body and 'lang="ar" dir="rtl"><p>لا تصل المعلومات.</p>' in body
    )


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"text": "a\0b"}, "text", "Null characters are not allowed."),
        ({"title": "a\0b"}, "title", "Null characters are not allowed."),
        ({"number": "0"}, "number", "greater than or equal to 1"),
        ({"number": "1000"}, "number", "less than or equal to 999"),
        ({"number": "9" * 5000}, "number", ""),
        ({"number": "two"}, "number", "whole number"),
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 301}, "title", "at most 300"),
        ({"language": "xx"}, "language", "Select a valid choice"),
        ({"number": "7"}, "number", "already has a section with this number"),
    ],
)
def test_what_is_wrong_with_a_section_is_said_at_its_field(
    cast: Cast, sign_in: Any, values: dict[str, Any], field: str, words: str
) -> None:
    visit = cast.visit()
    cast.section(visit, 7)
    answer = sign_in("cted").post(reverse("section-add", args=[visit.pk]), section_data(**values))
    assert answer.status_code == 422, answer.content
    assert words in " ".join(answer.context["form"].errors[field])
    if field != "text":
        assert "What was found." in answer.content.decode()


def test_a_text_moved_to_its_right_language_leaves_no_copy_in_the_wrong_one(cast: Cast, sign_in: Any) -> None:
    section = cast.section(cast.visit(), title="Frontières", text="Rien n’arrive.")
    data = section_data(language="fr", title="Frontières", text="Rien ne vient.", version=section.version)
    assert sign_in("cted").post(reverse("section-edit", args=[section.pk]), data).status_code == 302
    section.refresh_from_db()
    assert section.text_fr == "Rien ne vient." and not section.text_en


def test_a_stale_save_shows_both_texts_and_keeps_what_was_written(cast: Cast, sign_in: Any) -> None:
    section = cast.section(cast.visit(), text="The first text.")
    client, address = sign_in("cted"), reverse("section-edit", args=[section.pk])
    version = client.get(address).context["form"].initial["version"]
    editing.edit(actor=cast.cted, model=Section, pk=section.pk, values={"text": "Written by a colleague."})
    answer = client.post(address, section_data(text="Written by me.", version=version))
    body = answer.content.decode()
    assert answer.status_code == 409 and "Written by a colleague." in body and body.count("Written by me.") == 2
    again = section_data(text="Written by me.", version=answer.context["form"]["version"].value())
    assert client.post(address, again).status_code == 302
    section.refresh_from_db()
    assert section.text_en == "Written by me."


def test_a_stale_save_of_a_visit_names_what_differs(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    editing.edit(actor=cast.cted, model=Visit, pk=visit.pk, values={"mode": "hybrid"})
    answer = sign_in("cted").post(reverse("visit-edit", args=[visit.pk]), visit_data(cast, version="1"))
    assert answer.status_code == 409 and "Hybrid" in answer.content.decode()


def test_a_released_section_cannot_be_edited(cast: Cast, sign_in: Any) -> None:
    section = cast.section(cast.visit())
    consents.release(actor=cast.carana, rows=[section])
    client = sign_in("cted")
    address = reverse("section-edit", args=[section.pk])
    assert client.get(address).status_code == 409
    answer = client.post(address, section_data(text="Kept on the page."))
    assert answer.status_code == 409 and "Kept on the page." in answer.content.decode()
    assert address not in client.get(reverse("section", args=[section.pk])).content.decode()


# ── Asking and declining ─────────────────────────────────────────────────────
def test_consent_is_asked_and_declined_by_pages(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    cast.section(visit)
    ask, decline = (reverse("visit-transition", args=[visit.pk, name]) for name in ("ask-consent", "decline-consent"))
    assert sign_in("carana").get(decline).status_code == 409
    assert sign_in("cted").post(ask).status_code == 302
    answer = sign_in("carana").post(decline, {"reason": "  "})
    assert answer.status_code == 422 and "reason" in answer.context["form"].errors
    assert sign_in("carana").post(decline, {"reason": "Not before the elections."}).status_code == 302
    page = sign_in("carana").get(reverse("visit", args=[visit.pk])).content.decode()
    assert "Consent declined" in page and "Not before the elections." in page
    assert "Not before the elections." not in sign_in("unodc").get(reverse("visit", args=[visit.pk])).content.decode()


def test_asking_is_refused_with_its_reason_before_there_is_anything_to_release(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    answer = sign_in("cted").get(reverse("visit-transition", args=[visit.pk, "ask-consent"]))
    assert answer.status_code == 409 and "No items to release yet" in answer.content.decode()
    assert sign_in("cted").get(reverse("visit-transition", args=[visit.pk, "dance"])).status_code == 404


# ── The state of consent ─────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (ConsentFacts(asked=False, total=2, released=0), ConsentState.NOT_ASKED),
        (ConsentFacts(asked=True, total=2, released=0), ConsentState.ASKED),
        (ConsentFacts(asked=True, total=2, released=1, last="granted"), ConsentState.ASKED),
        (ConsentFacts(asked=False, total=2, released=1, last="granted"), ConsentState.PARTIAL),
        (ConsentFacts(asked=False, total=2, released=2, last="granted"), ConsentState.FULL),
        (ConsentFacts(asked=False, total=2, released=1, last="withdrawn"), ConsentState.PARTIAL),
        (ConsentFacts(asked=False, total=2, released=0, last="withdrawn"), ConsentState.WITHDRAWN),
        (ConsentFacts(asked=False, total=2, released=0, last="declined"), ConsentState.DECLINED),
        (ConsentFacts(asked=False, total=2, released=0, last="granted"), ConsentState.EXPIRED),
    ],
)
def test_the_state_of_consent_follows_from_facts(facts: ConsentFacts, state: ConsentState) -> None:
    assert consent_state(facts) == state


def test_the_state_of_consent_follows_the_acts_of_the_state(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = cast.visit()
    section, need = cast.section(visit), cast.need("put", visit=visit, source="visit")

    def now() -> ConsentState:
        return consent_states(cast.carana, [Visit.objects.get(pk=visit.pk)])[visit.pk]

    assert now() == ConsentState.NOT_ASKED
    consents.ask(actor=cast.cted, visit=visit.pk)
    assert now() == ConsentState.ASKED
    until = timezone.now().date() + timedelta(days=3)
    consents.release(actor=cast.carana, rows=[section], until=until)
    assert now() == ConsentState.PARTIAL
    needs.agree(actor=cast.carana, need=need.pk)
    consents.release(actor=cast.carana, rows=[need], until=until)
    assert now() == ConsentState.FULL
    later = timezone.now() + timedelta(days=9)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        assert now() == ConsentState.EXPIRED
    consents.withdraw(actor=cast.carana, rows=[need, section])
    assert now() == ConsentState.WITHDRAWN
    assert consent_states(cast.unodc, [visit]) == {}


# ── Lists ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["cted", "carana", "unodc"])
def test_the_list_costs_the_same_for_one_visit_and_for_three(cast: Cast, sign_in: Any, name: str) -> None:
    def cost() -> int:
        client = sign_in(name)
        client.get(reverse("visits"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("visits")).status_code == 200
        return len(queries)

    def one() -> None:
        visit = cast.visit()
        section = cast.section(visit)
        consents.release(actor=cast.carana, rows=[section])

    one()
    single = cost()
    one()
    one()
    assert cost() == single


def test_the_page_of_a_visit_costs_the_same_for_one_section_and_for_three(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()

    def cost() -> int:
        client = sign_in("unodc")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("visit", args=[visit.pk])).status_code == 200
        return len(queries)

    consents.release(actor=cast.carana, rows=[cast.section(visit, 1)])
    single = cost()
    consents.release(actor=cast.carana, rows=[cast.section(visit, 2), cast.section(visit, 3)])
    assert cost() == single


def test_the_list_is_narrowed_sorted_and_counted_by_its_address(cast: Cast, sign_in: Any) -> None:
    first = cast.visit(kind="advocacy")
    second = cast.visit(state=cast.org("sumora"), ends_on=timezone.now().date(), starts_on=timezone.now().date())
    client, address = sign_in("cted"), reverse("visits")
    assert [v.pk for v in client.get(address).context["page"]] == [second.pk, first.pk]
    assert [v.pk for v in client.get(f"{address}?sort=dates").context["page"]] == [first.pk, second.pk]
    assert [v.pk for v in client.get(f"{address}?kind=advocacy").context["page"]] == [first.pk]
    assert [v.pk for v in client.get(f"{address}?state=XSU").context["page"]] == [second.pk]
    counted = client.get(f"{address}?part=count")  # the link, where no script requests the number alone
    assert "2 found" in counted.content.decode() and [v.pk for v in counted.context["page"]] == [second.pk, first.pk]
    assert client.get(f"{address}?part=count", headers={"HX-Request": "true"}).content.decode().strip() == "2 found"
    for query in ("state=%00", "state=NOPE", "kind=%00", "region=%00"):
        assert client.get(f"{address}?{query}").status_code == 422, query
    for query in ("sort=%00", "cursor=%00", "page_size=9" + "9" * 30):
        assert client.get(f"{address}?{query}").status_code == 200, query


@pytest.mark.parametrize("language", ["ar", "zh-hans"])
def test_every_page_renders_in_other_languages(cast: Cast, sign_in: Any, language: str) -> None:
    visit = cast.visit()
    section = cast.section(visit)
    client = sign_in("cted")
    client.cookies["django_language"] = language
    for address in (
        reverse("visits"), reverse("visit-add"), reverse("visit", args=[visit.pk]),
        reverse("section", args=[section.pk]), reverse("section-edit", args=[section.pk]),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200 and f'lang="{language}"' in answer.content.decode()
