"""Pages of release and withdrawal: two pages, submitted values are kept, and others see exactly the rows named."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assistance.access import policy
from assistance.access.audience_words import audience_groups
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.tests.reports import PDF, choice, reported_visit, second, soon
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from entities.models import WorkingGroup

OWN = {"carana", "observer", "cted"}


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return reported_visit(cast)


# ── Responses by actor ───────────────────────────────────────────────────────
@pytest.mark.parametrize("name", [*MEMBERS, *OUTSIDERS])
def test_each_role_gets_its_answer_on_every_page(cast: Cast, sign_in: Any, visit: Visit, name: str) -> None:
    section, need = second(visit), visit.needs.get()
    consent = consents.release(actor=cast.carana, rows=[section], note_verbale=SimpleUploadedFile("note.pdf", PDF))
    client, member = sign_in(name), name in MEMBERS
    sees_visit = name not in ("sumora", "partner")

    def expect(address: str, code: int) -> None:
        assert client.get(address).status_code == (code if member else 403), address

    def acts(seen: bool) -> int:
        return 200 if name == "carana" else 403 if seen else 404

    expect(reverse("consents"), 200)
    expect(reverse("consent", args=[consent.pk]), 200 if name in OWN else 404)
    expect(reverse("note-verbale", args=[consent.pk]), 200 if name in OWN else 404)
    expect(reverse("visit-share", args=[visit.pk]), acts(sees_visit))
    expect(reverse("section-share", args=[section.pk]), acts(sees_visit))
    expect(reverse("section-withdraw", args=[section.pk]), acts(sees_visit))
    expect(reverse("need-share", args=[need.pk]), acts(name in OWN))
    expect(reverse("need-withdraw", args=[need.pk]), 409 if name == "carana" else 403 if name in OWN else 404)


# ── Release ──────────────────────────────────────────────────────────────────
def test_released_section_is_read_by_the_entity_and_no_other_section_is(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    form = client.get(address)
    assert "Text-of-one" in form.content.decode(), "the text is previewed before it is released"
    data = choice(second(visit), visit.needs.get(), seen=form.context["form"].initial["seen"], reason="As agreed.")
    confirm = client.post(address, data)
    assert confirm.status_code == 200 and not Consent.objects.exists(), "nothing is released by the first step"
    people, organisations = policy.preview(
        {cast.org("cted").group_id, cast.org("carana").group_id}, audience_groups("compact")
    )
    sentence = confirm.context["sentence"]
    assert f"{people} people in {organisations} organizations will be able to read section 2 and need N-" in sentence
    assert (people, organisations) == (3, 3) and "until" in sentence
    note = SimpleUploadedFile("Note verbale.pdf", PDF)
    answer = client.post(address, {**data, "step": "release", "note_verbale": note})
    assert answer.status_code == 302 and answer["Location"] == reverse("visit", args=[visit.pk])
    consent = Consent.objects.get()
    assert (
        consent.until == soon() and str(consent.note_verbale) == "Note verbale.pdf" and consent.reason == "As agreed."
    )

    body = sign_in("unodc").get(reverse("visit", args=[visit.pk])).content.decode()
    assert "Text-of-two" in body and "Title-of-need" in body
    for hidden in ("Text-of-one", "Title-of-one", "As agreed.", consent.reference):
        assert hidden not in body
    assert sign_in("iom").get(second(visit).get_absolute_url()).status_code == 200
    assert sign_in("sumora").get(second(visit).get_absolute_url()).status_code == 404


def test_a_partner_named_alone_reads_the_section_though_not_the_visit(cast: Cast, sign_in: Any, visit: Visit) -> None:
    data = choice(second(visit), to="organisations", organisations=["searcct"], step="release")
    assert sign_in("carana").post(reverse("visit-share", args=[visit.pk]), data).status_code == 302
    client = sign_in("partner")
    page = client.get(second(visit).get_absolute_url())
    assert page.status_code == 200 and "Text-of-two" in page.content.decode()
    assert reverse("visit", args=[visit.pk]) not in page.content.decode()
    assert client.get(reverse("visit", args=[visit.pk])).status_code == 404
    assert sign_in("unodc").get(second(visit).get_absolute_url()).status_code == 404


def test_a_working_group_is_named_with_an_organisation_beside_it(cast: Cast, sign_in: Any, visit: Visit) -> None:
    group = WorkingGroup.objects.establish(slug="borders", name="Border management")
    group.members.add(cast.org("iom"))
    data = choice(second(visit), to="working_groups", working_groups=["borders"], organisations=["sumora"])
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    confirm = client.post(address, data)
    assert confirm.context["audience"] == ["Sumora", "Border management"]
    assert client.post(address, {**data, "step": "release"}).status_code == 302
    readers = [n for n in MEMBERS if sign_in(n).get(second(visit).get_absolute_url()).status_code == 200]
    assert readers == ["carana", "sumora", "cted", "iom", "observer"]


def test_one_section_and_one_need_have_a_share_page_of_their_own(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client, need = sign_in("carana"), visit.needs.get()
    for name, row in (("section-share", second(visit)), ("need-share", need)):
        address = reverse(name, args=[row.pk])
        form = client.get(address)
        assert form.context["form"].initial["chosen"] == [f"{row.record_name()}:{row.pk}"]
        assert "Text-of-one" not in form.content.decode()
        assert client.post(address, choice(row, until="", step="release")).status_code == 302
    assert sign_in("unodc").get(reverse("need", args=[need.pk])).status_code == 200
    other = {"chosen": [f"section:{visit.sections.get(number=1).pk}"], "to": "compact", "step": "release"}
    assert client.post(reverse("need-share", args=[need.pk]), other).status_code == 422


def test_a_need_not_agreed_is_named_but_cannot_be_chosen(cast: Cast, sign_in: Any, visit: Visit) -> None:
    need = cast.need("put", visit=visit, source="visit")
    client = sign_in("carana")
    form = client.get(reverse("visit-share", args=[visit.pk]))
    assert form.context["not_agreed"] == [need] and f"need:{need.pk}" not in form.content.decode()
    assert client.post(reverse("visit-share", args=[visit.pk]), choice(need)).status_code == 422
    answer = client.get(reverse("need-share", args=[need.pk]))
    assert answer.status_code == 409 and "Awaiting State agreement" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"chosen": []}, "chosen", "Select at least one section or need."),
        ({"chosen": ["section:00000000-0000-4000-8000-000000000000"]}, "chosen", "Select a valid choice"),
        ({"chosen": ["\0"]}, "chosen", "Select a valid choice"),
        ({"until": "2020-01-01"}, "until", "The date has passed."),
        ({"until": "soon"}, "until", "Enter a valid date."),
        ({"until": "٢٠٢٦-٠٢-٣٠"}, "until", "Enter a valid date."),
        ({"to": "everybody"}, "to", "Select a valid choice"),
        ({"to": ""}, "to", "required"),
        ({"to": "organisations"}, "organisations", "Select at least one organization."),
        ({"to": "working_groups"}, "working_groups", "Select at least one working group."),
        ({"to": "organisations", "organisations": ["no-such"]}, "organisations", "Select a valid choice"),
        ({"to": "organisations", "organisations": ["carana"]}, "organisations", "Select a valid choice"),
        ({"to": "working_groups", "working_groups": ["\0"]}, "working_groups", "Select a valid choice"),
        ({"also": ["members"]}, "also", "Select a valid choice"),
        ({"organisations": ["unodc"]}, "to", "You have ticked names below."),
        ({"reason": "a\0b"}, "reason", "Null characters are not allowed."),
        ({"reason": "x" * 5001}, "reason", "at most 5000"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    cast: Cast, sign_in: Any, visit: Visit, values: dict[str, Any], field: str, words: str
) -> None:
    client = sign_in("carana")
    for step in ("review", "release"):
        data = choice(second(visit), **{"reason": "Kept remark.", "step": step, **values})
        answer = client.post(reverse("visit-share", args=[visit.pk]), data)
        assert answer.status_code == 422 and not Consent.objects.exists()
        assert words in " ".join(answer.context["form"].errors[field])
        body = answer.content.decode()
        assert field == "reason" or "Kept remark." in body
        assert field == "chosen" or (f'value="section:{second(visit).pk}"' in body and "checked" in body)


@pytest.mark.parametrize("seen", ["", "\0", "x=y", f"{'a' * 40}={'9' * 40}", "= = =", "1" * 100_001])
def test_a_mangled_list_of_versions_does_no_harm(cast: Cast, sign_in: Any, visit: Visit, seen: str) -> None:
    answer = sign_in("carana").post(reverse("visit-share", args=[visit.pk]), choice(second(visit), seen=seen))
    assert answer.status_code in (200, 422)


def test_a_text_changed_while_it_was_read_is_not_released(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    data = choice(second(visit), seen=client.get(address).context["form"].initial["seen"], step="release")
    editing.edit(actor=cast.cted, model=Section, pk=second(visit).pk, values={"text": "Quite another text."})
    answer = client.post(address, data)
    body = answer.content.decode()
    assert answer.status_code == 409 and not Consent.objects.exists()
    assert "Quite another text." in body and "Read it again" in body
    assert client.post(address, {**data, "seen": answer.context["form"]["seen"].value()}).status_code == 302


def test_what_was_chosen_comes_back_when_something_is_to_be_changed(cast: Cast, sign_in: Any, visit: Visit) -> None:
    data = choice(second(visit), to="organisations", organisations=["sumora"], reason="Kept remark.", step="change")
    answer = sign_in("carana").post(reverse("visit-share", args=[visit.pk]), data)
    form = answer.context["form"]
    assert answer.status_code == 200 and not form.errors
    assert form["organisations"].value() == ["sumora"] and form["until"].value() == soon().isoformat()
    assert "Kept remark." in answer.content.decode()


def test_a_narrower_release_says_who_loses_sight_of_it(cast: Cast, sign_in: Any, visit: Visit) -> None:
    consents.release(actor=cast.carana, rows=[second(visit)])
    data = choice(second(visit), to="organisations", organisations=["unodc"])
    confirm = sign_in("carana").post(reverse("visit-share", args=[visit.pk]), data)
    assert "1 person in 1 organization will" in confirm.context["sentence"]
    assert "2 people in 2 organizations will lose access" in confirm.context["losing"]


def test_an_audience_without_anybody_is_said(cast: Cast, sign_in: Any, visit: Visit) -> None:
    WorkingGroup.objects.establish(slug="empty", name="Empty group")
    data = choice(second(visit), to="working_groups", working_groups=["empty"])
    confirm = sign_in("carana").post(reverse("visit-share", args=[visit.pk]), data)
    assert "Nobody is appointed there today." in confirm.context["sentence"]


# ── Withdrawal ───────────────────────────────────────────────────────────────
def test_what_is_withdrawn_is_gone_at_the_next_request(cast: Cast, sign_in: Any, visit: Visit) -> None:
    section, need = second(visit), visit.needs.get()
    consents.release(actor=cast.carana, rows=[section, need])
    client, entity = sign_in("carana"), sign_in("unodc")
    for name, row in (("section", section), ("need", need)):
        assert entity.get(reverse(name, args=[row.pk])).status_code == 200
        page = client.get(reverse(f"{name}-withdraw", args=[row.pk]))
        assert "3 people in 3 organizations will lose access to" in page.context["sentence"]
        assert {reader.name for reader in page.context["losers"]} == {"Unodc", "Unoct", "Iom"}
        answer = client.post(reverse(f"{name}-withdraw", args=[row.pk]), {"reason": "A remark for CTED."})
        assert answer.status_code == 302
        assert entity.get(reverse(name, args=[row.pk])).status_code == 404
        assert client.get(reverse(f"{name}-withdraw", args=[row.pk])).status_code == 409
        assert client.post(reverse(f"{name}-withdraw", args=[row.pk])).status_code == 409
    body = entity.get(reverse("visit", args=[visit.pk])).content.decode()
    assert "Text-of-two" not in body and "Title-of-need" not in body


def test_a_reason_with_nul_bytes_is_refused(cast: Cast, sign_in: Any, visit: Visit) -> None:
    consents.release(actor=cast.carana, rows=[second(visit)])
    address = reverse("section-withdraw", args=[second(visit).pk])
    assert sign_in("carana").post(address, {"reason": "a\0b"}).status_code == 422
