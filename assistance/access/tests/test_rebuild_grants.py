"""Rows and audiences that were tampered with are found and corrected from consents and other facts."""

from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistance.access import audiences, policy
from assistance.access.database import EVERY_ROW
from assistance.access.models import Audience, AudienceGrant
from assistance.consents import transitions as consents
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.tests.cases import Cases, all_cases, name_of
from assistance.tests.cast import Cast
from entities.groups import MEMBERS, STATES


def rebuild(*options: str) -> str:
    out = StringIO()
    call_command("rebuild_grants", *options, stdout=out)
    return out.getvalue()


def sees(cast: Cast, name: str, need: Need) -> bool:
    return policy.visible(getattr(cast, name), Need).filter(pk=need.pk).exists()


def found_then_mended(kind: str) -> None:
    """Assert that the check finds one difference of this kind, which is then corrected, and that none is left."""
    out = StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("rebuild_grants", "--check", stdout=out)
    assert ending.value.code == 1
    assert f"assistance.{kind}: 1 adrift" in out.getvalue()
    assert f"assistance.{kind}: 1 mended" in rebuild()
    assert rebuild("--check").rstrip().endswith("drift 0")


def test_a_whole_journey_leaves_no_drift(cast: Cast) -> None:
    visit = cast.visit()
    section = cast.section(visit)
    need = cast.need("agreed", visit=visit, section=section, source="visit")
    consents.ask(actor=cast.cted, visit=visit.pk)
    consents.release(actor=cast.carana, rows=[need, section])
    match = cast.match("delivered", need=need, share=60)
    needs.verify(actor=cast.cted, need=need.pk, outcome="partly_met", share=30, note="Half.")
    matches.propose(actor=cast.iom, need=need.pk, share=20)
    cast.project(), cast.offer(published=False)
    consents.withdraw(actor=cast.carana, rows=[need])
    match.refresh_from_db()
    assert rebuild("--check").rstrip().endswith("drift 0")
    assert rebuild().rstrip().endswith("drift 0")


def test_a_need_pointed_at_another_audience_is_found_and_mended(cast: Cast) -> None:
    need = cast.need("agreed")
    Need.objects.filter(pk=need.pk).update(audience=audiences.audience_of([MEMBERS]))
    assert sees(cast, "sumora", need)
    found_then_mended("Need")
    assert not sees(cast, "sumora", need) and sees(cast, "carana", need)


@pytest.mark.turns(3)
@pytest.mark.parametrize("cases", all_cases(), ids=name_of)
def test_a_row_of_each_kind_pointed_at_another_audience_is_found_and_mended(cast: Cast, cases: Cases) -> None:
    row = cases.rows[0].make(cast)
    everyone = audiences.audience_of([MEMBERS])
    assert row.audience_id != everyone.pk
    type(row)._default_manager.filter(pk=row.pk).update(audience=everyone)
    found_then_mended(cases.model.__name__)


def test_an_end_moved_without_a_consent_is_found_and_mended(cast: Cast) -> None:
    until = timezone.now().date() + timedelta(days=5)
    need = cast.need("shared", until=until)
    Need.objects.filter(pk=need.pk).update(released_until=until + timedelta(days=365), ends_at=None)
    found_then_mended("Need")
    need.refresh_from_db()
    assert need.released_until == until
    assert need.ends_at == datetime.combine(until + timedelta(days=1), time.min, UTC)


def test_a_grant_slipped_into_an_audience_is_found_and_mended(cast: Cast) -> None:
    need = cast.need("agreed")
    view = AudienceGrant.objects.values_list("permission_id", flat=True)[0]
    AudienceGrant.objects.create(content_object=need.audience, group_id=STATES, permission_id=view)
    assert not sees(cast, "sumora", need), "a row holds the groups of its audience itself"
    found_then_mended("Audience")
    assert not sees(cast, "sumora", need) and sees(cast, "carana", need)


def test_an_audience_of_which_set_and_grants_are_both_wrong_is_retired(cast: Cast) -> None:
    need = cast.need("agreed")
    audience = need.audience
    audience.grants.filter(group=cast.org("carana").group).update(group=cast.org("sumora").group)
    Audience.objects.filter(pk=audience.pk).update(groups=[STATES])
    need.save()  # the row takes its groups from the audience
    assert sees(cast, "sumora", need)
    rebuild()
    assert rebuild("--check").rstrip().endswith("drift 0")
    assert not sees(cast, "sumora", need) and sees(cast, "carana", need)


@pytest.mark.parametrize("tamper", ["taken", "slipped in", "renamed"])
def test_what_a_state_released_survives_tampering_with_the_grants(cast: Cast, tamper: str) -> None:
    """The consent still names the audience: the correction must neither widen nor lose what the State decided."""
    need = cast.need("shared", audience=["unodc", "iom"])
    released_to = need.consents.get().released_to
    assert released_to is not None
    if tamper == "taken":
        released_to.grants.filter(group=cast.org("unodc").group).delete()
    elif tamper == "renamed":  # the set names another group, while the grants are still as the State decided
        Audience.objects.filter(pk=released_to.pk).update(groups=[STATES])
    else:
        view = AudienceGrant.objects.values_list("permission_id", flat=True)[0]
        AudienceGrant.objects.create(content_object=released_to, group_id=STATES, permission_id=view)
    found_then_mended("Audience")
    assert [name for name in ("carana", "unodc", "iom", "sumora") if sees(cast, name, need)] == [
        "carana",
        "unodc",
        "iom",
    ]
    kept = need.consents.get().released_to
    assert kept is not None and audiences.groups_of(kept) == {cast.org(name).group_id for name in ("unodc", "iom")}


def test_the_groups_of_a_row_cannot_be_written(cast: Cast) -> None:
    need = cast.need("agreed")
    Need.objects.filter(pk=need.pk).update(reader_groups=[STATES], owner_groups=[STATES])
    need.refresh_from_db()
    assert set(need.reader_groups) == {EVERY_ROW, *need.audience.groups}
    assert set(need.owner_groups) == {EVERY_ROW, *need.owners.groups}
    assert not sees(cast, "sumora", need) and sees(cast, "carana", need)


def test_checking_writes_nothing(cast: Cast) -> None:
    need = cast.need("agreed")
    everyone = audiences.audience_of([MEMBERS])
    Need.objects.filter(pk=need.pk).update(audience=everyone, owners=everyone)
    Audience.objects.filter(pk=need.audience_id).delete()
    before = Audience.objects.count()
    with pytest.raises(SystemExit):
        call_command("rebuild_grants", "--check", stdout=StringIO())
    assert Audience.objects.count() == before


# ── Beside people who work ───────────────────────────────────────────────────
def is_free(need: Need) -> bool:
    """Return whether another connection can change the need at once."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            cursor.execute("UPDATE assistance_need SET version = version WHERE id = %s", [need.pk])
    except OperationalError:
        return False
    finally:
        other.close()
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mend", [False, True])
def test_no_lock_outlasts_its_row(mend: bool) -> None:
    cast = Cast()
    needs_adrift = [cast.need("agreed") for _ in range(3)]
    everyone = audiences.audience_of([MEMBERS])
    Need.objects.filter(pk__in=[need.pk for need in needs_adrift]).update(audience=everyone)
    found = 0
    for _adrift in audiences.drift(mend=mend):
        found += 1
        assert all(is_free(need) for need in needs_adrift)
    assert found == 3


def test_the_check_locks_only_what_seems_to_differ(cast: Cast) -> None:
    sound, tampered = cast.need("agreed"), cast.need("agreed")
    Need.objects.filter(pk=tampered.pk).update(audience=audiences.audience_of([MEMBERS]))
    with CaptureQueriesContext(connection) as asked:
        list(audiences.drift(mend=False))
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert len(locks) == 1 and str(tampered.pk) in locks[0] and str(sound.pk) not in locks[0]
    assert not [query for query in asked if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
