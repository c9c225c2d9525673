"""Which tests execute which lines of a module: a mutant is tried only with those that execute its statement."""

import ast
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage

from tools.mutation.mutants import Mutant


class Reach:
    """The coverage of one module, test by test; as a plugin it marks where each test begins."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.coverage = Coverage(data_file=None, config_file=False, include=[self.path])
        self.statements = statements(ast.parse(path.read_text(encoding="utf-8")))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Attribute coverage of the set-up, which other tests of the file may share, to the whole file."""
        self.coverage.switch_context(str(item.path))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Attribute the following coverage to the test."""
        self.coverage.switch_context(item.nodeid)

    @contextmanager
    def measured(self, config: pytest.Config) -> Iterator[None]:
        """Measure the tests that run in this block."""
        config.pluginmanager.register(self)
        self.coverage.start()
        try:
            yield
        finally:
            self.coverage.stop()
            config.pluginmanager.unregister(self)
        seen = self.coverage.get_data()
        self.contexts = seen.contexts_by_lineno(self.path)

    def tests_of(self, mutant: Mutant, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return the tests that execute the mutant's statement; all tests for one that runs on import."""
        place = bisect_right(self.statements, (mutant.line, True)) - 1
        begins, runs_later = self.statements[place]
        if not runs_later:
            return list(items)
        ends = self.statements[place + 1][0] if place + 1 < len(self.statements) else begins + 100
        reached = {context for line in range(begins, ends) for context in self.contexts.get(line, ())}
        return [item for item in items if item.nodeid in reached or str(item.path) in reached]


def statements(tree: ast.Module) -> list[tuple[int, bool]]:
    """Return for each statement its first line, and whether it is in a function; others run on import."""
    later = {
        inner
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        for inner in ast.walk(statement)
    }
    return sorted((node.lineno, node in later) for node in ast.walk(tree) if isinstance(node, ast.stmt))
