"""Values of then, and of now."""

from __future__ import annotations

from wrangler_py.session.swaps import Swaps


def test_a_learnt_value_is_swapped_both_ways():
    swaps = Swaps()
    swaps.learn("aaaaaaaa", "bbbbbbbb")
    assert swaps.now("x aaaaaaaa y") == "x bbbbbbbb y"
    assert swaps.then("x bbbbbbbb y") == "x aaaaaaaa y"
    assert swaps.now_data(b"aaaaaaaa\xc3\xa4") == b"bbbbbbbb\xc3\xa4"


def test_a_short_value_stands_for_itself():
    swaps = Swaps()
    swaps.learn("1", "2")
    assert swaps.now("1 1234567") == "1 1234567"


def test_the_longest_value_is_swapped_first_and_only_once():
    swaps = Swaps()
    swaps.add("a:1", "b:2")
    swaps.add("http://a:1", "https://c")
    swaps.add("b:2", "z")
    assert swaps.now("http://a:1 a:1") == "https://c b:2"


def test_what_is_no_text_stays():
    swaps = Swaps()
    swaps.add("aa", "bb")
    assert swaps.now_data(b"aa\xff") == b"aa\xff"
