"""Counting and receiving as the packer sees them: the bins or goods, and what each has. Pure."""

from __future__ import annotations

from contract.values import StockItem
from station.kiosk import texts
from station.kiosk.view import LineMark, LineView
from station.work import goods
from station.work.counting import bins, bins_left, places_of, spots_of
from station.work.phases import AtShelf, Counting, NewBin, NothingMore, NothingThere, Origin
from station.work.receiving import come, missing
from station.work.session import Session

_MOST_NAMED = 3


def title_of(session: Session, phase: AtShelf) -> str:
    """What is being done, and where."""
    language = session.language
    if not isinstance(phase, Counting):
        return f"{phase.name} · {phase.delivery.supplier}"
    where = "" if phase.bin is None else phase.bin or texts.NO_BIN.to(language)
    return " · ".join(each for each in (phase.name, where or phase.task.what) if each)


def lines_of(session: Session, phase: AtShelf) -> tuple[LineView, ...]:
    """The bins of a count, what lies in the open one, or the goods of a delivery; what is done comes last."""
    if not isinstance(phase, Counting):
        lines = [_due(phase, place) for place in range(len(phase.items))]
    elif phase.bin is None:
        lines = [_bin(session, phase, place, bin_) for place, bin_ in enumerate(bins(phase))]
    else:
        lines = [_counted(phase, place) for place in places_of(phase)]
    return tuple(sorted(lines, key=lambda line: line.mark == "done"))


def places_of_texts(session: Session, phase: AtShelf) -> dict[str, str]:
    """What the texts of this phase name."""
    language = session.language
    named = {"name": phase.name}
    if isinstance(phase, Counting) and phase.bin is not None:
        named["bin"] = phase.bin or texts.NO_BIN.to(language)
    match phase.question:
        case Origin(piece):
            named["item"] = goods.item_named(phase, piece.line)
        case NewBin(bin_):
            named["bin"] = bin_ if len(bin_) <= 12 else f"{bin_[:11]}…"
        case NothingThere() if isinstance(phase, Counting):
            there = {phase.items[piece.line].sku for piece in phase.pieces}
            named["items"] = _some([spot.sku for spot in spots_of(phase, phase.bin or "") if spot.sku not in there])
        case NothingMore() if not isinstance(phase, Counting):
            named["items"] = _some([phase.items[place].sku for place in missing(phase)])
        case _:
            pass
    return named


def _some(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")


def _bin(session: Session, phase: Counting, place: int, bin_: str) -> LineView:
    spots = spots_of(phase, bin_)
    left = bin_ in bins_left(phase)
    items = {item.sku: item for item in phase.items}
    return LineView(
        order="",
        line=place,
        sku=_some([items[spot.sku].name for spot in spots]),
        name=bin_ or texts.NO_BIN.to(session.language),
        picture=items[spots[0].sku].picture,
        packed=0 if left else len(spots),
        quantity=len(spots),
        short=0,
        mark="todo" if left else "done",
        may_type=False,
    )


def _counted(phase: Counting, place: int) -> LineView:
    item = phase.items[place]
    spots = [spot for spot in spots_of(phase, phase.bin or "") if spot.sku == item.sku]
    blind = any(spot.expected is None for spot in spots)
    expected = 0 if blind else sum(spot.expected or 0 for spot in spots)
    return _item(phase, place, goods.in_hand(phase, place), max(0, expected))


def _due(phase: AtShelf, place: int) -> LineView:
    if isinstance(phase, Counting):
        return _counted(phase, place)
    return _item(phase, place, come(phase, place), phase.delivery.lines[place].expected)


def _item(phase: AtShelf, place: int, there: int, wanted: int) -> LineView:
    item: StockItem = phase.items[place]
    mark: LineMark = "done" if wanted and there >= wanted else "todo"
    return LineView(
        order="",
        line=place,
        sku=item.sku,
        name=item.name,
        picture=item.picture,
        packed=there,
        quantity=wanted,
        short=0,
        mark="touched" if place == phase.touched else mark,
        may_type=item.policy != "scan" and phase.question is None,
        fragile=item.fragile,
    )
