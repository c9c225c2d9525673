"""`./manage.py rebuild_grants`: checks that every row has the audience computed from consents, and corrects others."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assistance import registry
from assistance.access import audiences
from assistance.access.models import Audience


class Command(BaseCommand):
    help = "Recompute who may see what from facts and consents, and put right what points elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 when something drifts")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        total = Audience.objects.count() + sum(model._default_manager.count() for model in registry.models())
        found = Counter(adrift.model for adrift in audiences.drift(mend=not check))
        for model, count in sorted(found.items()):
            self.stdout.write(f"{model}: {count} {'adrift' if check else 'mended'}")
        self.stdout.write(f"{total} rows, drift {found.total()}")
        if check and found:
            sys.exit(1)
