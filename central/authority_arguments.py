"""`packline-central ca`: the certificate authority that lets stations come in."""

from __future__ import annotations

import argparse
import sys

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
    return [init, issue]


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


def _complain(text: str) -> int:
    print(f"packline-central: {text}", file=sys.stderr)
    return _FAILED
