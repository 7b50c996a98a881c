"""`packline-station`: the command line. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from station.technician.arguments import Command, add_commands

OK, FAILED, BAD_CONFIG, BAD_JOURNAL = 0, 1, 2, 3
_EXIT_CODES = """\
exit codes:
  0  done; `run` was asked to stop; the device that was tried works
  1  something else went wrong; the last line says what
  2  the configuration or the command line cannot be used
  3  the journal is damaged or of a newer version; nothing in it was changed
  4  `claim`: the office refused, or nobody came in time
  5  `claim`: the answer is not our central's: somebody may sit on the line
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is for `sys.exit`."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=chosen.log.upper(), format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    from link.config import BadConfig
    from station.database import JournalFault

    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except BadConfig as error:
        return _complain(str(error), BAD_CONFIG)
    except JournalFault as error:
        return _complain(str(error), BAD_JOURNAL)
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error), FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="packline-station",
        description="One packing station: scanner, scale and label printer, checked parcel by parcel.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"packline-station {version('packline')}")
    parser.add_argument("--log", default="info", choices=("debug", "info", "warning", "error"), help="how much to log")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, function, summary in (
        ("run", _run, "run the station until it is stopped (SIGTERM)"),
        ("check", _check, "read the configuration and say what it means; open nothing"),
        ("journal", _journal, "show what waits in the station's journal: facts, prints, session"),
    ):
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("--config", type=Path, required=True, help="the station's TOML file")
        command.set_defaults(command=function)
        if name == "journal":
            _journal_options(command)

    def add(name: str, summary: str, function: Command) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(command=function)
        return command

    add_commands(add)
    return parser


def _journal_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument(
        "--begin-anew",
        action="store_true",
        help="after damage: start a new journal with every row that can still be read; the damaged file stays",
    )


def _run(chosen: argparse.Namespace) -> int:
    from station.config import read_config

    config = read_config(chosen.config)
    from station.app import run

    # What is imported stays: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    asyncio.run(run(config))
    return OK


def _check(chosen: argparse.Namespace) -> int:
    from station.config import described, read_config

    print(described(read_config(chosen.config)))
    return OK


def _journal(chosen: argparse.Namespace) -> int:
    from station.config import read_config
    from station.journal_report import begin_anew, report

    config = read_config(chosen.config)
    if chosen.begin_anew:
        print(begin_anew(config.journal))
        return OK
    print(report(config.journal, as_json=chosen.json))
    return OK


def _complain(text: str, code: int) -> int:
    print(f"packline-station: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
