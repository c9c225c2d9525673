"""The texts of the messages about appointments; they contain no names of people or organisations."""

from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message

APPOINTEE_REASON = _("You get this because an organisation nominated you.")
COORDINATOR_REASON = _("You get this because you coordinate for UNOCT.")
CONCERNED_REASON = _("You get this because the appointment is yours, or one of your organisation.")
DEPUTY_REASON = _("You get this because somebody of your organisation named you as their deputy.")
NOMINATOR_REASON = _("You get this because you nominated somebody.")

MESSAGES = (
    Message("nomination_made", _("A nomination awaits approval"), COORDINATOR_REASON),
    Message("nominations_waiting", _("Nominations have waited for more than a week"), COORDINATOR_REASON),
    Message("nomination_decided", _("A nomination was decided"), NOMINATOR_REASON),
    Message("appointment_begun", _("Your appointment was approved"), APPOINTEE_REASON),
    Message("appointment_confirm", _("An appointment must be confirmed soon"), CONCERNED_REASON),
    Message("appointment_ended", _("An appointment ended"), CONCERNED_REASON),
    Message("post_vacant", _("A post falls vacant: who was to take it over will not"), CONCERNED_REASON),
    Message("renewal_asked", _("A change to an appointment awaits a decision"), COORDINATOR_REASON),
    Message("renewal_decided", _("A change to an appointment was decided"), CONCERNED_REASON),
    Message("deputy_named", _("You are named as a deputy"), DEPUTY_REASON),
)
