"""An order's number in an address of the REST interface."""

from __future__ import annotations

from typing import Annotated

from litestar.params import PathParameter

Number = Annotated[str, PathParameter(max_length=64, description="The order number; write `#` as `%23`.")]
