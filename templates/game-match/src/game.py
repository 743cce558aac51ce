"""Tic-tac-toe: whose turn it is, what may be done, and who has won. Nothing else."""

from dataclasses import dataclass
from typing import Any

SEATS = ("X", "O")
FREE = "."
LINES = ("012", "345", "678", "036", "147", "258", "048", "246")


class Refused(Exception):
    """What a player asked for is not done; the text says why."""


@dataclass
class Game:
    board: str = FREE * 9
    """Row by row; each cell is X, O or a dot."""
    turn: str = "X"
    """Who moves next; when it is over, who begins the next game: not who has won."""
    winner: str = ""
    """X or O; empty in a draw, and while nobody has won."""
    ending: str = ""
    """How it ended: line, draw, time or away; empty while it goes on."""
    line: str = ""
    """The cells of the line that won."""

    def move(self, seat: str, cell: Any) -> None:
        """Put the sign of ``seat`` into ``cell``, which is counted from 0."""
        if self.ending:
            raise Refused("The game is over")
        if seat != self.turn:
            raise Refused("It is not your turn")
        if type(cell) is not int or not 0 <= cell < len(self.board):
            raise Refused("There is no such cell")
        if self.board[cell] != FREE:
            raise Refused("That cell is taken")
        self.board = self.board[:cell] + seat + self.board[cell + 1 :]
        self.turn = other(seat)
        self.line = self.full_line(seat)
        if self.line:
            self.winner, self.ending = seat, "line"
        elif FREE not in self.board:
            self.ending = "draw"

    def forfeit(self, loser: str, ending: str) -> None:
        """End it: ``loser`` took too long, or went away."""
        self.turn, self.winner, self.ending = loser, other(loser), ending

    def full_line(self, seat: str) -> str:
        for line in LINES:
            if all(self.board[int(cell)] == seat for cell in line):
                return line
        return ""


def other(seat: str) -> str:
    return "O" if seat == "X" else "X"
