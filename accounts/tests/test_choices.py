"""Which messages a user receives, and where: chosen on a page or by API, and kept when messages are queued."""

from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.mail import messages as registry
from accounts.mail import outbox
from accounts.mail.account_messages import PASSWORD_CHANGED
from accounts.mail.choices import choices_of, save_choices
from accounts.mail.dispatch import send
from accounts.mail.messages import Message, register_messages
from accounts.mail.outbox import Recipient
from accounts.models import Channel, Delivery, Means, MessageChoice, User
from web.exceptions import Invalid

pytestmark = pytest.mark.django_db

NAME = "chosen_message"


@pytest.fixture(autouse=True)
def _message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_messages", dict(registry._messages))
    register_messages([Message(NAME, _("%(reference)s: need reopened"), _("Why"))], "Needs")


@pytest.fixture
def person() -> User:
    return User.objects.create(email="chooser@example.org", name="Chooser", language="en")


def queued(person: User, *, needs_action: bool = False, source: str = "accounts", message: str = NAME) -> set[str]:
    """Return the channels by which a message about a user was queued."""
    event = uuid4()
    outbox.enqueue(
        event=event, source=source, subject=f"user:{person.pk}", message=message, values={"reference": "N-1"}, path="/",
        recipients=[Recipient(person, needs_action)],
    )  # fmt: skip
    return set(Delivery.objects.filter(event=event).values_list("channel", flat=True))


@pytest.mark.parametrize(
    ("means", "informed", "asked"),
    [
        (None, {"portal", "mail"}, {"portal", "mail"}),
        (Means.BOTH, {"portal", "mail"}, {"portal", "mail"}),
        (Means.PORTAL, {"portal"}, {"portal"}),
        (Means.NONE, set(), {"portal"}),
    ],
)
def test_a_choice_is_kept(person: User, means: str | None, informed: set[str], asked: set[str]) -> None:
    if means:
        save_choices(person, {NAME: means})
    assert queued(person) == informed
    assert queued(person, needs_action=True) == asked


def test_a_choice_is_that_of_one_person_and_one_message(person: User) -> None:
    other = User.objects.create(email="other@example.org", name="Other")
    save_choices(other, {NAME: "none"})
    assert queued(person) == {"portal", "mail"}


def test_mail_about_the_own_account_cannot_be_chosen(person: User) -> None:
    with pytest.raises(Invalid):
        save_choices(person, dict.fromkeys([PASSWORD_CHANGED], "none"))
    MessageChoice.objects.create(user=person, message=PASSWORD_CHANGED, means="none")
    assert Channel.MAIL in queued(person, message=PASSWORD_CHANGED)


@pytest.mark.parametrize("changes", [{"no_such_message": "none"}, {NAME: "sometimes"}, {NAME: ""}])
def test_unknown_messages_and_choices_are_refused(person: User, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid) as error:
        save_choices(person, {**changes})
    assert set(error.value.errors) == set(changes)
    assert not MessageChoice.objects.exists()


def test_choosing_both_removes_the_choice(person: User) -> None:
    save_choices(person, {NAME: "none"})
    save_choices(person, {NAME: "both"})
    assert not MessageChoice.objects.filter(user=person).exists()


def test_those_received_come_first(person: User) -> None:
    queued(person)
    first = choices_of(person)[0]
    assert (first.name, first.received, first.message.title) == (NAME, 1, "Need reopened")


def test_the_page_saves_choices(person: User, client: Client) -> None:
    client.force_login(person, backend="accounts.sign_in.backend.AccountBackend")
    page = client.get(reverse("messages")).content.decode()
    assert f'id="{NAME}"' in page and "Need reopened" in page and f'id="{PASSWORD_CHANGED}"' not in page
    assert client.post(reverse("messages"), {NAME: "portal"}).status_code == 302
    assert MessageChoice.objects.get(user=person).means == "portal"
    assert 'value="portal" selected' in client.get(reverse("messages")).content.decode()


def test_a_forged_choice_shows_an_error_and_saves_nothing(person: User, client: Client) -> None:
    client.force_login(person, backend="accounts.sign_in.backend.AccountBackend")
    answer = client.post(reverse("messages"), {NAME: "sometimes"})
    assert answer.status_code == 422 and "Select one of the choices given." in answer.content.decode()
    assert not MessageChoice.objects.exists()


def test_a_mail_says_which_rule_sent_it_and_where_to_change_it(person: User) -> None:
    queued(person)
    row = Delivery.objects.get(message=NAME, channel="mail")
    send(str(row.pk))
    body = mail.outbox[-1].body
    assert "Sent by the rule “Need reopened”." in body and f"{reverse('messages')}#{NAME}" in body
