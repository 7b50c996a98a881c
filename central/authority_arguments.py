"""`packline-central ca`: the certificate authority that lets stations come in."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime

_FAILED = 1


def arguments(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """`ca …`. Every parser, for what all commands take."""
    authority = commands.add_parser("ca", help="the certificate authority that lets stations come in")
    of_authority = authority.add_subparsers(title="commands", required=True, metavar="COMMAND")
    init = of_authority.add_parser("init", help="make its key, and certificates for the broker and for central")
    init.add_argument("--broker", required=True, metavar="HOST", help="the host that stations have in [broker]")
    init.set_defaults(command=_init)
    issue = of_authority.add_parser("issue", help="a certificate for the broker, central, or a program of your own")
    issue.add_argument("name", help="broker, central, reader, or a name in the broker's access list")
    issue.add_argument("--host", default="", help="for the broker: the host that stations have in [broker]")
    issue.set_defaults(command=_issue)
    check = of_authority.add_parser("check", help="how long the certificates last that central itself lives by")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(command=_check)
    return [init, issue, check]


def _init(chosen: argparse.Namespace) -> int:
    from central.claims.authority import Authority
    from central.config import read_config

    config = read_config(chosen.config)
    folder = config.authority_folder
    try:
        authority = Authority.create(folder, config.site)
    except FileExistsError:
        return _complain(f"{folder} has an authority already; with another one every station is claimed anew")
    authority.for_host("broker", chosen.broker)
    authority.for_host("central", "")
    print(
        f"{folder}\n"
        "  ca.key                   never leaves this machine; in your backup, and nowhere else\n"
        "  ca.pem, broker.pem, broker.key, revoked.pem   for the broker: /etc/mosquitto/certs\n"
        "  central.pem, central.key  for [broker] cert_file and key_file of central.toml, ca.pem for ca_file"
    )
    return 0


def _issue(chosen: argparse.Namespace) -> int:
    from central.claims.authority import Authority
    from central.config import read_config

    folder = read_config(chosen.config).authority_folder
    authority = Authority.open(folder)
    if authority is None:
        return _complain(f"there is no authority in {folder}: run packline-central ca init")
    if (chosen.name == "broker") is not bool(chosen.host):
        return _complain("--host goes with the name broker, and with no other")
    authority.for_host(chosen.name, chosen.host)
    print(f"{folder}/{chosen.name}.pem\n{folder}/{chosen.name}.key")
    return 0


def _check(chosen: argparse.Namespace) -> int:
    from central.claims.authority import Authority
    from central.claims.expiry import trouble_of
    from central.claims.keeping import look_at
    from central.config import read_config
    from central.stations.machine_words import told

    config, now = read_config(chosen.config), time.time_ns() // 1_000_000
    seen, unseen = look_at(config, Authority.open(config.authority_folder))
    sentences = [told(trouble) for each in seen if (trouble := trouble_of(each, now)) is not None]
    if chosen.json:
        certificates = [
            {
                "holder": each.holder,
                "ends_at": each.life.ends_at,
                "days_left": each.life.days_left(now),
                "is_ours": each.is_ours,
            }
            for each in seen
        ]
        print(json.dumps({"certificates": certificates, "unseen": unseen, "troubles": sentences}))
    else:
        for each in seen:
            ends = datetime.fromtimestamp(each.life.ends_at / 1000, UTC)
            print(f"{each.holder:<10} until {ends:%Y-%m-%d}, {each.life.days_left(now)} days left")
        for line in (*(f"{holder}: {why}" for holder, why in unseen.items()), *sentences):
            print(line, file=sys.stderr)
    return _FAILED if sentences or unseen else 0


def _complain(text: str) -> int:
    print(f"packline-central: {text}", file=sys.stderr)
    return _FAILED
