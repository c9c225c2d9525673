"""Files about requests, each in one of six languages: the answers to one, the template, and the briefing list."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.views.generic import TemplateView, View

from assistance.access import policy
from assistance.letters.views import docx_file
from assistance.requests import answers, briefing, template
from assistance.requests.models import AssistanceRequest
from audit import log
from entities.access import AppointmentRequiredMixin
from web.exceptions import Forbidden, NotVisible

RELATED = ("state", "theme", "pillar", "instrument")


def language_of(request: HttpRequest) -> str:
    """Return the language asked for, by default that of the reader. Raises NotVisible for an unknown one."""
    language = request.GET.get("language") or get_language() or settings.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        raise NotVisible
    return language


class OneRequest(AppointmentRequiredMixin, View):
    """A view of one request that the reader sees, which counts as read."""

    http_method_names = ["get", "head", "options"]

    def get_request(self, pk: object) -> AssistanceRequest:
        rows = policy.visible(self.actor, AssistanceRequest).select_related(*RELATED)
        return policy.get(self.actor, AssistanceRequest, pk, rows=rows)


class Answers(OneRequest, TemplateView):
    """Who answered a request and who was silent, for its State."""

    template_name = "assistance/requests/answers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.get_request(self.kwargs["pk"])
        sheet = answers.sheet_of(self.actor, row)
        log.read([row])
        labels = [capfirst(str(label)) for label in answers.HEADINGS]
        rows = [list(zip(labels, cells, strict=True)) for line in sheet.answered for cells in answers.cells_of(line)]
        own = {"object": row, "sheet": sheet, "headings": labels, "rows": rows}
        return super().get_context_data(**{**own, **kwargs})


class AnswerFile(OneRequest):
    """The answers to a request as a file, for its State."""

    def get(self, request: HttpRequest, pk: object) -> HttpResponse:
        row, language = self.get_request(pk), language_of(request)
        content = answers.to_docx(answers.sheet_of(self.actor, row), language)
        log.read([row])
        return docx_file(content, answers.file_name(row, language))


class FilledTemplate(OneRequest):
    """A request as a filled template, as far as its reader sees it."""

    def get(self, request: HttpRequest, pk: object) -> HttpResponse:
        row, language = self.get_request(pk), language_of(request)
        content = template.filled(self.actor, row, language)
        log.read([row])
        return docx_file(content, template.file_name(row, language))


class BlankTemplate(AppointmentRequiredMixin, View):
    """The template of a request with nothing filled in, for those who record requests."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not policy.may_create(self.actor, AssistanceRequest):
            raise Forbidden
        language = language_of(request)
        return docx_file(template.blank(language), template.file_name(None, language))


class Briefing(AppointmentRequiredMixin, TemplateView):
    """All open requests by age, for coordinators of UNOCT, with the day by which the list is due."""

    http_method_names = ["get", "head", "options"]
    template_name = "assistance/requests/briefing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines, first = briefing.lines(self.actor), briefing.first_day()
        totals, today = briefing.totals(lines), timezone.now().date()
        own = {
            "lines": lines,
            "headings": briefing.HEADINGS,
            "totals": [(kind.label, totals[kind]) for kind in briefing.Kept if totals[kind]],
            "last_due": briefing.last_due(first, today) if first else None,
            "next_due": briefing.next_due(first, today) if first else None,
        }
        return super().get_context_data(**{**own, **kwargs})


class BriefingFile(AppointmentRequiredMixin, View):
    """The same list as a file."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        lines, language = briefing.lines(self.actor), language_of(request)
        return docx_file(briefing.to_docx(lines, language), briefing.file_name(language))
