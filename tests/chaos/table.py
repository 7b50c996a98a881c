"""The account for people: a table in Markdown of how the house recovered from each kind of fault."""

from __future__ import annotations

from tests.chaos.account import Account, Recovery

_HEAD = "| fault | times | median | worst | alone | median | worst |\n|---|---|---|---|---|---|---|"


def table(account: Account) -> str:
    """One row for each kind, in seconds; what struck alone stands beside what struck in any company."""
    rows = [f"| `{fault}` | {_cells(fared.all)} | {_cells(fared.alone)} |" for fault, fared in account.recovery.items()]
    return "\n".join([_summary(account), "", _HEAD, *rows, ""])


def _summary(account: Account) -> str:
    faults, kinds = sum(account.faults.values()), len(account.faults)
    return (
        f"Seed {account.seed}, {account.took_s:.0f} s: {account.parcels:,} parcels, {faults} faults of {kinds} kinds; "
        f"lost {account.lost}, doubled {account.doubled}, stock differences {account.stock_differences}, labels twice "
        f"{account.labels_twice}, labels adrift {account.labels_adrift}. The longest recovery took "
        f"{account.longest_recovery_s} s."
    )


def _cells(recovery: Recovery | None) -> str:
    return "0 | | " if recovery is None else f"{recovery.times} | {recovery.median_s} | {recovery.worst_s}"
