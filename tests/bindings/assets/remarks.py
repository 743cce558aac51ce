"""Files that are not as they should be: what their author is told."""

from __future__ import annotations

from .site import Site, gets
from .sites import REDIRECTS_FILE

LONG = "x" * 2001
REMARKS: dict[str, Site] = {
    "redirects": Site({"_redirects": REDIRECTS_FILE}),
    "headers": Site(
        {
            "_headers": f"""\
X-Before: path
no colon, no path
/a
/b
  X-B: 1
  no colon
  X Y: spaces
  : no name
  X-None:
/*/x/*
  X-Skipped: 1
/:splat/*
  X-Skipped: 1
http://example.com/
  X-Skipped: 1
https://example.com:8080/x
  X-Skipped: 1
https://example.com/y
  X-Fine: 1
/c
  {LONG}
/d
  ! X-Gone
/{LONG}
  X-Of: d
/empty
"""
        }
    ),
    "too many headers": Site(
        {"_headers": "".join(f"/{n}\n  a: b\n" for n in range(102))}, gets("/99", "/100")
    ),
    "too many static redirects": Site(
        {"_redirects": "".join(f"/{n} /x\n" for n in range(2002)) + "/d/* /y\n"},
        gets("/1999", "/2000", "/d/1"),
    ),
    "too many dynamic redirects": Site(
        {"_redirects": "".join(f"/{n}/* /x\n" for n in range(103))}, gets("/99/1", "/100/1")
    ),
    "one of each": Site({"_headers": "/a\n  b: c\n", "_redirects": "/a /b\n"}),
    "nothing valid": Site({"_headers": "# none\n", "_redirects": "\n"}),
    "a line too long": Site({"_redirects": f"/{LONG} /x\n/a /b\n"}, gets("/a")),
    **{
        f"rules: {name}": Site({"a.txt": ""}, options={"run_worker_first": rules})
        for name, rules in {
            "none": [],
            "only exceptions": ["!/a"],
            "no slash": ["a", "/b"],
            "an exception without a slash": ["!a", "/b"],
            "twice": ["/a", "/a"],
            "redundant": ["/a/*", "/a/b", "!/c/*", "!/c/d"],
            "too long": ["/" + "a" * 100],
            "just long enough": ["/" + "a" * 99],
            "too many": [f"/{n}" for n in range(101)],
            "several": ["a", "/b", "/b", "!c"],
        }.items()
    },
}
