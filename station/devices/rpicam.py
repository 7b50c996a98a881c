"""What `rpicam-still` (before 2024 `libcamera-still`) is told, and what its last words mean. Pure."""

from __future__ import annotations

import re

_MEANINGS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"permission denied|not permitted", re.IGNORECASE),
        "the station may not use it: its user must be in group video, the service needs char-video4linux, char-media"
        " and char-dma_heap",
        "accès refusé à la caméra : appelez un technicien",
    ),
    (
        re.compile(r"no cameras available", re.IGNORECASE),
        "it sees no camera: switch the Pi off, push the ribbon cable in on both ends, contacts the right way",
        "aucune caméra : éteignez le Pi et rebranchez la nappe aux deux bouts",
    ),
    (
        re.compile(r"timed out|sensor connector|dequeue timer", re.IGNORECASE),
        "the camera is seen and sends nothing: its ribbon cable is loose or too long",
        "la caméra n'envoie rien : la nappe est mal enfoncée",
    ),
    (
        re.compile(r"in use|failed to acquire|device or resource busy", re.IGNORECASE),
        "another program uses the camera: stop it",
        "un autre programme utilise la caméra : arrêtez-le",
    ),
    (
        re.compile(r"failed to allocate|cannot allocate|dmaheap", re.IGNORECASE),
        "there is no memory for a picture of this size: lower width and height",
        "mémoire insuffisante pour la photo : réduisez width et height",
    ),
    (
        re.compile(r"selected camera is not available|invalid camera", re.IGNORECASE),
        "there is no camera of this number: `rpicam-still --list-cameras` counts them from 0",
        "ce numéro de caméra n'existe pas",
    ),
)


def arguments(camera: int, width: int, height: int, quality: int, rotation: int, settle_ms: int) -> list[str]:
    """For one picture on the standard output, without a window."""
    return [
        *("--camera", str(camera), "--nopreview", "--timeout", str(settle_ms)),
        *("--width", str(width), "--height", str(height), "--rotation", str(rotation)),
        *("--encoding", "jpg", "--quality", str(quality), "--thumb", "none", "--output", "-"),
    ]


def meaning(said: bytes, code: int | None) -> tuple[str, str]:
    """What its messages and exit code say, in English and French."""
    text = said.decode("utf-8", "replace")
    for pattern, english, french in _MEANINGS:
        if pattern.search(text):
            return english, french
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1][:200] if lines else "nothing"
    return f"it ended with {code} and said: {last}", "la caméra est en défaut : appelez un technicien"
