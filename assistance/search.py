"""Full-text search: PostgreSQL's configurations by language, and what a search in translated texts looks through."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from modeltranslation.utils import build_localized_fieldname

from web.folding import Fold, folded
from web.translated_text import CODES

# PostgreSQL has stemmers for five of the six languages; Chinese is searched in the column `plain`.
SEARCH_CONFIGS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}


def texts_in(*names: str) -> Fold:
    """Return an expression of these translated texts in every language, folded."""
    return folded(*(build_localized_fieldname(name, code) for name in names for code in CODES))


def text_index(name: str, *texts: str) -> GinIndex:
    """Return the index by which a substring of these translated texts is found without reading every row."""
    return GinIndex(OpClass(texts_in(*texts), name="gin_trgm_ops"), name=name)
