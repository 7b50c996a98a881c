"""What can be shown of a parcel's picture."""

from __future__ import annotations

import asyncio
from typing import Literal

from central.desk.refused import Refused, not_found
from central.office.office import Office
from central.photos.folder import is_true
from central.shipping.answers import ParcelAnswer

PictureState = Literal["here", "not_here", "damaged"]


async def state_of(office: Office, parcel: ParcelAnswer) -> PictureState | None:
    """Whether the file is here and is the one that the bench took; None for a parcel without a picture."""
    if parcel.photo is None or not parcel.photo.sha256:
        return None
    content = await asyncio.to_thread(office.photos.read, parcel.photo.sha256)
    if content is None:
        return "not_here"
    return "here" if is_true(parcel.photo.sha256, content) else "damaged"


async def picture_of(office: Office, parcel: ParcelAnswer) -> bytes:
    """The JPEG. Raises `Refused` when there is none, or when it is not the one that was taken."""
    photo = parcel.photo
    content = await asyncio.to_thread(office.photos.read, photo.sha256) if photo is not None else None
    if photo is None or content is None:
        raise not_found("picture of parcel", parcel.sscc)
    if not is_true(photo.sha256, content):
        raise Refused("conflict", f"The picture of parcel {parcel.sscc} was changed on this server: it proves nothing.")
    return content
