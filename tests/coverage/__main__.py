"""Write COVERAGE.md; with `--check`, say whether it is current.

python -m tests.coverage [--check]
"""

from __future__ import annotations

import sys

from .page import PAGE, page


def main() -> int:
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("COVERAGE.md is not current: `make coverage` writes it")
    return 1


if __name__ == "__main__":
    sys.exit(main())
