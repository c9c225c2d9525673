"""What OPTIONS answers. Apart from the views, because DRF imports it while it defines its own."""

from typing import Any

from rest_framework.metadata import BaseMetadata


class NoMetadata(BaseMetadata):
    """OPTIONS answers with an empty object and the header Allow, the same for every row, hidden or absent."""

    def determine_metadata(self, request: Any, view: Any) -> dict[str, Any]:
        """Return nothing: DRF's own metadata would list the rows a field can be set to."""
        return {}
