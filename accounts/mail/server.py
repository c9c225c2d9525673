"""The mail server: one connection for the mails of a batch, opened anew when the server has ended it."""

import contextlib
import smtplib
from types import TracebackType

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from accounts.mail import breaker

LEAVING = 421  # the server ends the connection, as after its maximum number of mails or in a shutdown (RFC 5321)
ACCEPTED = 250


class MailServer:
    """Sends mails one after another over one connection; use as a context manager, which closes it."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: EmailMessage) -> None:
        """Send one mail, and note in the breaker whether the server answers. Raises OSError (also of smtplib).

        If the server ends a connection that has carried mails and says so before it accepts this one, the mail is sent
        over a new connection. If the connection is lost without an answer, the mail may have been accepted: this raises,
        and the breaker stays as it is, because only a new connection shows whether the server is away.
        """
        is_used = self._backend is not None and self._still_answers()
        try:
            self._pass_on(mail)
        except OSError as error:
            if not _is_about_this_mail(error):
                self._close()
            if is_used and _is_refused_by_the_session(error):
                self._close()
                self.send(mail)
                return
            if not is_used or _is_about_this_mail(error):
                breaker.note_failure(error)
            raise
        breaker.note_answer()

    def _pass_on(self, mail: EmailMessage) -> None:
        if self._backend is None:
            backend = get_connection()
            try:
                backend.open()
            except OSError:
                _end(backend)
                raise
            self._backend = backend
        mail.connection = self._backend
        mail.send()

    def _still_answers(self) -> bool:
        """Return whether the server answers on the open connection, and end a mail that was left half sent.

        If it does not, the connection is closed. Without this question a connection that the server closed meanwhile
        could not be told from one that was lost after a mail was accepted.
        """
        link = getattr(self._backend, "connection", None)
        if not isinstance(link, smtplib.SMTP):
            return True
        with contextlib.suppress(OSError):
            if link.rset()[0] == ACCEPTED:
                return True
        self._close()
        return False

    def _close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            _end(backend)


def _end(backend: BaseEmailBackend) -> None:
    """Close a connection; every mail that it carried has had its answer, so a failure to close it changes nothing."""
    with contextlib.suppress(OSError):
        backend.close()


def _codes(error: OSError) -> list[int]:
    """Return the codes with which the server refused a mail; none for an error that is not an answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_about_this_mail(error: OSError) -> bool:
    """Return whether the server refused this mail and goes on with the next over the same connection."""
    return isinstance(error, breaker.ABOUT_ONE_MAIL) and LEAVING not in _codes(error)


def _is_refused_by_the_session(error: OSError) -> bool:
    """Return whether the server takes no more mails over this connection: it says so, or refuses our own address."""
    return LEAVING in _codes(error) or isinstance(error, smtplib.SMTPSenderRefused)
