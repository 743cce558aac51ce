"""What clients may say: no Worker is needed for these."""

import json

import pytest

from protocol import LONGEST_TEXT, Refused, name_in, text_in


def said(**message):
    return json.dumps(message)


def test_a_name_comes_from_the_address():
    assert name_in("https://chat.example/room/ws?name=%20Zo%C3%AB+B.%20") == "Zoë B."


@pytest.mark.parametrize("query", ["", "?name=%20", "?name=a%0Ab", f"?name={'a' * 33}"])
def test_other_names_are_refused(query):
    with pytest.raises(Refused, match="1 to 32 printable characters"):
        name_in(f"https://chat.example/room/lobby/ws{query}")


def test_what_is_said_is_tidied():
    assert text_in(said(type="message", text="  a <b>\n\ud83d  ")) == "a <b>\n?"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"binary", "expected a short JSON text"),
        ("[" * 100_000, "expected a short JSON text"),
        ("hello", 'expected {"type": ...}'),
        ("[]", 'expected {"type": ...}'),
        ("{}", 'expected {"type": ...}'),
        (said(type="dance"), "Unknown message: dance"),
        (said(type="message"), "has no text"),
        (said(type="message", text=7), "has no text"),
        (said(type="message", text=" \n"), "has no text"),
        (
            said(type="message", text="a" * (LONGEST_TEXT + 1)),
            "1001 characters are too many",
        ),
    ],
    ids=lambda value: None if len(value) > 40 else str(value),
)
def test_other_messages_are_refused(message, why):
    with pytest.raises(Refused, match=why.replace("{", r"\{").replace(".", r"\.")):
        text_in(message)
