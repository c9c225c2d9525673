"""How a request is named in tasks, notifications and lists to choose from."""

from typing import Any

from accounts.matters import Matter
from assistance.workflow.naming import titled


def name_of_request(row: Any) -> Matter:
    """Return a request by its title, with its State."""
    return titled(row, row.state.name)
