"""At the shelf and at the goods inwards: what counting and receiving have in common, and their questions."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from contract.commands import Command
from station.devices.ports import Lamp
from station.work import counting, goods, people, receiving, tracing
from station.work.answers import Say
from station.work.commands import Code, Token
from station.work.inputs import Typed
from station.work.load import Piece
from station.work.phases import (
    AtShelf,
    Counting,
    Discard,
    Idle,
    Leave,
    NewBin,
    NothingMore,
    NothingThere,
    Origin,
    Receiving,
    Short,
)
from station.work.turn import Turn

_AGAIN: dict[type[Struct], Command] = {Discard: Command.DISCARD, Leave: Command.SIGN_OUT, NothingThere: Command.NEXT}
"""The command that asked the question: given once more, it is a yes."""


def answered(turn: Turn, phase: AtShelf, token: Token) -> None:
    """A code was scanned or touched."""
    if phase.question is not None:
        _question(turn, phase, token)
        return
    match token:
        case Command.SIGN_OUT:
            goods.ask(turn, phase, Leave(), Say.ASK_LEAVE)
        case Command.SUSPEND if phase.pieces:
            say = Say.BIN_NOT_DONE if isinstance(phase, Counting) else Say.PUT_AWAY_FIRST
            turn.say(Lamp.LOOK, say, bin=(phase.bin or "") if isinstance(phase, Counting) else "")
        case Command.SUSPEND:
            turn.go(Idle(phase.packer))
            turn.say(Lamp.DONE, Say.PUT_DOWN, orders=phase.name)
        case Command.DISCARD if phase.pieces:
            goods.ask(turn, phase, Discard(), Say.ASK_DISCARD)
        case _ if isinstance(phase, Counting):
            counting.answered(turn, phase, token)
        case _:
            receiving.answered(turn, phase, token)


def typed(turn: Turn, phase: AtShelf, given: Typed) -> None:
    """A quantity was typed for a line."""
    if phase.question is not None:
        turn.say(Lamp.LOOK, Say.ANSWER_FIRST)
    elif isinstance(phase, Counting):
        counting.typed(turn, phase, given)
    else:
        receiving.typed(turn, phase, given)


def _question(turn: Turn, phase: AtShelf, token: Token) -> None:
    match phase.question, phase, token:
        case NothingMore(), Receiving(), Command.NO:
            receiving.wait_for_the_rest(turn, phase)
        case _, _, Command.CANCEL | Command.NO:
            turn.go(replace(phase, question=None))
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case Origin() as question, _, Code(text):
            _origin(turn, phase, question, text)
        case Origin(), _, _:
            turn.say(Lamp.LOOK, Say.ASK_ORIGIN)
        case Short(), Receiving(), _:
            receiving.damaged(turn, phase, token)
        case NewBin(bin_), Receiving(), Code(text) if text.casefold() == bin_.casefold() and _deliberate(turn, phase):
            receiving.put(turn, phase, bin_)
        case (Discard() | Leave() | NothingThere() | NothingMore() | NewBin()) as question, _, _ if (
            token is Command.YES or (token is _AGAIN.get(type(question)) and _deliberate(turn, phase))
        ):
            _yes(turn, phase)
        case _:
            turn.say(Lamp.LOOK, Say.ANSWER_FIRST)


def _deliberate(turn: Turn, phase: AtShelf) -> bool:
    return not people.bounced(turn, phase)


def _yes(turn: Turn, phase: AtShelf) -> None:
    match phase.question, phase:
        case Leave(), _:
            people.sign_out(turn, phase.packer)
        case Discard(), _:
            turn.go(replace(phase, pieces=(), question=None, touched=None))
            turn.say(Lamp.LOOK, Say.SCANS_FORGOTTEN)
        case NothingThere(), Counting():
            counting.close(turn, phase)
        case NothingMore(), Receiving():
            receiving.end(turn, phase)
        case NewBin(bin_), Receiving():
            receiving.put(turn, phase, bin_)
        case _:
            turn.say(Lamp.LOOK, Say.ANSWER_FIRST)


def _origin(turn: Turn, phase: AtShelf, question: Origin, text: str) -> None:
    piece = tracing.told(turn, question, text, lambda barcode: goods.match(phase.items, text, barcode) is not None)
    if piece is not None:
        _take(turn, phase, piece)


def _take(turn: Turn, phase: AtShelf, piece: Piece) -> None:
    if isinstance(phase, Counting):
        counting.take(turn, phase, piece)
    else:
        receiving.take(turn, phase, piece)
