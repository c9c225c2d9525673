"""Thread, log of contacts and feedback: who writes and reads them, and that nobody else who sees the match learns of them."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail.dispatch import send
from accounts.models import Delivery, User
from assistance.access import row_security
from assistance.delivery import exchange, transitions
from assistance.delivery.models import Contact, Feedback, Report, ThreadMessage
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.tests.cast import Cast, appoint
from assistance.tests.pages import errors_at, sign_in, statements, words
from entities.actors import actor_of
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

READERS = ("unodc", "carana", "observer", "cted", "unoct")
WRITERS = ("unodc", "carana", "cted", "unoct")
CANARY = "canary in the thread"
OF_PARTIES = (ThreadMessage, Contact, Report, Feedback)


def spoken(cast: Cast, stage: str = "accepted") -> Match:
    """Return a match with everything that its parties alone read."""
    match = cast.match(stage)
    exchange.write(actor=cast.carana, match=match.pk, text=CANARY)
    exchange.log_contact(
        actor=cast.unodc, match=match.pk, on=timezone.now().date(), how="mail", purpose=CANARY, result="Sent.",
        next_step=CANARY,
    )  # fmt: skip
    if stage != "delivered":
        transitions.report(actor=cast.unodc, match=match.pk, what=CANARY, trained_women=77)
    else:
        transitions.feedback(
            actor=cast.carana, match=match.pk, useful=2, on_time=False, would_ask_again=False, words=CANARY
        )
    return match


# ── The thread ───────────────────────────────────────────────────────────────
def test_the_parties_and_both_offices_write_and_read(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    match = cast.match("proposed")
    for name in WRITERS:
        exchange.write(actor=getattr(cast, name), match=match.pk, text=f"Words of {name}")
    for name in READERS:
        rows = getattr(api_clients, name).get(f"matches/{match.pk}/messages/").json()["results"]
        assert [row["text"] for row in rows] == [f"Words of {one}" for one in WRITERS]
        sign_in(client, cast, name)
        assert "Words of unoct" in words(client.get(reverse("match", args=[match.pk])))
    with pytest.raises(Forbidden):
        exchange.write(actor=cast.observer, match=match.pk, text="I only read.")
    with pytest.raises(NotVisible):
        exchange.write(actor=cast.iom, match=match.pk, text="I see nothing.")


def test_a_message_has_a_text_of_at_most_ten_thousand_characters(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    match = cast.match("accepted")
    sign_in(client, cast, "carana")
    url = reverse("match-message", args=[match.pk])
    for text, said in (("", "required"), ("x" * 100_000, "10,000"), ("x" * 10_001, "10,000"), ("a\x00b", "")):
        answer = client.post(url, {"text": text})
        assert answer.status_code == 422
        assert said.replace(",", "") in errors_at(answer, "text")[0].replace(",", ""), text[:5]
        with pytest.raises(Invalid):
            exchange.write(actor=cast.carana, match=match.pk, text=text if said else " ")
    assert api_clients.carana.post(f"matches/{match.pk}/messages/", {"text": "x" * 100_000}).status_code == 422
    assert client.post(url, {"text": "x" * 10_000}).status_code == 302
    assert ThreadMessage.objects.count() == 1


def test_markup_in_a_message_is_shown_as_text(cast: Cast, client: Client) -> None:
    match = cast.match("accepted")
    exchange.write(actor=cast.unodc, match=match.pk, text="<script>alert(1)</script>\u202eevil")
    sign_in(client, cast, "carana")
    body = client.get(reverse("match", args=[match.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in body and "<script>alert(1)" not in body and "\u202e" not in body


def test_a_message_is_told_to_the_parties_and_its_writers_without_its_text(
    cast: Cast, mailoutbox: list[object]
) -> None:
    match = cast.match("accepted")
    exchange.write(actor=cast.carana, match=match.pk, text=CANARY)
    told = Delivery.objects.filter(message="match_messaged")
    assert set(told.values_list("recipient__name", flat=True)) == {"unodc"}
    exchange.write(actor=cast.unoct, match=match.pk, text="We can help.")
    exchange.write(actor=cast.unodc, match=match.pk, text="Thank you.")
    assert set(told.values_list("recipient__name", flat=True)) == {"unodc", "carana", "unoct"}
    for row in told.filter(channel="mail"):
        send(row.pk)
    assert mailoutbox and not any(CANARY in str(mail.message()) for mail in mailoutbox)  # type: ignore[attr-defined]


def test_writing_changes_no_version_and_no_date(cast: Cast) -> None:
    match = cast.match("accepted")
    before = (match.version, match.modified_at)
    exchange.write(actor=cast.carana, match=match.pk, text="Hello.")
    match.refresh_from_db()
    assert (match.version, match.modified_at) == before


@pytest.mark.parametrize("model", [ThreadMessage, Contact, Report])
def test_what_was_written_stays(cast: Cast, model: type) -> None:
    spoken(cast)
    row = model.objects.get()  # type: ignore[attr-defined]
    for change in (lambda: model.objects.update(by=cast.users["cted"]), row.delete):  # type: ignore[attr-defined]
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# ── The log of contacts ──────────────────────────────────────────────────────
def test_both_sides_log_contacts_and_nobody_else_does(cast: Cast, api_clients: ApiClients) -> None:
    match, today = cast.match("accepted"), timezone.now().date()
    body = {
        "on": str(today),
        "how": "visit",
        "purpose": "Agree on dates",
        "result": "Dates agreed.",
        "next_step": "Write",
    }
    for name in ("unodc", "carana"):
        assert getattr(api_clients, name).post(f"matches/{match.pk}/contacts/", body).status_code == 201
    for name in ("cted", "unoct", "observer", "iom"):
        assert getattr(api_clients, name).post(f"matches/{match.pk}/contacts/", body).status_code == 403
    rows = api_clients.cted.get(f"matches/{match.pk}/contacts/").json()["results"]
    assert {row["organisation"] for row in rows} == {"unodc", "carana"} and rows[0]["next_step"] == "Write"


def test_a_contact_lies_in_the_past_and_says_what_came_of_it(cast: Cast, client: Client) -> None:
    match, today = cast.match("accepted"), timezone.now().date()
    good = {"how": "call", "purpose": "Dates", "result": "No answer.", "next_step": ""}
    sign_in(client, cast, "unodc")
    url = reverse("match-contact", args=[match.pk])
    tomorrow = today + timedelta(days=1)
    sent = {**good, "on_day": tomorrow.day, "on_month": tomorrow.month, "on_year": tomorrow.year}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "future" in errors_at(answer, "on")[0]
    for name in ("purpose", "result", "how"):
        answer = client.post(
            url, {**sent, "on_day": today.day, "on_month": today.month, "on_year": today.year, name: ""}
        )
        assert answer.status_code == 422 and errors_at(answer, name)
    for wrong in ({"how": "pigeon"}, {"purpose": " "}, {"result": ""}, {"purpose": "x" * 301}):
        with pytest.raises(Invalid):
            exchange.log_contact(actor=cast.unodc, match=match.pk, on=today, **{**good, **wrong})
    assert (
        client.post(url, {**sent, "on_day": today.day, "on_month": today.month, "on_year": today.year}).status_code
        == 302
    )
    assert "No answer." in words(client.get(reverse("match", args=[match.pk])))


# ── Others who see the match ─────────────────────────────────────────────────
@pytest.mark.turns(2)
@pytest.mark.parametrize("stage", ["accepted", "delivered"])
def test_an_audience_reader_learns_nothing_of_it(
    cast: Cast, client: Client, api_clients: ApiClients, stage: str, mailoutbox: list[object]
) -> None:
    match = spoken(cast, stage)
    sign_in(client, cast, "iom")
    pages = [
        reverse("match", args=[match.pk]), reverse("need", args=[match.need_id]), reverse("matches"), reverse("needs"),
        f"{reverse('needs')}?q=canary", "/", reverse("state", args=["carana"]),
        reverse("inbox"),
    ]  # fmt: skip
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        body = answer.content.decode().replace("q=canary", "").replace('value="canary"', "")
        assert CANARY not in body and 'id="thread"' not in body and 'id="contacts"' not in body, url
        assert "Message written" not in body and "Contact logged" not in body and "Feedback given" not in body, url
    for page in ("match-message", "match-contact"):
        url = reverse(page, args=[match.pk])
        assert client.get(url).status_code == client.post(url, {"text": "x"}).status_code == 403
    for path in ("messages", "contacts", "reports", "feedback"):
        answer = api_clients.iom.get(f"matches/{match.pk}/{path}/")
        assert answer.status_code == 403 and CANARY not in answer.content.decode()
        assert api_clients.sumora.get(f"matches/{match.pk}/{path}/").status_code == 404
    for path in ("matches/", f"matches/{match.pk}/", f"needs/{match.need_id}/", "notifications/"):
        assert CANARY not in api_clients.iom.get(path).content.decode(), path
    assert not Delivery.objects.filter(recipient=cast.users["iom"], message__in=exchange_messages()).exists()


def exchange_messages() -> list[str]:
    return ["match_messaged", "match_feedback", "match_ended", "match_disputed", "match_reported"]


def test_all_who_see_the_match_see_its_figures(cast: Cast, client: Client, api_clients: ApiClients) -> None:
    match = spoken(cast)
    sign_in(client, cast, "iom")
    assert "Women: 77" in words(client.get(reverse("match", args=[match.pk])))
    assert api_clients.iom.get(f"matches/{match.pk}/").json()["figures"]["trained_women"] == 77


def test_the_database_itself_hides_these_rows_from_other_readers(cast: Cast) -> None:
    match = spoken(cast, "delivered")
    assert all(model.objects.filter(match=match).exists() for model in OF_PARTIES)  # type: ignore[attr-defined]
    groups = {name: getattr(cast, name).groups for name in ("iom", "sumora", *READERS)}
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")
    connection.row_security_is_active = True  # type: ignore[attr-defined]
    for name, own in groups.items():
        row_security.set_groups(own)
        assert Match.objects.filter(pk=match.pk).exists(), name  # that its need is hidden from sumora is up to policy
        for model in OF_PARTIES:
            assert model.objects.filter(match=match).exists() == (name in READERS), (name, model)  # type: ignore[attr-defined]
    row_security.set_groups(())
    connection.row_security_is_active = False  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET portal.groups = '{0}'")


# ── Feedback ─────────────────────────────────────────────────────────────────
GOOD = {"useful": 4, "on_time": True, "would_ask_again": True, "words": "Good trainers."}


def test_the_state_gives_feedback_once_and_changes_it_for_thirty_days(cast: Cast, api_clients: ApiClients) -> None:
    match = cast.match("delivered")
    path = f"matches/{match.pk}/feedback/"
    assert api_clients.carana.get(path).json()["results"] == []
    with time_machine.travel(timezone.now() - timedelta(days=29), tick=False):
        transitions.feedback(actor=cast.carana, match=match.pk, **GOOD)  # type: ignore[arg-type]
    assert api_clients.carana.post(path, {**GOOD, "useful": 2}).status_code == 200
    for name in READERS:
        (row,) = getattr(api_clients, name).get(path).json()["results"]
        assert (row["useful"], row["words"]) == (2, "Good trainers.") and row["changed_at"], name
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False), pytest.raises(Conflict):
        transitions.feedback(actor=cast.carana, match=match.pk, **GOOD)  # type: ignore[arg-type]
    told = Delivery.objects.filter(message="match_feedback", channel="portal")
    assert set(told.values_list("recipient__name", flat=True)) - {"former"} == {"unodc", "cted", "unoct"}


def test_feedback_has_answers_and_a_number_from_one_to_five(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    match = cast.match("delivered")
    for useful in (0, 6, -1):
        with pytest.raises(Invalid):
            transitions.feedback(actor=cast.carana, match=match.pk, **{**GOOD, "useful": useful})  # type: ignore[arg-type]
        assert api_clients.carana.post(f"matches/{match.pk}/feedback/", {**GOOD, "useful": useful}).status_code == 422
    sign_in(client, cast, "carana")
    url = reverse("match-transition", args=[match.pk, "feedback"])
    answer = client.post(url, {"words": "Kept words"})
    assert answer.status_code == 422 and "Kept words" in answer.content.decode()
    assert all(errors_at(answer, name) for name in ("useful", "on_time", "would_ask_again"))
    sent = {"useful": "5", "on_time": "no", "would_ask_again": "yes", "words": "On the whole, well done."}
    assert client.post(url, sent).status_code == 302
    given = Feedback.objects.get()
    assert (given.useful, given.on_time, given.would_ask_again) == (5, False, True)
    assert "On the whole, well done." in words(client.get(reverse("match", args=[match.pk])))


def test_whoever_acts_for_the_provider_too_gives_none(cast: Cast) -> None:
    match = cast.match("delivered")
    for name in ("unodc", "cted", "unoct", "iom", "observer"):
        with pytest.raises(Forbidden):
            transitions.feedback(actor=getattr(cast, name), match=match.pk, **GOOD)  # type: ignore[arg-type]
    appoint(cast.users["carana"], cast.org("unodc"), "alternate")
    both = actor_of(User.objects.get(pk=cast.users["carana"].pk))
    with pytest.raises(Forbidden):
        transitions.feedback(actor=both, match=match.pk, **GOOD)  # type: ignore[arg-type]


def test_feedback_changes_nothing_that_others_see(cast: Cast, api_clients: ApiClients) -> None:
    match = cast.match("delivered")
    before = [
        api_clients.iom.get(path).content for path in (f"matches/{match.pk}/", f"needs/{match.need_id}/", "needs/")
    ]
    transitions.feedback(actor=cast.carana, match=match.pk, **GOOD)  # type: ignore[arg-type]
    after = [
        api_clients.iom.get(path).content for path in (f"matches/{match.pk}/", f"needs/{match.need_id}/", "needs/")
    ]
    assert before == after


def test_feedback_is_asked_for_once_the_need_is_verified(cast: Cast, client: Client) -> None:
    match = cast.match("delivered")
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Seen.")
    assert Need.objects.get(pk=match.need_id).status == "met"
    sign_in(client, cast, "carana")
    (task,) = [row for row in client.get("/").context["tasks"] if row.subject == f"match:{match.pk}"]
    assert str(task.text) == "Feedback on the assistance"
    assert "The State gives its feedback" in words(client.get(reverse("match", args=[match.pk])))
    transitions.feedback(actor=cast.carana, match=match.pk, **GOOD)  # type: ignore[arg-type]
    assert not [row for row in client.get("/").context["tasks"] if row.subject == f"match:{match.pk}"]


def test_a_long_thread_costs_no_more_statements(cast: Cast, client: Client) -> None:
    match = spoken(cast)
    sign_in(client, cast, "carana")
    url = reverse("match", args=[match.pk])
    few = statements(client, url)
    for number in range(5):
        exchange.write(actor=cast.unodc, match=match.pk, text=f"{number}")
        transitions.report(actor=cast.unodc, match=match.pk, what=f"{number}")
    assert statements(client, url) == few
