"""Days and times that somebody wrote."""

from __future__ import annotations

from datetime import date

import pytest

from kb import times
from kb.errors import InvalidInput


def test_a_day_is_read_as_iso_8601_has_it() -> None:
    assert times.day("2026-12-01", "until") == date(2026, 12, 1)


@pytest.mark.parametrize(
    "text", ["", "2026-12-1", "20261201", "2026-W49-2", "2026-02-30", "2026-12-01T09:00", "٢٠٢٦-12-01", " 2026-12-01"]
)
def test_what_is_no_day_is_refused_with_its_key_and_value(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        times.day(text, "--since")
    assert str(refused.value) == f"--since: {text!r} is not a day such as 2026-12-01"
