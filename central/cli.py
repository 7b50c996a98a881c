"""`packline-central`: the command line. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from central.account_arguments import arguments as of_accounts
from central.authority_arguments import arguments as of_certificates
from central.backup_arguments import arguments as of_backups

OK, FAILED, BAD_CONFIG, BAD_STORE = 0, 1, 2, 3
_EXIT_CODES = """\
exit codes:
  0  done; `run` was asked to stop
  1  `audit` found a difference, an import left rows out, a copy cannot be used, a certificate ends soon, or something
     else went wrong
  2  the configuration or the command line cannot be used
  3  the database cannot be used; nothing in it was changed
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is for `sys.exit`."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=chosen.log.upper(), format="%(levelname)s %(name)s: %(message)s")
    from central.intake.table import BadTable
    from central.store.store import StoreTrouble
    from link.config import BadConfig

    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except BadConfig as error:
        return _complain(str(error), BAD_CONFIG)
    except StoreTrouble as error:
        return _complain(str(error), BAD_STORE)
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error), FAILED)
    except BadTable as error:
        return _complain(str(error), FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="packline-central",
        description="Orders, stock, parcels and tracking for packing stations.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"packline-central {version('packline')}")
    parser.add_argument("--log", default="info", choices=("debug", "info", "warning", "error"), help="how much to log")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, function, summary in (
        ("run", _run, "run central until it is stopped (SIGTERM)"),
        ("check", _check, "read the configuration; open nothing"),
        ("audit", _audit, "prove that every stock level is the sum of its movements, every promise that of its orders"),
        ("import-products", _import, "take products from a CSV file"),
        ("import-stock", _import, "take counted stock from a CSV file"),
        ("import-tracking", _import, "take tracking numbers and events from a CSV file"),
        ("import-orders", _import, "take orders from a CSV file: Packline's layout, a Shopify export, or a shop's own"),
    ):
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("--config", type=Path, required=True, help="central's TOML file")
        command.set_defaults(command=function, what=name.removeprefix("import-"))
        if function in (_audit, _import):
            command.add_argument("--json", action="store_true", help="print one JSON object")
        if function is _import:
            command.add_argument("file", type=Path, help="the CSV file")
        if name == "import-orders":
            command.add_argument("--mapping", type=Path, help="TOML that says how a shop's own file is to be read")
    for command in of_accounts(commands):
        command.add_argument("--config", type=Path, required=True, help="central's TOML file")
        command.set_defaults(command=_accounts)
    for command in (*of_certificates(commands), *of_backups(commands)):
        command.add_argument("--config", type=Path, required=True, help="central's TOML file")
    _rules_command(commands)
    return parser


def _accounts(chosen: argparse.Namespace) -> int:
    from central.accounts import carry_out
    from central.config import read_config
    from central.desk.refused import Refused
    from central.intake.fields import BadField

    try:
        asyncio.run(carry_out(read_config(chosen.config), chosen))
    except (BadField, Refused) as error:
        return _complain(str(error), FAILED)
    return OK


def _rules_command(commands: Any) -> None:
    rules = commands.add_parser("rules", help="try rules on past orders", description="Rules for orders that come in.")
    trying = rules.add_subparsers(title="commands", required=True, metavar="COMMAND").add_parser(
        "try",
        help="what a rules file would have done with past orders; nothing is changed",
        description="What a rules file would have done with past orders, and what differs from what was done.",
    )
    trying.add_argument("--config", type=Path, required=True, help="central's TOML file")
    trying.add_argument("--since", type=date.fromisoformat, help="orders placed on this day (2026-05-01) or later")
    trying.add_argument("--json", action="store_true", help="print one JSON object")
    trying.add_argument("file", type=Path, help="the rules")
    trying.set_defaults(command=_try_rules, what="rules")


def _run(chosen: argparse.Namespace) -> int:
    from central.config import read_config

    config = read_config(chosen.config)
    from central.app import run

    # What is imported stays: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    asyncio.run(run(config, chosen.config))
    return OK


def _check(chosen: argparse.Namespace) -> int:
    from central.config import read_config

    config = read_config(chosen.config)
    print(
        f"central of site {config.site}\n"
        f"  database {config.database}\n"
        f"  broker   {config.broker.host}:{config.broker.port}\n"
        f"  office   {'https' if config.http.is_tls else 'http'}://{config.http.host}:{config.http.port}/\n"
        f"  boxes    {len(config.boxes)}, services {len(config.services)}\n"
        f"  rules    {len(config.standing.rules.rules)}"
    )
    return OK


def _audit(chosen: argparse.Namespace) -> int:
    from central.audit import audit
    from central.config import read_config

    found = audit(read_config(chosen.config))
    if chosen.json:
        print(json.dumps({"products": found.products, "movements": found.movements, "differences": found.differences}))
    else:
        for each in found.differences:
            print(each["text"])
        print(f"{found.products} products, {found.movements} movements, {len(found.differences)} differences")
    return FAILED if found.differences else OK


def _import(chosen: argparse.Namespace) -> int:
    from central.config import read_config
    from central.importing import import_file
    from central.orders.mapped_csv import FileMapping
    from link.config import load

    config = read_config(chosen.config)
    named: Path | None = getattr(chosen, "mapping", None)
    mapping = None if named is None else load(named, FileMapping)
    done = asyncio.run(import_file(config, chosen.what, chosen.file.read_bytes(), mapping))
    if chosen.json:
        print(json.dumps({**done.counts, "rejected": [each.text for each in done.rejected]}))
    else:
        for each in done.rejected:
            print(f"{chosen.file}: {each.text}", file=sys.stderr)
        print(", ".join(f"{count} {name}" for name, count in done.counts.items()))
    return FAILED if done.rejected else OK


def _try_rules(chosen: argparse.Namespace) -> int:
    import msgspec

    from central.config import read_config
    from central.policy.printing import as_text
    from central.trying import try_file

    config = read_config(chosen.config)
    trial = try_file(config, chosen.file, chosen.since)
    print(msgspec.json.encode(trial).decode() if chosen.json else as_text(trial, config.http.timezone))
    return OK


def _complain(text: str, code: int) -> int:
    print(f"packline-central: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
