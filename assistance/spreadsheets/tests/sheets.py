"""Spreadsheets as people download, fill in and return them."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.models import User
from assistance.pages.sheets.spec import spec_named
from assistance.pages.sheets.writing import issue
from assistance.recommendations import procedure
from assistance.recommendations.tests import reports
from assistance.spreadsheets import transitions
from assistance.spreadsheets.models import Spreadsheet
from assistance.tests.cast import Cast, appoint
from assistance.visits.models import Visit
from entities.actors import Actor, actor_of
from entities.models import Role
from web.spreadsheets import TYPE

FIRST = 6  # the first row of the table
# The columns of the table of a reply: A key, B number, C title, D text, E priority, F rating, then what is filled in.
SAID, ACTION, ON, LANGUAGE = "G", "H", "I", "J"
Change = Callable[[Any, Any], None]


def downloaded(actor: Actor, about: Any, sheet: str = "reply", language: str = "en") -> bytes:
    """Return a table as somebody downloads it in a language."""
    with override(language):
        return issue(actor, spec_named(sheet), about, language).content


def changed(content: bytes, cells: dict[str, Any] | None = None, change: Change | None = None) -> bytes:
    """Return a spreadsheet with other values in some cells; `change` is called with the book and its table."""
    book: Any = load_workbook(io.BytesIO(content))
    table = book.worksheets[0]
    for address, value in (cells or {}).items():
        table[address] = value
    if change is not None:
        change(book, table)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(content: bytes, name: str = "reply.xlsx") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content, TYPE)


def report(cast: Cast, count: int = 1) -> Visit:
    """Return a visit whose State is asked to reply to so many recommendations."""
    visit = reports.recommended(cast).visit
    for number in range(2, count + 1):
        reports.recommended(cast, visit, number)
    procedure.send_draft(actor=cast.cted, visit=visit.pk)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="No remarks.")
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    return procedure.send_final(actor=cast.cted, visit=visit.pk)


def returned(cast: Cast, visit: Visit | None = None, action: str = "", who: str = "carana") -> Spreadsheet:
    """Return a spreadsheet with an entry for the first recommendation, returned and not applied."""
    visit = visit or report(cast)
    cells = {f"{SAID}{FIRST}": "Under way", f"{ACTION}{FIRST}": action or f"A unit was set up ({uuid4().hex[:6]})."}
    actor = getattr(cast, who)
    return transitions.receive(actor=actor, file=upload(changed(downloaded(actor, visit), cells)))


def colleague_of(cast: Cast, slug: str = "carana") -> Actor:
    """Return a second focal point of an organization."""
    user = User.objects.create_user(f"second@{slug}.example.org", "x", name="Lev Novak", language="en")
    appoint(user, cast.org(slug), Role.FOCAL_POINT)
    return actor_of(user)
