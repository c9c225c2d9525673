"""Collects what a test leaves in the log, the mails and Valkey, where no text of a record may be."""

import base64
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import send_mail

from accounts.mail.broker import notify_workers
from accounts.mail.dispatch import relay, send
from accounts.models import Channel, Delivery

LOGGERS = ("accounts", "assistance", "audit", "celery", "django.request", "entities", "files", "portal")
BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


def work_off() -> None:
    """Do what the workers would do: relay what is queued, and send each mail of it."""
    owed = Delivery.objects.waiting().filter(channel=Channel.MAIL)
    if keys := list(owed.values_list("pk", flat=True)):
        relay()
        for key in keys:
            send(key)


@dataclass(frozen=True)
class Traces:
    """What a test has left behind, by the place it is in."""

    caplog: pytest.LogCaptureFixture
    mails: list[Any]

    def texts(self) -> dict[str, list[str]]:
        return {
            "log": self.caplog.text.splitlines(),
            "mails": [_to_nobody(mail) for mail in self.mails],
            "Valkey": list(in_valkey()),
        }

    def counts(self) -> dict[str, int]:
        return {place: len(texts) for place, texts in self.texts().items()}

    def holding(self, word: re.Pattern[str]) -> dict[str, set[str]]:
        """Return place → the words found there."""
        return {place: {w for text in texts for w in word.findall(text)} for place, texts in self.texts().items()}

    def plant(self, word: str) -> None:
        """Write a word into every place, in each way the portal writes there."""
        for name in LOGGERS:
            logging.getLogger(name).info("%s_in_%s", word, name)
        send_mail(f"{word}_in_a_subject", f"{word}_in_a_text", None, ["somebody@example.org"])
        cache.set(f"{word}_in_a_key", 1, 60)
        cache.set("planted", [f"{word}_in_a_value"], 60)
        notify_workers("planted", f"{word}_in_a_task")


def _to_nobody(mail: Any) -> str:
    """Return a mail without its recipients' addresses: each may know their own, and a canary is one of them."""
    text = str(mail.message())
    for address in mail.to:
        text = text.replace(address, "")
    return text


def in_valkey() -> Iterator[str]:
    """Yield every key with its value, and each entry of a list, as text; the arguments of tasks are decoded."""
    client = cache._cache.get_client()
    read: dict[bytes, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"none": lambda key: None,  # it expired after the key was read
    }
    for key in client.scan_iter():
        value = read[client.type(key)](key)
        for each in value if isinstance(value, list) else [value]:
            yield unwrapped(f"{key!r}: {each!r}")


def unwrapped(text: str) -> str:
    """Return a text followed by its decoded base64 parts, such as the bodies of tasks."""
    inner = [base64.b64decode(found) for found in BASE64.findall(text) if len(found) % 4 == 0]
    return "\n".join([text, *(each.decode("utf-8", "replace") for each in inner)])
