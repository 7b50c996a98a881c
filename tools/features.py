"""Which tests show which feature: `python -m tools.features`, or `make features`.

Reads the rows of `docs/features.md` and the marks `@pytest.mark.feature("P3")` in the tests' source.
Exits 1 when a row has no test, or a test names a row that is not there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
_ROW: Final = re.compile(r"^\| *([A-Z]\d+) *\| *([^|]+?) *\|", re.MULTILINE)


class Shown(NamedTuple):
    """A test that shows a row."""

    row: str
    test: str


def rows(page: str) -> dict[str, str]:
    """The page's rows by their id, in order, with what each says first."""
    return dict(_ROW.findall(page))


def marked(source: str, file: str) -> Iterator[Shown]:
    """Every mark of a test file: on a test, on a class of tests, or on the whole file (`pytestmark`)."""
    module = ast.parse(source, file)
    whole = [row for statement in module.body for row in _of_file(statement)]
    for name, decorators in _tests(module.body, "", []):
        for row in dict.fromkeys([*whole, *(row for decorator in decorators for row in _in(decorator))]):
            yield Shown(row, f"{file}::{name}")


def _of_file(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in statement.targets
    ):
        yield from _in(statement.value)


def _tests(body: list[ast.stmt], prefix: str, around: list[ast.expr]) -> Iterator[tuple[str, list[ast.expr]]]:
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if statement.name.startswith("test_"):
                yield prefix + statement.name, [*around, *statement.decorator_list]
            case ast.ClassDef():
                inside = [*around, *statement.decorator_list]
                if statement.name.startswith("Test"):
                    yield from _tests(statement.body, f"{prefix}{statement.name}::", inside)
            case ast.Assign(targets=[ast.Name(name)]) if name.startswith("Test"):
                # A stateful hypothesis machine is made a test by assignment.
                yield prefix + name, around
            case _:
                pass


def _in(expression: ast.expr) -> Iterator[str]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "feature":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def main() -> int:
    """Print every row with its tests; the exit code."""
    known = rows((ROOT / "docs" / "features.md").read_text(encoding="utf-8"))
    tests: dict[str, list[str]] = {row: [] for row in known}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for shown in marked(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT))):
            tests.setdefault(shown.row, []).append(shown.test)
    for row, name in known.items():
        print(f"{row}  {name}")
        for test in tests[row]:
            print(f"      {test}")
    missing = [row for row in known if not tests[row]]
    strange = [row for row in tests if row not in known]
    print(f"\n{len(known)} rows, {len(known) - len(missing)} of them shown by tests.")
    if missing:
        print(f"No test shows: {', '.join(missing)}")
    for row in strange:
        print(f"Not in docs/features.md: {row}, named by {', '.join(tests[row])}")
    return 1 if missing or strange else 0


if __name__ == "__main__":
    sys.exit(main())
