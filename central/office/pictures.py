"""Product pictures: plain files of one folder, for pages and stations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from litestar import get
from litestar.params import FromPath
from litestar.response import File

from central.desk.refused import not_found
from central.office.office import TheOffice

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.(png|jpg|jpeg|webp|svg)", re.IGNORECASE)
_KINDS: Final = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@get("/pictures/{name:str}", include_in_schema=False)
async def picture(office: TheOffice, name: FromPath[str]) -> File:
    """The picture of that name; nothing outside the folder can be named."""
    folder = office.http.pictures
    if not folder or not _NAME.fullmatch(name):
        raise not_found("picture", name)
    path = Path(folder) / name
    if not path.is_file():
        raise not_found("picture", name)
    kind = _KINDS.get(path.suffix.lower(), "image/svg+xml")
    return File(
        path,
        filename=name,
        media_type=kind,
        content_disposition_type="inline",
        headers={"Cache-Control": "max-age=3600"},
    )
