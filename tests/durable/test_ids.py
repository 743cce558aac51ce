"""Ids: stable per name and class, and refused elsewhere."""

from __future__ import annotations

import pytest

from wrangler_py.durable.ids import DurableObjectId, IdFactory, unique_key
from wrangler_py.js.errors import JsException

ROOMS, GAMES = (IdFactory(unique_key("worker", name)) for name in ("Room", "Game"))


def test_an_id_is_stable_per_name_and_class():
    first = ROOMS.from_name("lobby")
    assert first.equals(ROOMS.from_name("lobby"))
    assert not first.equals(ROOMS.from_name("other"))
    assert not first.equals(GAMES.from_name("lobby"))
    assert first.name == "lobby"


def test_an_id_survives_its_text():
    first = ROOMS.new_unique()
    again = ROOMS.from_string(first.toString().upper())
    assert again.equals(first)
    assert str(again) == first.toString()
    assert (first.name, again.name, first.jurisdiction) == (None, None, None)
    assert len(first.toString()) == 64


def test_unique_ids_differ():
    assert not ROOMS.new_unique().equals(ROOMS.new_unique())


NOT_HEX = "Invalid Durable Object ID: must be 64 hex digits"
ELSEWHERE = "Durable Object ID is not valid for this namespace."
REFUSED = [
    ("abc", NOT_HEX),
    ("zz" * 32, NOT_HEX),
    ("ab " * 32, NOT_HEX),
    ("ab" * 33, NOT_HEX),
    ("ab" * 32, ELSEWHERE),
    (GAMES.from_name("lobby").toString(), ELSEWHERE),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_wrong_id_is_refused(text, message):
    with pytest.raises(JsException) as raised:
        ROOMS.from_string(text)
    assert (raised.value.name, raised.value.message) == ("TypeError", message)


def test_equals_wants_an_id():
    with pytest.raises(JsException) as raised:
        ROOMS.from_name("a").equals("a")
    assert raised.value.message == (
        "Failed to execute 'equals' on 'DurableObjectId': "
        "parameter 1 is not of type 'DurableObjectId'."
    )


def test_a_jurisdiction_is_part_of_the_id():
    europe = ROOMS.within("eu")
    made = europe.new_unique()
    assert made.jurisdiction == "eu"
    assert ROOMS.new_unique("eu").jurisdiction == "eu"
    assert ROOMS.from_string(made.toString()).jurisdiction == "eu"
    assert not europe.from_name("a").equals(ROOMS.from_name("a"))
    with pytest.raises(JsException, match=ELSEWHERE):
        europe.from_string(ROOMS.from_name("a").toString())
    with pytest.raises(JsException, match="Invalid jurisdiction: moon"):
        ROOMS.within("moon")


def test_nobody_constructs_an_id():
    with pytest.raises(JsException, match="Illegal constructor"):
        DurableObjectId.constructor.new("ab" * 32)
