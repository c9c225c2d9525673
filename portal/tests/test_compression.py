"""Pages and the API are compressed; what shows a secret, and what is compressed already, is not."""

import gzip
import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from assistance.tests.cast import Cast
from files import storage
from files.tests import samples
from portal.compression import SECRETS
from portal.tests.api import ROOT, ApiClients
from portal.tests.leak_world import BACKEND

BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def cted(cast: Cast) -> Client:
    client = Client(headers=BROWSER)
    client.force_login(cast.users["cted"], backend=BACKEND)
    return client


def names(resolver: URLResolver) -> set[str | None]:
    return set().union(*(names(p) if isinstance(p, URLResolver) else {p.name} for p in resolver.url_patterns))


def test_a_page_is_compressed_for_who_takes_it_and_reads_the_same(cted: Client) -> None:
    plain, packed = cted.get("/needs/", headers={"Accept-Encoding": "identity"}), cted.get("/needs/")
    assert "Content-Encoding" not in plain and packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    once = re.compile(r'nonce="[^"]*"|csrf[^>]*value="[^"]*"|"X-CSRFToken": "[^"]*"|name="csrf-token" content="[^"]*"')
    assert once.sub("", gzip.decompress(packed.content).decode()) == once.sub("", plain.content.decode())
    assert all("Accept-Encoding" in answer["Vary"] for answer in (plain, packed))


def test_an_answer_of_the_api_is_compressed_and_its_etag_is_taken_back(cast: Cast, api_clients: ApiClients) -> None:
    need = cast.need("draft")
    answer = api_clients.cted.get(f"{ROOT}/needs/{need.pk}/", HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip" and answer["ETag"].startswith('W/"')
    changed = api_clients.cted.patch(f"{ROOT}/needs/{need.pk}/", {"title": "Other"}, HTTP_IF_MATCH=answer["ETag"])
    assert changed.status_code == 200, changed.content


def test_the_length_tells_nothing_about_one_guess(cted: Client) -> None:
    lengths = {len(cted.get("/needs/?q=a").content) for _ in range(12)}
    assert len(lengths) > 6, "a random length is added to each answer"


@pytest.mark.parametrize("address", ["/me/tokens/", "/me/tokens/new/"])
def test_a_page_that_shows_a_secret_is_not_compressed(cted: Client, address: str) -> None:
    answer = cted.get(address)
    assert answer.status_code == 200 and "Content-Encoding" not in answer


def test_every_name_of_a_page_with_a_secret_exists() -> None:
    assert names(get_resolver()) >= SECRETS


def test_a_file_is_sent_as_it_is(cast: Cast, cted: Client) -> None:
    from files import serving

    stored = storage.receive(samples.note())
    answer = serving.response(stored)
    assert answer.has_header("Content-Disposition"), "by this the compression knows it"


def test_a_short_answer_and_a_static_file_are_left_alone(client: Client, db: None) -> None:
    assert "Content-Encoding" not in client.get("/health/", headers=BROWSER)
    assert client.get("/static/web/portal.css", headers=BROWSER).get("Content-Encoding") != "gzip"
