"""Notes verbales of before the store of files move into it, and back, without losing a byte."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.tests.cast import Cast
from assistance.tests.reports import reported_visit, second
from files import serving
from files.models import StoredFile
from files.tests import samples


def migrate(app: str, name: str) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name)])


def latest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_notes_move_into_the_store_and_back_with_their_bytes() -> None:
    cast = Cast()
    visit = reported_visit(cast)
    sections = [second(visit).pk]
    without = consents.release(actor=cast.carana, sections=sections)
    given = consents.release(actor=cast.carana, sections=sections, note_verbale=samples.note("مذكرة.pdf", "moved"))
    assert given.note_verbale is not None
    before = b"".join(serving.response(given.note_verbale))  # type: ignore[arg-type]
    try:
        migrate("assistance", "0003_audience_groups")
        old = Path(settings.MEDIA_ROOT, "notes-verbales", str(given.pk))
        assert old.read_bytes() == before and not StoredFile.objects.exists()
    finally:
        latest()
    after = Consent.objects.get(pk=given.pk).note_verbale
    assert after is not None and after.name == "مذكرة.pdf" and after.owner == given.state_id
    assert b"".join(serving.response(after)) == before and not old.exists()  # type: ignore[arg-type]
    assert Consent.objects.get(pk=without.pk).note_verbale is None
    with pytest.raises(Exception, match="append-only"):
        Consent.objects.filter(pk=given.pk).update(reason="changed")
