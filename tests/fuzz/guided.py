"""One door under Atheris: `python -m tests.fuzz.guided DOOR SECONDS SEEDS`. Saves what it finds in the door's corpus.

Atheris ends its process by itself; what it reached is in its last lines (`tests.fuzz.__main__` reads them).
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
import sys
import tempfile
import traceback
from pathlib import Path

import atheris

_OURS = ["central", "contract", "labels", "link", "station"]
_LONGEST = 8192
_MOST_MB = 1500
_HANGS_S = 60


def main() -> None:
    """Try the door until its time is over."""
    name, seconds, seeds = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    logging.disable(logging.WARNING)
    with atheris.instrument_imports(include=_OURS):
        from tests.fuzz.doors import DOORS
    from tests.fuzz.door import CORPUS
    from tests.fuzz.mutating import changed

    door, found = DOORS[name], set[str]()
    for data in (*(path.read_bytes() for path in door.files), *door.more()):
        if len(data) <= _LONGEST:
            (seeds / hashlib.sha1(data).hexdigest()).write_bytes(data)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        other = changed(data, chance) if chance.random() < 0.7 else None
        return other[:longest] if other is not None else atheris.Mutate(data, longest)

    opened = door.opened(Path(tempfile.mkdtemp(dir=seeds.parent)))
    offer = opened.__enter__()

    def try_one(data: bytes) -> None:
        nonlocal opened, offer
        try:
            offer(data)
        except Exception as finding:
            place = _place(finding)
            if place not in found:
                found.add(place)
                kept = CORPUS / name / f"found-{hashlib.sha1(data).hexdigest()[:12]}"
                kept.write_bytes(data)
                print(f"FOUND {kept.name} {place}", flush=True)
                traceback.print_exception(finding)
            # Whatever broke behind the door must not be found again and again.
            opened = door.opened(Path(tempfile.mkdtemp(dir=seeds.parent)))
            offer = opened.__enter__()

    arguments = [
        sys.argv[0], str(seeds), f"-max_total_time={seconds}", f"-max_len={_LONGEST}", f"-timeout={_HANGS_S}",
        f"-rss_limit_mb={_MOST_MB}", f"-artifact_prefix={CORPUS / name}/found-",
    ]  # fmt: skip
    atheris.Setup(arguments, try_one, custom_mutator=mutate if door.is_json else None)
    try:
        atheris.Fuzz()
    except Exception:
        traceback.print_exc()
    # Threads of databases that are open would keep the process.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _place(finding: BaseException) -> str:
    """Where it was raised: two findings of one place are one."""
    cause = finding.__cause__ or finding
    frames = traceback.extract_tb(cause.__traceback__)
    ours = [frame for frame in frames if any(f"/{name}/" in frame.filename for name in _OURS)] or frames
    at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "nowhere"
    return f"{type(cause).__name__} {at}"


if __name__ == "__main__":
    main()
