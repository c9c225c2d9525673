"""What names consents and release plans to people: the rows they are about, by title, and the visit with its dates."""

from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.consents.kinds import rows_seen
from assistance.consents.models import Consent, ReleasePlan
from assistance.consents.summaries import named
from assistance.visits.models import Visit
from assistance.visits.names import span
from assistance.workflow.naming import matter_of


def items_of(consent: Consent) -> str:
    """Return the rows of a consent in words, as far as the reader sees them: one by its title, several by their kinds.

    Those of a consent that was loaded without `kinds.prefetches` are left out.
    """
    rows = rows_seen(consent)
    if len(rows) == 1:
        return _("“%(title)s” (%(kind)s)") % {"title": matter_of(rows[0]).inline, "kind": rows[0]._meta.verbose_name}
    if rows:
        return named(rows)
    return _("report of the visit") if consent.visit else ""


def days_of(visit: Visit | None) -> tuple[str, ...]:
    """Return the days of the visit that a decision is about, as a fact; empty without one."""
    return (_("Visit of %(days)s") % {"days": span(visit.starts_on, visit.ends_on)},) if visit else ()


def name_of_consent(consent: Consent) -> Matter:
    """Return a consent by the rows it is about, with its State, what was decided, and the days of the visit."""
    items = items_of(consent)
    title = _("Release of %(items)s") % {"items": items} if items else ""
    facts = (consent.state.name, consent.get_decision_display(), *days_of(consent.visit))
    return Matter(title or _("Consent of %(state)s") % {"state": consent.state.name}, facts=facts)


def name_of_plan(plan: ReleasePlan) -> Matter:
    """Return a release plan by its State, with the days of the visit."""
    return Matter(_("Release by %(state)s") % {"state": plan.state.name}, facts=days_of(plan.visit))
