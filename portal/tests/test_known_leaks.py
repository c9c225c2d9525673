"""Leaks of comparable systems, tried here: lists, searches, relations, administration, moved and revoked rows.

The whole list of 64 with its proofs is docs/proofs/known_leaks.md; test_known_leaks_counted.py checks that it is complete.
"""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.mail.dispatch import send
from accounts.models import Delivery, User
from assistance import registry
from assistance.access.models import Versioned
from assistance.consents import transitions as consents
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import Cast, appoint
from assistance.tests.world import holds_text
from assistance.visits.models import Section
from assistance.workflow import editing
from entities.models import Appointment, Role
from portal.tests.api import COLLECTIONS, ApiClients, fields
from portal.tests.leak_world import BACKEND
from portal.tests.production import SAFE
from portal.tests.sampling import sample

ROOT = Path(__file__).resolve().parents[2]
WORD, OTHER = "canaryzebra", "canaryquagga"


def signed_in(cast: Cast, name: str) -> Client:
    """Return a client in which a user of the cast is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=cast.users[name].pk), backend=BACKEND)
    return client


def said(answer: Any) -> str:
    """Return a page without what differs from one response to the next: nonces and form tokens."""
    return re.sub(r'(nonce|value)="[^"]{16,}"', "", answer.content.decode())


# ── Lists, search, autocomplete ──────────────────────────────────────────────
@pytest.mark.turns(3)
@pytest.mark.known_leak(1)  # a search over everything skipped the rule of each row: paperless-ngx GHSA-96jx-fj7m-qh6x
@pytest.mark.known_leak(4)  # an index of words without visibility, for years: IFRC GO 1444, 1744
@pytest.mark.parametrize("stage", ["draft", "put", "agreed"])
def test_no_search_finds_a_word_of_a_hidden_row(cast: Cast, api_clients: ApiClients, stage: str) -> None:
    need = cast.need(stage, title=f"{WORD} {OTHER}", description=OTHER)
    cast.section(cast.visit(), title=WORD, text=OTHER)
    cast.offer(published=False, who="iom", title=WORD, description=OTHER)
    client = signed_in(cast, "unodc")
    for words in (WORD, need.reference, WORD[:8], f'"{WORD}"', f"{WORD} OR border"):
        for place in (one.collection for one in registry.aggregates() if one.menu is not None):
            page = said(client.get(f"/{place}/?q={quote(words)}"))
            assert OTHER not in page and str(need.pk) not in page, (place, words)
    assert api_clients.unodc.ids("needs", q=WORD) == api_clients.unodc.ids("offers", q=WORD) == []
    assert api_clients.cted.ids("needs", q=WORD) == [str(need.pk)]


# completion offered words of hidden rows; the index kept old rights: paperless-ngx pull/13188
@pytest.mark.known_leak(2)
def test_what_was_taken_back_is_offered_as_no_choice_and_found_by_no_word(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared", title=WORD)
    cast.offer(published=False, who="iom")
    assert api_clients.unodc.ids("needs", q=WORD) == [str(need.pk)]
    consents.withdraw(actor=cast.carana, rows=[need])
    assert api_clients.unodc.ids("needs", q=WORD) == [] and WORD not in said(signed_in(cast, "unodc").get("/needs/"))
    assert 'value="iom"' not in said(signed_in(cast, "partner").get("/offers/"))


@pytest.mark.known_leak(3)  # "more like this" by the id of a hidden row: paperless-ngx 3cbdf5d
def test_what_fits_a_hidden_need_is_told_to_nobody(cast: Cast, api_clients: ApiClients) -> None:
    hidden = cast.need("agreed")
    cast.offer()
    client = signed_in(cast, "unodc")
    for key in (hidden.pk, uuid4()):
        assert api_clients.unodc.get(f"needs/{key}/offers/").status_code == 404
        assert client.get(f"/needs/{key}/propose/").status_code == 404


@pytest.mark.known_leak(5)  # suggestions of spelling came from hidden rows: paperless-ngx 2.20.13
def test_a_slip_of_the_pen_is_not_answered_with_a_hidden_word(cast: Cast, api_clients: ApiClients) -> None:
    cast.need("agreed", title=f"{WORD} screening")
    for slip in ("canaryzebr", "canarizebra", "screning"):
        assert WORD not in said(signed_in(cast, "unodc").get(f"/needs/?q={slip}"))
        assert WORD not in api_clients.unodc.get("needs/", {"q": slip}).content.decode()


# a change of many rows asked for the right to the model only: paperless-ngx 03d93a7, pull/13186
@pytest.mark.known_leak(7)
def test_among_many_rows_each_has_to_be_ones_own(cast: Cast, api_clients: ApiClients) -> None:
    own = cast.need("agreed")
    other = editing.create(
        actor=cast.cted, model=Need,
        values={
            "state": cast.org("sumora"), "source": "desk_survey", "language": "en", "title": "Theirs", "description": "x",
            "pillar": cast.pillar, "theme": cast.theme, "assistance_type": "training", "priority": "high",
        },
    )  # fmt: skip
    for key in (other.pk, uuid4()):
        answer = api_clients.carana.post("consents/", {"needs": [str(own.pk), str(key)]})
        assert fields(answer) == {"needs.1"}
    own.refresh_from_db()
    assert own.status == "agreed" and not own.consents.exists()


@pytest.mark.known_leak(10)  # a list showed what was not published: UN Partner Portal 912281a0
def test_lists_hold_no_draft_of_others(cast: Cast, api_clients: ApiClients) -> None:
    cast.need("draft"), cast.need("put"), cast.offer(published=False, who="iom")
    for name in ("unodc", "sumora", "partner", "unoct"):
        assert getattr(api_clients, name).ids("needs") == getattr(api_clients, name).ids("offers") == []


# ── Filters, orders, keys ────────────────────────────────────────────────────
SPYING = (
    "description__startswith=x", "need__title__contains=x", "audience__grants__group=1", "created_by__email=x",
    "consents__reason__startswith=x", "search=x", "plain__contains=x", "owners=1", "audience=1", "id__gt=0",
    "matches__message__startswith=x", "visit__sections__text__contains=x", "fields=id", "expand=visit", "depth=5",
)  # fmt: skip
ORDERS = ("ordering", "sort", "order_by", "o")
COLUMNS = ("title", "description", "plain", "created_by__password", "audience_id", "-version", "need__title", "?")


@pytest.mark.turns(days=3)
@pytest.mark.slow
@pytest.mark.known_leak(14)  # a filter across relations spelt hidden values out: Label Studio CVE-2023-47117
@pytest.mark.known_leak(15)  # an order by any column: 17 views of IFRC GO; DRF's ordering_fields="__all__"
def test_only_the_filters_and_orders_there_are_are_answered(cast: Cast, api_clients: ApiClients) -> None:
    for _n in range(3):
        cast.need("shared")
    cast.match("proposed", need=cast.need("shared"))
    for collection in COLLECTIONS:
        for query in sample([*SPYING, *(f"{order}={column}" for order in ORDERS for column in COLUMNS)], 3):
            answer = api_clients.unodc.get(f"{collection}/?{query}")
            named = [(error["field"], error["code"]) for error in answer.json()["errors"]]
            assert (answer.status_code, named) == (400, [(query.partition("=")[0], "bad_parameter")]), (
                collection,
                query,
            )


@pytest.mark.known_leak(16)  # "already exists" revealed a hidden row: DRF 3.18 with guardian
@pytest.mark.known_leak(29)  # the search for duplicates named hidden ones: paperless-ngx `_get_viewable_duplicates`
def test_that_a_number_is_taken_is_told_only_to_who_sees_what_took_it(cast: Cast, api_clients: ApiClients) -> None:
    visit = cast.visit()
    cast.section(visit, 1)
    body = {"visit": str(visit.pk), "number": 1, "title": "One", "text": "x"}
    assert fields(api_clients.cted.post("sections/", body)) == {"number"}
    for name in ("unodc", "sumora", "carana"):
        taken, free = (getattr(api_clients, name).post("sections/", {**body, "number": n}) for n in (1, 2))
        assert taken.status_code == 403 and taken.content == free.content
    cast.need("agreed", title="The same words")
    twice = {"need": str(cast.need("shared").pk), "message": "The same words"}
    assert api_clients.unodc.post("matches/", twice).status_code == 201


# ── Related rows ─────────────────────────────────────────────────────────────
@pytest.mark.known_leak(23)  # `depth = 1` wrote whole related rows: DRF 3.18 with guardian
def test_no_serializer_writes_related_rows_by_itself() -> None:
    sources = [path for app in ("accounts", "entities", "assistance", "portal") for path in (ROOT / app).rglob("*.py")]
    for path in sources:
        if "tests" not in path.parts:
            assert not re.search(
                r"^\s+depth\s*=|StringRelatedField|HyperlinkedRelated", path.read_text("utf-8"), re.M
            ), path


@pytest.mark.known_leak(25)  # the target of a generic key was read without its rule
def test_no_row_of_ours_points_at_just_anything() -> None:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ("accounts", "entities", "assistance", "files"):
            assert not [field for field in model._meta.private_fields if hasattr(field, "ct_field")], model
            assert "content_type" not in {field.name for field in model._meta.fields}, model


@pytest.mark.known_leak(26)  # a form took its parent from the address without asking: NetBox 22511
def test_a_parent_named_in_the_address_is_one_the_reader_sees(cast: Cast) -> None:
    visit = cast.visit()
    section = cast.section(visit, 1, title=WORD)
    shared = cast.need("shared")
    draft = cast.offer(published=False, title=WORD)
    iom, cted = signed_in(cast, "iom"), signed_in(cast, "cted")
    for query in (f"visit={visit.pk}&section=1", f"visit={visit.pk}", f"section={section.pk}"):
        answer = iom.get(f"/needs/new/?{query}")
        assert answer.status_code == 403 and WORD not in said(answer) and visit.reference not in said(answer)
    for key in (draft.pk, uuid4(), "x"):
        page = iom.get(f"/needs/{shared.pk}/propose/?offer={key}")
        assert page.status_code == 200 and WORD not in said(page) and draft.reference not in said(page)
    assert cted.get(f"/needs/new/?visit={uuid4()}").status_code in (200, 404)
    partner = signed_in(cast, "partner")
    hidden, absent = (partner.get(f"/visits/{key}/sections/new/") for key in (visit.pk, uuid4()))
    assert hidden.status_code == absent.status_code == 404 and said(hidden) == said(absent)


# ── History, administration, cache ───────────────────────────────────────────
HELD = [cases for cases in all_cases() if registry.of(cases.model).admin_list]


@pytest.mark.turns(9)
@pytest.mark.known_leak(46)  # a page of history asked nobody: django-simple-history#361
@pytest.mark.known_leak(47)  # completion in the administration skipped the rule: CVE-2014-0483, DRF and guardian
@pytest.mark.parametrize("appointed", [False, True])
@pytest.mark.parametrize("cases", HELD, ids=name_of)
def test_the_administration_shows_no_row_that_policy_does_not(cast: Cast, cases: Cases, appointed: bool) -> None:
    if appointed:
        appoint(cast.users["admin"], cast.org("searcct"), Role.PARTNER_CONTACT)
    row: Any = next(case for case in cases.rows if "partner" not in case.readers).make(cast)
    columns = [column.attname for column in row._meta.concrete_fields if holds_text(column)]
    if isinstance(row, Versioned):  # what has no version never changes
        cases.model._default_manager.filter(pk=row.pk).update(**dict.fromkeys(columns, WORD))
    admin, page = signed_in(cast, "admin"), f"/admin/assistance/{cases.model._meta.model_name}"
    for action in ("change", "history", "delete"):
        answers = [admin.get(f"{page}/{key}/{action}/", follow=True) for key in (row.pk, uuid4())]
        assert answers[0].status_code == answers[1].status_code, action
        assert WORD not in said(answers[0]) and row.reference not in said(answers[0])
    listed = admin.get(f"{page}/?q={WORD}")
    assert listed.status_code == 200 and row.reference not in said(listed) and f"{row.pk}" not in said(listed)
    query = f"app_label=assistance&model_name=match&field_name={cases.name}&term="
    assert admin.get(f"/admin/autocomplete/?{query}").status_code in (403, 404)
    assert WORD not in said(admin.get("/admin/")) and row.reference not in said(admin.get("/admin/"))


@pytest.mark.known_leak(49)  # "not modified" revealed to a user without rights that nothing had changed
def test_an_etag_opens_nothing_to_who_has_lost_the_right(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("shared")
    tag = api_clients.unodc.get(f"needs/{need.pk}/")["ETag"]
    consents.withdraw(actor=cast.carana, rows=[need])
    known = {"HTTP_IF_NONE_MATCH": tag, "HTTP_IF_MODIFIED_SINCE": "Fri, 31 Dec 2100 23:59:59 GMT"}
    gone = api_clients.unodc.get(f"needs/{need.pk}/", **known)
    absent = api_clients.unodc.get(f"needs/{uuid4()}/", **known)
    assert gone.status_code == absent.status_code == 404 and gone.content == absent.content and "ETag" not in gone
    assert signed_in(cast, "unodc").get(f"/needs/{need.pk}/", **known).status_code == 404
    yesterday = timezone.now().date() - timedelta(days=1)
    Appointment.objects.filter(user=cast.users["iom"]).update(until=yesterday)
    assert api_clients.iom.get("themes/", **known).status_code in (401, 403)


# ── Mail ─────────────────────────────────────────────────────────────────────
@pytest.mark.known_leak(53)  # the link to unsubscribe showed a new private name without sign-in: GitLab 34072
@pytest.mark.known_leak(54)  # a mail gave the private path away: GitLab CE 54783
def test_the_links_of_a_mail_hold_no_word_and_open_nothing_without_sign_in(cast: Cast, mailoutbox: list[Any]) -> None:
    match = cast.match("accepted", need=cast.need("shared", title=WORD))
    for row in Delivery.objects.filter(channel="mail"):
        send(row.pk)
    texts = [str(part.get_payload(decode=True)) for mail in mailoutbox for part in mail.message().walk()]
    links = {link for text in texts for link in re.findall(r"https?://[^\s\"<>\\\\)]+", text)}
    assert len(mailoutbox) > 3 and links
    assert not [mail for mail in mailoutbox if "List-Unsubscribe" in mail.message()]
    for link in links:
        path = "/" + link.split("/", 3)[3] if link.count("/") > 2 else "/"
        path, _hash, rule = path.partition("#")  # the rule that sent it, which the subject of the mail says
        assert re.fullmatch(r"/([a-z-]+/)?([0-9a-f-]{36}/)?([a-z-]+/)?", path) and re.fullmatch("[a-z_]*", rule), path
        answer = Client().get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/account/login/"), path
        assert match.need.reference not in answer["Location"]


# ── Moved rows ───────────────────────────────────────────────────────────────
@pytest.mark.known_leak(57)  # what had moved kept its old readers: Zulip GHSA-478x-rfqr-w4jf, GHSA-c9wc-65fh-9x8p
def test_a_row_that_moves_leaves_its_old_readers_behind(cast: Cast, api_clients: ApiClients) -> None:
    draft, put, visit = cast.need(), cast.need("put"), cast.visit()
    assert api_clients.carana.get(f"visits/{visit.pk}/").status_code == 200
    for row in (draft, visit):
        editing.edit(actor=cast.cted, model=type(row), pk=row.pk, values={"state": cast.org("sumora")})
    needs.put_to_state(actor=cast.cted, need=draft.pk)
    for path in (f"needs/{draft.pk}/", f"visits/{visit.pk}/"):
        assert api_clients.carana.get(path).status_code == 404 and api_clients.sumora.get(path).status_code == 200
    assert not [
        n for n in api_clients.carana.get("notifications/").json()["results"] if n["reference"] == draft.reference
    ]
    # A row put to a State cannot move to another State: what the State wrote and attached would move with it.
    refused = api_clients.cted.patch(f"needs/{put.pk}/", {"state": cast.org("sumora").iso3})
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "state", refused.content
    assert "has been sent to it" in refused.json()["errors"][0]["message"]
    assert api_clients.carana.get(f"needs/{put.pk}/").status_code == 200
    assert api_clients.sumora.get(f"needs/{put.pk}/").status_code == 404
    section = cast.section(cast.visit(), 1)
    assert api_clients.cted.patch(f"sections/{section.pk}/", {"visit": str(visit.pk)}).status_code == 422
    assert Section.objects.get(pk=section.pk).visit_id == section.visit_id


# ── Alternative surfaces, secrets ────────────────────────────────────────────
@pytest.mark.known_leak(9)  # results of jobs by their id: NetBox 22283
# live events went to people without the right: paperless-ngx pull/9804, Zulip CVE-2022-31017
@pytest.mark.known_leak(56)
def test_no_job_keeps_a_result_and_nothing_is_pushed(settings: Any) -> None:
    assert settings.CELERY_TASK_IGNORE_RESULT and not getattr(settings, "CELERY_RESULT_BACKEND", None)
    assert not (ROOT / "portal" / "asgi.py").exists()  # no connection stays open, so nothing is pushed
    named = " ".join(str(pattern.pattern) for pattern in get_resolver().url_patterns)
    assert not re.search(r"ws/|events/stream|jobs?/|tasks?/|graphql|rss|ical", named)


# a default secret key was taken in production: paperless-ngx pull/12630; GHSA-7qqc-wrcw-2fj9
@pytest.mark.known_leak(63)
@pytest.mark.parametrize("key", ["", "short", "insecure-embedded-run-only"])
def test_production_does_not_start_with_a_weak_secret_key(key: str) -> None:
    given = SAFE | {"SECRET_KEY": key, "PATH": os.environ["PATH"]}
    asked = [sys.executable, "-c", "import portal.settings"]
    told = subprocess.run(asked, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert told.returncode != 0 and "SECRET_KEY must have at least 50 characters" in told.stderr
