"""Install, start, pack, and write what was seen to `result.json`; the machine is switched off when this ends."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
import traceback
from pathlib import Path
from typing import Any

HOST = Path(__file__).parents[1]


def main() -> None:
    """Whatever happens, the host gets what was seen so far."""
    seen: dict[str, Any] = {"booted_s": _uptime()}
    try:
        # The environment has Packline's libraries; Packline itself comes as the wheel of this work tree.
        pip = ("/opt/packline/bin/pip", "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall")
        subprocess.run([*pip, *HOST.glob("packline-*.whl")], check=True)
        seen["installed_s"] = _uptime()
        from guest.story import tell

        asyncio.run(tell(seen))
    except BaseException:
        seen["error"] = traceback.format_exc()
    finally:
        seen["ended_s"] = _uptime()
        (HOST / "result.json").write_text(json.dumps(seen, indent=1))
        with (HOST / "journal.log").open("w") as log:
            subprocess.run(["journalctl", "--no-pager", "--boot", "--output=short-monotonic"], stdout=log, check=False)
        os.sync()


def _uptime() -> float:
    return round(time.clock_gettime(time.CLOCK_BOOTTIME), 1)


main()
