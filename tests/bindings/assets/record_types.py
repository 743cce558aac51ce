"""Write `content_types.txt`: what miniflare says of a file of each extension that it knows.

python -m tests.bindings.assets.record_types FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import wrangler_py.bindings.assets.content_types as ours

from .record import served
from .site import Site

_LIST = re.compile(r'"\*?[a-z]+/[\w.+-]+": ?\[([^\]]*)\]')


def main() -> None:
    source = Path(sys.argv[1], "node_modules/miniflare/dist/src/index.js").read_text("utf-8")
    names = sorted(
        {name for found in _LIST.findall(source) for name in re.findall(r'"([^"]+)"', found)}
    )
    files = {f"a.{name}": "" for name in names}
    site = Site(files, [f"GET /{name}" for name in files], {"html_handling": "none"})
    with tempfile.TemporaryDirectory() as folder:
        (found,) = served(sys.argv[1], {"types": site}, Path(folder))
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for name, (_, _, raw, _) in zip(names, found["answers"], strict=True):
        headers = {key.lower(): value for key, value in zip(raw[::2], raw[1::2], strict=True)}
        if "etag" in headers and "content-type" in headers:
            by_type[headers["content-type"].removesuffix("; charset=utf-8")].append(name)
    lines = [f"{kind} {' '.join(extensions)}\n" for kind, extensions in sorted(by_type.items())]
    ours.TABLE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
