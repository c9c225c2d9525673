"""Every kind of row that a State releases: its columns are made from the model, its place in lists is registered."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from assistance import registry
from assistance.consents import transitions as consents
from assistance.consents.kinds import kinds, kinds_of_visits
from assistance.consents.models import RELEASED, Consent, PlanLine, relation_of
from assistance.consents.summaries import listed, named
from assistance.registry import ReleaseSpec
from assistance.tests.cast import Cast
from assistance.workflow.naming import matter_of

KINDS = [pytest.param(kind, id=kind.name) for kind in kinds()]


def test_the_kinds_are_the_models_that_declare_it() -> None:
    declared = [model for model in registry.models() if model.released_by_state]
    assert [kind.model for kind in kinds()] == declared
    assert set(RELEASED.values()) == set(declared)
    assert {kind.name for kind in kinds_of_visits()} >= {"need", "section"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_column_in_lines_and_an_append_only_field_in_consents(
    cast: Cast, kind: registry.Aggregate
) -> None:
    assert PlanLine._meta.get_field(kind.name).related_model is kind.model
    field = Consent._meta.get_field(relation_of(kind.model))
    assert field.related_model is kind.model
    table = f"assistance_consent_{relation_of(kind.model)}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_trigger WHERE tgname = 'append_only' AND tgrelid = to_regclass(%s)",
            [table],
        )
        assert cursor.fetchone(), f"add database.append_only({table!r}) to a migration"


def test_what_a_consent_names_never_changes(cast: Cast) -> None:
    need, section = cast.need("agreed"), cast.section(cast.visit(), 1)
    consent = consents.release(actor=cast.carana, rows=[need, section])
    for row in (need, section):
        with pytest.raises(DatabaseError), transaction.atomic():
            getattr(consent, relation_of(type(row))).clear()
    assert named([need, section]) == f"section 1 and need “{need.title}”"


@pytest.mark.parametrize(
    ("language", "alone", "inside"),
    [
        ("en", "Sections 1 and 3 · Need {}", "sections 1 and 3 and need {}"),
        ("fr", "Sections 1 et 3 · Besoin {}", "les sections 1 et 3 et le besoin {}"),
        ("ru", "Разделы 1 и 3 · Потребность {}", "разделы 1 и 3 и потребность {}"),
        ("ar", "القسمان 1 و3 · الاحتياج {}", "القسمين 1 و3 والاحتياج {}"),
    ],
)
def test_rows_are_named_otherwise_alone_than_inside_a_sentence(
    cast: Cast, language: str, alone: str, inside: str
) -> None:
    visit = cast.visit()
    rows = [cast.section(visit, 1), cast.section(visit, 3), cast.need("agreed")]
    with translation.override(language):
        title = translation.gettext("“%(title)s”") % {"title": matter_of(rows[-1]).inline}
        assert listed(rows) == alone.format(title) and named(rows) == inside.format(title)


def test_a_kind_that_registers_nothing_is_named_by_its_references(cast: Cast) -> None:
    spec, one, two = ReleaseSpec(), cast.need("agreed"), cast.need("agreed")
    assert spec.named([one]) == f"need {one.reference}"
    assert spec.named([one, two]) == f"needs {one.reference} and {two.reference}"
    assert spec.listed([one, two]) == f"Needs {one.reference} and {two.reference}"
