"""Batches as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct


class BatchSummary(Struct, frozen=True):
    """A batch in a list."""

    batch: str
    kind: str
    warehouse: str
    state: str
    """`open`, `done` or `stopped`."""
    begun_by: str
    begun_at: int
    ended_at: int | None
    orders: int
    pieces: int
    """Without what was short."""
    picked: int


class BatchPage(Struct, frozen=True):
    """One page of batches, the open ones first."""

    items: tuple[BatchSummary, ...]
    next: str | None


class BatchOrder(Struct, frozen=True):
    """An order of a batch."""

    order_id: str
    place: int
    tote: str
    name: str
    status: str


class Task(Struct, frozen=True):
    """Pieces of one order in one bin."""

    task: int
    order_id: str
    place: int
    tote: str
    sku: str
    name: str
    picture: str
    policy: str
    bin: str
    lot: str
    quantity: int
    picked: int
    ticked: int
    short: int
    picker: str

    @property
    def left(self) -> int:
        return self.quantity - self.picked - self.short


class BatchAnswer(Struct, frozen=True):
    """One batch with all that is to be fetched, in the order of the walk."""

    batch: str
    kind: str
    warehouse: str
    state: str
    begun_by: str
    begun_at: int
    ended_at: int | None
    orders: tuple[BatchOrder, ...]
    tasks: tuple[Task, ...]

    @property
    def without_tote(self) -> BatchOrder | None:
        """The order whose tote is to be scanned next."""
        return next((order for order in self.orders if not order.tote), None) if self.state == "open" else None

    def task_of(self, picker: str) -> Task | None:
        """What this picker fetches now."""
        free = [task for task in self.tasks if task.left and task.picker in ("", picker)]
        return next((task for task in free if task.picker), None) or next(iter(free), None)

    @property
    def pieces(self) -> int:
        return sum(task.quantity - task.short for task in self.tasks)

    @property
    def picked(self) -> int:
        return sum(task.picked for task in self.tasks)
