"""Recording and editing by hand: visits, report sections, needs, offers and projects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance import currencies, grants, policy, states, wall
from assistance.models import Need, Offer, Party, Project, Restricted, Section, Visit
from assistance.texts import write
from assistance.transitions.engine import check_version, is_released, record
from entities.actors import Actor
from entities.errors import Conflict, Forbidden, Invalid
from entities.models import Appointment, Organisation

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Recipe:
    """How one kind of row is written: translated texts, plain columns, relations, rules, and what is recorded."""

    model: type[Restricted]
    texts: tuple[str, ...]
    columns: tuple[str, ...]
    relations: tuple[str, ...]
    check: Callable[[Any, Values], None]
    may_change: Callable[[Any], None]
    recorded: str
    edited: str


def _in_order(row: Any, first: str, last: str) -> None:
    a, b = getattr(row, first), getattr(row, last)
    if a and b and b < a:
        raise Invalid({last: [_("The end is before the beginning.")]})


def _check_visit(visit: Visit, values: Values) -> None:
    if not visit.state.is_state:
        raise Invalid({"state": [_("Choose a State: a visit is made to a State.")]})
    moved = Visit.objects.filter(pk=visit.pk).exclude(state=visit.state_id).exists()
    if moved and (visit.sections.exists() or visit.needs.exists() or visit.consents.exists()):
        raise Invalid({"state": [_("The State can no longer change: the visit has a report, needs or consents.")]})
    _in_order(visit, "starts_on", "ends_on")


def _check_section(section: Section, values: Values) -> None:
    if not 1 <= section.number <= 999:
        raise Invalid({"number": [_("Number the section between 1 and 999.")]})
    if Section.objects.filter(pk=section.pk).exclude(visit=section.visit_id).exists():
        raise Invalid({"visit": [_("A section stays in its report.")]})


def _check_need(need: Need, values: Values) -> None:
    errors: dict[str, list[str]] = {}
    moved = Need.objects.filter(pk=need.pk).exclude(state=need.state_id).exists()
    if not need.state.is_state:
        errors["state"] = [_("Choose a State: a need belongs to a State.")]
    elif moved and need.status != states.NeedStatus.DRAFT:
        # What the State attached and said since hangs on the need: it would go to the other State with it.
        errors["state"] = [_("The State can no longer change: the need has been put to it.")]
    if need.visit and need.visit.state_id != need.state_id:
        errors["visit"] = [_("This visit was to another State.")]
    if need.section and need.section.visit_id != need.visit_id:
        errors["section"] = [_("This section belongs to another visit's report.")]
    if need.theme.pillar_id and need.theme.pillar_id != need.pillar_id:
        errors["theme"] = [_("This theme belongs to pillar %(pillar)s.") % {"pillar": need.theme.pillar_id}]
    if errors:
        raise Invalid(errors)


def _check_offer(offer: Offer, values: Values) -> None:
    _in_order(offer, "opens_on", "closes_on")
    if offer.amount is not None and not offer.currency:
        raise Invalid({"currency": [_("Say in which currency the amount is.")]})
    _known_currency(offer)
    if offer.visible_to_named_only and not values.get("for_states"):
        raise Invalid({"for_states": [_("Name the States that may see this offer.")]})


def _check_project(project: Project, values: Values) -> None:
    _in_order(project, "planned_start", "planned_end")
    _in_order(project, "actual_start", "actual_end")
    if project.budget is not None and not project.currency:
        raise Invalid({"currency": [_("Say in which currency the budget is.")]})
    _known_currency(project)


def _known_currency(row: Offer | Project) -> None:
    if row.currency and row.currency not in currencies.CODES:
        raise Invalid({"currency": [_("Give the currency by its ISO 4217 code, for example USD.")]})


def _always(row: Any) -> None:
    return None


def _need_open(need: Need) -> None:
    if need.status not in (states.NeedStatus.DRAFT, states.NeedStatus.PUT_TO_STATE):
        raise Conflict(_("A need agreed with the State is no longer changed. Record a new one, or close this one."))


def _section_unreleased(section: Section) -> None:
    if is_released(section):
        raise Conflict(_("The State has released this text as it stands. It can change only after a withdrawal."))


def _offer_alive(offer: Offer) -> None:
    if offer.status == states.OfferStatus.WITHDRAWN:
        raise Conflict(_("A withdrawn offer is no longer changed. Record a new one."))


def _kept_here(project: Project) -> None:
    if project.is_imported:
        raise Conflict(_("An imported project is changed at its source and imported again."))


VISIT = Recipe(
    Visit, (), ("state", "kind", "mode", "starts_on", "ends_on"), ("delegation",),
    _check_visit, _always, "visit_recorded", "visit_edited",
)  # fmt: skip
SECTION = Recipe(
    Section, ("title", "text"), ("visit", "number", "language"), (),
    _check_section, _section_unreleased, "section_recorded", "section_edited",
)  # fmt: skip
NEED = Recipe(
    Need, ("title", "description"),
    ("state", "source", "visit", "section", "language", "pillar", "theme", "instrument", "provision", "beneficiary",
     "assistance_type", "priority", "priority_reason", "baseline", "target", "deadline"),
    (), _check_need, _need_open, "need_recorded", "need_edited",
)  # fmt: skip
OFFER = Recipe(
    Offer, ("title", "description"),
    ("provider", "language", "assistance_types", "visible_to_named_only", "places", "expert_days", "amount", "currency",
     "working_languages", "opens_on", "closes_on"),
    ("themes", "for_states", "for_regions"), _check_offer, _offer_alive, "offer_recorded", "offer_edited",
)  # fmt: skip
PROJECT = Recipe(
    Project, ("title", "description"),
    ("lead", "language", "planned_start", "planned_end", "actual_start", "actual_end", "budget", "currency", "status",
     "results", "is_restricted", "places"),
    ("states", "regions", "themes", "needs"), _check_project, _kept_here, "project_recorded", "project_edited",
)  # fmt: skip
RECIPES = {recipe.model: recipe for recipe in (VISIT, SECTION, NEED, OFFER, PROJECT)}

UNIQUE = {"section_number_once": ("number", gettext_lazy("This report already has a section with this number."))}


def create(*, actor: Actor, model: type[Restricted], values: Values) -> Any:
    """Record a new row from validated values (model instances, dates, strings; texts in ``values["language"]``).

    Returns the row; raises Forbidden, or Invalid naming the field.
    """
    recipe = RECIPES[model]
    if not policy.may_create(actor, model):
        raise Forbidden
    with transaction.atomic(), wall.lifted():
        row: Any = model()
        _fill(row, recipe, values)
        if hasattr(model, "created_by"):
            row.created_by = actor.user
        appointment = policy.require(actor, policy.EDITORS[model], row)
        recipe.check(row, values)
        row.audience = row.owners = grants.audience_of(())  # seen by nobody until its relations are kept
        _save(row, force_insert=True)
        _relate(row, recipe, values)
        record(recipe.recorded, row, actor=actor, appointment=appointment)
        policy.get(actor, model, row.pk)  # whoever writes a row must be able to see it
    return row


def edit(*, actor: Actor, model: type[Restricted], pk: object, values: Values, version: int | None = None) -> Any:
    """Change a row's text. Returns the row; raises NotVisible, Forbidden, Conflict, StaleSave (both texts), Invalid."""
    recipe = RECIPES[model]
    with transaction.atomic():
        row: Any = policy.get(actor, model, pk, lock=True)
        appointment = require_editor(actor, row)
        check_version(row, version, dict(values))
        with wall.lifted():
            _rewrite(actor, row, recipe, values)
            record(recipe.edited, row, actor=actor, appointment=appointment)
        policy.get(actor, model, row.pk)
    return row


def _rewrite(actor: Actor, row: Any, recipe: Recipe, values: Values) -> None:
    recipe.may_change(row)
    _fill(row, recipe, values)
    policy.require(actor, policy.EDITORS[recipe.model], row)  # nobody gives a row away to an organisation not theirs
    recipe.check(row, {**_related(row, recipe), **values})
    row.version += 1
    _save(row)
    _relate(row, recipe, _keeping_hidden(actor, row, values))


def changeable(row: Restricted) -> bool:
    """Whether the state of this row lets its text change at all; who may change it is policy's question."""
    try:
        RECIPES[type(row)].may_change(row)
    except Conflict:
        return False
    return True


def require_editor(actor: Actor, row: Restricted) -> Appointment:
    """Return the appointment by which the actor may change this row.

    Raises Forbidden; Conflict for an imported project, which is nobody's to change here.
    """
    if isinstance(row, Project):
        _kept_here(row)
    return policy.require(actor, policy.EDITORS[type(row)], row)


def _fill(row: Any, recipe: Recipe, values: Values) -> None:
    before = row.language if recipe.texts else ""
    for name in recipe.columns:
        if name in values:
            setattr(row, name, values[name])
    for name in recipe.texts:
        if name in values:
            write(row, name, "", before)  # a text moved to its right language leaves no copy in the wrong one
            write(row, name, values[name], row.language)


def _save(row: models.Model, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=force_insert)
    except IntegrityError as error:
        for name, (field, message) in UNIQUE.items():
            if name in str(error):
                raise Invalid({field: [message]}) from None
        raise


def _relate(row: Any, recipe: Recipe, values: Values) -> None:
    for name in recipe.relations:
        if name in values:
            getattr(row, name).set(values[name])
    if isinstance(row, Project) and "partners" in values:
        set_partners(row, values["partners"])
    grants.settle(row)


def _keeping_hidden(actor: Actor, row: Any, values: Values) -> Values:
    """Return the values with the needs the editor does not see: nobody takes away unseen what is hidden from them."""
    if not isinstance(row, Project) or "needs" not in values:
        return values
    hidden = row.needs.exclude(pk__in=policy.visible(actor, Need).values("pk"))
    return {**values, "needs": [*values["needs"], *hidden]}


def _related(row: Any, recipe: Recipe) -> dict[str, Any]:
    return {name: list(getattr(row, name).all()) for name in recipe.relations}


def set_partners(project: Project, partners: Iterable[tuple[Organisation, str]]) -> None:
    """Replace the partners of a project kept here by (organisation, role) pairs."""
    project.parties.all().delete()
    Party.objects.bulk_create(Party(project=project, organisation=o, role=role) for o, role in partners)
