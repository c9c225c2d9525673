"""The pages of the work, grouped by object."""

from django.urls import URLPattern, path

from assistance.audit_log import views as accesses
from assistance.consents import plan_views, preview_views
from assistance.consents import views as consents
from assistance.documents import views as documents
from assistance.needs import match_views
from assistance.needs import views as needs
from assistance.offers import views as offers
from assistance.projects import views as projects
from assistance.visits import views as visits

urlpatterns: list[URLPattern] = [
    # Needs
    path("needs/", needs.NeedList.as_view(), name="needs"),
    path("needs/new/", needs.NeedCreate.as_view(), name="need-add"),
    path("needs/<uuid:pk>/", needs.NeedPage.as_view(), name="need"),
    path("needs/<uuid:pk>/edit/", needs.NeedEdit.as_view(), name="need-edit"),
    path("needs/<uuid:pk>/propose/", match_views.Propose.as_view(), name="match-propose"),
    path("needs/<uuid:pk>/share/", consents.NeedShare.as_view(), name="need-share"),
    path("needs/<uuid:pk>/withdraw/", consents.NeedWithdraw.as_view(), name="need-withdraw"),
    path("needs/<uuid:pk>/as/", preview_views.NeedAs.as_view(), name="need-as"),
    path("needs/<uuid:pk>/<slug:action>/", needs.NeedAct.as_view(), name="need-act"),
    # Visits and their reports
    path("visits/", visits.VisitList.as_view(), name="visits"),
    path("visits/new/", visits.VisitCreate.as_view(), name="visit-add"),
    path("visits/<uuid:pk>/", visits.VisitPage.as_view(), name="visit"),
    path("visits/<uuid:pk>/edit/", visits.VisitEdit.as_view(), name="visit-edit"),
    path("visits/<uuid:pk>/plan/", plan_views.PlanPage.as_view(), name="visit-plan"),
    path("visits/<uuid:pk>/share/", consents.VisitShare.as_view(), name="visit-share"),
    path("visits/<uuid:pk>/sections/new/", visits.SectionCreate.as_view(), name="section-add"),
    path("visits/<uuid:pk>/<slug:action>/", visits.VisitAct.as_view(), name="visit-act"),
    path("sections/<uuid:pk>/", visits.SectionPage.as_view(), name="section"),
    path("sections/<uuid:pk>/edit/", visits.SectionEdit.as_view(), name="section-edit"),
    path("sections/<uuid:pk>/share/", consents.SectionShare.as_view(), name="section-share"),
    path("sections/<uuid:pk>/withdraw/", consents.SectionWithdraw.as_view(), name="section-withdraw"),
    path("sections/<uuid:pk>/as/", preview_views.SectionAs.as_view(), name="section-as"),
    # Consents
    path("consents/", consents.ConsentList.as_view(), name="consents"),
    path("consents/<uuid:pk>/note-verbale/", consents.NoteVerbale.as_view(), name="note-verbale"),
    path("consents/<uuid:pk>/", consents.ConsentPage.as_view(), name="consent"),
    path("consents/two-persons/<slug:slug>/", plan_views.TwoPersons.as_view(), name="two-persons"),
    # Releases: plans, proposals and what was published
    path("releases/<uuid:pk>/", plan_views.ReleasePage.as_view(), name="release"),
    path("releases/<uuid:pk>/note-verbale/", consents.ReleaseNote.as_view(), name="release-note"),
    path("releases/<uuid:pk>/<slug:action>/", plan_views.ReleaseAct.as_view(), name="release-act"),
    # Offers
    path("offers/", offers.OfferList.as_view(), name="offers"),
    path("offers/new/", offers.OfferCreate.as_view(), name="offer-add"),
    path("offers/<uuid:pk>/", offers.OfferPage.as_view(), name="offer"),
    path("offers/<uuid:pk>/edit/", offers.OfferEdit.as_view(), name="offer-edit"),
    path("offers/<uuid:pk>/<slug:action>/", offers.OfferAct.as_view(), name="offer-act"),
    # Matches
    path("matches/", match_views.MatchList.as_view(), name="matches"),
    path("matches/<uuid:pk>/", match_views.MatchPage.as_view(), name="match"),
    path("matches/<uuid:pk>/<slug:action>/", match_views.MatchAct.as_view(), name="match-act"),
    # Projects
    path("projects/", projects.ProjectList.as_view(), name="projects"),
    path("projects/new/", projects.ProjectCreate.as_view(), name="project-add"),
    path("projects/<uuid:pk>/", projects.ProjectPage.as_view(), name="project"),
    path("projects/<uuid:pk>/edit/", projects.ProjectEdit.as_view(), name="project-edit"),
    # Who read what
    path("access-log/", accesses.AccessList.as_view(), name="access-log"),
    path("access-log/export/", accesses.AccessExport.as_view(), name="access-log-export"),
    # Documents, on any of these
    path("documents/new/<slug:kind>/<uuid:pk>/", documents.DocumentAdd.as_view(), name="document-add"),
    path("documents/<uuid:pk>/", documents.DocumentPage.as_view(), name="document"),
    path("documents/<uuid:pk>/file/", documents.DocumentFile.as_view(), name="document-file"),
    path("documents/<uuid:pk>/versions/<int:number>/", documents.DocumentFile.as_view(), name="document-version"),
    path("documents/<uuid:pk>/replace/", documents.DocumentReplace.as_view(), name="document-replace"),
    path("documents/<uuid:pk>/remove/", documents.DocumentRemove.as_view(), name="document-remove"),
    # States
    path("states/", projects.StatesMap.as_view(), name="states-map"),
    path("states/<slug:slug>/", projects.StatePage.as_view(), name="state"),
]
