"""A step: owes many mails at once and measures how many of them the workers send in a second."""

import json
import uuid
from itertools import islice
from pathlib import Path

from django.utils import timezone

from accounts.mail import outbox
from accounts.mail.outbox import Recipient
from accounts.models import Channel
from assistance.access import policy
from assistance.needs.models import Need
from assistance.needs.states import NeedStatus
from assistance.workflow.notifications import SOURCE, subject_of
from bench.releasing import told


def main(path: str, mails: str, patience: str) -> None:
    """Queue at least so many mails about shared needs to people who see them; write the figures."""
    owed, since = 0, timezone.now()
    for need in islice(Need.objects.filter(status=NeedStatus.SHARED).order_by("reference"), int(mails)):
        people = [Recipient(user) for user in policy.people(need).order_by("email")[: int(mails) - owed]]
        outbox.enqueue(
            event=uuid.uuid4(), source=SOURCE, subject=subject_of(need), message="need_shared",
            values={"reference": need.reference}, path=need.get_absolute_url(), recipients=people,
            channels=[Channel.MAIL],
        )  # fmt: skip
        owed += len(people)
        if owed >= int(mails):
            break
    Path(path).write_text(json.dumps(told(since, float(patience))))
