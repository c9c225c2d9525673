"""What people follow or have muted: who is told more, who is told less, and that nobody is told of what they do not see."""

from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from accounts.mail.dispatch import send
from accounts.models import Channel, Delivery
from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.delivery import exchange
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match
from assistance.tests.cast import PASSWORD, Cast
from assistance.workflow.announcements import announce_waiting
from assistance.workflow.follow_choices import choices_of, choose
from assistance.workflow.following import interests_in
from assistance.workflow.models import Follow, Interest
from entities.models import Theme
from web.exceptions import Invalid

pytestmark = pytest.mark.django_db

FOLLOWED, MUTED = Interest.FOLLOWED.value, Interest.MUTED.value


def told(cast: Cast, who: str, message: str) -> list[str]:
    """Return the channels by which somebody was told by a message."""
    found = Delivery.objects.filter(recipient=cast.users[who], message=message)
    return sorted(found.values_list("channel", flat=True))


def topics(row: Any) -> tuple[str, str, str]:
    return f"need:{row.pk}", f"state:{row.state_id}", f"theme:{row.theme_id}"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_who_follows_is_told_of_what_they_see(cast: Cast, number: int) -> None:
    need = cast.need("shared")
    match = cast.match("proposed", need)
    choose(cast.iom, {topics(need)[number]: FOLLOWED})
    matches.accept(actor=cast.carana, match=match.pk)
    assert told(cast, "iom", "match_accepted") == ["mail", "portal"]
    assert told(cast, "unodc", "match_accepted") == ["mail", "portal"]


def test_who_follows_a_state_is_not_told_of_what_they_do_not_see(cast: Cast) -> None:
    choose(cast.sumora, {f"state:{cast.org('carana').pk}": FOLLOWED, "theme:border": FOLLOWED})
    need = cast.need("put")
    needs.agree(actor=cast.carana, need=need.pk)
    assert not Delivery.objects.filter(recipient=cast.users["sumora"]).exists()
    assert told(cast, "cted", "need_agreed") == ["mail", "portal"]


def test_who_follows_is_not_told_of_events_that_only_the_parties_see(cast: Cast) -> None:
    match = cast.match("accepted")
    choose(cast.iom, {f"need:{match.need_id}": FOLLOWED})
    exchange.write(actor=cast.unodc, match=match.pk, text="When can we begin?")
    assert told(cast, "carana", "match_messaged") == ["mail", "portal"]
    assert told(cast, "iom", "match_messaged") == []


def test_who_follows_is_not_told_of_what_asks_others_alone(cast: Cast) -> None:
    need = cast.need("shared")
    choose(cast.carana, {f"need:{need.pk}": FOLLOWED})
    match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=40)
    assert policy.visible(cast.carana, Match).filter(pk=match.pk).exists()
    assert told(cast, "unodc", "match_suggested") == ["mail", "portal"]
    assert told(cast, "carana", "match_suggested") == []


def test_who_has_muted_is_told_only_of_what_asks_them(cast: Cast) -> None:
    need = cast.need("draft")
    choose(cast.carana, {f"state:{need.state_id}": MUTED})
    needs.put_to_state(actor=cast.cted, need=need.pk)
    needs.agree(actor=cast.carana, need=need.pk)
    match = cast.match("accepted", cast.need("shared"))
    matches.start(actor=cast.unodc, match=match.pk)
    assert set(told(cast, "carana", "need_put_to_state")) == {"mail", "portal"}
    assert told(cast, "carana", "match_started") == []
    assert told(cast, "cted", "match_started") == ["mail", "portal"]


def test_a_release_is_not_told_to_who_has_muted_its_theme(cast: Cast) -> None:
    choose(cast.iom, {"theme:border": MUTED})
    need = cast.need("shared")
    announce_waiting()
    assert Delivery.objects.filter(recipient=cast.users["unodc"], subject=f"need:{need.pk}").exists()
    assert not Delivery.objects.filter(recipient=cast.users["iom"]).exists()


def test_of_two_needs_released_together_the_muted_one_is_left_out(cast: Cast) -> None:
    first, second = cast.need("agreed"), cast.need("agreed")
    Follow.objects.create(user=cast.users["iom"], topic=f"need:{first.pk}", choice=MUTED)
    consents.release(actor=cast.carana, rows=[first, second], audience="compact")
    announce_waiting()
    unodc = Delivery.objects.get(recipient=cast.users["unodc"], channel=Channel.PORTAL)
    iom = Delivery.objects.get(recipient=cast.users["iom"], channel=Channel.PORTAL)
    assert unodc.subject.startswith("batch:") and iom.subject == f"need:{second.pk}"


CHOSEN = ("", FOLLOWED, MUTED)


@pytest.mark.parametrize(("of_need", "of_state", "of_theme"), list(product(CHOSEN, CHOSEN, CHOSEN)))
def test_the_record_goes_first_and_muted_before_followed(
    cast: Cast, of_need: str, of_state: str, of_theme: str
) -> None:
    need, user = cast.need("draft"), cast.users["unodc"]
    for topic, choice in zip(topics(need), (of_need, of_state, of_theme), strict=True):
        if choice:
            Follow.objects.create(user=user, topic=topic, choice=choice)
    beside = MUTED if MUTED in (of_state, of_theme) else of_state or of_theme
    wanted = of_need or beside
    found = interests_in([need])[need.pk]
    assert (user.pk in found.followed, user.pk in found.muted) == (wanted == FOLLOWED, wanted == MUTED)


def test_the_interests_in_many_rows_are_one_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    rows = [cast.need("draft") for _number in range(4)]
    with django_assert_num_queries(1):
        interests_in(rows)


def test_a_topic_that_is_hidden_is_refused_as_one_that_is_not_there(cast: Cast) -> None:
    hidden = cast.need("draft")
    said = set()
    for topic in (
        f"need:{hidden.pk}",
        f"need:{uuid4()}",
        "need:x",
        "theme:nothing",
        "theme:a\0b",
        "state:x",
        f"match:{uuid4()}",
        "a:b",
    ):
        with pytest.raises(Invalid) as refused:
            choose(cast.iom, {topic: FOLLOWED})
        said.add(str(refused.value.errors[topic]))
    assert len(said) == 1 and not Follow.objects.exists()
    with pytest.raises(Invalid):
        choose(cast.cted, {f"need:{hidden.pk}": "loudly"})


def test_what_is_no_longer_seen_is_no_longer_listed(cast: Cast) -> None:
    need = cast.need("shared")
    choose(cast.iom, {f"need:{need.pk}": FOLLOWED, f"state:{need.state_id}": MUTED, "theme:border": FOLLOWED})
    assert [one.topic.kind for one in choices_of(cast.iom)] == ["need", "state", "theme"]
    consents.withdraw(actor=cast.carana, rows=[need])
    assert [one.topic.kind for one in choices_of(cast.iom)] == ["state", "theme"]
    choose(cast.iom, {"theme:border": "usual"})
    assert [one.topic.kind for one in choices_of(cast.iom)] == ["state"]


def test_the_mail_says_that_it_is_followed_and_where_to_change_that(cast: Cast) -> None:
    need = cast.need("shared")
    match = cast.match("proposed", need)
    choose(cast.iom, {f"need:{need.pk}": FOLLOWED})
    Delivery.objects.all().delete()
    matches.accept(actor=cast.carana, match=match.pk)
    row = Delivery.objects.get(recipient=cast.users["iom"], channel=Channel.MAIL)
    send(row.pk)
    body = mail.outbox[-1].body
    assert "because you follow this record, its State or its theme" in body and "/me/following/" in str(body)
    assert str(need.title_en) not in str(body) and "Carana" not in str(body)


def test_a_page_saves_choices_and_leads_back(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    client.login(username=cast.users["iom"].email, password=PASSWORD)
    page = client.get(need.get_absolute_url()).content.decode()
    assert "Notifications about this" in page
    sent = {f"need:{need.pk}": MUTED, f"state:{need.state_id}": FOLLOWED, "next": need.get_absolute_url()}
    answer = client.post("/me/following/", sent)
    assert (answer.status_code, answer["Location"]) == (302, need.get_absolute_url())
    assert "muted" in client.get(need.get_absolute_url()).content.decode()
    listed = client.get("/me/following/").content.decode()
    assert need.title_en in listed and "Carana" in listed
    theme = Theme.objects.get(code="border")
    client.post("/me/following/", {"add": [f"theme:{theme.pk}", ""], "next": "https://elsewhere.example.org/"})
    assert set(Follow.objects.values_list("topic", "choice")) == {
        (f"need:{need.pk}", MUTED), (f"state:{need.state_id}", FOLLOWED), (f"theme:{theme.pk}", FOLLOWED),
    }  # fmt: skip


def test_a_page_refuses_what_is_not_seen(cast: Cast, client: Client) -> None:
    hidden = cast.need("draft")
    client.login(username=cast.users["iom"].email, password=PASSWORD)
    answers = [client.post("/me/following/", {f"need:{key}": FOLLOWED}) for key in (hidden.pk, uuid4())]
    assert {answer.status_code for answer in answers} == {422} and not Follow.objects.exists()
