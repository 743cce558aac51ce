"""Cron expressions mean what they mean on Cloudflare."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.config.crons import Cron
from wrangler_py.errors import ConfigError

WEDNESDAY = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NEXT = [  # expression, the first times after that Wednesday at noon
    ("*/5 * * * *", ["07-01 12:05", "07-01 12:10"]),
    ("0 9 * * 1", ["07-05 09:00", "07-12 09:00"]),
    ("0 9 * * 7", ["07-04 09:00", "07-11 09:00"]),
    ("0 9 * * SUN", ["07-05 09:00"]),
    ("0 9 * * mon-wed", ["07-06 09:00", "07-07 09:00", "07-08 09:00", "07-13 09:00"]),
    ("0 9 * * 2-6", ["07-02 09:00", "07-03 09:00", "07-06 09:00"]),
    ("0 9 * * 2,4", ["07-06 09:00", "07-08 09:00"]),
    ("0 9 * * 2/2", ["07-03 09:00", "07-06 09:00", "07-08 09:00", "07-10 09:00", "07-13 09:00"]),
    ("0 9 * * */3", ["07-04 09:00", "07-05 09:00", "07-08 09:00", "07-11 09:00"]),
    ("0 9 * * 6L", ["07-31 09:00"]),
    ("0 9 * * L", ["07-04 09:00"]),
    ("0 9 * * 2#2", ["07-13 09:00"]),
    ("0 9 L * *", ["07-31 09:00", "08-31 09:00"]),
    ("0 9 LW * *", ["07-31 09:00", "08-31 09:00", "09-30 09:00", "10-30 09:00"]),
    ("0 9 4W * *", ["07-03 09:00", "08-04 09:00"]),
    ("0 9 1W 8 *", ["08-03 09:00"]),
    ("0 9 31W 1,5 *", ["01-29 09:00", "05-31 09:00"]),
    ("0 9 1 JAN *", ["01-01 09:00"]),
]
WRONG = [
    ("", "it has 0 fields"),
    ("* * * *", "it has 4 fields"),
    ("0 * * * * *", "it has 6 fields"),
    ("60 * * * *", "bad minute"),
    ("* 24 * * *", "bad hour"),
    ("* * 0 * *", "bad day-of-month"),
    ("* * 30 2 *", "bad day-of-month"),
    ("* * * 13 *", "bad month"),
    ("* * * * 0", "weekdays are 1 (Sunday) to 7 (Saturday)"),
    ("* * * * 1-8", "weekdays are 1 (Sunday) to 7 (Saturday)"),
    ("* * * * MOON", "bad day-of-week"),
    ("*/0 * * * *", "bad minute"),
    ("5-1 * * * *", "bad minute"),
]


@pytest.mark.parametrize(("text", "times"), NEXT)
def test_an_expression_comes_when_it_would_on_cloudflare(text, times):
    cron, moment, found = Cron.parse(text), WEDNESDAY, []
    for _ in times:
        moment = cron.after(moment)
        found.append(moment.strftime("%m-%d %H:%M"))
    assert found == times


@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_what_is_no_expression_is_refused_with_a_reason(text, reason):
    with pytest.raises(ValueError) as caught:
        Cron.parse(text)
    assert str(caught.value).startswith(reason)


def test_a_wrong_expression_is_an_error_with_its_place(tmp_path):
    (tmp_path / "entry.py").write_text("")
    (tmp_path / "wrangler.jsonc").write_text(
        '{"main": "entry.py", "compatibility_date": "2026-11-01",\n'
        ' "triggers": {"crons": ["* * * * *",\n   "0 9 * * 0"]}}'
    )
    with pytest.raises(ConfigError, match="weekdays are 1") as caught:
        load_config(Overrides(), tmp_path)
    assert str(caught.value.where).endswith("wrangler.jsonc:3:4 triggers.crons[1]")
