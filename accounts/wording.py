"""The words of messages: the one line that is both the subject of a mail and the text under the bell."""

from collections.abc import Mapping

from django.template import Context, Engine

SUBJECT = "mail/{message}.subject.txt"


def render_text(template: str, values: Mapping[str, object]) -> str:
    """Return a text template filled in, without HTML escaping; raise TemplateDoesNotExist for an unknown one."""
    return Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False))


def subject_line(message: str, values: Mapping[str, object]) -> str:
    """Return the message on one line in the language in use; a line break cannot enter a mail header through it."""
    return " ".join(render_text(SUBJECT.format(message=message), values).split())
