"""`python -m wrangler_py`, `pywrangler` and `wrangler-py`: one command."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; the process's exit code."""
    # Imported late: `python -m wrangler_py` and the scripts pay for click, an importer does not.
    from wrangler_py.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
