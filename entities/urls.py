"""URLs of who is who, of designations and of tokens."""

from django.urls import path

from entities.views import designations, directory, impersonation, mine, renewals, tokens, who_is_who

urlpatterns = [
    path("who/", who_is_who.organisations, name="organisations"),
    path("who/directory/", directory.directory, name="directory"),
    path("who/groups/", who_is_who.working_groups, name="working-groups"),
    path("who/groups/<slug:slug>/", who_is_who.working_group, name="working-group"),
    path("who/terms/", who_is_who.vocabulary, name="vocabulary"),
    path("who/terms/<slug:kind>/", who_is_who.vocabulary, name="vocabulary"),
    path("who/<slug:slug>/", who_is_who.organisation, name="organisation"),
    path("designations/", designations.designations, name="designations"),
    path("designations/new/", designations.designation_add, name="designation-add"),
    path("designations/confirm/", renewals.designations_confirm, name="designations-confirm"),
    path("designations/<uuid:pk>/", designations.designation, name="designation"),
    path("designations/<uuid:pk>/letter/", designations.designation_letter, name="designation-letter"),
    path("designations/<uuid:pk>/approve/", designations.designation_approve, name="designation-approve"),
    path("designations/<uuid:pk>/end/", designations.designation_end, name="designation-end"),
    path("designations/<uuid:pk>/invite/", designations.designation_invite, name="designation-invite"),
    path("designations/<uuid:pk>/confirm/", renewals.designation_confirm, name="designation-confirm"),
    path("designations/<uuid:pk>/extend/", renewals.designation_extend, name="designation-extend"),
    path("designations/<uuid:pk>/reinstate/", renewals.designation_reinstate, name="designation-reinstate"),
    path("designations/<uuid:pk>/decide/", renewals.designation_decide, name="designation-decide"),
    path("designations/<uuid:pk>/hand-over/", renewals.designation_hand_over, name="designation-hand-over"),
    path("designations/<uuid:pk>/view-as/", impersonation.view_as, name="designation-view-as"),
    path("view-as/end/", impersonation.view_as_end, name="view-as-end"),
    path("me/details/", directory.details_confirm, name="details-confirm"),
    path("me/appointments/<uuid:pk>/away/", mine.appointment_away, name="appointment-away"),
    path("me/appointments/<uuid:pk>/back/", mine.appointment_back, name="appointment-back"),
    path("me/appointments/", mine.my_appointments, name="my-appointments"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.token_new, name="token-new"),
    path("me/tokens/<uuid:uid>/revoke/", tokens.token_revoke, name="token-revoke"),
]
