"""The look-up of search terms: by the text indexes, right for any term and reader, and without a word of hidden rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Case, Model, Q, Value, When

from assistance import registry, search
from assistance.access import policy, row_security
from assistance.access.database import FEW_SEEN, MOST_FOUND
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.tests.cast import Cast
from entities.actors import Actor
from web.folding import looks_for

SEARCHED = [model for model in registry.models() if search.is_searched(model)]
MANY = MOST_FOUND + 500
TERMS = (
    "common", "COMMON", "Commons", "rare", "rare words", "omm", "zqx", "absent", "hidden", "common hidden", "common -rare",
    "援助", "-common", "-rare", "rare or absent", "a", "zq", "re", "机场", "机", "场!", "!!", "!", "%", "_", "\\", "ﬁ", "محكمة",
    "المحكمه", "T-17", "& | !", "common words of", "-", "'", "an",
)  # fmt: skip


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Return the cast with more released needs than a look-up returns, some with rare words, and some hidden ones."""
    kinds = {
        "common": cast.need("shared", audience="compact", title="Common words", description="— 技术援助项目"),
        "rare": cast.need("shared", audience="compact", title="Rare words, 机场! المحكمة", description="—"),
        "hidden": cast.need("put", title="Hidden words zqx", description="—"),
    }
    copy(kinds["common"], MANY)
    copy(kinds["rare"], 5)
    copy(kinds["hidden"], 20)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ANALYZE assistance_need, assistance_needtexts")
        for index in ("search", "plain", "pairs"):  # as autovacuum does; tests before this one have left entries
            cursor.execute("SELECT gin_clean_pending_list(%s)", [f"need_{index}"])
    return cast


def copy(need: Need, times: int) -> None:
    """Copy a need many times, each a second older than the last."""
    columns = [f.column for f in Need._meta.concrete_fields if not f.generated]
    own = {"id": "gen_random_uuid()", "reference": "'T-' || substr(need.reference, 6) || n",
           "modified_at": "need.modified_at - n * interval '1 s'"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO assistance_need ({', '.join(columns)}) "  # noqa: S608 (names of our own columns)
            f"SELECT {', '.join(own.get(column, f'need.{column}') for column in columns)} "
            "FROM assistance_need need, generate_series(1, %s) n WHERE need.id = %s",
            [times, need.pk],
        )


@contextmanager
def reading(actor: Actor) -> Iterator[None]:
    """Read as the web role with the groups of an actor."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}; SET portal.groups = '{{}}'")
    connection.row_security_is_active = True  # type: ignore[attr-defined]
    row_security.set_groups(actor.groups)
    try:
        yield
    finally:
        row_security.set_groups(())
        connection.row_security_is_active = False  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE; SET portal.groups = '{0}'")


def looked_up(model: type[Model], term: str) -> str | None:
    """Return what the function of the database finds."""
    wanted = looks_for(term)
    return search._look_up(model, wanted, search._words(term, wanted) if model is Need else None)


@contextmanager
def explained() -> Iterator[list[str]]:
    """Yield the plans of all statements, also of those inside functions, as they are run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "LOAD 'auto_explain'; SET auto_explain.log_nested_statements = on; SET auto_explain.log_min_duration = 0;"
            "SET auto_explain.log_level = notice; SET client_min_messages = notice"
        )
    plans = connection.connection.notices = []
    try:
        yield plans
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET auto_explain.log_min_duration = -1; RESET client_min_messages")


@pytest.mark.turns(days=2)
def test_any_term_finds_the_same_as_a_test_of_each_row_for_any_reader(many: Cast) -> None:
    for actor in (many.cted, many.carana, many.unodc, many.iom, many.partner):
        seen = policy.visible(actor, Need)
        for term in TERMS:
            wanted = looks_for(term)
            words = Q(texts_searched__search=search._words(term, wanted)) | Q(texts_searched__plain__contains=wanted)
            with reading(actor):
                found = set(search.found(seen, term).values_list("pk", flat=True))
                page = list(search.found(seen, term).order_by("-modified_at", "-id").values_list("pk", flat=True)[:51])
            expected = list(seen.filter(words).order_by("-modified_at", "-id").values_list("pk", flat=True))
            assert (found, page) == (set(expected), expected[:51]), (actor, term)


@pytest.mark.turns(days=2)
@pytest.mark.parametrize(("term", "index"), [("rare", "need_search"), ("rar", "need_plain"), ("机场", "need_pairs")])
def test_a_term_is_looked_up_in_its_index_and_no_table_is_read_through(many: Cast, term: str, index: str) -> None:
    with explained() as plans, reading(many.unodc):
        assert policy.visible(many.unodc, Need).count() > FEW_SEEN
        plans.clear()
        assert search.found(policy.visible(many.unodc, Need), term).count() == 6
        text = "".join(plans)
    assert f"Bitmap Index Scan on {index}" in text
    assert "Seq Scan on assistance_need" not in text


@pytest.mark.turns(days=3)
def test_a_frequent_term_is_read_in_the_order_of_the_list(many: Cast) -> None:
    with reading(many.unodc):
        rows = search.found(policy.visible(many.unodc, Need), "common").order_by("-modified_at", "-id")[:51]
        plan = rows.explain()
    assert "need_by_modified" in plan and "Seq Scan" not in plan and "Sort" not in plan, plan


@pytest.mark.turns(days=3)
def test_what_is_hidden_changes_no_answer_of_the_look_up(many: Cast) -> None:
    assert looked_up(Need, "zqx").count(",") == 20
    for actor in (many.unodc, many.iom):
        with reading(actor):
            assert looked_up(Need, "zqx") == looked_up(Need, "absent") == "{}"
    with reading(Actor(many.users["sumora"])):  # without groups: more than the limit have the term, none is shown
        assert looked_up(Need, "common") == "{}"
    with reading(many.unodc):
        assert looked_up(Need, "common") is None


def test_the_look_up_belongs_to_the_owner_and_only_the_web_role_may_run_it(db: None) -> None:
    assert {Offer, Need, Project} <= set(SEARCHED)
    for model in SEARCHED:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT prosecdef, proconfig, array(SELECT CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END"
                " FROM aclexplode(proacl) WHERE grantee <> proowner), pg_get_userbyid(proowner) = relowner::regrole::text,"
                " array(SELECT polroles FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'look_up')"
                " = array[array[relowner]]"
                " FROM pg_proc, pg_class WHERE proname = %s AND relname = %s",
                [f"{model._meta.db_table}_look_up", model._meta.db_table],
            )
            [(definer, options, others, is_owners, reads)] = cursor.fetchall()
        assert definer and is_owners and reads and others == [settings.DATABASE_ROLE], model
        assert "search_path=pg_catalog, public, pg_temp" in options


def test_a_condition_supposed_to_hold_for_half_of_the_rows_is_the_same_condition(cast: Cast) -> None:
    cast.need("shared", title="Alpha")
    cast.need("shared", title="Beta")
    plain = Q(texts_searched__plain__contains="alpha")
    wrapped = Case(When(plain, then=Value(True)), default=Value(False), output_field=BooleanField())
    assert set(Need.objects.filter(wrapped)) == set(Need.objects.filter(plain)) != set()
