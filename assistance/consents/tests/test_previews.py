"""Previews show exactly what others would read, never more than the State itself sees, and allow no action."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from assistance.access import policy
from assistance.consents import previews
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.documents import transitions as documents
from assistance.documents.models import Document
from assistance.needs import match_transitions as matches
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast, appoint
from assistance.tests.reports import reported_visit, second
from assistance.visits.models import Visit
from entities.models import Role, WorkingGroup
from files.tests import samples


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return reported_visit(cast)


def main(answer: Any) -> str:
    """Return the text of a page without the banner of a preview, the line of who sees it, the actions, and what is followed."""
    text = answer.content.decode()
    text = re.search(r'<main id="content".*?</main>', text, re.DOTALL)[0]  # type: ignore[index]
    text = re.sub(r'<p class="print-only.*?</p>', "", text, flags=re.DOTALL)
    text = re.sub(r'<div class="notice tone-warning preview-banner".*?</div>', "", text, flags=re.DOTALL)
    text = re.sub(r'<section class="panel who-sees">.*?</section>', "", text, flags=re.DOTALL)
    text = re.sub(r'<details class="panel more no-print" id="following">.*?</details>', "", text, flags=re.DOTALL)
    return " ".join(html.unescape(strip_tags(text)).split())


def observer_of(cast: Cast, slug: str) -> Client:
    """Return a client of somebody who only reads there."""
    user = User.objects.create(email=f"reader@{slug}.example", name=f"reader-{slug}")
    appoint(user, cast.org(slug), Role.OBSERVER)
    client = Client()
    client.force_login(user, backend="accounts.sign_in.backend.AccountBackend")
    return client


@pytest.mark.turns(2)
@pytest.mark.parametrize("slug", ["unodc", "iom", "unoct", "searcct", "sumora"])
def test_a_preview_reads_word_for_word_as_their_own_page(cast: Cast, sign_in: Any, visit: Visit, slug: str) -> None:
    need = visit.needs.get()
    for audience in (["compact"], ["searcct", "sumora"]):
        consents.release(actor=cast.carana, rows=[second(visit), need], audience=audience)
        if audience == ["compact"]:
            matches.propose(actor=cast.unodc, need=need.pk, share=20, message="Word-of-unodc")
            match = matches.propose(actor=cast.iom, need=need.pk, share=30)
            matches.accept(actor=cast.carana, match=match.pk)
        state, theirs = sign_in("carana"), observer_of(cast, slug)
        User.objects.filter(email=f"reader@{slug}.example").update(email=f"{audience[0]}@{slug}.example")
        for row in (second(visit), need):
            name = row.record_name()
            own = theirs.get(reverse(name, args=[row.pk]))
            shown = state.get(reverse(f"{name}-as", args=[row.pk]), {"reader": slug})
            assert (own.status_code == 404) == bool(shown.context.get("unseen")), (slug, name)
            if own.status_code == 200:
                assert main(shown) == main(own)


def test_a_release_is_seen_before_it_is_made(cast: Cast, sign_in: Any, visit: Visit) -> None:
    need, state = visit.needs.get(), sign_in("carana")
    address, sent = reverse("need-as", args=[need.pk]), {"reader": "unodc", "suppose": "on"}
    before = main(state.get(address, sent))
    assert "Text-of-need" in before and not Consent.objects.exists()
    consents.release(actor=cast.carana, rows=[need])
    after = main(observer_of(cast, "unodc").get(reverse("need", args=[need.pk])))

    def without_history(text: str) -> str:
        return text.split("History", maxsplit=1)[0]

    assert without_history(before) == without_history(after)


def test_what_only_they_see_is_not_shown_to_the_state(cast: Cast, sign_in: Any) -> None:
    need = cast.need("shared")
    cast.project(is_restricted=True, needs=[need], title="Title-of-closed-project", partners=[])
    theirs = observer_of(cast, "unodc").get(reverse("need", args=[need.pk])).content.decode()
    shown = sign_in("carana").get(reverse("need-as", args=[need.pk]), {"reader": "unodc"}).content.decode()
    assert "Title-of-closed-project" in theirs and "Title-of-closed-project" not in shown


def test_a_preview_says_so_and_offers_nothing_to_do(cast: Cast, sign_in: Any) -> None:
    need = cast.need("shared")
    answer = sign_in("carana").get(reverse("need-as", args=[need.pk]), {"reader": "unodc"})
    body = answer.content.decode()
    assert "Preview: this page as seen by Unodc" in body and answer.context["buttons"] == []
    assert reverse("match-propose", args=[need.pk]) not in body and reverse("need-share", args=[need.pk]) not in body
    assert sign_in("carana").post(reverse("need-as", args=[need.pk]), {"reader": "unodc"}).status_code == 405


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", [*MEMBERS, *OUTSIDERS])
def test_only_the_state_borrows_eyes(cast: Cast, sign_in: Any, visit: Visit, name: str) -> None:
    need = cast.need("shared")
    answer = sign_in(name).get(reverse("need-as", args=[need.pk]), {"reader": "iom"})
    seen = name in ("carana", "observer", "cted", "unoct", "unodc", "iom")
    assert answer.status_code == (200 if name == "carana" else 403 if seen or name in OUTSIDERS else 404)
    hidden = sign_in(name).get(reverse("section-as", args=[second(visit).pk]), {"reader": "iom"})
    own = name in ("observer", "cted")
    assert hidden.status_code == (200 if name == "carana" else 403 if own or name in OUTSIDERS else 404)


@pytest.mark.parametrize(("sent", "code"), [({}, 200), ({"reader": "absent"}, 422), ({"reader": "\0"}, 422)])
def test_an_unknown_reader_is_refused_at_its_field(cast: Cast, sign_in: Any, sent: dict[str, str], code: int) -> None:
    need: Need = cast.need("shared")
    answer = sign_in("carana").get(reverse("need-as", args=[need.pk]), sent)
    assert answer.status_code == code and bool(answer.context["form"].errors) == (code == 422)


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("released", "eyes", "sees"),
    [
        (["compact"], "compact", True), (["compact"], "donors", False), (["compact"], "states", False),
        (["states"], "states", True), (["unodc"], "compact", False), (["wg"], "wg", True), (["unodc"], "wg", False),
        (["donors"], "donors", True),
    ],
)  # fmt: skip
def test_an_audience_reads_what_all_of_it_may(
    cast: Cast, sign_in: Any, released: list[str], eyes: str, sees: bool
) -> None:
    WorkingGroup.objects.establish(slug="wg", name_en="Working group on borders")
    need, state = cast.need("agreed"), sign_in("carana")
    address = reverse("need-as", args=[need.pk])
    assert "unseen" in state.get(address, {"reader": eyes}).context, "nothing is released yet"
    supposed = state.get(address, {"reader": eyes, "suppose": "on"})
    assert supposed.context["buttons"] == [] and need.title in supposed.content.decode()
    consents.release(actor=cast.carana, rows=[need], audience=released)
    answer = state.get(address, {"reader": eyes})
    assert ("unseen" not in answer.context) == sees


def test_eyes_of_others_open_nothing_their_borrower_does_not_see(cast: Cast) -> None:
    draft = cast.offer(published=False)
    assert set(policy.visible(cast.unodc, Offer)) == {draft}
    assert not policy.visible(
        previews.preview_actor(cast.carana, previews.preview_audience_of("unodc")), Offer
    ).exists()


def test_documents_go_with_what_would_be_opened_and_closed(cast: Cast, visit: Visit) -> None:
    need, section, page = visit.needs.get(), second(visit), visit.sections.get(number=1)
    shared = cast.need("agreed")
    for row, title in ((need, "need"), (section, "section"), (cast.need("agreed"), "else"), (shared, "N"), (page, "S")):
        documents.attach(actor=cast.carana, parent=row, file=samples.note(text=title), title=title)
    gone = documents.attach(actor=cast.carana, parent=need, file=samples.note(text="gone"), title="gone")
    documents.remove(actor=cast.carana, document=gone.pk, reason="By mistake.")
    consents.release(actor=cast.carana, rows=[shared])
    consents.release(actor=cast.carana, rows=[page])
    unodc = frozenset({cast.org("unodc").group_id})

    def titles(*openings: previews.Opening) -> set[str]:
        eyes = previews.preview_actor(cast.carana, previews.preview_audience_of("unodc"), openings)
        return set(policy.visible(eyes, Document).values_list("title", flat=True))

    assert titles() == {"N", "S"}
    assert titles((need, unodc)) == {"N", "S", "need"} and titles((section, unodc)) == {"N", "S", "section"}
    assert titles((shared, frozenset())) == {"S"} and titles((page, frozenset())) == {"N"}
    assert titles((section, unodc), (shared, frozenset()), (page, frozenset())) == {"section"}
