"""Pages of release and withdrawal: the grid and its confirmation; others see exactly the rows named."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assistance.consents import transitions as consents
from assistance.consents.models import Consent, ReleasePlan
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.tests.reports import PDF, choice, publish, release, reported_visit, second, soon
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from assistance.workflow.naming import matter_of
from entities.models import WorkingGroup
from web.date_fields import after

OWN = {"carana", "observer", "cted"}


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return reported_visit(cast)


# ── Responses by actor ───────────────────────────────────────────────────────
@pytest.mark.turns(3)
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


def quoted(row: Any) -> str:
    """Return the title of a row as a sentence quotes it: isolated where it is in another language than the page."""
    return f"“{matter_of(row).inline}”"


# ── Release ──────────────────────────────────────────────────────────────────
def grid(client: Client, address: str) -> dict[str, dict[str, Any]]:
    """Return item → word → cell of the release page."""
    shown = client.get(address).context["grid"]
    return {line.item.key: {cell.column.word: cell for cell in line.cells} for line in shown.rows}


def key(row: Any) -> str:
    return f"{row.record_name()}:{row.pk}"


def test_released_section_is_read_by_the_entity_and_no_other_section_is(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    form = client.get(address)
    assert "Text-of-one" in form.content.decode(), "the text is previewed before it is released"
    column = form.context["grid"].columns[0]
    assert (column.people, column.organisations) == (3, 3) and "3 people in 3 organizations" in form.content.decode()
    assert ("Unodc", 1) in column.names
    data = choice(second(visit), visit.needs.get(), seen=form.context["form"].initial["seen"])
    review = client.post(address, data)
    plan = ReleasePlan.objects.get()
    assert review["Location"] == reverse("release-plan-transition", args=[plan.pk, "publish"])
    assert not Consent.objects.exists(), "nothing is released by the first step"
    confirm = client.get(review["Location"])
    body = confirm.content.decode()
    sentence = f"3 people in 3 organizations will be able to read section 2 and need {quoted(visit.needs.get())}"
    assert sentence in body and "Text-of-two" in body
    assert {name for name, _people in confirm.context["difference"].readers} == {"Unodc", "Unoct", "Iom"}
    note = SimpleUploadedFile("Note verbale.pdf", PDF)
    answer = publish(client, plan, remark="As agreed.", note_verbale=note)
    assert answer.status_code == 302 and answer["Location"] == reverse("visit", args=[visit.pk])
    told = client.get(answer["Location"]).content.decode()
    assert "3 people in 3 organizations will be able to read" in told and "Notified: " in told
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
    address = reverse("visit-share", args=[visit.pk])
    assert release(sign_in("carana"), address, second(visit), words=["searcct"]).status_code == 302
    client = sign_in("partner")
    page = client.get(second(visit).get_absolute_url())
    assert page.status_code == 200 and "Text-of-two" in page.content.decode()
    assert reverse("visit", args=[visit.pk]) not in page.content.decode()
    assert client.get(reverse("visit", args=[visit.pk])).status_code == 404
    assert sign_in("unodc").get(second(visit).get_absolute_url()).status_code == 404


def test_each_part_has_its_own_audiences(cast: Cast, sign_in: Any, visit: Visit) -> None:
    group = WorkingGroup.objects.establish(slug="borders", name="Border management")
    group.members.add(cast.org("iom"))
    one, two = visit.sections.order_by("number")
    data = choice(two, words=["borders", "sumora"])
    data["cells"].append(f"{key(one)}|compact")
    client = sign_in("carana")
    assert client.post(reverse("visit-share", args=[visit.pk]), data).status_code == 302
    assert publish(client, ReleasePlan.objects.get()).status_code == 302

    def readers(row: Section) -> list[str]:
        return [n for n in MEMBERS if sign_in(n).get(row.get_absolute_url()).status_code == 200]

    assert readers(two) == ["carana", "sumora", "cted", "iom", "observer"]
    assert readers(one) == ["carana", "cted", "unoct", "unodc", "iom", "observer"]


def test_audiences_are_added_as_columns_and_nothing_is_saved_by_it(cast: Cast, sign_in: Any, visit: Visit) -> None:
    WorkingGroup.objects.establish(slug="empty", name="Empty group")
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    answer = client.post(address, choice(second(visit), words=["compact", "empty", "sumora"], step="add"))
    columns = {column.word: column for column in answer.context["grid"].columns}
    assert answer.status_code == 200 and set(columns) == {"compact", "states", "donors", "sumora", "empty"}
    assert columns["empty"].people == 0 and "No one is appointed there today." in answer.content.decode()
    line = next(line for line in answer.context["grid"].rows if line.row == second(visit))
    assert {cell.column.word for cell in line.cells if cell.is_ticked} == {"compact", "empty", "sumora"}
    assert line.reach == (4, 4) and not ReleasePlan.objects.exists()


def test_what_an_audience_reads_already_is_not_offered_to_it_again(cast: Cast, sign_in: Any, visit: Visit) -> None:
    consents.release(actor=cast.carana, rows=[second(visit)], until=soon())
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    page = client.get(address).content.decode()
    assert f'value="{key(second(visit))}|compact"' not in page and f'value="{key(second(visit))}|donors"' in page
    cells = grid(client, address)[key(second(visit))]
    assert [word for word, cell in cells.items() if cell.is_released] == ["compact"]
    added = client.post(address, choice(second(visit), words=["unodc", "donors"], step="add")).context["grid"]
    line = next(line for line in added.rows if line.row == second(visit))
    assert [c.column.word for c in line.cells if c.is_released] == ["compact", "unodc"], "a member of the Compact"
    assert release(client, address, second(visit), words=["donors"]).status_code == 302
    now = grid(client, address)[key(second(visit))]
    assert [word for word, cell in now.items() if cell.is_released] == ["compact", "donors"], "the first stays"
    assert sign_in("unodc").get(second(visit).get_absolute_url()).status_code == 200


def test_a_release_is_narrowed_by_changing_it_and_the_page_says_who_loses(
    cast: Cast, sign_in: Any, visit: Visit
) -> None:
    consents.release(actor=cast.carana, rows=[second(visit)])
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    change = f"{address}?change={key(second(visit))}"
    assert grid(client, change)[key(second(visit))]["compact"].is_ticked
    answer = client.post(address, choice(second(visit), words=["unodc"], change=key(second(visit))))
    confirm = client.get(answer["Location"])
    assert "1 person in 1 organization will be able to read section 2" in confirm.content.decode()
    assert confirm.context["difference"].losing == (2, 2)
    assert publish(client, ReleasePlan.objects.get()).status_code == 302
    assert sign_in("unodc").get(second(visit).get_absolute_url()).status_code == 200
    assert sign_in("iom").get(second(visit).get_absolute_url()).status_code == 404


def test_a_section_and_a_need_open_the_grid_of_their_visit(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client, need = sign_in("carana"), visit.needs.get()
    for name, row in (("section-share", second(visit)), ("need-share", need)):
        answer = client.get(reverse(name, args=[row.pk]))
        assert {line.item.key for line in answer.context["grid"].rows} == {
            key(row) for row in (*visit.sections.all(), need)
        }
        body = answer.content.decode()
        assert f'id="part-{row.pk}" class="is-chosen"' in body and body.count("Opened from here") == 1
        head = body[: body.index('<form class="release"')]
        assert f"You opened this page from {quoted(row)}." in head and f'href="#part-{row.pk}"' in head
    whole = client.get(reverse("visit-share", args=[visit.pk])).content.decode()
    assert "You opened this page from" not in whole and "Opened from here" not in whole
    alone = cast.need("agreed")
    address = reverse("need-share", args=[alone.pk])
    assert set(grid(client, address)) == {key(alone)}
    assert client.post(address, choice(second(visit))).status_code == 422
    assert release(client, address, alone).status_code == 302
    assert sign_in("unodc").get(reverse("need", args=[alone.pk])).status_code == 200
    assert ReleasePlan.objects.get().visit is None


def test_the_pages_of_a_consent_name_its_rows_by_title_before_their_codes(cast: Cast, sign_in: Any) -> None:
    need = cast.need("agreed", title="عنوان", language="ar")
    consent = consents.release(actor=cast.carana, rows=[need])
    answer = sign_in("carana").get(consent.get_absolute_url())
    body = answer.content.decode()
    assert "Release of “\u2068عنوان\u2069” (need)" in body, "the title does not turn the words around it"
    for place in ("Items concerned", 'id="versions"'):
        part = body[body.index(place) :]
        assert part.index("عنوان") < part.index(need.reference), place
    assert "Before: only the State and CTED" in " ".join(body.split())
    assert "After: UNOCT and Compact focal points" in re.sub(r"<[^>]+>", "", " ".join(body.split()))


def test_a_need_not_agreed_is_named_but_cannot_be_chosen(cast: Cast, sign_in: Any, visit: Visit) -> None:
    need = cast.need("put", visit=visit, source="visit")
    client = sign_in("carana")
    form = client.get(reverse("visit-share", args=[visit.pk]))
    assert form.context["not_agreed"] == [need] and key(need) not in form.content.decode()
    assert client.post(reverse("visit-share", args=[visit.pk]), choice(need)).status_code == 422
    answer = client.get(reverse("need-share", args=[need.pk]))
    assert answer.status_code == 409 and "Awaiting State agreement" in answer.content.decode()


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"cells": []}, "cells", "Select at least one part for at least one audience."),
        ({"cells": ["section:00000000-0000-4000-8000-000000000000|compact"]}, "cells", "Select a valid choice"),
        ({"cells": ["\0|compact"]}, "cells", "Select a valid choice"),
        ({"until": "2020-01-01"}, "until", "The date has passed. Enter today or a later date."),
        ({"until": "soon"}, "until", "Enter a valid date."),
        ({"until": "٢٠٢٦-٠٢-٣٠"}, "until", "Enter a valid date."),
        ({"until": None, "until_choice": "another"}, "until", "Enter the missing parts of the date: Day, Month, Year."),
        ({"until": None, "until_choice": "never"}, "until", "Enter a valid date."),
        ({"organisations": ["no-such"]}, "organisations", "Select a valid choice"),
        ({"organisations": ["carana"]}, "organisations", "Select a valid choice"),
        ({"working_groups": ["\0"]}, "working_groups", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    cast: Cast, sign_in: Any, visit: Visit, values: dict[str, Any], field: str, words: str
) -> None:
    data = choice(second(visit), **values)
    answer = sign_in("carana").post(reverse("visit-share", args=[visit.pk]), data)
    assert answer.status_code == 422 and not ReleasePlan.objects.exists()
    assert words in " ".join(answer.context["form"].errors[field])
    ticked = f'value="{key(second(visit))}|compact" checked'
    assert field == "cells" or ticked in answer.content.decode()


@pytest.mark.parametrize("months", [6, 12, None])
def test_an_end_is_chosen_by_one_click(cast: Cast, sign_in: Any, visit: Visit, months: int | None) -> None:
    until = after(months) if months else None
    data = choice(second(visit), until=None, until_choice=until.isoformat() if until else "")
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    assert f'value="{data["until_choice"]}"' in client.get(address).content.decode()
    assert client.post(address, data).status_code == 302
    assert ReleasePlan.objects.get().lines.get().until == until


@pytest.mark.parametrize("seen", ["", "\0", "x=y", f"{'a' * 40}={'9' * 40}", "= = =", "1" * 100_001])
def test_a_mangled_list_of_versions_does_no_harm(cast: Cast, sign_in: Any, visit: Visit, seen: str) -> None:
    answer = sign_in("carana").post(reverse("visit-share", args=[visit.pk]), choice(second(visit), seen=seen))
    assert answer.status_code in (302, 422)


def test_a_text_changed_while_it_was_read_is_not_released(cast: Cast, sign_in: Any, visit: Visit) -> None:
    client, address = sign_in("carana"), reverse("visit-share", args=[visit.pk])
    data = choice(second(visit), seen=client.get(address).context["form"].initial["seen"])
    editing.edit(actor=cast.cted, model=Section, pk=second(visit).pk, values={"text": "Quite another text."})
    answer = client.post(address, data)
    body = answer.content.decode()
    assert answer.status_code == 409 and not ReleasePlan.objects.exists()
    assert "Quite another text." in body and "Read it again" in body
    assert client.post(address, {**data, "seen": answer.context["form"]["seen"].value()}).status_code == 302


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
