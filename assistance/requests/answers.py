"""The consolidated answers to a request: who was asked, who answered what, who declined and why, and who was silent.

For the State alone, as the comparison of offers: who else was asked and answered is known to nobody else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, TextChoices
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext, pgettext_lazy
from docx.shared import Pt

from assistance.access import policy
from assistance.letters.docx import Writer
from assistance.letters.drafting import BLANK
from assistance.needs.answers import Answer as SideAnswer
from assistance.needs.answers import answers as answers_of_sides
from assistance.needs.answers import type_of_reason
from assistance.needs.models import Match
from assistance.needs.states import MatchStatus
from assistance.projects.models import Project
from assistance.requests.models import AssistanceRequest
from assistance.requests.queries import first_day_of, projects_of, start_in_words
from assistance.requests.rules import asked_groups, is_of_state
from assistance.workflow.models import Event
from entities.actors import Actor, organisations_in
from entities.local_days import day_of, today_of
from entities.models import ACTING_ROLES, Appointment, Organisation
from web.dates import in_words
from web.exceptions import NotVisible
from web.phrases import labelled, percent, with_remark
from web.translated_text import localized

# The events of a match that say on which day its provider gave an answer.
DATED: Mapping[SideAnswer, tuple[str, ...]] = {
    SideAnswer.READY: ("match_proposed", "match_confirmed_by_provider"),
    SideAnswer.TOOK_BACK: ("match_retracted",),
    SideAnswer.DECLINED: ("match_declined",),
}


class OrganisationAnswer(TextChoices):
    """What an organization that was asked has answered, in the order of the sheet."""

    OFFERED = "offered", pgettext_lazy("answer to a circulated request", "Offered assistance")
    DECLINED = "declined", pgettext_lazy("answer to a circulated request", "Declined")
    ASKED = "asked", pgettext_lazy("answer to a circulated request", "Only asked a question")
    SILENT = "silent", pgettext_lazy("answer to a circulated request", "No answer")
    UNREACHED = "unreached", pgettext_lazy("answer to a circulated request", "Has no users in the portal")


QUIET = (OrganisationAnswer.SILENT, OrganisationAnswer.UNREACHED)


@dataclass(frozen=True)
class Offered:
    """One offer of assistance for one need of the request, as it stands, and the day on which its provider made it.

    `project` is the one that carries it, if the reader sees it.
    """

    match: Match
    on: date
    reason: str
    project: Project | None = None

    @property
    def what(self) -> str:
        """What is offered: the type of assistance, and the title of the offer on record, or of the project."""
        row, kind = self.match.offer or self.project, str(self.match.need.get_assistance_type_display())
        return labelled(kind, localized(row, "title").value) if row else kind

    @property
    def first_day(self) -> date | None:
        """The first day of the offer, or of the project; None where neither says it."""
        return first_day_of(self.match.offer, self.project)

    @property
    def starts(self) -> str:
        """When assistance can start, in words; empty where nothing is said."""
        return start_in_words(self.match.offer, self.project)


@dataclass(frozen=True)
class AnswerLine:
    """The answer of one organization, with the day of it (none for silence), and why it declined."""

    organisation: Organisation
    answer: OrganisationAnswer
    on: date | None = None
    reason: str = ""
    offers: tuple[Offered, ...] = ()
    questions: int = 0


@dataclass(frozen=True)
class AnswerSheet:
    """All answers to a request as of a day in the State."""

    row: AssistanceRequest
    as_of: date
    lines: tuple[AnswerLine, ...]

    @property
    def counts(self) -> list[tuple[OrganisationAnswer, int]]:
        """How many organizations gave each answer; answers that nobody gave are left out."""
        found = [(answer, sum(line.answer == answer for line in self.lines)) for answer in OrganisationAnswer]
        return [(answer, number) for answer, number in found if number]

    @property
    def answered(self) -> list[AnswerLine]:
        """The lines of the organizations that answered in any way."""
        return [line for line in self.lines if line.answer not in QUIET]

    @property
    def quiet(self) -> list[tuple[OrganisationAnswer, list[Organisation]]]:
        """The organizations that did not answer: those that were silent, and those that nobody reached."""
        found = [(answer, [line.organisation for line in self.lines if line.answer == answer]) for answer in QUIET]
        return [(answer, names) for answer, names in found if names]


def may_see(actor: Actor, row: AssistanceRequest) -> bool:
    """Return whether this actor sees the answers to a request: people of its State do, once it was circulated."""
    return row.circulated_at is not None and is_of_state(actor, row)


def sheet_of(actor: Actor, row: AssistanceRequest) -> AnswerSheet:
    """Return the answers to a request that this actor sees. Raises NotVisible for all but its State."""
    if not may_see(actor, row):
        raise NotVisible
    seen = policy.visible(actor, Match).filter(need__assistance_requests=row)
    matches = list(
        seen.select_related("provider", "offer", "need").order_by("need__assistance_type", "created_at", "pk")
    )
    days, given, asked = _days(matches), defaultdict(list), defaultdict(list)
    projects = projects_of(actor, matches)
    for match in matches:
        project = projects.get(match.project_id)
        given[match.provider_id].append(_Given.of(match, days.get(match.pk, {}), row.state, project))
    for question in row.questions.all():
        asked[question.organisation_id].append(day_of(question.asked_at, row.state))
    organisations = list(_organisations(row, [*given, *asked]))
    reached = _reached(organisations)
    lines = [_line(one, given[one.pk], asked[one.pk], reached=one.pk in reached) for one in organisations]
    rank = {answer: number for number, answer in enumerate(OrganisationAnswer)}
    return AnswerSheet(row, today_of(row.state), tuple(sorted(lines, key=lambda line: rank[line.answer])))


def _organisations(row: AssistanceRequest, answered: Iterable[UUID]) -> Iterable[Organisation]:
    """Return those in the audience of the request that may provide, and whoever answered it, by name."""
    wanted = Q(pk__in=list(answered)) | organisations_in(asked_groups(row))
    keys = Organisation.objects.providers().filter(wanted).exclude(pk=row.state_id).values("pk")
    return Organisation.objects.filter(pk__in=keys).by_name()


def _reached(organisations: Iterable[Organisation]) -> set[UUID]:
    """Return those for which somebody can act now."""
    running = Appointment.objects.current().filter(organisation__in=list(organisations), role__in=ACTING_ROLES)
    return set(running.values_list("organisation", flat=True))


def _days(matches: Iterable[Match]) -> dict[UUID, dict[str, datetime]]:
    """Return match → event → when it was recorded last, of the events by which providers answer."""
    found: dict[UUID, dict[str, datetime]] = {}
    names = [name for events in DATED.values() for name in events]
    events = Event.objects.filter(match__in=[match.pk for match in matches], name__in=names).order_by("at")
    for key, name, at in events.values_list("match", "name", "at"):
        found.setdefault(key, {})[name] = at
    return found


@dataclass(frozen=True)
class _Given:
    """What a provider has answered to one match, and when."""

    match: Match
    answer: SideAnswer
    on: date
    project: Project | None

    @classmethod
    def of(cls, match: Match, at: Mapping[str, datetime], state: Organisation, project: Project | None) -> "_Given":
        state_asked = not match.suggested_by_cted or "match_confirmed_by_provider" in at
        answer, _of_state = answers_of_sides(match.status, state_asked=state_asked, accepted=False)
        moments = [at[name] for name in DATED.get(answer, ()) if name in at]
        return cls(match, answer, day_of(max(moments, default=match.created_at), state), project)


def _line(
    organisation: Organisation, given: Sequence[_Given], asked_on: Sequence[date], *, reached: bool
) -> AnswerLine:
    """Return the line of one organization: the strongest of its answers counts."""
    made = [one for one in given if one.answer in (SideAnswer.READY, SideAnswer.TOOK_BACK)]
    if made:
        offers = tuple(Offered(one.match, one.on, reason_of(one.match), one.project) for one in made)
        last = max(offer.on for offer in offers)
        return AnswerLine(organisation, OrganisationAnswer.OFFERED, last, offers=offers, questions=len(asked_on))
    declined = [one for one in given if one.answer == SideAnswer.DECLINED]
    if declined:
        last_one = max(declined, key=lambda one: one.on)
        reason = reason_of(last_one.match)
        return AnswerLine(organisation, OrganisationAnswer.DECLINED, last_one.on, reason, questions=len(asked_on))
    if asked_on:
        return AnswerLine(organisation, OrganisationAnswer.ASKED, max(asked_on), questions=len(asked_on))
    return AnswerLine(organisation, OrganisationAnswer.SILENT if reached else OrganisationAnswer.UNREACHED)


def reason_of(match: Match) -> str:
    """Return why a match was declined or withdrawn: the type of the reason, or its words where no type says it."""
    if match.status not in (MatchStatus.DECLINED, MatchStatus.RETRACTED, MatchStatus.ENDED):
        return ""
    return type_of_reason(match) or match.answer_reason


# ── As a table, for the page and the file ────────────────────────────────────
HEADINGS = (
    pgettext_lazy("label", "Organization"),
    pgettext_lazy("label", "Answer"),
    pgettext_lazy("label", "Date"),
    gettext_lazy("What is offered"),
    pgettext_lazy("portion", "Share"),
    pgettext_lazy("label", "Start of assistance"),
    gettext_lazy("Status or reason"),
)


def cells_of(line: AnswerLine) -> list[list[str]]:
    """Return the cells of a line in the active language: one row for each offer, one for any other answer."""
    questions = _("Questions asked: %(number)s") % {"number": localize(line.questions)} if line.questions else ""
    if not line.offers:
        day = in_words(line.on) if line.on else ""
        said = "\n".join(filter(None, (line.reason, questions)))
        return [[line.organisation.name, str(line.answer.label), day, "", "", "", said]]
    found = []
    for number, offer in enumerate(line.offers):
        status = with_remark(offer.match.get_status_display(), offer.reason) if offer.reason else ""
        remarks = [status or offer.match.get_status_display(), questions if number == 0 else ""]
        found.append(
            [
                line.organisation.name,
                str(line.answer.label),
                in_words(offer.on),
                offer.what,
                percent(offer.match.share),
                offer.starts,
                "\n".join(filter(None, remarks)),
            ]
        )
    return found


def file_name(row: AssistanceRequest, language: str) -> str:
    """Return the name of the file of a sheet."""
    return f"{row}-answers-{language}.docx"


def to_docx(sheet: AnswerSheet, language: str) -> bytes:
    """Return a sheet as a DOCX file in a language."""
    row = sheet.row
    with override(language):
        writer = Writer(file_name(row, language), language, landscape=True, size=Pt(10))
        writer.heading(_("Answers to the request for assistance"))
        facts = [
            (pgettext("field", "reference"), str(row)),
            (pgettext("label", "Title"), localized(row, "title", language).value),
            (pgettext("country", "State"), row.state.name),
            (_("Circulated on"), in_words(day_of(row.circulated_at, row.state)) if row.circulated_at else ""),
            (_("Offers until"), in_words(row.closes_for_offers) if row.closes_for_offers else ""),
            (pgettext("day", "As of"), in_words(sheet.as_of)),
            *((str(answer.label), localize(number)) for answer, number in sheet.counts),
        ]
        writer.table((), [(capfirst(label), value or BLANK) for label, value in facts], widths=(6, 18))
        writer.paragraph("")
        rows = [cells for line in sheet.lines for cells in cells_of(line)]
        writer.table([capfirst(str(label)) for label in HEADINGS], rows, widths=(5, 3, 3, 5.5, 1.5, 3, 4))
        return writer.content()
