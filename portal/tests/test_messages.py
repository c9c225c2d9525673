"""The messages that are sent are the messages that are registered."""

import ast
from collections.abc import Iterator
from importlib import import_module

from accounts.mail.account_messages import DIGEST
from accounts.mail.messages import registered_messages
from accounts.sign_in.adapter import TOLD
from assistance import registry
from portal.tests.test_architecture import ROOT, named, sources

POSITION = {
    "tell": 0,
    "_ask_coordinators": 0,
    "_tell_of": 0,
    "owe_letter": 1,
    "enqueue": None,
}  # the argument in which a call passes the message's name


def sent_by_code() -> Iterator[str]:
    """Yield each message name that a call passes literally or as a constant of its module."""
    for app in ("accounts", "entities", "assistance"):
        for path in sources(app):
            calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if named(node) in POSITION]
            for call in calls:
                assert isinstance(call, ast.Call)
                position = POSITION[named(call)]
                by_keyword = [keyword.value for keyword in call.keywords if keyword.arg == "message"]
                value = by_keyword[0] if by_keyword else call.args[position or 0]
                if isinstance(value, ast.Constant):
                    yield value.value
                elif isinstance(value, ast.Name):
                    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
                    yield from [getattr(module, value.id)] if hasattr(module, value.id) else []


def test_every_message_that_is_sent_is_registered_and_no_other() -> None:
    rules = [rule for one in registry.aggregates() for rule in one.messages.values()]
    by_rules = {message.name for rule in rules for message in (rule.message, rule.together) if message}
    sent = {*sent_by_code(), *by_rules, *TOLD.values(), DIGEST}
    assert sent == {message.name for message in registered_messages()}
    assert len(sent - by_rules) >= 15, "the calls were found"
