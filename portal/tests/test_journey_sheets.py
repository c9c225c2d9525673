"""The journey of a reply by spreadsheet: downloaded, filled in, a colleague writes meanwhile, returned, chosen, applied."""

from django.urls import reverse
from playwright.sync_api import Browser, FilePayload
from pytest_django.live_server_helper import LiveServer

from assistance.recommendations import answers
from assistance.recommendations.models import Response
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.tests.sheets import changed, report
from assistance.tests.cast import Cast
from portal.tests.journeys import MARKS, company
from portal.tests.test_journeys import browser, each_way
from web.spreadsheets import TYPE

__all__ = ["browser"]
pytestmark = MARKS

THEIRS = {"en": "Written by a colleague meanwhile.", "ar": "كتبه زميل في هذه الأثناء."}


@each_way
def test_a_reply_comes_back_with_a_conflict_and_is_applied_as_chosen(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    visit = report(cast, 2)
    first = visit.recommendations.get(number=1)
    with company(browser, live_server, cast, language, javascript) as people:
        state = people.carana
        state.open(reverse("visit-reply", args=[visit.pk]))
        with state.page.expect_download() as download:
            state.page.locator(f"main a[href='{reverse('sheet', args=['reply', visit.pk])}']").click()
        content = download.value.path().read_bytes()
        content = changed(content, {"G6": "planned", "G7": "under_way", "H7": "The law is before parliament."})
        answers.save(actor=cast.carana, recommendation=first.pk, said="implemented", action=THEIRS[language])
        state.open(reverse("spreadsheet-add"))
        file: FilePayload = {"name": "reply.xlsx", "mimeType": TYPE, "buffer": content}
        state.page.set_input_files("[name=file]", file)
        state.submit()
        row = Spreadsheet.objects.get()
        state.sees("G6")
        state.sees("The law is before parliament.")
        assert people.sumora.open(row.get_absolute_url()).status == 404
        state.open(reverse("spreadsheet-transition", args=[row.pk, "apply"]))
        state.page.check("[name=choice_G6][value=yours]")
        state.submit()
        assert dict(Response.objects.values_list("recommendation__number", "said")) == {1: "planned", 2: "under_way"}
        assert Response.objects.get(recommendation=first).action == THEIRS[language]
