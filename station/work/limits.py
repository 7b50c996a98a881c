"""A right weight against what the service and the box take, and against price brackets."""

from __future__ import annotations

from contract.values import Box, Service, Weighing
from station.work.phases import Halt


def halted(weighing: Weighing, service: Service, box: Box | None) -> Halt | None:
    """Why this weight gets no label yet; None when it may have one."""
    grams = weighing.grams
    if grams > service.max_g:
        return Halt("service", weighing, service.max_g)
    if box is not None and grams - box.tare_g > box.max_g:
        return Halt("box", weighing, box.max_g)
    below = [bracket for bracket in service.brackets_g if 0 < grams - bracket <= service.near_g]
    return Halt("bracket", weighing, max(below)) if below else None
