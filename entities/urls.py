"""URLs of who is who, of designations and of tokens."""

from django.urls import path

from entities.views import designations, directory, impersonation, memberships, mine, renewals, tokens, who_is_who

urlpatterns = [
    path("who/", who_is_who.OrganisationList.as_view(), name="organisations"),
    path("who/directory/", directory.Directory.as_view(), name="directory"),
    path("who/groups/", who_is_who.WorkingGroupList.as_view(), name="working-groups"),
    path("who/groups/<slug:slug>/", who_is_who.WorkingGroupPage.as_view(), name="working-group"),
    path("who/memberships/", memberships.membership_list, name="memberships"),
    path("who/memberships/new/", memberships.MembershipNew.as_view(), name="membership-add"),
    path("who/memberships/<uuid:pk>/", memberships.membership, name="membership"),
    path("who/memberships/<uuid:pk>/decide/", memberships.MembershipDecide.as_view(), name="membership-decide"),
    path("who/terms/", who_is_who.VocabularyPage.as_view(), name="vocabulary"),
    path("who/terms/<slug:kind>/", who_is_who.VocabularyPage.as_view(), name="vocabulary"),
    path("who/<slug:slug>/", who_is_who.OrganisationPage.as_view(), name="organisation"),
    path("designations/", designations.DesignationList.as_view(), name="designations"),
    path("designations/new/", designations.DesignationAdd.as_view(), name="designation-add"),
    path("designations/confirm/", renewals.DesignationsConfirm.as_view(), name="designations-confirm"),
    path("designations/<uuid:pk>/", designations.DesignationPage.as_view(), name="designation"),
    path("designations/<uuid:pk>/letter/", designations.DesignationLetter.as_view(), name="designation-letter"),
    path("designations/<uuid:pk>/approve/", designations.DesignationApprove.as_view(), name="designation-approve"),
    path("designations/<uuid:pk>/end/", designations.DesignationEnd.as_view(), name="designation-end"),
    path("designations/<uuid:pk>/invite/", designations.DesignationInvite.as_view(), name="designation-invite"),
    path("designations/<uuid:pk>/confirm/", renewals.DesignationConfirm.as_view(), name="designation-confirm"),
    path("designations/<uuid:pk>/extend/", renewals.DesignationExtend.as_view(), name="designation-extend"),
    path("designations/<uuid:pk>/reinstate/", renewals.DesignationReinstate.as_view(), name="designation-reinstate"),
    path("designations/<uuid:pk>/decide/", renewals.DesignationDecide.as_view(), name="designation-decide"),
    path("designations/<uuid:pk>/hand-over/", renewals.DesignationHandOver.as_view(), name="designation-hand-over"),
    path("designations/<uuid:pk>/view-as/", impersonation.ViewAs.as_view(), name="designation-view-as"),
    path("view-as/end/", impersonation.view_as_end, name="view-as-end"),
    path("me/details/", directory.details_confirm, name="details-confirm"),
    path("me/appointments/<uuid:pk>/away/", mine.AppointmentAway.as_view(), name="appointment-away"),
    path("me/appointments/<uuid:pk>/back/", mine.AppointmentBack.as_view(), name="appointment-back"),
    path("me/appointments/", mine.my_appointments, name="my-appointments"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.TokenNew.as_view(), name="token-new"),
    path("me/tokens/<uuid:uid>/revoke/", tokens.token_revoke, name="token-revoke"),
]
