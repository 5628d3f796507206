"""How every benchmark shows what it measured: a table, or JSON with --json."""

import json
import sys
from collections.abc import Mapping


def show(result: Mapping[str, object]) -> None:
    """Prints the figures, one a line, or all in one JSON object."""
    if "--json" in sys.argv:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:<28} {value}")
    print()
