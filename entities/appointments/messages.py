"""The texts of the messages about appointments; they contain no names of people or organisations."""

from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message

APPOINTEE_REASON = _("You receive this because an organization nominated you.")
COORDINATOR_REASON = _("You receive this because you are a coordinator of UNOCT.")
CONCERNED_REASON = _("You receive this because the appointment is yours, or is in your organization.")
DEPUTY_REASON = _("You receive this because a person in your organization named you as deputy.")
KEEPER_REASON = _("You receive this because you can decide which organizations belong to an audience.")
PROPOSER_REASON = _("You receive this because you made the proposal.")
STATE_REASON = _(
    "You receive this because an organization joined an audience to which your State has "
    "released content. You can withdraw consent at any time."
)
OWNER_REASON = _(
    "You receive this because you created the token. Create a new token before the program that "
    "uses this one stops working."
)
NOMINATOR_REASON = _("You receive this because you nominated a person.")

MESSAGES = (
    Message("nomination_made", _("Nomination awaiting approval"), COORDINATOR_REASON),
    Message("nominations_waiting", _("Nominations awaiting approval for more than 1 week"), COORDINATOR_REASON),
    Message("nomination_decided", _("Nomination decided"), NOMINATOR_REASON),
    Message("appointment_begun", _("Your appointment was approved"), APPOINTEE_REASON),
    Message("appointment_confirm", _("Appointment to be confirmed soon"), CONCERNED_REASON),
    Message("appointment_ended", _("Appointment ended"), CONCERNED_REASON),
    Message("post_vacant", _("Role without a successor: the planned handover will not take place"), CONCERNED_REASON),
    Message("renewal_asked", _("Change to an appointment awaiting a decision"), COORDINATOR_REASON),
    Message("renewal_decided", _("Change to an appointment decided"), CONCERNED_REASON),
    Message("membership_proposed", _("Proposed membership awaiting your decision"), KEEPER_REASON),
    Message("membership_decided", _("Membership that you proposed: decision taken"), PROPOSER_REASON),
    Message(
        "membership_widened", _("New member of an audience to which your State has released content"), STATE_REASON
    ),
    Message("token_ends", _("One of your API tokens expires within 1 week"), OWNER_REASON),
    Message("deputy_named", _("You have been named as a deputy"), DEPUTY_REASON),
)
