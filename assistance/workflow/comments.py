"""Comments, which rows of several kinds have."""

from django.utils.translation import gettext as _

from web.exceptions import Invalid
from web.texts import COMMENT_MAX


def check_comment(text: str) -> None:
    """Raise Invalid for a comment without a text, and for one that is too long."""
    if not text.strip():
        raise Invalid({"text": [_("Enter your comment.")]})
    if len(text) > COMMENT_MAX:
        raise Invalid({"text": [_("The text is too long.")]})
