"""The claim on the bench's own screen: a station that may not come in yet shows its code until somebody types it."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Final

from contract.claims import ClaimNoted, shown_code
from contract.values import Language
from link.tasks import Heart, notify, run_together, until_signalled
from station.claiming import Claim, Ended, Identity, NotClaimed
from station.config import StationConfig
from station.kiosk.frames import Frames
from station.kiosk.pictures import Pictures
from station.kiosk.server import make_app, serve
from station.kiosk.view import Frame, Quiet, Screen, Tone

log = logging.getLogger(__name__)

_AGAIN_S: Final = {Ended.REFUSED: 10.0, Ended.OVER: 0.0, Ended.FORGED: 60.0, None: 5.0}
_TYPE: Final = ("Type this code in the office: {code}", "Saisissez ce code au bureau : {code}")
_COMPARE: Final = (
    "Under Stations, Certificates. The fingerprint there must be {fingerprint}.",
    "Sous Postes, Certificats. L'empreinte doit y être {fingerprint}.",
)
_ASKING: Final = ("This station is asking to come in", "Ce poste demande à entrer")
_REFUSED: Final = (
    "The office refused this station. A new code follows in a moment.",
    "Le bureau a refusé ce poste. Un nouveau code arrive dans un instant.",
)
_FORGED: Final = (
    "The answer does not come from your central: somebody may sit on the line. Call your technician.",
    "La réponse ne vient pas de votre central : quelqu'un écoute peut-être la ligne. Appelez votre technicien.",
)
_UNREACHED: Final = (
    "Central does not take the claim: is the network there, is central_url right? It goes on by itself.",
    "Le central ne prend pas la demande : le réseau est-il là, central_url est-il juste ? La suite vient d'elle-même.",
)
_WHY: Final = {Ended.REFUSED: _REFUSED, Ended.FORGED: _FORGED, None: _UNREACHED}


def must_claim(config: StationConfig) -> bool:
    """The broker is on the network, and nothing proves to it who we are."""
    return not (config.broker.has_certificate or Identity(config.identity).is_there or config.broker.is_here)


async def claim_on_screen(config: StationConfig, listening: socket.socket) -> bool:
    """Claim, one code after the other, until there is a certificate; False when the station is asked to stop."""
    frames = Frames()
    app = make_app(
        frames,
        lambda _: None,
        Pictures(config.pictures, config.central_url, Identity(config.identity).ca_file),
        lambda _: None,
    )
    notify("READY=1")
    ended = await run_together(
        {
            "signals": until_signalled(),
            "claim": _claim(config, frames),
            # The server closes what it is given; the station serves on the same port after this.
            "kiosk": serve(app, frames, listening.dup()),
            "heart": Heart({}).run(),
        }
    )
    return ended == "claim"


async def _claim(config: StationConfig, frames: Frames) -> None:
    language = config.bench.language

    def show(tone: Tone, sentence: str, why: str = "") -> None:
        frames.show(Frame(Screen(tone, sentence, why=why, language=language), Quiet(station=config.station)))

    while True:
        claim = Claim(config.central_url, config.station)

        def noted(_: ClaimNoted, claim: Claim = claim) -> None:
            words = _in(language, _COMPARE).format(fingerprint=claim.fingerprint)
            show("ready", _in(language, _TYPE).format(code=shown_code(claim.code)), words)

        show("wait", _in(language, _ASKING))
        try:
            return await claim.carry_out(Identity(config.identity), noted)
        except NotClaimed as error:
            log.error("no certificate yet: %s", error)
            if error.ended in _WHY:
                show("stop", _in(language, _ASKING), _in(language, _WHY[error.ended]))
            await asyncio.sleep(_AGAIN_S[error.ended])


def _in(language: Language, words: tuple[str, str]) -> str:
    return words[1] if language == "fr" else words[0]
