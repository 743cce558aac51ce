"""The rules: no Worker is needed for these."""

import pytest

from game import Game, Refused


def played(*cells):
    game = Game()
    for cell in cells:
        game.move(game.turn, cell)
    return game


def test_players_take_turns():
    game = played(4, 0)
    assert (game.board, game.turn, game.ending) == ("O...X....", "X", "")


@pytest.mark.parametrize(
    ("cells", "line"),
    [((0, 3, 1, 4, 2), "012"), ((0, 1, 3, 2, 6), "036"), ((2, 0, 4, 1, 6), "246")],
)
def test_three_in_a_line_win(cells, line):
    game = played(*cells)
    assert (game.winner, game.ending, game.line) == ("X", "line", line)


def test_the_second_player_may_win_too():
    assert played(0, 3, 1, 4, 8, 5).winner == "O"


def test_a_full_board_is_a_draw():
    game = played(0, 1, 2, 4, 3, 5, 7, 6, 8)
    assert (game.winner, game.ending, game.line) == ("", "draw", "")


def test_the_last_cell_may_win():
    assert played(0, 1, 2, 3, 4, 5, 7, 6, 8).ending == "line"


@pytest.mark.parametrize("cell", [-1, 9, None, "4", 1.0, True])
def test_only_cells_can_be_taken(cell):
    with pytest.raises(Refused, match="There is no such cell"):
        Game().move("X", cell)


def test_a_taken_cell_stays_taken():
    with pytest.raises(Refused, match="That cell is taken"):
        played(4).move("O", 4)


def test_nobody_moves_twice():
    with pytest.raises(Refused, match="It is not your turn"):
        played(4).move("X", 0)


def test_when_it_is_over_it_is_over():
    with pytest.raises(Refused, match="The game is over"):
        played(0, 3, 1, 4, 2).move("O", 5)


def test_who_forfeits_loses():
    game = played(4)
    game.forfeit("O", "time")
    assert (game.winner, game.ending) == ("X", "time")
