"""Rows in JSON: by the statements that a process keeps as by a query, in each language, with each reader's transitions."""

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from assistance import registry, search
from assistance.access import reading
from assistance.access.models import Restricted
from assistance.consents import transitions as consents
from assistance.needs import match_transitions as matches
from assistance.needs.models import Need
from assistance.needs.serializers import NeedSerializer
from assistance.rest.serializers import ALL, NONE, RowSerializer, WorkSerializer
from assistance.tests.cases import VIEWERS, Cases, all_cases, name_of
from assistance.tests.cast import Cast, appoint
from assistance.workflow.engine import AvailableTransitions, available_transitions
from entities import actors
from entities.actors import Actor
from entities.models import Role
from portal.tests.api import ApiClients
from portal.tests.leak_world import BACKEND
from web import filter_backend
from web.translated_text import CODES, Localized, localized, set_localized

LISTED = [cases for cases in all_cases() if registry.of(cases.model).viewset is not None]


def readers(cast: Cast) -> dict[str, Actor]:
    """Return the actors of everybody who reads anything; called before rows are made for them."""
    cast.add_donor()
    return {name: actors.actor_of(cast.users[name]) for name in VIEWERS}


def kinds(cases: Cases) -> list[type[RowSerializer]]:
    viewset = registry.of(cases.model).viewset
    return [viewset.list_serializer_class, viewset.detail_serializer_class]


def in_order(rows: Any) -> Any:
    return rows.order_by("pk")


@pytest.mark.turns(20)
@pytest.mark.parametrize("cases", LISTED, ids=name_of)
def test_kept_statements_answer_as_queries_do_for_every_reader(cast: Cast, cases: Cases) -> None:
    people = readers(cast)
    for case in cases.rows:
        case.make(cast)
    shown = 0
    for actor in people.values():
        for kind in kinds(cases):
            for languages in (NONE, ALL):
                kept = kind.kept_rows(actor, languages).rows("in order", in_order, [])
                read = list(in_order(kind.load(actor, languages=languages)))
                assert [vars(row).keys() for row in kept] == [vars(row).keys() for row in read]
                answer = kind.show(actor, kept, languages)
                assert answer == kind.show(actor, read, languages)
                shown += len(answer)
    assert shown


@pytest.mark.parametrize("way", ["a session", "a token"])
def test_a_request_is_answered_by_the_kept_statements(cast: Cast, way: str) -> None:
    cast.need("shared")
    client: Any = ApiClients(cast).unodc
    path = ""
    if way == "a session":
        client, path = Client(), "/api/v1/"
        client.force_login(cast.users["unodc"], backend=BACKEND)
    for address in (f"{path}needs/", f"{path}needs/{Need.objects.get().pk}/"):
        reading.STATEMENTS._kept.clear()
        assert client.get(address).status_code == 200
        assert any(key[0] is NeedSerializer for key, _language in reading.STATEMENTS._kept), address


def choices_of(filters: Any, model: type[Restricted], name: str) -> list[Any]:
    """Return values that a filter takes: some of its choices, or the keys that rows have."""
    field: Any = filters(queryset=model._default_manager.none()).form.fields[name]
    if hasattr(field, "queryset"):
        return [getattr(one, field.to_field_name or "pk") for one in field.queryset[:40]]
    chosen = [value for value, _label in getattr(field, "choices", ()) if value]
    column = filters.base_filters[name].field_name
    return chosen or list(model._default_manager.exclude(**{column: None}).values_list(column, flat=True)[:3])


@pytest.mark.turns(20)
@pytest.mark.parametrize("cases", LISTED, ids=name_of)
def test_a_filtered_list_by_kept_statements_is_that_of_its_filters(
    cast: Cast, api_clients: ApiClients, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in cases.rows:
        case.make(cast)
    filters = getattr(registry.of(cases.model).viewset, "filterset_class", None)
    plain = [name for name, kind in filters.base_filters.items() if filter_backend._compares(kind)] if filters else []
    asked = [{name: value} for name in plain for value in choices_of(filters, cases.model, name)]
    asked += [{**one, **other} for one, other in itertools.pairwise(asked[::7]) if one.keys() != other.keys()]
    if filters and filter_backend._looks_up(filters.base_filters.get("q")):
        asked += [{"q": term, **one} for term in ("a", "kept", "Carana", "zqx", "-", "") for one in ({}, *asked[:3])]
    found = 0
    for reader in (api_clients.cted, api_clients.carana):
        for query in asked:
            answer = reader.get(f"{cases.collection}/", query).json()
            with monkeypatch.context() as patched:
                patched.setattr(filter_backend, "_compares", lambda kind: False)
                patched.setattr(filter_backend, "_looks_up", lambda kind: False)
                assert answer == reader.get(f"{cases.collection}/", query).json(), query
            found += len(answer["results"])
    assert found or not plain


@pytest.mark.turns(20)
@pytest.mark.parametrize("cases", LISTED, ids=name_of)
def test_a_list_shows_what_an_item_shows_in_the_language_of_the_reader(
    cast: Cast, api_clients: ApiClients, cases: Cases
) -> None:
    for case in cases.rows:
        case.make(cast)
    reader = getattr(api_clients, next(iter(sorted(cases.open_row.readers))))
    for language in ("fr", "zh"):
        rows = reader.get(f"{cases.collection}/", HTTP_ACCEPT_LANGUAGE=language).json()["results"]
        assert rows
        for row in rows:
            item = reader.get(f"{cases.collection}/{row['id']}/", HTTP_ACCEPT_LANGUAGE=language).json()
            assert row.items() <= {**item, **{name: row[name] for name in row if row[name] == item[name]}}.items()
            assert set(kinds(cases)[0]().fields) - set(row) <= {"translations"}
            assert set(kinds(cases)[1]().fields) == set(item)


@pytest.mark.turns(20)
@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_transitions_of_many_rows_are_those_of_each(cast: Cast, cases: Cases) -> None:
    people = readers(cast)
    rows: list[Restricted] = [case.make(cast) for case in cases.rows]
    rows = [type(row)._default_manager.get(pk=row.pk) for row in rows]
    possible = set()
    for name, actor in people.items():
        available = AvailableTransitions(actor, cases.model)
        for row in rows:
            names = [step.name for step in available.of(row)]
            assert names == [step.name for step in available_transitions(actor, row)], (name, row)
            possible.update(names)
        assert_lists_offer_the_same(actor, rows)
    assert possible or not cases.runs


def assert_lists_offer_the_same(actor: Actor, rows: list[Any]) -> None:
    """Assert that rows as a list reads them, with what guards ask in its statement, offer what they do by themselves."""
    viewset = registry.of(type(rows[0])).viewset
    if viewset is None or not issubclass(viewset.list_serializer_class, WorkSerializer):
        return
    kind = viewset.list_serializer_class
    listed = {row["id"]: row["transitions"] for row in kind.show(actor, list(kind.load(actor, languages=NONE)), NONE)}
    for row in rows:
        if row.pk in listed:
            assert listed[row.pk] == [step.name for step in available_transitions(actor, row)], (actor.user, row)


def test_a_list_knows_what_was_withdrawn_and_who_provides(cast: Cast) -> None:
    withdrawn, section = cast.need("shared"), cast.section(cast.visit())
    consents.release(actor=cast.carana, rows=[section], audience=["unodc"])
    consents.withdraw(actor=cast.carana, rows=[withdrawn, section], reason="Changed")
    delivered, shared = cast.match("delivered").need, cast.need("shared")
    first, waiting = (cast.match("proposed", need=shared, who=who, share=60) for who in ("unodc", "iom"))
    matches.accept(actor=cast.carana, match=first.pk)  # which leaves too little room for the other
    put = cast.visit()
    cast.need("put", visit=put)  # nothing but a need can be released
    appoint(cast.users["carana"], cast.org("unodc"), Role.FOCAL_POINT)  # who provides may not verify
    for row in (withdrawn, section, delivered, waiting, put):
        for name in ("carana", "cted", "unodc"):
            anew = type(row)._default_manager.get(pk=row.pk)
            assert_lists_offer_the_same(actors.actor_of(cast.users[name]), [anew])


def test_rows_of_one_class_are_decided_once(cast: Cast) -> None:
    rows = [cast.need("agreed") for _ in range(3)]
    available = AvailableTransitions(cast.carana, Need)
    assert available.undecided(rows) == rows  # `withdraw` has a guard
    assert AvailableTransitions(cast.unodc, Need).undecided(rows) == []
    assert len(available.classes) == 1


# ── Languages ────────────────────────────────────────────────────────────────
def test_postgresql_chooses_the_language_that_python_chooses(cast: Cast) -> None:
    need = cast.need("shared")
    for written in CODES:
        for others in ((), ("fr",), ("ru", "ar"), CODES):
            Need.objects.update(language=written)
            need = Need.objects.get()
            for code in CODES:
                set_localized(need, "title", f"In {code}" if code in (written, *others) else "", code)
            need.save()
            for reader in CODES:
                with translation.override(reader):
                    text = localized(Need.objects.get(), "title")
                    chosen = Need.objects.annotate(chosen=Localized("title")).get().chosen
                assert chosen == [text.language, text.value]
    Need.objects.update(**{f"title_{code.replace('-', '_')}": None for code in CODES})
    with translation.override("es"):
        assert Need.objects.annotate(chosen=Localized("title")).get().chosen == ["es", ""]


def in_six(cast: Cast) -> Need:
    need: Need = cast.need("shared")
    for code in CODES:
        set_localized(need, "title", f"In {code}", code)
    need.save()
    return need


def test_a_list_has_the_languages_that_are_asked_for(cast: Cast, api_clients: ApiClients) -> None:
    need = in_six(cast)

    def titles(path: str, **query: str) -> Any:
        answer = api_clients.unodc.get(path, query, HTTP_ACCEPT_LANGUAGE="fr").json()
        (row,) = answer.get("results", [answer])
        assert (row["title"], row["title_language"]) == ("In fr", "fr")
        return row.get("translations", {}).get("title")

    six = {"ar", "en", "es", "fr", "ru", "zh"}
    item = f"needs/{need.pk}/"
    assert titles("needs/") is None
    assert set(titles("needs/", languages="all")) == set(titles(item)) == set(titles(item, languages="all")) == six
    assert titles("needs/", languages="zh") == titles(item, languages="zh") == {"zh": "In zh-hans"}
    assert set(titles("needs/", languages="ru,es")) == {"es", "ru"}
    assert set(titles("needs/", languages="ru", theme="border")) == {"ru"}


@pytest.mark.parametrize("asked", ["", "xx", "all,fr", "fr,", "FR", "zh-hans", "\0", "fr fr", "٣"])
def test_languages_that_are_none_are_refused(cast: Cast, api_clients: ApiClients, asked: str) -> None:
    need = cast.need("shared")
    for path in ("needs/", f"needs/{need.pk}/", "sections/"):
        answer = api_clients.unodc.get(path, {"languages": asked})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["languages"]


def test_what_has_no_texts_has_no_languages(cast: Cast, api_clients: ApiClients) -> None:
    match = cast.match()
    for path in ("matches/", f"matches/{match.pk}/", "visits/", "documents/", "consents/", "me/"):
        assert api_clients.cted.get(path, {"languages": "fr"}).status_code == 400
    assert api_clients.cted.get("needs/?languages=fr&languages=es").status_code == 400
    assert api_clients.cted.post("needs/?languages=fr", {}).status_code == 400


def test_what_is_inside_a_visit_has_them_when_asked(cast: Cast, api_clients: ApiClients) -> None:
    visit = cast.visit()
    cast.section(visit)
    path = f"visits/{visit.pk}/"
    assert "translations" not in api_clients.cted.get(path).json()["sections"][0]
    assert set(api_clients.cted.get(path, {"languages": "en"}).json()["sections"][0]["translations"]["title"]) == {"en"}


def test_texts_in_other_languages_are_not_read_for_a_list(cast: Cast, api_clients: ApiClients) -> None:
    in_six(cast)
    connection.kept_statements = None  # type: ignore[attr-defined] # so that they are prepared, and read, anew
    with CaptureQueriesContext(connection) as captured:
        api_clients.unodc.get("matches/")
        api_clients.unodc.get("needs/")
    read = [query["sql"] for query in captured if 'FROM "assistance_need"' in query["sql"]]
    assert read and not [sql for sql in read if '"assistance_need"."title_ar",' in sql.split("CASE")[0]]


def test_searches_for_any_term_that_is_looked_up_are_one_kept_statement(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared", audience="compact", title="A title with saffron")
    reading.STATEMENTS._kept.clear()
    for term, expected in (("saffron", [str(need.pk)]), ("absent", []), ("title saffron", [str(need.pk)])):
        answer = api_clients.unodc.get("needs/", {"q": term}).json()
        assert [row["id"] for row in answer["results"]] == expected, term
    searched = [key for key, _language in reading.STATEMENTS._kept if key[0] is NeedSerializer and "pk" in key[2]]
    assert len(searched) == 1


def test_a_search_for_a_term_in_most_rows_finds_the_same(
    cast: Cast, api_clients: ApiClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, _other = cast.need("shared", title="Saffron"), cast.need("shared", title="Thyme")
    looked_up = api_clients.unodc.get("needs/", {"q": "saffron", "priority": "high"}).json()
    monkeypatch.setattr(search, "_look_up", lambda *asked: None)  # as it answers for such a term
    tested = api_clients.unodc.get("needs/", {"q": "saffron", "priority": "high"}).json()
    assert tested == looked_up and [row["id"] for row in tested["results"]] == [str(shared.pk)]
