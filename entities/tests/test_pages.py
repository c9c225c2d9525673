"""The pages of who is who and of designations: for members, complete without JavaScript, at equal cost for any size."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from entities.models import Absence, Appointment, Kind, Organisation, Phase, Role
from entities.reference_import import load_all
from entities.tests.factories import appointment, letter, organisation, person, working_group

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def unoct() -> Organisation:
    return organisation("unoct")


@pytest.fixture
def coordinator(unoct: Organisation) -> User:
    return appointment(unoct, Role.COORDINATOR).user


@pytest.fixture
def state() -> Organisation:
    return organisation("kenya", Kind.MEMBER_STATE, name_en="Kenya", name_ar="كينيا", iso3="KEN")


@pytest.fixture
def focal(state: Organisation) -> User:
    return appointment(state, of=person("focal@example.org", name="Amina Focal")).user


@pytest.fixture
def observer(state: Organisation) -> User:
    return appointment(state, Role.OBSERVER, person("observer@example.org", name="Olga Observer")).user


PAGES = [
    ("organisations", ()),
    ("organisation", ("kenya",)),
    ("organisation", ("absent",)),
    ("working-groups", ()),
    ("working-group", ("absent",)),
    ("vocabulary", ()),
    ("vocabulary", ("instruments",)),
    ("vocabulary", ("programmes",)),
    ("vocabulary", ("absent",)),
    ("designations", ()),
    ("designation-add", ()),
]


# ── Access ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("name", "args"), PAGES)
def test_without_a_running_appointment_every_address_gives_the_same_plain_page(
    name: str, args: tuple[str, ...], state: Organisation, focal: User
) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    for user in (
        person(),
        person(is_superuser=True, is_staff=True),
        appointment(state, until=yesterday).user,
        appointment(state, approved_at=None).user,
        appointment(state, ended_at=timezone.now()).user,
    ):
        answer = signed_in(user).get(reverse(name, args=args))
        assert answer.status_code == 403
        assert "entities/not_appointed.html" in [template.name for template in answer.templates]
        assert "Kenya" not in answer.text and "Amina" not in answer.text


def test_an_administrator_is_not_sent_to_a_focal_point_that_she_does_not_have() -> None:
    answer = signed_in(person(is_superuser=True, is_staff=True)).get(reverse("designations"))
    assert "focal point of your organization" not in answer.text and "You administer the portal." in answer.text
    assert f'href="{reverse("admin:index")}"' in answer.text[answer.text.index("<main") :]
    assert "focal point of your organization" in signed_in(person()).get(reverse("designations")).text


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_a_stranger_is_sent_to_sign_in(name: str, args: tuple[str, ...], client: Client) -> None:
    assert client.get(reverse(name, args=args)).status_code == 302


def test_the_end_of_an_appointment_ends_access_at_the_next_request(focal: User) -> None:
    client = signed_in(focal)
    assert client.get(reverse("organisations")).status_code == 200
    Appointment.objects.update(ended_at=timezone.now())
    assert client.get(reverse("organisations")).status_code == 403


# ── Who is who ───────────────────────────────────────────────────────────────
def test_any_member_reads_who_acts_for_an_organisation_and_observers_are_not_named(
    focal: User, observer: User, unoct: Organisation, coordinator: User
) -> None:
    appointment(Organisation.objects.get(slug="kenya"), of=person(name="Gone Away"), ended_at=timezone.now())
    for user in (focal, observer, coordinator):
        page = signed_in(user).get(reverse("organisation", args=["kenya"]), follow=True)
        assert page.redirect_chain == [(reverse("state", args=["kenya"]), 301)] and page.status_code == 200
        assert "Amina Focal" in page.text and "Focal point" in page.text
        assert "Gone Away" not in page.text
        assert [row.user.name for row in page.context["people"]] == ["Amina Focal"]


@pytest.mark.turns(days=4)
def test_organisations_are_filtered_by_the_address(focal: User) -> None:
    load_all_but_kenya()
    client = signed_in(focal)

    def slugs(query: str) -> set[str]:
        page = client.get(f"/who/?page_size=200&{query}")
        assert page.status_code == 200
        return {row.slug for row in page.context["page"]}

    assert slugs("q=كينيا") == {"kenya"}
    assert slugs("q=Кот") >= {"cote-divoire"}
    assert {"burundi", "uganda"} <= slugs("region=014") and "algeria" not in slugs("region=014")
    assert {"burundi", "algeria", "au"} <= slugs("region=002")
    assert len(slugs("compact=true")) == 33
    assert "gctf" in slugs("kind=partner&q=counterterrorism")
    assert slugs("kind=observer_state") == {"holy-see", "state-of-palestine"}
    assert slugs("q=no such name") == set()


def load_all_but_kenya() -> None:
    kenya = Organisation.objects.get(slug="kenya")
    kenya.iso3 = "KEN"
    kenya.save()
    load_all()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=nonsense", 422), ("region=999", 422), ("compact=maybe", 200), ("q=%00", 422), ("cursor=x", 200),
        ("page_size=1e9", 200), ("region=%00", 422), ("kind=%ff", 422), ("q=%", 200),
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_answered_with_a_page(query: str, status: int, focal: User) -> None:
    assert signed_in(focal).get(f"/who/?{query}").status_code == status
    answer = signed_in(focal).get(f"/designations/?{query}&phase=x&organisation=%00&role=y")
    assert answer.status_code == 422 and list(answer.context["filters"].errors) == ["phase", "role"]


def test_the_list_of_organisations_goes_on_where_it_stopped(focal: User) -> None:
    load_all_but_kenya()
    client, url, seen = signed_in(focal), "/who/?page_size=100", []
    while url:
        page = client.get(url).context["page"]
        seen += [row.slug for row in page]
        url = page.next_url
    assert len(seen) == len(set(seen)) == Organisation.objects.count()


@pytest.mark.turns(4)
@pytest.mark.parametrize("code", ["ar", "en", "es", "fr", "ru", "zh-hans"])
def test_pages_speak_the_language_of_the_reader(code: str, focal: User) -> None:
    load_all_but_kenya()
    name = getattr(Organisation.objects.get(slug="jordan"), f"name_{code.replace('-', '_')}")
    client = signed_in(focal)
    client.cookies["django_language"] = code
    page = client.get(reverse("state", args=["jordan"]))
    assert name in page.text
    for url in (
        "/who/groups/",
        "/who/groups/rmme/",
        "/who/terms/",
        "/who/terms/instruments/",
        "/who/terms/programmes/",
    ):
        assert client.get(url).status_code == 200


# ── Cost ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("url", ["/who/", "/who/groups/", "/who/terms/", "/designations/", "/who/unoct/"])
def test_lists_cost_the_same_for_one_row_and_for_three(url: str, coordinator: User, unoct: Organisation) -> None:
    client = signed_in(coordinator)
    client.get(url)
    unoct.website = "https://example.org"
    unoct.save()
    first = working_group("first", unoct)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(3):
        office = organisation(f"office-{number}", Kind.MEMBER_STATE)
        first.members.add(office)
        working_group(f"group-{number}", unoct, office)
        appointment(office)
        appointment(unoct, Role.FOCAL_POINT)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(one) == len(three), [query["sql"] for query in three.captured_queries]


def test_ones_own_appointments_cost_the_same_for_one_and_for_five() -> None:
    holder = person(password="a long enough pass phrase")
    today, client, counts = timezone.now().date(), signed_in(holder), []
    for more in (1, 4):
        for _ in range(more):
            row = appointment(organisation(), Role.ALTERNATE, holder)
            deputy = appointment(row.organisation).user
            Appointment.objects.filter(pk=row.pk).update(deputy=deputy)
            Absence.objects.create(appointment=row, since=today, until=today, recorded_by=holder)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("my-appointments"))
        assert all(entry["absence"] and entry["steps"] for entry in page.context["entries"])
        counts.append(len(captured))
    assert counts[0] == counts[1]


# ── Designations ─────────────────────────────────────────────────────────────
def nomination(at: Organisation, **fields: object) -> dict[str, object]:
    today = timezone.now().date().isoformat()
    values = {"email": "new@example.org", "name": "New Person", "language": "fr", "role": "alternate", "since": today}
    return {"organisation": at.pk, "letter": letter(), **values, **fields}


def test_from_nomination_to_the_end_by_pages(
    focal: User, coordinator: User, state: Organisation, unoct: Organisation
) -> None:
    answer = signed_in(focal).post(reverse("designation-add"), nomination(state))
    made = Appointment.objects.get(nominated_by=focal)
    assert (answer.status_code, answer["Location"]) == (302, reverse("designation", args=[made.pk]))
    made = Appointment.objects.get(user__email="new@example.org")
    assert made.user.language == "fr"
    client = signed_in(coordinator)
    page = client.get(reverse("designations"), {"phase": "awaiting"})
    assert [entry.appointment for entry in page.context["entries"]] == [made] and "New Person" in page.text
    approve = reverse("designation-approve", args=[made.pk])
    assert "An invitation with a link that works once" in client.get(approve).text
    assert client.post(approve).status_code == 302
    assert client.post(approve).status_code == 409
    assert client.post(reverse("designation-invite", args=[made.pk])).status_code == 302
    end = reverse("designation-end", args=[made.pk])
    refused = client.post(end, {"reason": " "})
    assert refused.status_code == 422 and refused.context["form"].errors["reason"]
    assert client.post(end, {"reason": "Left the ministry"}).status_code == 302
    made.refresh_from_db()
    assert made.phase == Phase.ENDED and made.end_reason == "Left the ministry"
    assert client.post(end, {"reason": "Again"}).status_code == 409


def test_the_pages_of_an_appointment_are_titled_by_the_person(coordinator: User, state: Organisation) -> None:
    running, awaiting = appointment(state), appointment(state, Role.ALTERNATE, approved_at=None)
    client, name = signed_in(coordinator), running.user.name
    titles = {
        "designation": "Appointment of", "designation-end": "End the appointment of",
        "designation-confirm": "Confirm the appointment of", "designation-extend": "Extend the appointment of",
        "designation-view-as": "View as", "appointment-away": "Deputy and absence of",
    }  # fmt: skip
    for address, words in titles.items():
        page = client.get(reverse(address, args=[running.pk])).text
        assert f"<title>{words} {name} · " in page and f"<h1>{words} {name}</h1>" in page, address
    page = client.get(reverse("designation-hand-over", args=[running.pk])).text
    assert f"<title>Hand over the role of {name} to a successor · " in page
    for address, words in (("approve", "Approve the appointment of"), ("end", "Refuse the nomination of")):
        page = client.get(reverse(f"designation-{address}", args=[awaiting.pk])).text
        assert f"<title>{words} {awaiting.user.name} · " in page, address


def test_a_refused_nomination_keeps_what_was_typed_and_names_the_field(focal: User, state: Organisation) -> None:
    client = signed_in(focal)
    answer = client.post(reverse("designation-add"), nomination(state, until="2001-01-01"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"until"} and "new@example.org" in answer.text
    answer = client.post(reverse("designation-add"), nomination(state, name=""))
    assert set(answer.context["form"].errors) == {"name"}
    client.post(reverse("designation-add"), nomination(state))
    answer = client.post(reverse("designation-add"), nomination(state))
    assert answer.status_code == 409 and "already" in str(answer.context["form"].errors["email"])
    assert "Available actions: Approve appointment, " in answer.text


def test_a_focal_point_is_offered_and_granted_the_own_organisation_only(focal: User, unoct: Organisation) -> None:
    client = signed_in(focal)
    offered = client.get(reverse("designation-add")).context["form"].fields["organisation"].queryset
    assert [one.slug for one in offered] == ["kenya"]
    answer = client.post(reverse("designation-add"), nomination(unoct))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["organisation"]


def test_who_only_reads_or_acts_otherwise_nominates_nobody(observer: User, state: Organisation) -> None:
    alternate = appointment(state, Role.ALTERNATE).user
    for user, listed in ((observer, 403), (alternate, 200)):
        client = signed_in(user)
        assert client.get(reverse("designations")).status_code == listed
        assert client.get(reverse("designation-add")).status_code == 403
        assert client.post(reverse("designation-add"), nomination(state)).status_code == 403


def test_appointments_of_others_are_not_there(focal: User, coordinator: User) -> None:
    other = appointment(organisation("norway", Kind.MEMBER_STATE), approved_at=None)
    client = signed_in(focal)
    assert other.user.email not in client.get(reverse("designations")).text
    for name in ("designation-approve", "designation-end"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404
        assert client.post(reverse(name, args=[other.pk]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("designation-invite", args=[other.pk])).status_code == 404


def test_whether_an_address_is_known_shows_nowhere_before_approval(focal: User, state: Organisation) -> None:
    person("known@example.org", name="Secret Name", password="a long enough pass phrase")
    client, told = signed_in(focal), []
    for address in ("known@example.org", "fresh@example.org"):
        answer = client.post(reverse("designation-add"), nomination(state, email=address, name="Guess"), follow=True)
        made = Appointment.objects.get(user__email=address)
        pages = [answer, *(client.get(reverse(name, args=[made.pk])) for name in ("designation", "designation-end"))]
        bodies = [
            re.sub(r'value="\w{64}"|nonce="[^"]+"', "", page.text).replace(address, "@").replace(str(made.pk), "#")
            for page in pages
        ]
        told.append(([page.status_code for page in pages], bodies))
        assert "Secret Name" not in client.get(reverse("designations")).text
    assert told[0] == told[1]


def test_unoct_reads_both_names_where_they_differ(focal: User, coordinator: User, state: Organisation) -> None:
    person("known@example.org", name="Stored Name")
    for name, both in (("Given Name", True), ("STORED name", False)):
        Appointment.objects.filter(user__email="known@example.org").delete()
        signed_in(focal).post(reverse("designation-add"), nomination(state, email="known@example.org", name=name))
        made = Appointment.objects.get(user__email="known@example.org")
        for address in (reverse("designations"), reverse("designation-approve", args=[made.pk])):
            text = signed_in(coordinator).get(address).text
            assert "Stored Name" in text and (name in text) == both


def test_the_letter_is_for_unoct_and_the_focal_points_of_the_organisation(
    focal: User, coordinator: User, observer: User, state: Organisation, unoct: Organisation
) -> None:
    missing = signed_in(focal).post(reverse("designation-add"), nomination(state, letter=""))
    assert missing.status_code == 422 and list(missing.context["form"].errors) == ["letter"]
    assert missing.context["form"].fields["letter"].required, "the page says beforehand that it is needed"
    signed_in(focal).post(reverse("designation-add"), nomination(state))
    made = Appointment.objects.get(nominated_by=focal)
    address = reverse("designation-letter", args=[made.pk])
    alternate, other = appointment(state, Role.ALTERNATE).user, appointment(organisation(), Role.FOCAL_POINT).user
    for user, status in ((focal, 200), (coordinator, 200), (alternate, 404), (observer, 404), (other, 404)):
        for place in (address, f"/api/v1/appointments/{made.pk}/letter/"):
            answer = signed_in(user).get(place)
            assert answer.status_code == status, (user, place)
            if status == 200:
                assert answer["Content-Disposition"].startswith("attachment") and b"note" in b"".join(answer)
    signed_in(coordinator).post(reverse("designation-add"), nomination(unoct, letter="", email="u@example.org"))
    own = Appointment.objects.get(nominated_by=coordinator)
    assert own.letter is None, "UNOCT itself needs none"
    assert signed_in(coordinator).get(reverse("designation-letter", args=[own.pk])).status_code == 404


def test_forms_refuse_a_forged_request(focal: User, state: Organisation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal)
    assert client.post(reverse("designation-add"), nomination(state)).status_code == 403
    assert not User.objects.filter(email="new@example.org").exists()
