"""Catching up with an order that is already at a bench or in a parcel."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from central.desk.books import Books
from central.tracking.rows import ProblemRow
from contract.keys import JobId, OrderId
from contract.messages import JobWithdrawn


def withdraw(books: Books, order_id: OrderId, reason: Literal["cancelled", "edited"], at: int) -> None:
    """Stop the bench that holds the order's job; it answers with `JobReturned`."""
    job = books.jobs.get(JobId(order_id))
    if job is None or job.state != "leased":
        return
    books.jobs.put(replace(job, state="withdrawn"))
    english = "was cancelled" if reason == "cancelled" else "was changed"
    french = "est annulée" if reason == "cancelled" else "a changé"
    books.send(
        job.station,
        JobWithdrawn(
            job.job_id,
            job.fence,
            reason,
            f"Order {order_id} {english}: take the items out and put them back.",
            f"La commande {order_id} {french} : ressortez les articles et rangez-les.",
        ),
    )
    books.note(f"order/{order_id}", at, "job_withdrawn", station=job.station)


def hold_parcels(books: Books, order_id: OrderId, why: str, at: int) -> None:
    """Keep the order's parcels that are still here from leaving; a person decides what becomes of them."""
    for parcel in books.parcels:
        if order_id not in parcel.order_ids or parcel.status != "packed":
            continue
        books.parcels.put(replace(parcel, held=why))
        books.note(f"parcel/{parcel.sscc}", at, "parcel_held", text=why)
        books.problems.append(
            ProblemRow(
                "parcel_held", f"Parcel {parcel.sscc} must not leave: {why}.", at, order_id=order_id, sscc=parcel.sscc
            )
        )
