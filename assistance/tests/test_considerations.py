"""Human rights, gender and violent extremism: what a need or project considers, each with a sentence."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance import considerations
from assistance.considerations import Consideration
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from portal.tests.api import ApiClients
from web.exceptions import Invalid

GIVEN = {
    "human_rights": "main_aim", "human_rights_note": "Judges review each measure.", "gender": "considered",
    "gender_note": "Half of the trainers are women.", "addresses_pve": True,
}  # fmt: skip


@pytest.mark.parametrize("level", Consideration.values)
@pytest.mark.parametrize("note", ["", "A sentence."])
@pytest.mark.parametrize("name", considerations.CONSIDERED)
def test_a_consideration_has_a_sentence_and_a_sentence_a_consideration(name: str, level: str, note: str) -> None:
    row = Need(**{name: level, f"{name}_note": note})
    is_considered = level != "not_considered"
    wrong = {f"{name}_note"} if is_considered and not note else {name} if note and not is_considered else set()
    assert set(considerations.errors_of(row)) == wrong


@pytest.mark.parametrize("kind", ["need", "project"])
def test_rows_keep_and_show_what_they_consider(cast: Cast, client: Client, kind: str) -> None:
    row = cast.need("shared", **GIVEN) if kind == "need" else cast.project(**GIVEN)
    sign_in(client, cast, "unodc")
    text = words(client.get(reverse(kind, args=[row.pk])))
    for part in ("Human rightsMain aimJudges review each measure.", "GenderConsideredHalf of the", "extremism"):
        assert part in text, part
    shown = ApiClients(cast).unodc.get(f"{kind}s/{row.pk}/").json()
    assert {name: shown[name] for name in considerations.FIELDS} == GIVEN
    plain = cast.need("shared") if kind == "need" else cast.project()
    assert "Not considered" not in words(client.get(reverse(kind, args=[plain.pk])))


@pytest.mark.parametrize(("kind", "who"), [("need", "cted"), ("project", "unodc")])
def test_a_form_says_at_which_field_the_sentence_is_missing(cast: Cast, client: Client, kind: str, who: str) -> None:
    sign_in(client, cast, who)
    body: dict[str, Any] = {
        "language": "en", "title": "Screening", "description": "Nothing is screened.", "state": cast.org("carana").pk,
        "source": "desk_survey", "theme": cast.theme.pk, "pillar": cast.pillar.pk, "assistance_type": "model_law",
        "priority": "high", "status": "planned", "lead": cast.org("unodc").pk, "human_rights": "considered",
        "gender": "not_considered",
    }  # fmt: skip
    answer = client.post(reverse(f"{kind}-add"), body)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"human_rights_note"}, form.errors
    assert client.post(reverse(f"{kind}-add"), {**body, "human_rights_note": "By law."}).status_code == 302


def test_the_sentence_of_a_need_counts_as_read() -> None:
    assert {"human_rights_note", "gender_note"} <= set(Need.texts)


def test_check_names_the_fields() -> None:
    with pytest.raises(Invalid) as refused:
        considerations.check(Need(gender="main_aim"))
    assert set(refused.value.errors) == {"gender_note"}
