"""Migration operations for row-level security and append-only tables, which PostgreSQL itself enforces.

Each restricted table gets the same policy from one function; access/row_security.py sets the values it compares. Tables
whose rows are read with a restricted row (events, verifications) follow that row.
"""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.migrations import RunSQL

# The group that the trigger adds to every row: whoever names it reads all rows (`access.row_security.bypass`). No group
# of Django has this key, standing groups have negative ones. The functions below name it by its number.
EVERY_ROW = 0
FUNCTIONS = """
CREATE FUNCTION portal_groups() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('portal.groups', true), '')::integer[]
$$;
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('portal.now', true), '')::timestamptz
$$;
CREATE FUNCTION portal_bypasses_row_security() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(0 = ANY (portal_groups()), false)
$$;
CREATE FUNCTION portal_copy_groups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT 0 || groups INTO NEW.reader_groups FROM assistance_audience WHERE id = NEW.audience_id;
    SELECT 0 || groups INTO NEW.owner_groups FROM assistance_audience WHERE id = NEW.owners_id;
    RETURN NEW;
END $$;
CREATE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION portal_groups();
DROP FUNCTION portal_now();
DROP FUNCTION portal_bypasses_row_security();
DROP FUNCTION portal_copy_groups();
DROP FUNCTION portal_append_only();
"""
# Of a restricted table: the groups of each row, whoever writes it, and the index that finds the rows of some groups.
# Without `fastupdate`, because what is pending would be read anew by each query.
GROUPS = """
CREATE TRIGGER copy_groups BEFORE INSERT OR UPDATE OF audience_id, owners_id, reader_groups, owner_groups ON {table}
    FOR EACH ROW EXECUTE FUNCTION portal_copy_groups();
CREATE INDEX {table}_readers ON {table} USING gin (reader_groups) WITH (fastupdate = off);
"""
NO_GROUPS = """
DROP INDEX {table}_readers;
DROP TRIGGER copy_groups ON {table};
"""
# `portal_groups()` stands here without a SELECT around it: PostgreSQL then knows the groups when it plans, and takes the
# index for those who read few rows, the order of the list for those who read many. What stands in a SELECT is evaluated
# once per statement, not once per row.
GRANTED = "reader_groups && portal_groups()"
READERS = f"""(
    {GRANTED}
    AND (ends_at IS NULL OR ends_at > (SELECT portal_now()) OR owner_groups && (SELECT portal_groups()))
)"""
POLICY = """
CREATE POLICY readers ON {table} USING {readers};
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
# A table whose rows are read with a restricted row: reading is limited, writing is a matter of the transitions. Each kind
# of row it points at adds a policy; PostgreSQL shows a row that any of them allows.
BESIDE = """
CREATE POLICY bypassing ON {table} FOR SELECT USING ((SELECT portal_bypasses_row_security()));
CREATE POLICY added ON {table} FOR INSERT WITH CHECK (true);
CREATE POLICY changed ON {table} FOR UPDATE USING (true);
CREATE POLICY removed ON {table} FOR DELETE USING (true);
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
NOT_BESIDE = """
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
DROP POLICY bypassing ON {table};
DROP POLICY added ON {table};
DROP POLICY changed ON {table};
DROP POLICY removed ON {table};
"""
# The policy of the parent's own table applies to this query too, so it returns only parents that the groups may read.
READ_WITH = """
CREATE POLICY readers_of_{column} ON {table} FOR SELECT USING (
    EXISTS (SELECT FROM {parent} parent WHERE parent.id = {table}.{column}_id{condition})
);
"""
# The same, for the people of one organization only: those at which a column of the table points.
READ_WITHIN = """
CREATE POLICY readers_of_{column} ON {table} FOR SELECT USING (
    EXISTS (
        SELECT FROM entities_organisation own
        WHERE own.id = {table}.{organisation}_id AND own.group_id = ANY ((SELECT portal_groups())::integer[])
    ) AND EXISTS (SELECT FROM {parent} parent WHERE parent.id = {table}.{column}_id)
);
"""
NOT_READ_WITH = "DROP POLICY readers_of_{column} ON {table};"
# The text indexes of a table, past row-level security: no text operator is leakproof, so in a query of the web role each
# row would be tested. The function applies the same condition itself, in whatever order is fast, and returns only ids that
# the reader's own query would find. It is the owner's, whom the policy `look_up` lets read; no process works as the owner.
# NULL: more ids than MOST_FOUND, or a term that no index finds, which is one without three letters in a row (trigrams), a
# Chinese character or a sign (pairs), or without any word that is asked for rather than excluded ('T').
# Of a reader who sees few rows these are tested and nothing else, so that the time tells nothing of any other row. A text is
# long and stored compressed: its test costs more than PostgreSQL supposes (`cpu_operator_cost`).
MOST_FOUND, FEW_SEEN = 3_000, 1_000
LOOK_UP = """
CREATE POLICY look_up ON {table} FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY look_up ON {table}texts FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION {table}_look_up(term text, pattern text, words tsquery) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off SET cpu_operator_cost = 0.05 SET jit = off AS $look_up$
DECLARE
    -- A variable, because a query without one is planned once for all readers.
    few constant integer := {few};
    has_trigram boolean := term ~ '[[:alnum:]]{{3}}|[^[:alnum:]][[:alnum:]]|[[:alnum:]]{{2}}[^[:alnum:]]';
    term_pairs text[];
    found uuid[] := array(SELECT id FROM {table} WHERE {readers} ORDER BY modified_at DESC, id DESC LIMIT few + 1);
    others uuid[];
BEGIN
    IF cardinality(found) <= few THEN
        RETURN array(
            SELECT id FROM {texts}
            WHERE id = ANY (found) AND CASE WHEN {condition} THEN true ELSE plain LIKE pattern END
        );
    END IF;
    term_pairs := portal_pairs(term);
    IF querytree(words) = 'T' OR NOT (has_trigram OR term_pairs <> '{{}}') THEN
        RETURN NULL;
    END IF;
    found := array(SELECT id FROM {source} WHERE {readers} AND {condition} LIMIT {most} + 1);
    IF cardinality(found) > {most} THEN
        RETURN NULL;
    ELSIF has_trigram THEN
        others := array(SELECT id FROM {texts} WHERE {readers} AND plain LIKE pattern LIMIT {most} + 1);
    ELSE
        -- OFFSET 0: the index is read first. Of a frequent term PostgreSQL would compute the pairs of each row (0.3 ms).
        others := array(
            SELECT id FROM {table} JOIN (
                SELECT row_id FROM {table}texts
                WHERE portal_pairs(plain) @> term_pairs AND (length(term) < 3 OR plain LIKE pattern) OFFSET 0
            ) AS with_term ON row_id = id
            WHERE {readers} LIMIT {most} + 1
        );
    END IF;
    found := array(SELECT unnest(found) UNION SELECT unnest(others));
    RETURN CASE WHEN cardinality(found) <= {most} THEN found END;
END $look_up$;
DO $do$ BEGIN
    EXECUTE format('ALTER FUNCTION {table}_look_up SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $do$;
REVOKE ALL ON FUNCTION {table}_look_up FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {table}_look_up TO {role};
"""
NO_LOOK_UP = """
DROP FUNCTION {table}_look_up;
DROP POLICY look_up ON {table}texts;
DROP POLICY look_up ON {table};
"""
# The texts that searches look through stand beside the table: a row changes its status or its readers far more often than
# its texts, and would each time write its words into three indexes anew (5 ms of a need).
KEEP_TEXTS = """
CREATE FUNCTION {table}_keep_texts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $keep_texts$
BEGIN
    INSERT INTO {table}texts (row_id, {names}) VALUES (NEW.id, {values})
    ON CONFLICT (row_id) DO UPDATE SET ({names}) = ROW ({new});
    RETURN NULL;
END $keep_texts$;
DO $do$ BEGIN
    EXECUTE format('ALTER FUNCTION {table}_keep_texts SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $do$;
REVOKE ALL ON FUNCTION {table}_keep_texts FROM PUBLIC;
CREATE TRIGGER keep_texts AFTER INSERT OR UPDATE OF {columns} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_keep_texts();
"""
NO_TEXTS = """
DROP TRIGGER keep_texts ON {table};
DROP FUNCTION {table}_keep_texts;
"""
NO_POLICY = """
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
DROP POLICY readers ON {table};
"""
APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW {when}EXECUTE FUNCTION portal_append_only({columns})"
)
# The audience of a row may be computed again at any time: audiences are derived from the consents.
AUDIENCE_COLUMNS = ("audience_id", "owners_id", "released_until", "ends_at", "reader_groups", "owner_groups")


def functions() -> RunSQL:
    """Return the operation that creates the functions used by policies and triggers."""
    return RunSQL(FUNCTIONS, NO_FUNCTIONS)


def groups_of_rows(table: str) -> RunSQL:
    """Return the operation that keeps the groups of each row's audience in the row, and makes the index by them."""
    return RunSQL(GROUPS.format(table=table), NO_GROUPS.format(table=table))


def row_security(table: str) -> RunSQL:
    """Return the operation that limits reading of a restricted table to the groups of each row's audience.

    It includes `groups_of_rows`.
    """
    sql = GROUPS + POLICY.format(table="{table}", readers=READERS)
    return RunSQL(sql.format(table=table), (NO_POLICY + NO_GROUPS).format(table=table))


def beside(table: str) -> RunSQL:
    """Return the operation that hides a table whose rows are read with restricted rows; `read_with` names those."""
    return RunSQL(BESIDE.format(table=table), NOT_BESIDE.format(table=table))


def read_with(table: str, column: str, parent: str, *, has_policy: bool = True, owners: bool = False) -> RunSQL:
    """Return the operation that shows the rows of a table to readers of the parent at which a column points.

    A parent without a policy of its own (visits) is compared by its audience. With `owners` only the owners of the parent
    read the rows, not all its readers.
    """
    condition = "" if has_policy else f" AND parent.{GRANTED}"
    if owners:
        condition += " AND parent.owner_groups && (SELECT portal_groups())"
    names = {"table": table, "column": column, "parent": parent, "condition": condition}
    return RunSQL(READ_WITH.format(**names), NOT_READ_WITH.format(**names))


def read_within(table: str, column: str, parent: str, organisation: str) -> RunSQL:
    """Return the operation that shows the rows of a table to the people of one organization who read the parent.

    `column` points at the parent, which has a policy of its own, and `organisation` at the organization.
    """
    names = {"table": table, "column": column, "parent": parent, "organisation": organisation}
    return RunSQL(READ_WITHIN.format(**names), NOT_READ_WITH.format(**names))


def searched(table: str, columns: Iterable[str], words: Mapping[str, Iterable[str]] | None = None) -> list[RunSQL]:
    """Return the operations that keep the texts of a table's rows in `<table>texts`, and look terms up there.

    That table is of a model derived from `search.SearchedTexts`. `columns` are looked through for a substring, folded;
    `words`, configuration → columns, are the texts of each language whose words are found by their stems, as written and
    folded. Without them the reference of a row is compared, too.
    """
    columns, words = list(columns), words or {}
    values = {"plain": f"portal_fold({_joined(columns)})"}
    if words:
        vectors = [
            f"to_tsvector('{config}', {text})"
            for config, own in words.items()
            for text in (_joined(own), f"portal_fold({_joined(own)})")
        ]
        values["search"] = " || ".join(vectors)
    names = {
        "table": table,
        "names": ", ".join(values),
        "values": ", ".join(values.values()),
        "new": ", ".join(f"excluded.{name}" for name in values),
        "columns": ", ".join(columns),
    }
    keep = RunSQL(KEEP_TEXTS.format(**names), NO_TEXTS.format(table=table))
    filled = RunSQL(f"UPDATE {table} SET {columns[0]} = {columns[0]}", RunSQL.noop)  # noqa: S608 # nosec B608 (our names)
    hidden = [beside(f"{table}texts"), read_with(f"{table}texts", "row", table)]
    return [*hidden, _look_up(table, has_words=bool(words)), keep, filled]


def _joined(columns: Iterable[str]) -> str:
    return f"concat_ws(E'\\n', {', '.join(f'NEW.{column}' for column in columns)})"


def _look_up(table: str, *, has_words: bool) -> RunSQL:
    """Return the operation that creates the function by which `search.found` uses the text indexes of a table."""
    texts = f"{table} JOIN {table}texts ON row_id = id"
    names = {
        "table": table,
        "texts": texts,
        "readers": READERS,
        "source": texts if has_words else table,
        "condition": "search @@ words" if has_words else "reference = upper(term)",
        "most": MOST_FOUND,
        "few": FEW_SEEN,
        "role": '"' + settings.DATABASE_ROLE.replace('"', '""') + '"',
    }
    return RunSQL(LOOK_UP.format(**names), NO_LOOK_UP.format(table=table))


def append_only(table: str, changeable: Iterable[str] = (), *, when: str = "") -> RunSQL:
    """Return the operation that refuses deletions in a table, and updates except of the columns `changeable`.

    With `when`, a condition in SQL on `OLD`, only of rows that fulfil it.
    """
    columns, condition = ", ".join(f"'{column}'" for column in changeable), f"WHEN ({when}) " if when else ""
    sql = APPEND_ONLY.format(table=table, columns=columns, when=condition)
    return RunSQL(sql, f"DROP TRIGGER append_only ON {table}")
