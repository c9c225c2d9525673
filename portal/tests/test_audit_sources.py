"""Audit entries for sign-in, tokens, refusals and decisions, on pages and in the API, and failures to write them."""

import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ApiToken, User
from assistance.consents import transitions as consents
from assistance.needs.models import Need
from assistance.tests.cast import PASSWORD, Cast
from audit import log
from audit.kinds import Kind
from audit.models import Entry
from entities.actors import actor_of
from entities.appointments import appoint, approve, end, nominate
from entities.impersonation import KEY, LASTS
from entities.models import Role
from portal.tests.api import ApiClients, token_of
from web.exceptions import DomainError


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name], backend="accounts.sign_in.backend.AccountBackend")
    return client


def last(kind: Kind) -> Entry:
    entry = Entry.objects.filter(kind=kind).order_by("-id").first()
    assert entry is not None
    return entry


def test_the_entry_of_a_page_says_who_as_whom_what_when_from_where_and_how(cast: Cast) -> None:
    need = cast.need("shared")
    answer = signed_in(cast, "unodc").get(f"/needs/{need.pk}/?q=secret", REMOTE_ADDR="192.0.2.7")
    entry = last(Kind.READ)
    assert (entry.who, entry.who_name) == (cast.users["unodc"].pk, "unodc")
    assert entry.as_whom == "UNODC, Focal point"
    assert entry.appointments == [cast.unodc.appointments[0].pk]
    assert entry.subjects[0] == f"need:{need.pk}" and entry.references[0] == need.reference
    assert entry.states == [need.state_id]
    assert entry.address == "192.0.2.7"
    assert entry.source == "GET /needs/<uuid:pk>/ need"
    assert entry.credential == "session"
    assert entry.request == answer["X-Request-ID"]


def test_a_token_is_named_wherever_it_is_used(cast: Cast) -> None:
    need = cast.need("shared")
    secret = token_of(cast.users["unodc"])
    row = ApiToken.objects.get()
    before = last(Kind.TOKEN_MADE).pk
    Client().get(f"/api/v1/needs/{need.pk}/", headers={"Authorization": f"Token {secret}"})
    Client().get("/api/v1/me/", headers={"Authorization": f"Token {secret}"})
    read, used = Entry.objects.filter(pk__gt=before).order_by("id")  # one entry for each request
    assert (read.kind, used.kind) == (Kind.READ, Kind.TOKEN_USED)
    assert used.credential == read.credential == f"token {row.uid}"
    assert read.source == "GET /api/v1/needs/<pk>/ api-need-detail"
    assert secret not in str(Entry.objects.values_list())


def test_a_list_is_one_entry_with_all_its_rows(cast: Cast) -> None:
    needs = [cast.need("shared") for _ in range(3)]
    before = Entry.objects.count()
    signed_in(cast, "unodc").get("/needs/")
    assert Entry.objects.count() == before + 2  # the sign-in, and the list
    entry = last(Kind.LISTED)
    assert set(entry.rows) == {need.pk for need in needs}
    assert (entry.subjects, entry.references, entry.kinds) == ([], [], "need:3")
    assert set(entry.all_subjects) == {f"need:{need.pk}" for need in needs}


def test_a_state_is_not_told_of_a_need_it_does_not_know(cast: Cast) -> None:
    cast.need("draft")
    signed_in(cast, "cted").get("/needs/")
    assert last(Kind.LISTED).states == []


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("sumora", "/needs/{need}/", 404),
        ("sumora", "/needs/{absent}/", 404),
        ("unodc", "/needs/{need}/edit/", 403),
        ("nobody", "/needs/", 403),
        ("sumora", "/api/v1/needs/{need}/", 404),
        (None, "/api/v1/needs/{need}/", 401),
        (None, "/needs/{need}/", 302),
    ],
)
def test_every_refusal_is_kept(cast: Cast, name: str | None, address: str, status: int) -> None:
    need, absent = cast.need("shared").pk, uuid.uuid4()
    client = signed_in(cast, name) if name else Client()
    before = Entry.objects.count()
    answer = client.get(address.format(need=need, absent=absent))
    assert answer.status_code == status
    assert Entry.objects.count() == before + 1
    entry = last(Kind.REFUSED)
    assert entry.who == (cast.users[name].pk if name else None)
    assert entry.detail == str(status)
    assert entry.states == []
    if "{" in address:
        assert entry.subjects == [f"need:{absent if 'absent' in address else need}"]


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_change_refused_while_viewing_as_somebody_is_kept(cast: Cast, prefix: str) -> None:
    need = cast.need("shared").pk
    client = signed_in(cast, "unoct")
    seen = {"appointment": str(cast.iom.appointments[0].pk), "ends_at": (timezone.now() + LASTS).isoformat()}
    session = client.session
    session[KEY] = seen
    session.save()
    before = Entry.objects.count()
    assert client.post(f"{prefix}/needs/{need}/agree/").status_code == 403
    assert Entry.objects.count() == before + 1
    entry = last(Kind.REFUSED)
    assert (entry.who, entry.viewed_by) == (cast.users["iom"].pk, cast.users["unoct"].pk)
    assert (entry.detail, entry.subjects) == ("403", [f"need:{need}"])
    assert entry.source.startswith(f"POST {prefix}/needs/")


def test_refused_entries_read_a_need_on_the_page_with_its_form_and_not_in_the_api(
    cast: Cast, api_clients: ApiClients
) -> None:
    need = cast.need("draft")
    read = Entry.objects.filter(kind=Kind.READ, subjects__contains=[f"need:{need.pk}"])
    assert api_clients.cted.patch(f"needs/{need.pk}/", {"title": ""}).status_code == 422
    assert not read.exists()
    assert signed_in(cast, "cted").post(f"/needs/{need.pk}/edit/", {"title": ""}).status_code == 422
    assert read.exists()


@pytest.mark.parametrize(("prefix", "status"), [("", 302), ("/api/v1", 403)])
def test_what_nobody_opens_without_a_second_factor_is_a_refusal(
    cast: Cast, settings: LazySettings, prefix: str, status: int
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    need = cast.need("shared").pk
    client = signed_in(cast, "unodc")
    before = Entry.objects.count()
    assert client.get(f"{prefix}/needs/{need}/").status_code == status
    assert Entry.objects.count() == before + 1
    entry = last(Kind.REFUSED)
    assert (entry.who, entry.detail) == (cast.users["unodc"].pk, str(status))
    assert (entry.subjects, entry.states) == ([f"need:{need}"], [])
    assert client.get(f"{prefix}/nowhere/").status_code in (302, 403)
    assert client.get("/me/security/").status_code == 200
    assert Entry.objects.count() == before + 1


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_hidden_and_absent_cost_the_same(cast: Cast, prefix: str) -> None:
    hidden, absent = cast.need("put").pk, uuid.uuid4()
    client = signed_in(cast, "sumora")
    client.get(f"{prefix}/needs/{absent}/")
    counts = []
    for key in (hidden, absent):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{prefix}/needs/{key}/")
        counts.append([query["sql"].split(" ", 2)[:2] for query in queries])
    assert counts[0] == counts[1]


def test_an_address_that_does_not_exist_refuses_nobody(cast: Cast) -> None:
    client = signed_in(cast, "carana")
    before = Entry.objects.count()
    client.get("/nowhere/")
    assert Entry.objects.count() == before


def test_a_step_refused_is_kept_though_its_transaction_is_not(cast: Cast) -> None:
    need = cast.need("agreed")
    client = signed_in(cast, "unodc")
    answer = client.post(f"/needs/{need.pk}/agree/")
    assert answer.status_code == 404
    assert last(Kind.REFUSED).subjects == [f"need:{need.pk}"]
    assert last(Kind.REFUSED).source == "POST /needs/<uuid:pk>/<slug:transition>/ need-transition"


def test_a_decision_and_its_entry_stand_or_fall_together(cast: Cast) -> None:
    need = cast.need("agreed")
    with transaction.atomic():
        consents.release(actor=cast.carana, rows=[need])
        assert last(Kind.CONSENT)
        transaction.set_rollback(True)
    assert not Entry.objects.filter(kind=Kind.CONSENT).exists()
    consents.release(actor=cast.carana, rows=[need])
    entry = last(Kind.CONSENT)
    assert entry.detail == "need_shared"
    assert entry.states == [need.state_id]
    assert entry.subjects[0] == f"need:{need.pk}" and entry.subjects[1].startswith("consent:")
    assert (entry.who_name, entry.as_whom) == ("carana", "Carana, Focal point")


def test_a_decision_refused_leaves_a_refusal_and_no_decision(cast: Cast) -> None:
    need = cast.need("put")
    with pytest.raises(DomainError):
        consents.release(actor=cast.sumora, rows=[need])
    assert not Entry.objects.filter(kind=Kind.CONSENT).exists()


def test_what_cannot_be_written_down_is_not_shown(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    need = cast.need("shared")
    client = signed_in(cast, "unodc")
    client.raise_request_exception = False

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(log, "_insert", fail)
    answer = client.get(f"/needs/{need.pk}/")
    assert answer.status_code == 500
    assert need.reference.encode() not in answer.content


# ── Sign-in and sign-out ─────────────────────────────────────────────────────
def test_signing_in_failing_to_and_signing_out_are_kept(cast: Cast) -> None:
    client = Client()
    client.post("/account/login/", {"login": "carana@example.org", "password": "wrong and long"})
    assert last(Kind.SIGN_IN_FAILED).who == cast.users["carana"].pk
    client.post("/account/login/", {"login": "carana@example.org", "password": PASSWORD})
    assert last(Kind.SIGNED_IN).who == cast.users["carana"].pk
    client.post("/account/logout/")
    assert last(Kind.SIGNED_OUT).who == cast.users["carana"].pk


def test_what_was_typed_by_nobody_known_is_not_kept(cast: Cast) -> None:
    Client().post("/account/login/", {"login": "my-password@example.org", "password": "something long"})
    entry = last(Kind.SIGN_IN_FAILED)
    assert entry.who is None
    assert "my-password" not in str(Entry.objects.filter(pk=entry.pk).values())


def test_a_token_made_revoked_or_wrong_is_kept(cast: Cast) -> None:
    row, _secret = ApiToken.issue(user=cast.users["iom"], name="t", days=1)
    assert last(Kind.TOKEN_MADE).subjects == [f"token:{row.uid}"]
    uid = row.uid
    row.delete()
    assert last(Kind.TOKEN_REVOKED).subjects == [f"token:{uid}"]
    Client().get("/api/v1/needs/", headers={"Authorization": f"Token {'a' * 64}"})
    assert (last(Kind.REFUSED).credential, last(Kind.REFUSED).detail) == ("token not valid", "401")


def use(secret: str, address: str = "/api/v1/needs/") -> Entry:
    assert Client().get(address, headers={"Authorization": f"Token {secret}"}).status_code in (401, 403)
    return last(Kind.REFUSED)


def test_a_token_used_beyond_its_scopes_says_whose_it_is_and_what_it_lacks(cast: Cast) -> None:
    secret = token_of(cast.users["unodc"], scopes=["offers:read"])
    entry = use(secret)
    assert (entry.who, entry.who_name) == (cast.users["unodc"].pk, "unodc")
    assert entry.credential == f"token {ApiToken.objects.get().uid}"
    assert entry.detail == "403 scope missing: needs:read"
    assert not Entry.objects.filter(kind=Kind.TOKEN_USED).exists()


def test_a_token_that_opens_nothing_any_more_says_whose_it_was(cast: Cast) -> None:
    secret = token_of(cast.users["unodc"])
    token = ApiToken.objects.get()
    end(actor=cast.unoct, appointment=cast.unodc.appointments[0], reason="Moved on.")
    entry = use(secret)
    assert (entry.who, entry.credential) == (token.user_id, f"token {token.uid}")
    assert (entry.detail, entry.as_whom) == ("401 no appointment of the token runs", "")
    ApiToken.objects.update(expiry=timezone.now())
    entry = use(secret)
    assert (entry.who, entry.credential) == (token.user_id, f"token {token.uid}")
    assert (entry.detail, entry.as_whom) == ("401 token expired", "")


def test_a_changed_password_is_kept(cast: Cast) -> None:
    client = signed_in(cast, "iom")
    new = {"oldpassword": PASSWORD, "password1": "another long phrase", "password2": "another long phrase"}
    client.post("/account/password/change/", new)
    assert last(Kind.FACTOR_CHANGED).detail == "password changed"


# ── Rights ───────────────────────────────────────────────────────────────────
def test_every_step_of_an_appointment_is_kept(cast: Cast) -> None:
    other = User.objects.create(email="second@example.org", name="second")
    appoint(user=other, organisation=cast.org("unoct"), role=Role.COORDINATOR)
    assert last(Kind.RIGHT_GIVEN).detail == "appointed: second, UNOCT, Coordinator"
    row = nominate(
        actor=cast.unoct, organisation=cast.org("iom"), role=Role.ALTERNATE, email="new@example.org", name="New Person"
    )
    assert last(Kind.NOMINATED).subjects == [f"appointment:{row.pk}", f"user:{row.user_id}"]
    approve(actor=actor_of(other), appointment=row)
    assert last(Kind.RIGHT_GIVEN).detail == f"approved: {row.user.name}, IOM, Alternate focal point"
    end(actor=cast.iom, appointment=row, reason="Moved on.")
    assert last(Kind.RIGHT_ENDED).detail == f"ended: {row.user.name}, IOM, Alternate focal point"


def test_a_right_taken_back_in_the_same_breath_leaves_no_entry(cast: Cast) -> None:
    before = Entry.objects.count()
    row = cast.iom.appointments[0]
    with transaction.atomic():
        end(actor=cast.unoct, appointment=row, reason="Moved on.")
        assert last(Kind.RIGHT_ENDED)
        transaction.set_rollback(True)
    assert Entry.objects.count() == before


def test_an_account_closed_is_kept(cast: Cast) -> None:
    user = cast.users["iom"]
    user.is_active = False
    user.save()
    assert last(Kind.RIGHT_ENDED).detail == "is_active: iom"


# ── Cost ─────────────────────────────────────────────────────────────────────
def test_the_log_adds_one_statement_to_a_page(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    client = signed_in(cast, "unodc")
    for address in ("/needs/", f"/needs/{need.pk}/", "/visits/", "/"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        added = [query for query in queries if "audit_" in query["sql"]]
        assert len(added) <= 1, address


def test_outside_a_request_nothing_is_shown_to_anybody(cast: Cast) -> None:
    cast.need("shared")
    before = Entry.objects.count()
    assert Need.objects.first()
    assert Entry.objects.count() == before
    assert log.record(Kind.NOMINATED).who is None
