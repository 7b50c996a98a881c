"""The arguments of `packline-central account` and `token`; what they do is in `central/accounts.py`."""

from __future__ import annotations

import argparse


def arguments(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """`account …` and `token …`; what they do is in `chosen.what`. Every parser, for what all commands take."""
    account = commands.add_parser("account", help="people who may come in, or have a badge")
    of_account = account.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add = of_account.add_parser("add", help="the password is asked for, or is the first line of standard input")
    add.add_argument("--role", choices=("packer", "lead", "office", "admin"), default="packer")
    add.add_argument("--full-name", default="", help="as others read it (the sign-in name)")
    add.add_argument("--email", default="")
    add.add_argument("--badge", default="", help="what the badge says, without BADGE-")
    add.add_argument("--language", choices=("fr", "en"), default="fr")
    add.add_argument("--no-password", action="store_true", help="has a badge, and does not come into the office")
    listed = of_account.add_parser("list", help="everybody, who is gone too")
    disable = of_account.add_parser("disable", help="signed out everywhere; the badge opens nothing any more")
    enable = of_account.add_parser("enable", help="back again")
    reset = of_account.add_parser("reset", help="a new password, asked for or read from standard input")
    token = commands.add_parser("token", help="programs that may come in")
    of_token = token.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = of_token.add_parser("add", help="prints the token, once")
    create.add_argument("--scope", action="append", required=True, metavar="AREA:read|write", help="may be repeated")
    create.add_argument("--days", default="", help="until it expires (never)")
    revoke = of_token.add_parser("revoke", help="it opens nothing any more")
    for what, parser in (("add", add), ("disable", disable), ("enable", enable), ("reset", reset)):
        parser.add_argument("name", help="sign-in name")
        parser.set_defaults(what=f"account {what}")
    for what, parser in (("add", create), ("revoke", revoke)):
        parser.add_argument("name", help="name of the token")
        parser.set_defaults(what=f"token {what}")
    listed.set_defaults(what="account list")
    return [add, listed, disable, enable, reset, create, revoke]
