"""What names a returned spreadsheet to people."""

from accounts.matters import Matter
from assistance.pages.sheets.spec import specs
from assistance.spreadsheets.models import Spreadsheet


def title_of(row: Spreadsheet) -> str:
    """Return the title of the table, in the active language; its name where the portal no longer has that table."""
    return next((str(spec.title) for spec in specs() if spec.name == row.sheet), row.sheet)


def name_of_spreadsheet(row: Spreadsheet) -> Matter:
    """Return a returned spreadsheet by the title of its table, with the reference of what it is about."""
    return Matter(title_of(row), facts=(row.about_reference,))
