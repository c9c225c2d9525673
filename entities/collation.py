"""Sorting and searching names in six languages in SQL, where the database has no collations of its own.

Folding drops case, accents and the spellings of one Arabic letter. Arabic names sort without their article, as in
United Nations lists; Chinese ones by their sound, which reference data give, because characters alone do not tell it
(秘 is read mì, but bì in 秘鲁); where there is none by GB 18030, whose order of the common characters is close to it.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Case, CharField, Expression, F, Func, Model, Q, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname, resolution_order

from web.folding import Fold, folded
from web.languages import to_wire
from web.sorting import SortKey

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
OTHER_LETTERS = ("ar", "ru", "zh-hans")
ON_THE_WIRE = {code: to_wire(code) for code in LANGUAGES}

FIRST, LAST = "", "\uffff"  # texts before and after all others, for rows without a name


def in_language(field: str, language: str) -> str:
    """Return the name of the column that holds `field` in that language, for example `name_zh_hans`."""
    return build_localized_fieldname(field, language if language in LANGUAGES else "en")


def sort_key(field: str, language: str, sound: str = "") -> Expression:
    """Return an expression to sort a translated field by; where the language has no text, by the English one.

    `sound` is the column with the sound of the Chinese name; names without it come after the others. In a language with
    another script, names that exist in English only come last, and not among the others.
    """
    own, english = F(in_language(field, language)), F(in_language(field, "en"))
    key: Expression = Fold(Coalesce(NullIf(own, Value("")), english, output_field=TextField()))
    if language == "ar":
        key = Func(key, Value("^ال"), Value(""), function="regexp_replace", output_field=TextField())
    if language == "zh-hans":
        chinese = Func(key, Value("GB18030"), function="convert_to", output_field=CharField())
        key = Func(chinese, Value("hex"), function="encode", output_field=TextField())
        if sound:
            key = Case(When(**{sound: ""}, then=Concat(Value("~"), key)), default=F(sound), output_field=TextField())
    if language not in OTHER_LETTERS:
        return key
    column = in_language(field, language)
    missing = Q(**{column: ""}) | Q(**{f"{column}__isnull": True})
    last = Case(When(missing, then=Value("1")), default=Value("0"), output_field=TextField())
    return Concat(last, key, output_field=TextField())


def by_name(field: str) -> SortKey:
    """Return the key that sorts a list by a name of another row, in the reader's language."""
    return lambda descending: sort_key(field, get_language() or "en")


def by_short_name(relation: str) -> SortKey:
    """Return the key that sorts a list by the acronym of an organisation as shown, or its name where it has none."""

    def key(descending: bool) -> Fold:
        columns = (_reader("acronym"), "acronym_en", _reader("name"), "name_en")
        names = [NullIf(F(f"{relation}__{column}"), Value("")) for column in columns]
        return Fold(Coalesce(*names, Value(FIRST if descending else LAST), output_field=TextField()))

    return key


def by_text(field: str) -> SortKey:
    """Return the key that sorts a list by a text of its rows as the reader is shown it (web.translated_text)."""

    def key(descending: bool) -> Fold:
        originals = [When(language=code, then=F(in_language(field, code))) for code in LANGUAGES]
        original = Case(*originals, output_field=TextField())
        own = [NullIf(F(_reader(field)), Value("")), NullIf(original, Value(""))]
        others = [NullIf(F(in_language(field, code)), Value("")) for code in LANGUAGES]
        return Fold(Coalesce(*own, *others, Value(""), output_field=TextField()))

    return key


def _reader(field: str) -> str:
    return in_language(field, get_language() or "en")


def haystack(field: str, extra: Iterable[str] = ()) -> Fold:
    """Return an expression that joins all six languages of a field and the `extra` columns, folded, for searching."""
    return folded(*(in_language(field, language) for language in LANGUAGES), *extra)


def written_in(instance: Model, field: str) -> str:
    """Return the code of the language of the text the reader is shown; empty if there is no text."""
    for code in resolution_order(get_language() or ""):
        if getattr(instance, in_language(field, code), None):
            return code
    return ""
