"""`python -m tests.chaos --duration 600`: packs under faults so long; the last line is the account, as JSON.

What a run leaves (journals, databases, logs of every process) is kept when the account does not agree.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec

from demo.children import ChildFailed
from tests.chaos.account import Account
from tests.chaos.faults import Fault
from tests.chaos.run import AT_ONCE, NeverWell, run
from tests.chaos.table import table


def main() -> int:
    """0: all agrees; 1: it does not. The last line is JSON also when the house did not come back to be counted."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--duration", type=float, required=True, help="seconds")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--faults", nargs="+", type=Fault, default=tuple(Fault), metavar="FAULT", help="only these")
    parser.add_argument("--at-once", nargs="+", type=int, default=AT_ONCE, help="1: each alone, to measure recoveries")
    parser.add_argument("--folder", type=Path, help="keep everything here (a folder that is not there yet)")
    parser.add_argument("--table", type=Path, help="write how the house recovered here, in Markdown")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", file=sys.stderr, flush=True)
    scratch = Path(tempfile.mkdtemp(prefix="packline-chaos-"))
    folder = chosen.folder or scratch / "house"
    result = _told(folder, chosen)
    if chosen.folder or (result is not None and result.agrees):
        shutil.rmtree(scratch)
    else:
        print(f"seed {chosen.seed}: what the run left is in {folder}", file=sys.stderr, flush=True)
    if result is None:
        print(msgspec.json.encode({"seed": chosen.seed, "agrees": None}).decode(), flush=True)
        return 1
    if chosen.table is not None:
        chosen.table.write_text(table(result), encoding="utf-8")
        print(f"recoveries: {chosen.table}", file=sys.stderr, flush=True)
    print(msgspec.json.encode(result).decode(), flush=True)
    return 0 if result.agrees else 1


def _told(folder: Path, chosen: argparse.Namespace) -> Account | None:
    """None when the house did not come back: why is printed, and what to look at."""
    result: Account | None = None
    try:
        result = asyncio.run(
            run(
                folder,
                chosen.seed,
                chosen.faults,
                duration_s=chosen.duration,
                at_once=chosen.at_once,
                tell=True,
            )
        )
    except* (NeverWell, ChildFailed) as failed:
        for each in _leaves(failed):
            print(f"seed {chosen.seed}: {each}", flush=True)
    return result


def _leaves(group: BaseExceptionGroup[Exception]) -> list[BaseException]:
    return [
        leaf for each in group.exceptions for leaf in (_leaves(each) if isinstance(each, ExceptionGroup) else [each])
    ]


if __name__ == "__main__":
    sys.exit(main())
