"""Administration of users and of undeliverable mail; the subject of a mail is never shown."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.mail.dispatch import acknowledge, revive
from accounts.models import Channel, Delivery, User
from accounts.models.delivery import WAITING
from web.forms import OVERRIDES, Line


class NoGuessing:
    """Allows only the filters the list offers: other look-ups in the URL could reveal hidden columns by guessing."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Return whether the list itself offers this filter."""
        filters = self.list_filter  # type: ignore[attr-defined]
        offered = {each if isinstance(each, str) else each.parameter_name for each in filters}
        return lookup.removesuffix("__exact").removesuffix("__id") in offered


# The admin's own sign-in would bypass the lockout and the second factor, so it redirects to the portal's.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# After sign-in, go to a page that every administrator may open; the dashboard needs an appointment.
admin.site.site_url = reverse_lazy("preferences")  # type: ignore[assignment]
# allauth's own admin pages would let an administrator take over a login, or read a second factor.
admin.site.unregister([EmailAddress, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken])


class NewUserForm(forms.ModelForm):
    """Adds a user without a password; they set one through the link of the invitation sent after approval."""

    class Meta:
        model = User
        fields = ["email", "name", "language", "time_zone"]
        field_classes = {"name": Line}

    def save(self, commit: bool = True) -> User:
        """Return the user, who cannot sign in yet."""
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(NoGuessing, admin.ModelAdmin):
    """Users: address, language and whether they may sign in; rights come from appointments, not from here."""

    formfield_overrides = OVERRIDES
    list_display = ["email", "name", "language", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "name", "language", "time_zone", "mail_rhythm"]}),
        (_("Access rights"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (pgettext_lazy("page section", "Sign-ins"), {"fields": ["joined_at", "last_login", "last_visit_at"]}),
    ]
    readonly_fields = ["joined_at", "last_login", "last_visit_at"]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return the few fields of the form for a new user, or all fields for an existing one."""
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": NewUserForm.Meta.fields})]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form for a new or an existing user."""
        return super().get_form(request, obj, change=change, **kwargs if obj else {**kwargs, "form": NewUserForm})

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Return the read-only fields: nobody may give themselves or others more rights than they have."""
        fixed = [*self.readonly_fields, "email"] if obj else list(self.readonly_fields)
        return fixed if request.user.is_superuser else [*fixed, "is_staff", "is_superuser"]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False: users are deactivated instead, so that their actions keep their author."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return whether this user may be changed; a superuser may be changed only by another superuser."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above


FATE = (
    "id", "message", "due_at", "attempts", "sent_at", "suppressed_at", "dead_at", "acknowledged_at", "last_error",
)  # fmt: skip


class Fate(admin.SimpleListFilter):
    """Filters mails by their outcome."""

    title = pgettext_lazy("mail", "status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the outcomes that can be selected."""
        return [
            ("dead", pgettext_lazy("mail status", "Not sent (stopped)")),
            ("waiting", pgettext_lazy("mail status", "Waiting to be sent")),
            ("sent", pgettext_lazy("mail status", "Sent")),
            ("withheld", pgettext_lazy("mail status", "Not sent (recipient no longer has access)")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Return the mails with the selected outcome."""
        if self.value() == "waiting":
            return queryset.filter(WAITING)
        end = {"dead": "dead_at", "sent": "sent_at", "withheld": "suppressed_at"}.get(self.value() or "")
        return queryset.filter(**{f"{end}__isnull": False}) if end else queryset


@admin.register(Delivery)
class DeliveryAdmin(NoGuessing, admin.ModelAdmin):
    """Mails and their outcome, read-only, without reference, subject and address; dead letters can be sent again."""

    fields = FATE
    list_display = FATE
    list_display_links = None
    list_filter = [Fate]
    ordering = ["-due_at"]
    actions = ["send_again", "take_note"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Return mails only; in-portal notifications are private to their recipients."""
        return super().get_queryset(request).filter(channel=Channel.MAIL)

    @admin.action(description=_("Retry failed emails"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Put dead letters back into the outbox."""
        count = revive(queryset)
        text = ngettext("%(count)d email will be sent again.", "%(count)d emails will be sent again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Acknowledge emails not sent"), permissions=["view"])
    def take_note(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """End the alarm about dead letters without sending them again."""
        count = acknowledge(queryset)
        text = ngettext(
            "%(count)d unsent email has been acknowledged.", "%(count)d unsent emails have been acknowledged.", count
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: only the outbox adds rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Return False: only the outbox changes rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Return False: deliveries stay on record."""
        return False


admin.site.unregister(Group)  # groups are managed through organisations and audiences, never by hand
