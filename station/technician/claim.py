"""`packline-station claim`: the code and the fingerprint on the terminal, and what becomes of the claim."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Final

from contract.claims import ClaimNoted, shown_code, station_name
from link.config import BadConfig
from station.claiming import Claim, Ended, Identity, NotClaimed
from station.config import StationConfig

_DONE, _FAILED = 0, 1
_CODES: Final = {Ended.REFUSED: 4, Ended.OVER: 4, Ended.FORGED: 5, None: _FAILED}


async def claim(config: StationConfig, central: str) -> int:
    """Ask, show, wait; the exit code. Raises `BadConfig` for a name that no certificate may have."""
    try:
        station = station_name(config.station)
    except ValueError as error:
        raise BadConfig(f"station: {error}") from error
    identity, asked = Identity(config.identity), Claim(central, station)

    def noted(taken: ClaimNoted) -> None:
        until = datetime.fromtimestamp(taken.ends_at / 1000).astimezone()
        print(
            f"{station} asks {central} to come in.\n\n"
            f"  code         {shown_code(asked.code)}\n"
            f"  fingerprint  {asked.fingerprint}\n\n"
            "In the office, under Stations, Certificates: compare the fingerprint and type the code, "
            f"until {until:%H:%M}.\nWaiting …",
            flush=True,
        )

    try:
        await asked.carry_out(identity, noted)
    except NotClaimed as error:
        print(f"packline-station: {error}", file=sys.stderr)
        return _CODES[error.ended]
    print(f"Done: {identity.file} is the certificate of {station}. Start the station, or start it again.")
    return _DONE
