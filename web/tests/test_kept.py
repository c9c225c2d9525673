"""What is kept of a version is not kept of another."""

import uuid

from web.kept import Kept


def test_values_are_kept_by_key_and_version() -> None:
    made: list[str] = []
    kept: Kept[str] = Kept()

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    def get(version: uuid.UUID | None, name: str) -> str:
        return kept.get(version, name, lambda: make(name))

    first, second = uuid.uuid4(), uuid.uuid4()
    assert [get(first, "a"), get(first, "a"), get(first, "b")] == ["A", "A", "B"]
    assert made == ["a", "b"]
    assert [get(second, "a"), get(second, "a"), get(None, "a"), get(None, "a")] == ["A"] * 4
    assert made == ["a", "b", "a", "a", "a"]
    assert get(first, "a") == "A" and made[-1:] == ["a"] and len(made) == 6
