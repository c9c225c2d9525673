"""The registry of messages: each name is registered once, and a subject is one line."""

import pytest
from django.utils.translation import gettext_lazy as _

from accounts.mail import messages
from accounts.mail.messages import Message, UnknownMessage, get_message, register_messages, render_subject


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Message]:
    """An empty registry."""
    empty: dict[str, Message] = {}
    monkeypatch.setattr(messages, "_messages", empty)
    return empty


def message(name: str) -> Message:
    return Message(name, subject=_("%(reference)s: need closed"), reason=_("Why"))


def test_a_message_is_found_by_its_name() -> None:
    first, second = message("first"), message("second")
    register_messages([first])
    register_messages([second])
    assert messages.registered_messages() == [first, second]
    assert (get_message("first"), get_message("second")) == (first, second)


def test_a_name_is_registered_once(registry: dict[str, Message]) -> None:
    register_messages([message("taken")])
    for rows in ([message("new"), message("taken")], [message("new"), message("new")]):
        with pytest.raises(ValueError, match=f"'{rows[-1].name}' is registered already"):
            register_messages(rows)
    assert list(registry) == ["taken"], "a refused call registers nothing"


def test_an_unknown_name_is_an_error() -> None:
    for ask in (get_message, lambda name: render_subject(name, {})):
        with pytest.raises(UnknownMessage, match="'unheard_of'"):
            ask("unheard_of")


def test_a_subject_is_one_line_of_plain_text() -> None:
    register_messages([message("closed")])
    assert render_subject("closed", {"reference": "N-1\r\nBcc: <b>&"}) == "N-1 Bcc: <b>&: need closed"
    assert render_subject("closed", {}) == "Need closed"


def test_a_subject_keeps_its_no_break_spaces_and_no_line_break() -> None:
    register_messages(
        [Message("french", subject=_("%(reference)s\u00a0: «\u202ffin\u202f»\u2028 \x85ok"), reason=_("Why"))]
    )
    assert render_subject("french", {"reference": "N-1"}) == "N-1\u00a0: «\u202ffin\u202f» ok"
    assert render_subject("french", {}).startswith("«\u202ffin")


def test_a_missing_value_is_an_error() -> None:
    register_messages([Message("counted", subject=_("%(count)s things"), reason=_("Why"))])
    with pytest.raises(KeyError, match="count"):
        render_subject("counted", {})
