"""Takes the pictures that the bench wants, beside its work: however long a camera takes, nobody waits for it here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault, Still
from station.devices.settings import CameraSettings
from station.photos import NoRoom, PhotoFolder
from station.work.effects import TakePicture
from station.work.inputs import AnyInput, PictureMissed, PictureTaken

log = logging.getLogger(__name__)

_BEYOND_S = 4.0
"""A camera has its own time-box; one that breaks even that is given up after this much more."""


class Photographing:
    """Each `take` is answered by one input, when the picture is on the disk or sure not to come."""

    def __init__(
        self,
        keepers: Iterable[Keeper],
        folder: PhotoFolder,
        submit: Callable[[AnyInput], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._cameras = {keeper.config.name: keeper for keeper in keepers if isinstance(keeper.config, CameraSettings)}
        self._folder = folder
        self._submit = submit
        self._now_ms = now_ms
        self._taking: set[asyncio.Task[None]] = set()

    def take(self, wanted: TakePicture) -> None:
        """Take it soon; returns at once."""
        taking = asyncio.create_task(self._take(wanted), name=f"picture {wanted.picture}")
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)

    async def _take(self, wanted: TakePicture) -> None:
        try:
            still = await self._still(wanted.camera)
            name = await asyncio.to_thread(self._folder.keep, still.jpeg)
        except (DeviceFault, NoRoom) as reason:
            log.warning("no picture %s: %s", wanted.picture, reason)
            self._submit(PictureMissed(self._now_ms(), wanted.picture, str(reason), reason.text_fr))
            return
        except Exception as error:
            log.exception("picture %s failed", wanted.picture)
            reason_fr = "Erreur de la caméra : appelez un technicien."
            self._submit(PictureMissed(self._now_ms(), wanted.picture, f"The camera failed ({error}).", reason_fr))
            return
        self._submit(PictureTaken(still.at, wanted.picture, name, len(still.jpeg), still.note, still.note_fr))

    async def _still(self, camera: str) -> Still:
        keeper = self._cameras.get(camera)
        if keeper is None or not isinstance(keeper.config, CameraSettings):
            raise DeviceFault(f"station.toml has no camera {camera!r} any more", "cette caméra n'existe plus")
        try:
            async with asyncio.timeout(keeper.config.timeout_s + _BEYOND_S):
                return await keeper.picture()
        except TimeoutError as error:
            raise DeviceFault(
                f"{camera} does not answer: unplug it and plug it in again",
                f"{camera} ne répond pas : débranchez-la et rebranchez-la",
            ) from error
