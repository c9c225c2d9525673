"""The pages of letters: those of the texts, and what the addresses of an aggregate with letters include."""

from django.urls import URLPattern, path

from assistance.access.models import Restricted
from assistance.letters import views
from assistance.letters.kinds import LetterKind


def letters_of(model: type[Restricted], collection: str, *kinds: LetterKind) -> list[URLPattern]:
    """Return the pages of the letters about rows of a model, and of their texts."""
    found = []
    for kind in kinds:
        address, name = f"{collection}/<uuid:pk>/letters/{kind.name}/", model.url_name(f"letter-{kind.name}")
        of_row = {"model": model, "kind": kind}
        found += [
            path(address, views.LetterPage.as_view(**of_row), name=name),
            path(f"{address}file/", views.LetterFile.as_view(**of_row), name=f"{name}-file"),
            *(
                [path(f"{address}table/", views.LetterEnclosure.as_view(**of_row), name=f"{name}-table")]
                if kind.enclosure
                else []
            ),
            path(f"letters/{kind.name}/", views.LetterTextEdit.as_view(kind=kind), name=f"letter-text-{kind.name}"),
        ]
    return found


urlpatterns: list[URLPattern] = [path("letters/", views.LetterTexts.as_view(), name="letter-texts")]
