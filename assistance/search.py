"""Search in translated texts: the columns and indexes, and the rows in which a term is found.

A reader's own query cannot use a text index, because PostgreSQL applies row-level security before any operator that is
not leakproof. `found` therefore asks a function of the owner of the tables (`access/database.py`, `look_up`), which
applies the same policy and may use the index, for the ids. For a term in more than 3,000 rows of the reader, or one that no
index can find, the rows are read in the order of the list and tested one by one: many of them have the term.
"""

from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery
from django.db import connection, models
from django.db.models import BooleanField, Case, Func, Model, Q, QuerySet, TextField, Value, When
from modeltranslation.utils import build_localized_fieldname

from web.conditions import among
from web.folding import looks_for
from web.translated_text import CODES

Row = TypeVar("Row", bound=Model)
NO_IDS = "{}"

# PostgreSQL has stemmers for five of the six languages; Chinese is searched in the column `plain`.
SEARCH_CONFIGS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
# Of Chinese a word has often two characters and of signs there may be one, too few for an index of trigrams: these have an
# index of every one of them, alone and with each neighbour.
_SIGNS = (
    r"[!-/:-@\[-`{-~\u00A1-\u00BF\u00D7\u00F7\u060C\u061B\u061F\u066A-\u066D\u2010-\u2BFF"
    r"\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00010000-\U0003FFFF]"
)
PENDING = 512  # kB of new entries that an index collects before it sorts them in: each search reads them all
CREATE_PAIRS = rf"""
CREATE FUNCTION portal_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    SELECT coalesce(array_agg(pair), '{{}}') FROM (
        SELECT substr(run[1], place, 1) AS pair
        FROM regexp_matches($1, '{_SIGNS}+', 'g') AS runs(run), generate_series(1, length(run[1])) AS place
        UNION
        SELECT substr(run[1], place, 2)
        FROM regexp_matches($1, '.?{_SIGNS}+', 'g') AS runs(run), generate_series(1, length(run[1]) - 1) AS place
        UNION
        SELECT right(run[1], 2) FROM regexp_matches($1, '{_SIGNS}+.', 'g') AS runs(run)
    ) AS pairs
$$
"""  # noqa: S608 # nosec B608 (nothing but our own pattern stands in it)
DROP_PAIRS = "DROP FUNCTION portal_pairs(text)"


class Pairs(Func):
    """SQL: the Chinese characters and signs of a text, each alone and with each neighbour."""

    function = "portal_pairs"
    output_field = ArrayField(TextField())


class SearchedTexts(models.Model):
    """The texts of one kind of row in which searches look: a table beside that of the rows, kept by a trigger.

    A model derived from it has `row`, one to one with the row and its primary key, whose `related_name` is `texts_searched`;
    where words are to be found by their stems it has `search`, a vector of them. Its name is that of the model of the rows
    followed by “Texts”; the migration that creates it calls `database.searched`.
    """

    plain = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


def columns_of(*texts: str) -> list[str]:
    """Return the columns of translated texts, in every language."""
    return [build_localized_fieldname(name, code) for code in CODES for name in texts]


def words_of(*texts: str) -> dict[str, list[str]]:
    """Return configuration → columns of translated texts, for the languages that have a stemmer."""
    return {
        config: [build_localized_fieldname(name, code) for name in texts] for code, config in SEARCH_CONFIGS.items()
    }


def plain_indexes(name: str) -> list[models.Index]:
    """Return the indexes by which a substring is found in the column `plain`, long and short."""
    return [
        GinIndex(OpClass("plain", name="gin_trgm_ops"), name=f"{name}_plain", gin_pending_list_limit=PENDING),
        GinIndex(Pairs("plain"), name=f"{name}_pairs", gin_pending_list_limit=PENDING),
    ]


class ByIds:
    """Keeps the rows with these ids, as PostgreSQL writes them: one statement for all ids."""

    field_name = "pk"
    is_kept = True

    def filter(self, rows: QuerySet[Row], ids: str) -> QuerySet[Row]:
        """Return those of the rows."""
        return rows.filter(among("pk", ids, "uuid"))


class ByTest:
    """Keeps the rows that meet a condition, which is written into the statement."""

    field_name = "texts_searched"
    is_kept = False

    def filter(self, rows: QuerySet[Row], condition: Case) -> QuerySet[Row]:
        """Return those of the rows."""
        return rows.filter(condition)


def found(rows: QuerySet[Row], term: str) -> QuerySet[Row]:
    """Return those of the rows in which a term is found. Runs one statement, which looks the term up."""
    how, value = looked_up(rows.model, term)
    return rows.none() if value == NO_IDS else how.filter(rows, value)


def looked_up(model: type[Any], term: str) -> tuple[ByIds | ByTest, Any]:
    """Return the filter that keeps the rows in which a term is found, and its value. Runs at most one statement."""
    wanted = looks_for(term)
    if not wanted:
        return ByIds(), NO_IDS
    words = _words(term, wanted) if _has_words(model) else None
    ids = _look_up(model, wanted, words)
    if ids is not None:
        return ByIds(), ids
    other = Q(reference=wanted.upper()) if words is None else Q(texts_searched__search=words)
    return ByTest(), _tested(other | Q(texts_searched__plain__contains=wanted))


def is_searched(model: type[Any]) -> bool:
    """Return whether `found` can look through the rows of a model."""
    return hasattr(model, "texts_searched")


def _has_words(model: type[Any]) -> bool:
    texts = model._meta.get_field("texts_searched").related_model
    return any(field.name == "search" for field in texts._meta.concrete_fields)


def _words(term: str, wanted: str) -> Any:
    """Return the query for a term, as written and folded: most stemmers know endings by their accents."""
    words: Any = SearchQuery(wanted, config="simple", search_type="websearch")
    for config in SEARCH_CONFIGS.values():
        for text in dict.fromkeys((term, wanted)):
            words = words | SearchQuery(text, config=config, search_type="websearch")
    return words


def _look_up(model: type[Any], wanted: str, words: Any) -> str | None:
    """Return the ids of the rows that row-level security shows and in which the term is, as PostgreSQL writes them.

    None where there are too many, or where no index finds them.
    """
    looked_for, values = "NULL", ()
    if words is not None:
        query = model._default_manager.all().query
        looked_for, values = query.get_compiler(connection=connection).compile(words.resolve_expression(query))
    function = connection.ops.quote_name(f"{model._meta.db_table}_look_up")
    statement = f"SELECT {function}(%s, %s, {looked_for})::text"  # nosec B608 (no value stands in it)
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted, f"%{connection.ops.prep_for_like_query(wanted)}%", *values])
        ids: str | None = cursor.fetchone()[0]
    return ids


def _tested(condition: Q) -> Case:
    """Return a condition as one of which PostgreSQL supposes that half of the rows meet it, so it keeps to the order of the list.

    It may not use what it knows of texts behind row-level security, and would suppose that hardly any row does.
    """
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
