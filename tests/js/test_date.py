"""Date: what texts mean, calendar arithmetic, what it prints."""

from __future__ import annotations

import math

import pytest

from wrangler_py.js.date import Date, fields, parse, time_value
from wrangler_py.js.errors import JsException

DAY = 86_400_000
PARSED = [
    ("1970-01-01", 0),
    ("1970", 0),
    ("1970-02", 31 * DAY),
    ("1970-01-01T00:00:00", 0),
    ("1970-01-01T00:00:00.123456Z", 123),
    ("1970-01-01T01:30:00+01:30", 0),
    ("1970-01-01 00:00:01", 1000),
    ("+275760-09-13T00:00:00.000Z", 8_640_000_000_000_000),
    ("-000001-01-01T00:00:00Z", -62_198_755_200_000),
    ("Thu, 01 Jan 1970 00:00:01 GMT", 1000),
    ("Thu Jan 01 1970 00:00:01 GMT+0000 (Coordinated Universal Time)", 1000),
    ("Jan 2, 1970", DAY),
    ("2 January 1970 3:04 PM", DAY + (15 * 60 + 4) * 60_000),
    ("1/2/1970, 12:00:00 AM", DAY),
]
INVALID = ["garbage", "", "1970-13-01", "1970-01-32", "1970-01-01T25:00:00Z", "1 Foo 1970"]


@pytest.mark.parametrize(("text", "ms"), PARSED)
def test_a_text_is_a_moment(text, ms):
    assert parse(text) == ms


@pytest.mark.parametrize("text", INVALID)
def test_other_texts_are_not_a_number(text):
    assert math.isnan(parse(text))


@pytest.mark.parametrize("ms", [0, -1, 951_782_400_000, 8.64e15, -8.64e15, -62_198_755_200_001])
def test_the_fields_of_a_moment_make_the_moment_again(ms):
    assert time_value(*fields(ms)[:7]) == ms


def test_fields_overflow_into_the_next():
    date = Date._construct(2020, 0, 31)
    date.setMonth(1)
    assert date.toISOString() == "2020-03-02T00:00:00.000Z"
    date.setHours(-1, 0)
    assert date.toISOString() == "2020-03-01T23:00:00.000Z"


def test_a_year_of_two_digits_is_of_the_twentieth_century():
    assert Date._construct(99, 0).getFullYear() == 1999


def test_an_invalid_date_has_no_fields_and_no_iso_text():
    date = Date._construct("garbage")
    assert math.isnan(date.getTime())
    assert math.isnan(date.getDay())
    assert str(date) == "Invalid Date"
    with pytest.raises(JsException, match="Invalid time value"):
        date.toISOString()


PRINTED = [
    ("toString", "Sat Feb 29 2020 13:04:05 GMT+0000 (Coordinated Universal Time)"),
    ("toDateString", "Sat Feb 29 2020"),
    ("toTimeString", "13:04:05 GMT+0000 (Coordinated Universal Time)"),
    ("toUTCString", "Sat, 29 Feb 2020 13:04:05 GMT"),
    ("toISOString", "2020-02-29T13:04:05.006Z"),
    ("toLocaleString", "2/29/2020, 1:04:05 PM"),
    ("toLocaleDateString", "2/29/2020"),
    ("toLocaleTimeString", "1:04:05 PM"),
]


@pytest.mark.parametrize(("method", "text"), PRINTED)
def test_a_date_prints_as_in_javascript(method, text):
    assert getattr(Date._construct(2020, 1, 29, 13, 4, 5, 6), method)() == text


def test_dates_are_compared_by_time():
    assert Date(0) < Date(1)
    assert Date(1) >= Date(1)
    assert Date(0) != Date(0)
