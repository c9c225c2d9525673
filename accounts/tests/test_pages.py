"""Pages of a user's own account: inbox, preferences, language, and the mails of the demonstration."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Channel, Delivery, User
from accounts.tests.conftest import Source, Tell

pytestmark = pytest.mark.django_db


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("url", ["/inbox/", "/me/", "/demonstration/mails/"])
def test_strangers_are_sent_to_sign_in(client: Client, url: str, db: None) -> None:
    assert client.get(url)["Location"].startswith("/accounts/login/?next=")


# ── Inbox ────────────────────────────────────────────────────────────────────
def test_the_inbox_keeps_what_asks_apart_from_what_informs(signed_in: Client, person: User, tell: Tell) -> None:
    tell(person, needs_action=True, values={"reference": "ASKS"})
    tell(person, values={"reference": "INFORMS"})
    page = signed_in.get("/inbox/").content.decode()
    asks, informs = page.split('id="for-information"')
    assert "ASKS" in asks and "INFORMS" not in asks
    assert "INFORMS" in informs and "ASKS" not in informs


@pytest.mark.known_leak(52)  # the bell showed a title after the right had ended: Gitea CVE-2026-20800
def test_nothing_withdrawn_is_shown_counted_or_opened(
    signed_in: Client, person: User, tell: Tell, source: Source
) -> None:
    row = tell(person, subject="need:9", values={"reference": "GONE"})
    asked = tell(person, subject="need:9", values={"reference": "GONE"}, needs_action=True)
    source.withheld = {"need:9"}
    page = signed_in.get("/inbox/")
    assert "GONE" not in page.content.decode() and page.context["unread"] == 0
    for hidden in (row, asked):
        assert signed_in.get(f"/inbox/{hidden.pk}/open/").status_code == 404
    signed_in.post("/inbox/read/")
    assert not Delivery.objects.filter(read_at__isnull=False).exists(), "what is withheld stays new"


def test_the_bell_counts_open_actions_and_what_is_new(signed_in: Client, person: User, tell: Tell) -> None:
    tell(person, needs_action=True)
    tell(person)
    assert signed_in.get("/inbox/").context["unread"] == 2
    signed_in.post("/inbox/read/")
    assert signed_in.get("/inbox/").context["unread"] == 1, "an action stays until it is taken"


def test_opening_marks_as_read_and_leads_to_the_thing(signed_in: Client, person: User, tell: Tell) -> None:
    row = tell(person)
    answer = signed_in.get(f"/inbox/{row.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/needs/1/")
    assert Delivery.objects.get(pk=row.pk).read_at


def test_a_notification_of_somebody_else_does_not_exist(signed_in: Client, other: User, tell: Tell) -> None:
    row = tell(other)
    assert signed_in.get(f"/inbox/{row.pk}/open/").status_code == 404
    assert signed_in.get(f"/inbox/?before={row.pk}").status_code == 404
    assert signed_in.get(f"/inbox/{uuid4()}/open/").status_code == 404
    assert Delivery.objects.get(pk=row.pk).read_at is None


def test_a_mail_row_is_no_notification(signed_in: Client, person: User, tell: Tell) -> None:
    assert signed_in.get(f"/inbox/{tell(person, Channel.MAIL).pk}/open/").status_code == 404


def test_pages_are_full_of_what_may_be_told_and_lead_both_ways(
    signed_in: Client, person: User, tell: Tell, source: Source
) -> None:
    source.withheld = {"need:odd"}
    for n in range(240):
        tell(person, subject="need:odd" if n % 2 else "need:even", values={"reference": f"N-{n:03}"})
    seen, url = [], "/inbox/"
    while url:
        page = signed_in.get(url)
        rows = [row.values["reference"] for row in page.context["page"].rows]
        seen.append(rows)
        last, url = page, page.context["next_url"] and "/inbox/" + page.context["next_url"]
    assert [len(rows) for rows in seen] == [50, 50, 20]
    assert [row for rows in seen for row in rows] == [f"N-{n:03}" for n in range(238, -1, -2)]
    back = signed_in.get("/inbox/" + last.context["previous_url"])
    assert [row.values["reference"] for row in back.context["page"].rows] == seen[1]
    first = signed_in.get("/inbox/" + back.context["previous_url"])
    assert [row.values["reference"] for row in first.context["page"].rows] == seen[0]
    assert not first.context["previous_url"]


@pytest.mark.parametrize("position", ["x", "", "1" * 5000, "%00", "٣"])
def test_a_position_nobody_gave_out_is_not_there(signed_in: Client, position: str) -> None:
    assert signed_in.get(f"/inbox/?before={position}").status_code == 404


def test_the_inbox_costs_the_same_for_one_and_for_many(signed_in: Client, person: User, tell: Tell) -> None:
    def add() -> None:
        tell(person)
        tell(person, needs_action=True)

    add()
    one = queries(signed_in, "/inbox/")
    add()
    add()
    assert queries(signed_in, "/inbox/") == one


# ── Preferences and language ─────────────────────────────────────────────────
CHOSEN = {"language": "fr", "time_zone": "Africa/Tunis", "mail_rhythm": "daily"}


def test_preferences_are_saved_and_the_interface_speaks_the_language_chosen(
    signed_in: Client, person: User, tell: Tell
) -> None:
    mail = tell(person, Channel.MAIL)
    answer = signed_in.post("/me/", CHOSEN)
    assert answer["Location"] == "/me/" and answer.cookies["django_language"].value == "fr"
    person.refresh_from_db()
    assert {field: getattr(person, field) for field in CHOSEN} == CHOSEN
    assert Delivery.objects.get(pk=mail.pk).in_digest
    assert '<html lang="fr"' in signed_in.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("language", "xx"), ("time_zone", "Mars/Olympus"), ("mail_rhythm", "hourly")],
)
def test_a_refused_preference_names_its_field_and_changes_nothing(
    signed_in: Client, person: User, field: str, value: str
) -> None:
    page = signed_in.post("/me/", CHOSEN | {field: value})
    assert page.status_code == 422 and list(page.context["form"].errors) == [field]
    assert 'dir="auto">Amal</' in page.content.decode(), "the frame shows who one is, not what was typed"
    person.refresh_from_db()
    assert person.name == "Amal" and person.language == "en"


def test_a_time_zone_of_old_is_kept(signed_in: Client, person: User) -> None:
    User.objects.update(time_zone="US/Eastern")
    assert "US/Eastern" in signed_in.get("/me/").content.decode()
    signed_in.post("/me/", CHOSEN | {"time_zone": "US/Eastern"})
    person.refresh_from_db()
    assert person.time_zone == "US/Eastern" and person.language == "fr"


@pytest.mark.parametrize(("written", "kept"), [("ar", "ar"), ("zh", "zh-hans"), ("zh-hans", "zh-hans")])
def test_anybody_may_switch_the_language(client: Client, written: str, kept: str, db: None) -> None:
    answer = client.post("/language/", {"language": written, "next": "/accounts/login/?next=/inbox/"})
    assert answer["Location"] == "/accounts/login/?next=/inbox/"
    assert answer.cookies["django_language"].value == kept
    assert f'<html lang="{kept}"' in client.get("/accounts/login/").content.decode()


def test_a_person_keeps_the_language_they_switched_to(signed_in: Client, person: User) -> None:
    signed_in.post("/language/", {"language": "ru", "next": "/me/"})
    person.refresh_from_db()
    assert person.language == "ru"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "abc", "dashboard", ""]
)
def test_switching_the_language_leads_nowhere_else(client: Client, target: str, db: None) -> None:
    answer = client.post("/language/", {"language": "es", "next": target})
    assert answer["Location"] == "/accounts/login/"


def test_a_language_nobody_speaks_here_is_ignored(signed_in: Client, person: User) -> None:
    answer = signed_in.post("/language/", {"language": "tlh", "next": "/me/"})
    assert answer.status_code == 302 and "django_language" not in answer.cookies
    assert signed_in.get("/language/").status_code == 405


# ── Mails of the demonstration ───────────────────────────────────────────────
@pytest.fixture
def mail_folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "accounts.mail.backend.OneFilePerMail"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.DEMO_ALLOWED = True
    return tmp_path / "mail"


def write(subject: str, language: str = "en", body: str = "Read it here") -> None:
    mail = EmailMultiAlternatives(subject, body, to=["amal@example.org"], headers={"Content-Language": language})
    mail.attach_alternative("<p>twin</p>", "text/html")
    mail.send()


def test_the_demonstration_shows_the_mails_it_did_not_send(signed_in: Client, mail_folder: Path) -> None:
    assert signed_in.get("/demonstration/mails/").status_code == 200
    write("Need N-1 is matched")
    write("الحاجة N-2", "ar", "اقرأها هنا <script>")
    page = signed_in.get("/demonstration/mails/")
    assert [m.subject for m in page.context["mails"]] == ["الحاجة N-2", "Need N-1 is matched"]
    newest = page.context["mails"][0]
    shown = signed_in.get(f"/demonstration/mails/{newest.name}/").content.decode()
    assert "اقرأها هنا &lt;script&gt;" in shown and 'lang="ar"' in shown and "amal@example.org" in shown
    assert not list(mail_folder.glob(".*")), "no half mail is left"


def test_everyone_sees_their_own_letters_only(signed_in: Client, mail_folder: Path, person: User, other: User) -> None:
    write("Mine")
    EmailMultiAlternatives("Theirs, with a link", "https://portal/unlock/key/", to=[other.email]).send()
    EmailMultiAlternatives("Like mine", "x", to=[f"x{person.email}"]).send()
    assert [mail.subject for mail in signed_in.get("/demonstration/mails/").context["mails"]] == ["Mine"]
    absent = signed_in.get("/demonstration/mails/20260307T070000000000-" + "0" * 32 + ".eml/")
    shown = [signed_in.get(f"/demonstration/mails/{file.name}/") for file in sorted(mail_folder.iterdir())]
    assert [answer.status_code for answer in shown] == [200, 404, 404]
    assert all(page_of(answer) == page_of(absent) for answer in shown[1:])


def page_of(answer: Any) -> str:
    return str(answer.content.decode().partition("<main")[2])


@pytest.mark.parametrize(
    "name", ["x.eml", "..%2f..%2fsettings.py", "20260307T070000000000-" + "0" * 32 + ".eml", "%00"]
)
def test_no_other_file_can_be_read_there(signed_in: Client, mail_folder: Path, name: str) -> None:
    mail_folder.mkdir()
    (mail_folder / "x.eml").write_text("not ours")
    assert signed_in.get(f"/demonstration/mails/{name}/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"DEMO_ALLOWED": False},
        {"PRODUCTION": True},
        {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
    ],
)
def test_elsewhere_there_is_no_such_page(
    signed_in: Client, mail_folder: Path, settings: Any, changes: dict[str, Any]
) -> None:
    write("Need N-1 is matched")
    name = next(mail_folder.iterdir()).name
    for field, value in changes.items():
        setattr(settings, field, value)
    for url in ("/demonstration/mails/", f"/demonstration/mails/{name}/"):
        assert signed_in.get(url).status_code == 404
