"""Nothing of its own for the tests over all kinds: what hangs on a match is no kind of record of its own."""

from assistance.tests.cases import Cases

CASES: tuple[Cases, ...] = ()
