"""Decision pages of all aggregates: they show what is decided, choose nothing beforehand, and say who else can act."""

from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assistance import registry
from assistance.access import policy
from assistance.pages.views import transition_url
from assistance.tests.cases import Cases, all_cases
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from assistance.workflow.engine import available_transitions
from assistance.workflow.naming import matter_of
from assistance.workflow.transition import Transition

Run = tuple[Cases, Transition, str, str]


def runs() -> Iterator[Run]:
    """Yield each transition with a page of its own row, who runs it, and on a row in which state."""
    for cases in all_cases():
        for name, (who, state) in cases.runs.items():
            transition = registry.of(cases.model).transitions[name]
            if not transition.own_page:
                yield cases, transition, who, state


def name_of(run: Any) -> str:
    return f"{run[0].name}-{run[1].name}"


@pytest.mark.turns(12)
@pytest.mark.parametrize("run", list(runs()), ids=name_of)
def test_a_decision_shows_what_is_decided_and_every_choice(cast: Cast, client: Client, run: Run) -> None:
    cases, transition, who, state = run
    row: Any = cases.in_state(state).make(cast)
    sign_in(client, cast, who)
    answer = client.get(transition_url(row, transition))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f"<title>{transition.label}: {escape(str(matter_of(row).title))}" in body, "the title names the record"
    assert 'id="decided"' in body
    open_now = available_transitions(getattr(cast, who), row)
    assert ("choice-here" in body) is (transition in open_now)
    assert ("This action is not possible now" in body) is (transition not in open_now)
    for choice in open_now:
        assert escape(str(choice.consequence)) in body
        assert choice == transition or f'href="{transition_url(row, choice)}"' in body


@pytest.mark.turns(12)
@pytest.mark.parametrize("run", list(runs()), ids=name_of)
def test_to_respond_is_not_yet_to_answer(cast: Cast, client: Client, run: Run) -> None:
    cases, _transition, who, state = run
    row: Any = cases.in_state(state).make(cast)
    sign_in(client, cast, who)
    address = reverse(row.url_name("decide"), args=[row.pk])
    answer = client.get(address)
    assert answer.status_code == 200 and client.post(address).status_code == 405
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert 'type="submit"' not in main and "choice-here" not in main, "nothing is chosen beforehand"
    for choice in available_transitions(getattr(cast, who), row):
        assert f'href="{transition_url(row, choice)}"' in main and escape(str(choice.consequence)) in main


@pytest.mark.turns(12)
@pytest.mark.parametrize("run", list(runs()), ids=name_of)
def test_who_may_not_decide_is_told_who_can_once(cast: Cast, client: Client, run: Run) -> None:
    cases, transition, who, state = run
    row: Any = cases.in_state(state).make(cast)
    others = [name for name in sorted(cases.in_state(state).readers) if name != who and hasattr(cast, name)]
    steps = registry.of(cases.model).transitions.values()
    for name in others:
        actor = getattr(cast, name)
        if any(step in available_transitions(actor, row) for step in steps):
            continue
        sign_in(client, cast, name)
        answer = client.get(transition_url(row, transition))
        body = answer.content.decode()
        if answer.status_code == 403:
            assert body.count("Authorized: ") == 1 and f'href="{row.get_absolute_url()}"' in body
        assert answer.status_code in (200, 403, 404, 409), name


@pytest.mark.parametrize(
    ("language", "state", "nobody"),
    [
        ("en", "the State concerned", "no one"),
        ("es", "el Estado interesado", "nadie"),
        ("fr", "l’État concerné", "personne"),
    ],
)
def test_who_may_act_is_named_as_after_a_colon(language: str, state: str, nobody: str) -> None:
    with translation.override(language):
        assert (str(policy.WHO_WORDS["state"]), str(policy.WHO_WORDS["nobody"])) == (state, nobody)
        words = [text for one in registry.aggregates() for text in one.who_words.values()]
        for text in map(str, [*policy.WHO_WORDS.values(), *words]):
            assert text[0].islower() or text.split()[0].isupper(), text
