"""What a person typed: kept when it was not right, with a sentence beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.datastructures import UploadFile

from central.desk.refused import Refused
from central.intake import fields
from central.intake.fields import BadField
from central.intake.table import BadTable
from central.office.paging import PAST_ALL
from central.office.refusals import field_sentence
from central.office.retelling import retold
from contract.values import Language

REFUSALS: Final = (BadField, Refused, BadTable)
"""What a form's command may raise because of what was typed."""


class Beside(dict[str, str]):
    """Sentences by field; a field without one has the empty sentence."""

    def __missing__(self, field: str) -> str:
        return ""


async def typed(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The texts of a form."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def uploaded(request: Request[Any, Any, Any], name: str) -> bytes:
    """A form's file. Raises `BadField` when none was chosen."""
    file = (await request.form()).get(name)
    if not isinstance(file, UploadFile):
        raise BadField(name, "", "filled in")
    return await file.read()


def errors_of(error: Exception, language: Language, fallback: str, places: Mapping[str, str] | None = None) -> Beside:
    """The sentence beside the field that is wrong; beside the whole page (`fallback`) when it is no field of it.

    `places` names the form's field where the rules have another name for it.
    """
    if isinstance(error, BadField):
        return Beside({error.field: retold(field_sentence(error), language)})
    if isinstance(error, Refused):
        place = (places or {}).get(error.field, "")
        return Beside({place or fallback: retold(error.text, language)})
    return Beside({fallback: retold(str(error), language)})


def local_moment(form: Mapping[str, str], field: str, zone: ZoneInfo) -> int | None:
    """A time of the site's own clock; None when the field is empty. Raises `BadField`."""
    value = fields.text(form, field)
    if not value:
        return None
    try:
        return int(datetime.fromisoformat(value).replace(tzinfo=zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BadField(field, value, "a date or time such as 2026-05-31T14:05:00+02:00") from None


def month_of(month: str, zone: ZoneInfo) -> tuple[int, int]:
    """The first moment of `2026-05` and of the month after; all of time when it is empty. Raises `Refused`."""
    if not month:
        return 0, PAST_ALL
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    except ValueError:
        raise Refused("invalid", f"{month!r} is not a month such as 2026-05.", "month", month) from None
    return int(first.timestamp() * 1000), int(following.timestamp() * 1000)
