"""The rows of the floor as SQL written by hand: for each collection the JSON of one row, field by field.

The floor sends the fields that the portal sends, as the bench finds them at its start. What a reader may do with a row
(`transitions`) and sentences in the reader's language (`reasons`, `label`, `text`) are the work of the portal and empty here.
"""

from dataclasses import dataclass

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh_hans")
CONFIRMED = "('accepted', 'in_delivery', 'delivered')"
EMPTY = "'[]'::json"
CONSIDERED = ("human_rights", "human_rights_note", "gender", "gender_note", "addresses_pve")


def seen(row: str) -> str:
    """Return the condition that the groups of the reader see a row now."""
    return (
        f"({row}.reader_groups && %(groups)s::integer[] AND ({row}.ends_at IS NULL OR {row}.ends_at > now() "
        f"OR {row}.owner_groups && %(groups)s::integer[]))"
    )


def moment(column: str) -> str:
    """Return a moment as the API writes it."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def own(row: str, *names: str) -> dict[str, str]:
    """Return fields that are columns of the row."""
    return {name: f"{row}.{name}" for name in names}


def parent(row: str, name: str, table: str) -> str:
    """Return the id of a parent, if the reader sees it."""
    return f"(SELECT p.id FROM {table} p WHERE p.id = {row}.{name}_id AND {seen('p')})"  # noqa: S608


def texts(row: str, *names: str) -> dict[str, str]:
    """Return the fields of translated texts for a reader of English."""
    fields = {"language": wire(f"{row}.language")}
    for name in names:
        columns = [f"nullif({row}.{name}_{code}, '')" for code in ("en", "fr", "es", "ar", "ru", "zh_hans")]
        fields[name] = f"coalesce({', '.join(columns)}, '')"
        fields[f"{name}_language"] = f"CASE WHEN {row}.{name}_en <> '' THEN 'en' ELSE {wire(f'{row}.language')} END"
    each = [f"'{name}', json_strip_nulls(json_build_object({_languages(row, name)}))" for name in names]
    return {**fields, "translations": f"json_build_object({', '.join(each)})"}


def wire(language: str) -> str:
    """Return a language as clients see it."""
    return f"CASE {language} WHEN 'zh-hans' THEN 'zh' ELSE {language} END"


def _languages(row: str, name: str) -> str:
    return ", ".join(f"'{code.removesuffix('_hans')}', nullif({row}.{name}_{code}, '')" for code in LANGUAGES)


def head(row: str) -> dict[str, str]:
    """Return the fields of every record."""
    return {
        **own(row, "id", "reference", "version", "status"),
        "created_at": moment(f"{row}.created_at"),
        "modified_at": moment(f"{row}.modified_at"),
        "transitions": EMPTY,
    }


@dataclass(frozen=True)
class Collection:
    """The rows of a collection: their table, what is joined to a page of them, and each field in SQL."""

    table: str
    joins: str
    fields: dict[str, str]
    order: str = "modified_at"
    condition: str = "true"  # on `r`, the row
    has_audience: bool = True


COVERAGE = f"""LEFT JOIN LATERAL (SELECT coalesce(sum(coalesce(verified_share, share)) FILTER (WHERE status = 'delivered'), 0)
        AS claimed,
    coalesce(sum(coalesce(verified_share, share)) FILTER (WHERE status IN {CONFIRMED}), 0) AS confirmed,
    coalesce(sum(verified_share) FILTER (WHERE status = 'delivered'), 0) AS verified
    FROM assistance_match m WHERE m.need_id = r.id AND m.cycle = r.cycle) c ON true"""  # noqa: S608
NEEDS = Collection(
    "assistance_need",
    f"JOIN entities_organisation s ON s.id = r.state_id {COVERAGE}",
    {
        **head("r"),
        "state": "s.iso3",
        **own("r", "source", "provision", "beneficiary", "assistance_type", "priority", "priority_reason"),
        **own("r", "baseline", "target", "deadline", "agreed_on", *CONSIDERED),
        "visit": parent("r", "visit", "assistance_visit"),
        "section": parent("r", "section", "assistance_section"),
        **texts("r", "title", "description"),
        "pillar": "r.pillar_id",
        "theme": "r.theme_id",
        "instrument": "(SELECT i.symbol FROM entities_instrument i WHERE i.slug = r.instrument_id)",
        "close_reason": "nullif(r.close_reason, '')",
        "cycle": "r.cycle",
        "year_answer": "nullif(r.year_answer, '')",
        "coverage": "json_build_object('claimed', c.claimed, 'confirmed', c.confirmed, 'verified', c.verified, "
        "'open', greatest(0, 100 - c.confirmed))",
    },
)
MATCHES = Collection(
    "assistance_match",
    "JOIN assistance_need n ON n.id = r.need_id JOIN entities_organisation s ON s.id = n.state_id "
    "JOIN entities_organisation o ON o.id = r.provider_id",
    {
        **head("r"),
        "need": "r.need_id",
        "state": "s.iso3",
        "provider": "o.slug",
        "offer": parent("r", "offer", "assistance_offer"),
        "project": parent("r", "project", "assistance_project"),
        "cycle": "r.cycle",
        **own("r", "reserved_places", "reserved_expert_days"),
        "reserved_amount": "r.reserved_amount::text",
        **own("r", "share", "message", "suggested_by_cted", "answer_reason", "delivered_note", "verified_share"),
        "answer_reason_code": "nullif(r.answer_reason_code, '')",
        "waiting_since": moment("r.waiting_since"),
        "outcome": "CASE WHEN r.status = 'delivered' AND coalesce(r.verified_share, -1) <> 0 THEN 'helped' "
        "ELSE nullif(r.ended_outcome, '') END",
        **{name: moment(f"r.{name}") for name in ("ended_at", "end_settled_at")},
    },
    condition=f"EXISTS (SELECT FROM assistance_need n WHERE n.id = r.need_id AND {seen('n')})",
)


def _many(name: str, value: str, *, table: str, join: str) -> str:
    """Return the sorted values of a many-to-many relation of a project."""
    return (
        f"(SELECT coalesce(json_agg({value} ORDER BY {value}), {EMPTY}) FROM assistance_project_{name} l "  # noqa: S608
        f"JOIN {table} t ON t.{join} WHERE l.project_id = r.id)"
    )


def _in_phase(*roles: str) -> str:
    """Return the partners of a project in these roles, in the order of its partners."""
    names = ", ".join(f"'{role}'" for role in roles)
    return (
        "(SELECT coalesce(json_agg(coalesce(t.slug, p.name) ORDER BY p.role, p.name, p.id), '[]') "  # noqa: S608
        "FROM assistance_party p LEFT JOIN entities_organisation t ON t.id = p.organisation_id "
        f"WHERE p.project_id = r.id AND p.role IN ({names}))"
    )


def _linked(name: str) -> str:
    """Return the key of another project to which a column leads, if it is seen."""
    return f"(SELECT t.id FROM assistance_project t WHERE t.id = r.{name}_id AND {seen('t')})"  # noqa: S608


BY_DATES = """CASE WHEN r.actual_end <= current_date THEN 'completed' WHEN r.actual_start <= current_date THEN 'ongoing'
    WHEN r.planned_start > current_date THEN 'planned' END"""
PROJECTS = Collection(
    "assistance_project",
    "LEFT JOIN entities_organisation o ON o.id = r.lead_id",
    {
        **head("r"),
        "dates_disagree": "(r.status = 'ongoing' AND coalesce(r.planned_end < current_date, false)) OR (r.status NOT IN "
        f"('suspended', 'cancelled', 'requested') AND coalesce(r.status <> {BY_DATES}, false))",
        **texts("r", "title", "description"),
        "lead": "o.slug",
        "partners": "(SELECT coalesce(json_agg(json_build_object('organisation', t.slug, 'name', "
        "coalesce(nullif(p.name, ''), t.name), 'role', p.role) ORDER BY p.role, p.name, p.id), '[]') "
        "FROM assistance_party p LEFT JOIN entities_organisation t ON t.id = p.organisation_id "
        "WHERE p.project_id = r.id)",
        "phases": f"json_build_object('design', {_in_phase('designing')}, 'funding', {_in_phase('funding')}, "
        f"'implementation', {_in_phase('implementing', 'extending')})",
        "shares": "(SELECT coalesce(json_agg(json_build_object('state', t.iso3, 'percent', s.percent::numeric(6,2)::text) "
        "ORDER BY t.slug, s.id), '[]') FROM assistance_stateshare s JOIN entities_organisation t ON t.id = s.state_id "
        "WHERE s.project_id = r.id)",
        **{name: _linked(name) for name in ("parent", "same_as")},
        "states": _many("states", "t.iso3", table="entities_organisation", join="id = l.organisation_id"),
        "regions": _many("regions", "l.region_id", table="entities_region", join="code = l.region_id"),
        "themes": _many("themes", "l.theme_id", table="entities_theme", join="code = l.theme_id"),
        "needs": _many("needs", "l.need_id", table="assistance_need", join=f"id = l.need_id AND {seen('t')}"),
        **own(
            "r", "places", "planned_start", "planned_end", "actual_start", "actual_end", "currency", "results", "mode"
        ),
        **own("r", "is_restricted", "iati_identifier", "origin", *CONSIDERED),
        "budget": "r.budget::text",
        "imported_at": moment("r.imported_at"),
        "confirmed_at": moment("r.confirmed_at"),
        "is_unconfirmed": "r.status IN ('requested', 'planned', 'ongoing', 'suspended') AND "
        "coalesce(r.confirmed_at <= now() - interval '180 days', false)",
    },
)
NOTIFICATIONS = Collection(
    "accounts_delivery",
    "",
    {
        **own("r", "id", "message", "path", "needs_action"),
        "text": "r.message",
        "reference": "coalesce(r.values ->> 'reference', '')",
        **{name: moment(f"r.{name}") for name in ("created_at", "read_at", "done_at")},
    },
    order="created_at",
    condition="r.recipient_id = %(user)s AND r.channel = 'portal' AND EXISTS (SELECT FROM assistance_need n "
    f"WHERE n.id = CASE WHEN r.subject LIKE 'need:%%' THEN substr(r.subject, 6)::uuid END AND {seen('n')})",
    has_audience=False,
)
COLLECTIONS = {"needs": NEEDS, "matches": MATCHES, "projects": PROJECTS, "notifications": NOTIFICATIONS}

GROUPS_NOW = "CASE WHEN r.ends_at IS NOT NULL AND r.ends_at <= now() THEN r.owner_groups ELSE r.reader_groups END"
# Whether the groups see by an appointment, as `entities/actors.py` computes it: -1 to -4 are the standing groups.
HELD = f"""(o.group_id = ANY ({GROUPS_NOW}) OR -4 = ANY ({GROUPS_NOW}) OR o.in_compact AND -1 = ANY ({GROUPS_NOW})
    OR o.kind IN ('member_state', 'observer_state') AND -2 = ANY ({GROUPS_NOW})
    OR o.is_donor AND a.role = 'donor_contact' AND -3 = ANY ({GROUPS_NOW})
    OR EXISTS (SELECT FROM entities_workinggroup_members l JOIN entities_workinggroup w ON w.slug = l.workinggroup_id
               WHERE l.organisation_id = o.id AND w.group_id = ANY ({GROUPS_NOW})))"""
WHO_CAN_SEE = f"""(SELECT json_build_object('people', sum(people), 'until', r.released_until, 'organisations',
    coalesce(json_agg(json_build_object('organisation', slug, 'name', name, 'people', people, 'reasons', {EMPTY},
        'is_owner', group_id = ANY (r.owner_groups)) ORDER BY slug), {EMPTY}))
    FROM (SELECT o.slug, o.name, o.group_id, count(DISTINCT a.user_id) AS people
          FROM entities_appointment a JOIN entities_organisation o ON o.id = a.organisation_id
          WHERE a.ended_at IS NULL AND a.approved_at IS NOT NULL AND a.since <= current_date
          AND (a.until IS NULL OR a.until >= current_date) AND a.confirm_by >= current_date AND {HELD}
          GROUP BY o.slug, o.name, o.group_id) v)"""  # noqa: S608
HISTORY = f"""(SELECT coalesce(json_agg(json_build_object('at', {moment("e.at")}, 'event', e.name, 'label', '',
        'by', coalesce(u.name, ''), 'organisation', o.slug, 'before', e.before, 'after', e.after, 'reason', e.reason,
        'need', e.need_id, 'match', e.match_id)
        ORDER BY e.at, e.id), {EMPTY})
    FROM assistance_event e LEFT JOIN accounts_user u ON u.id = e.actor_id
    LEFT JOIN entities_appointment a ON a.id = e.acting_as_id LEFT JOIN entities_organisation o ON o.id = a.organisation_id
    WHERE e.need_id = r.id AND (e.match_id IS NULL OR EXISTS (SELECT FROM assistance_match m WHERE m.id = e.match_id
    AND {seen("m")})))"""  # noqa: S608
# What one need shows besides the fields of the list.
OF_ONE = {
    "projects": f"(SELECT coalesce(json_agg(p.id ORDER BY p.modified_at DESC), {EMPTY}) FROM assistance_project_needs l "  # noqa: S608
    f"JOIN assistance_project p ON p.id = l.project_id WHERE l.need_id = need.id AND {seen('p')})",
    "who_can_see": WHO_CAN_SEE,
    "history": HISTORY,
}
