"""Folders, how they are served, and what is asked of them: held against the real asset worker."""

from __future__ import annotations

from .site import Asked, Link, Site, gets

# How each kind of path is handled, in each mode.

TREE: dict[str, str | int | Link] = {
    "index.html": "root",
    "about.html": "about",
    "both.html": "both",
    "both/index.html": "both/index",
    "folder/index.html": "folder/index",
    "folder/404.html": "folder/404",
    "folder/page.html": "folder/page",
    "404.html": "404",
    "binary": "binary",
    "binary.html": "binary.html",
    "named/index": "a file called index",
    "named/index.html": "named/index.html",
    "slash/index.html/inside.txt": "inside",
    "note.txt": "note",
    "a b.html": "space",
    "ü.html": "umlaut",
    "[x].html": "brackets",
    "%5Bq%5D.html": "encoded on disk",
    "plus+and&.txt": "signs",
    ".dot": "dot",
    ".well-known/x.json": "{}",
    "deep/er/page.html": "deep",
    "node_modules/m.js": "module",
    "UPPER.HTML": "upper",
    "UPPER.txt": "upper",
}
PATHS = """
    / /index /index.html /index/ //index.html
    /about /about/ /about.html /about.html/ /about/index /about/index.html /about?q=1 /about/?q=1
    /both /both/ /both.html /both/index /both/index.html /both/index/
    /folder /folder/ /folder.html /folder/index /folder/index.html /folder?x /folder/page
    /folder/page.html /folder/page/
    /binary /binary/ /binary.html
    /named /named/ /named/index /named/index.html
    /slash /slash/ /slash/index.html /slash/index.html/inside.txt
    /note.txt /note.txt/ /note /note.txt?x=%20y
    /a%20b /a%20b.html /a+b /%C3%BC /%c3%bc /%C3%BC.html /[x] /%5Bx%5D /[x].html /%255Bq%255D
    /%5Bq%5D /%61bout /%61bout.html /plus+and&.txt /plus%2Band%26.txt
    /.dot /.well-known/x.json /deep/er/page /deep//er///page /deep//er///page.html //about
    //evil.com
    /node_modules/m.js /UPPER /UPPER.HTML /UPPER.txt /upper.txt /ABOUT
    /missing /missing.html /missing/ /folder/missing /deep/missing /folder/x/y
    /../about /folder/../about /folder/%2e%2e/about /..%2fabout /folder%2Fpage /folder%2fpage.html
    /%00 /about%00 /%ff /about%ff /about%5c /about\\ /%2F /%2e /. /a%25b
""".split()
MODES = ("auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none")

NAVIGATE = {"Sec-Fetch-Mode": "navigate"}
PAGES: dict[str, str | int | Link] = {
    "index.html": "root",
    "404.html": "404",
    "sub/404.html": "sub/404",
    "sub/page.html": "page",
    "note.txt": "note",
}
MISSES: list[Asked] = [
    *gets(
        "/", "/missing", "/sub/missing", "/sub/deep/er", "/sub", "/sub/page", "/404", "/404.html"
    ),
    ("GET /missing", NAVIGATE),
    ("GET /sub/missing", NAVIGATE),
    ("GET /note.txt", NAVIGATE),
    ("GET /missing", {"Sec-Fetch-Mode": "cors"}),
    ("HEAD /missing", NAVIGATE),
    ("POST /missing", NAVIGATE),
    "POST /missing",
    "POST /note.txt",
    "HEAD /missing",
    "GET /~fetch/missing",
    "GET /~fetch/sub/missing",
]

METHODS = "GET HEAD POST PUT DELETE OPTIONS PATCH PROPFIND PURGE".split()

HEADERS_FILE = """\
# a comment

/*
  X-All: all
  Vary: Accept
/note.txt
  x-note: one
  X-Note: two
  Cache-Control: public, max-age=60
/note.txt
  X-Late: replaces the rule before
/static/:file
  X-File: :file of :file
  Link: </a>; rel=x
/static/*
  X-Splat: (:splat)
  X-All: again
/plain
  ! X-All
  ! content-type
  ! ETag
/about
  X-About: yes
  ETag: "mine"
  Content-Type: text/x-mine
https://localhost/host
  X-Host: absolute
https://:sub.example.com/host
  X-Sub: :sub
https://other.example/note.txt
  X-Other: no
/moved
  X-Moved: yes
/missing
  X-Missing: yes
/404
  X-404: yes
/%C3%BC
  X-Encoded: yes
/ü
  X-Plain: yes
/a b
  X-Space: yes
/path?query
  X-Query: yes
/folder/
  X-Folder: yes
/:one/:two/three
  X-Two: :two-:one
/dollar/:x
  X-Dollar: [:x]
/colon
  X-Colon: a:b:c
  set-cookie: a=1
  Set-Cookie: b=2
"""
HEADED: dict[str, str | int | Link] = {
    "_headers": HEADERS_FILE,
    "_redirects": "/moved /note.txt 301\n/proxied /note.txt 200\n",
    "index.html": "root",
    "note.txt": "note",
    "static/a.css": "a{}",
    "static/x/y.js": "1",
    "plain.html": "plain",
    "about.html": "about",
    "host.html": "host",
    "404.html": "404",
    "ü.html": "ü",
    "a b.html": "space",
    "path.html": "path",
    "folder/index.html": "folder",
    "a/b/three.html": "three",
    "dollar/$&.txt": "dollar",
    "dollar/$$.txt": "dollar",
    "colon.html": "colon",
}

REDIRECTS_FILE = """\
# comment
/home / 301
/old /new
/to-303 /new 303
/to-307 /new 307
/to-308 /new 308
/spaces     /new     302   # and a comment
/query /new?a=1
/hash /new#part
/both-parts /new?a=1#part
/absolute https://example.com/there
/absolute-query https://example.com/there?x=1#y 308
/http http://example.com/
/protocol-relative //example.com/x
/proxy /page 200
/proxy-file /page.html 200
/proxy-missing /nothing 200
/proxy-index /folder/ 200
/proxy-host https://example.com/ 200
/page.txt /elsewhere 302
/existing /elsewhere 302
/trailing/ /new
/encoded%20path /new
/ü /new
/bad-status /new 404
/one-token
/a /b /c /d
no-slash /new
relative new
/old /duplicate
/exact /first 301
/splat/* /blog/:splat 301
/exact /second
/late /static-after-dynamic
/blog/:year/:slug /posts/:slug?year=:year 302
/proxied/* /files/:splat 200
/multi/*/x/* /y
/double/:a/:a /z
/prefix/:a/:ab /q/:ab/:a
/slashes/* //evil.example/:splat
/deep/* /x//:splat
/out/* https://example.com/:splat 302
/num/:1a /n
/placeholder/:name/* /p/:name/:splat
/loop/* /index.html
/root-loop/ /index
https://localhost/host-rule /hosted
/dots /a/../b
/dollar/* /d/:splat
/keep/* /kept/:splat?fixed=1
/:anything/end /ended/:anything
/exponent /new 3.02e2
/signed /new +301
/zeros/* /zero 0302
"""
REDIRECTED: dict[str, str | int | Link] = {
    "_redirects": REDIRECTS_FILE,
    "index.html": "root",
    "new.html": "new",
    "page.html": "page",
    "page.txt": "page.txt",
    "existing.html": "existing",
    "folder/index.html": "folder",
    "files/a.txt": "file a",
    "files/b c.txt": "file b c",
}
REDIRECT_PATHS = """
    /home /home/ /home?x=1 /old /old?x=1 /to-303 /to-307 /to-308 /spaces /query /query?b=2 /hash
    /hash?z=1 /both-parts /both-parts?b=2 /absolute /absolute?q=2 /absolute-query /absolute-query?q
    /http /protocol-relative /proxy /proxy?x=1 /proxy-file /proxy-missing /proxy-index /proxy-host
    /page.txt /existing /trailing/ /trailing /encoded%20path /%C3%BC /bad-status /one-token /a
    /no-slash /relative /exact /splat/ /splat/x /splat/x/y?z=1 /splat /late /blog/2020/hello
    /blog/2020/hello?q=1 /blog/2020 /blog/2020/a/b /proxied/a.txt /proxied/b%20c.txt
    /proxied/missing.txt /multi/1/x/2 /double/1/2 /prefix/1/2 /slashes/x /slashes//x /deep/y/z
    /out/x%20y?k /num/5 /placeholder/n/rest/of /loop/x /root-loop/ /host-rule /dots /dollar/$&
    /dollar/$$x /keep/a?b=2 /zzz/end
    /exponent /signed /zeros/x /Old /old/ /%6Fld
""".split()

IGNORE_FILE = """\
# comment
*.map
secret/
/top.txt
!keep.map
docs/*.md
**/deep.txt
UPPER.TXT
trailing/
nested/*
!nested/kept.txt
spaced\\ name.txt
[ab].txt
?.log
parent
!parent/child.txt
/_worker.js
"""
IGNORED: dict[str, str | int | Link] = dict.fromkeys(
    """
    a.map keep.map sub/b.map secret/x.txt sub/secret/x.txt top.txt sub/top.txt docs/a.md docs/a.txt
    docs/sub/b.md deep.txt x/y/deep.txt upper.txt trailing nested/gone.txt nested/kept.txt
    nested/sub/gone.txt a.txt c.txt 1.log 12.log parent/child.txt parent/other.txt _worker.js
    .assetsignore.txt fine.txt
    """.split(),
    "here",
) | {".assetsignore": IGNORE_FILE, "spaced name.txt": "here"}

FIRST = ["/api/*", "!/api/public/*", "/exact", "/glob/*.js", "/*/mid", "!/glob/not.js"]
ROUTED: dict[str, str | int | Link] = dict.fromkeys(
    """
    index.html exact.html api/data.json api/public/data.json glob/a.js glob/a.css glob/not.js
    x/mid.html note.txt 404.html
    """.split(),
    "asset",
)
ROUTES = gets(
    *"""
    / /exact /exact.html /exact/ /api/data.json /api/public/data.json /api/public/none /api /api/
    /glob/a.js /glob/a.css /glob/not.js /x/mid /mid /note.txt /missing /exact?x=1 /%61pi/data.json
    //api/data.json /API/data.json
    """.split()
)

SERVED: dict[str, str | int | Link] = {
    "index.html": "<!doctype html><title>x</title>",
    "page.html": "page",
    "note.txt": "0123456789",
    "empty.txt": "",
    "noext": "no extension",
    "style.css": "a{}",
    "large.bin": 200_000,
    "link.txt": Link("note.txt"),
    "outside.txt": Link("../outside.txt"),
    "linked": Link("folder"),
    "folder/inside.txt": "inside",
    "folder/index.html": "folder",
}
CONDITIONS: list[Asked] = [
    *gets("/", "/note.txt", "/empty.txt", "/noext", "/style.css", "/folder", "/large.bin"),
    *gets("/link.txt", "/outside.txt", "/linked/inside.txt", "/linked"),
    *(
        ("GET /note.txt", {"If-None-Match": value})
        for value in ('"<etag>"', 'W/"<etag>"', "<etag>", '"x", "<etag>"', "*", '"other"')
    ),
    ("HEAD /note.txt", {"If-None-Match": '"<etag>"'}),
    ("POST /note.txt", {"If-None-Match": '"<etag>"'}),
    ("GET /note.txt", {"If-Match": '"other"'}),
    ("GET /note.txt", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    ("GET /note.txt", {"Range": "bytes=0-3"}),
    ("GET /note.txt", {"Range": "bytes=-3"}),
    ("GET /note.txt", {"Range": "bytes=100-"}),
    ("GET /note.txt", {"Range": "bytes=0-1", "If-None-Match": '"<etag>"'}),
    ("GET /note.txt", {"Authorization": "Bearer x"}),
    ("GET /missing", {"If-None-Match": '"x"'}),
    *(f"{method} {path}" for path in ("/note.txt", "/missing", "/page.html") for method in METHODS),
]

BINDING: list[Asked] = [
    *gets("/~fetch/", "/~fetch/page", "/~fetch/page.html", "/~fetch/missing", "/~fetch/folder"),
    *gets("/~string/page.html", "/~string/folder", "/~string/missing", "/~string/note.txt"),
    *gets("/~seen/page", "/~seen/page.html", "/~seen/missing", "/~seen/folder?x=1"),
    *gets("/~url/note.txt", "/~relative", "/~rpc", "/~keys", "/~nothing", "/~manual/page.html"),
    *gets("/~twice/note.txt", "/~host/note.txt", "/~fetch/large.bin", "/~twice/large.bin"),
    ("GET /~fetch/note.txt", {"If-None-Match": '"x"', "Range": "bytes=0-1"}),
    "HEAD /~fetch/note.txt",
    "POST /~fetch/note.txt",
    "POST /~fetch/missing",
    "POST /~fetch/page.html",
]

BASED: dict[str, str | int | Link] = {
    "index.html": "root",
    "page.html": "page",
    "note.txt": "note",
    "app/note.txt": "app/note",
    "404.html": "404",
    "_redirects": "/app/old /app/page 301\n/old /page 302\n/app/shown /note.txt 200\n"
    "/app/shown-based /app/note.txt 200\n",
    "_headers": "/app/note.txt\n  X-Based: yes\n/note.txt\n  X-Bare: yes\n",
}
BASE_PATHS = gets(
    *"""
    / /app /app/ /app/index.html /app/index /app/page /app/page.html /app/page/ /app/note.txt
    /note.txt /page /application /app/missing /missing /app/old /old /app/shown /app/shown-based
    /app/app/note.txt /%61pp/note.txt //app//note.txt /app?x=1 /~fetch/app/note.txt
    /~fetch/note.txt
    """.split()
)

IMAGES: list[Asked] = [
    *gets("/_image?href=//evil.example/x.png", "/_image?href=//localhost/x.png", "/_image?href=/x"),
    ("GET /_image?href=//evil.example/x.png", {"Sec-Fetch-Dest": "image"}),
    *gets("/_image?href=//", "/_image?href=//[", "/_image", "/a/_image?href=//evil.example/"),
    *gets("/_next/image?url=https://evil.example/x", "/_next/image?url=/x", "/_next/image"),
    *(
        f"GET /_next/image?url=https://e.example/x&type={kind}"
        for kind in ("image/png", "text/plain", "text/plain;charset=utf-8", "text/html", "a,b", "")
    ),
    ("GET /_next/image?url=https://e.example/x&type=text/html", {"Sec-Fetch-Dest": "image"}),
    ("POST /_next/image?url=https://e.example/x&type=text/html", {"Sec-Fetch-Dest": "image"}),
]

SITES: dict[str, Site] = {
    **{mode: Site(TREE, gets(*PATHS), {"html_handling": mode}) for mode in MODES},
    "misses: none": Site(PAGES, MISSES),
    "misses: none, no worker": Site(PAGES, MISSES[:-2], has_worker=False),
    **{
        f"misses: {kind}{label}": Site(
            PAGES, MISSES if worker else MISSES[:-2], {"not_found_handling": kind}, worker, **more
        )
        for kind in ("404-page", "single-page-application")
        for label, worker, more in (
            ("", True, {}),
            (", no worker", False, {}),
            (", before navigation counted", True, {"date": "2025-03-31"}),
            (
                ", navigation counts by flag",
                True,
                {"date": "2025-03-31", "flags": ("assets_navigation_prefers_asset_serving",)},
            ),
            (
                ", navigation does not by flag",
                True,
                {"flags": ("assets_navigation_has_no_effect",)},
            ),
        )
    },
    "misses: no pages": Site({"a.txt": "a"}, MISSES, {"not_found_handling": "404-page"}),
    "misses: no index": Site(
        {"a.txt": "a"}, MISSES[:-2], {"not_found_handling": "single-page-application"}, False
    ),
    "served": Site(SERVED, CONDITIONS),
    "served, no worker": Site(SERVED, CONDITIONS, has_worker=False),
    "served, 404 page": Site(
        SERVED | {"404.html": "404"},
        [("GET /missing", {"If-None-Match": '"<etag>"'}), *CONDITIONS[-27:]],
        {"not_found_handling": "404-page"},
        has_worker=False,
    ),
    "binding": Site(SERVED, BINDING),
    "binding, worker first": Site(SERVED, [*BINDING, "GET /"], {"run_worker_first": True}),
    "binding, 404 page": Site(
        SERVED | {"404.html": "404"}, BINDING[:9], {"not_found_handling": "404-page"}
    ),
    "headers": Site(
        HEADED,
        [
            *gets(
                *"""
                / /note.txt /static/a.css /static/x/y.js /plain /about /host /moved /proxied
                /missing /404 /%C3%BC /a%20b /path /path?query /folder/ /folder /a/b/three
                /dollar/$&.txt /dollar/$$.txt /colon /about.html /_headers /_redirects
                /~fetch/note.txt
                """.split()
            ),
            ("GET /note.txt", {"If-None-Match": '"<etag>"'}),
            ("GET /host", {"Host": "localhost:8787"}),
            ("GET /host", {"Host": "a.example.com"}),
            ("GET /host", {"Host": "a.b.example.com"}),
            ("GET /note.txt", {"Host": "other.example"}),
            ("GET /note.txt", {"Host": "other.example:8080"}),
            "POST /note.txt",
            "HEAD /note.txt",
        ],
        {"not_found_handling": "404-page"},
    ),
    "headers that cannot be sent": Site(
        {"_headers": "/note.txt\n  X(Y: 1\n/gone.txt\n  ! X(Y\n", "note.txt": "", "gone.txt": ""},
        gets("/note.txt", "/gone.txt"),
    ),
    "redirects": Site(
        REDIRECTED, [*gets(*REDIRECT_PATHS), "POST /old", "POST /proxy", "HEAD /old"]
    ),
    "redirects, no worker": Site(
        REDIRECTED, [*gets(*REDIRECT_PATHS), "POST /old", "POST /proxy"], has_worker=False
    ),
    "redirects, as they are": Site(
        REDIRECTED, gets("/proxy", "/proxy-file", "/home", "/root-loop/"), {"html_handling": "none"}
    ),
    "rules, worker first": Site(
        {"_redirects": "/x /y\n", "_headers": "/x\n  X-Y: z\n"},
        gets("/x", "/~fetch/x"),
        {"run_worker_first": True},
    ),
    "ignored": Site(IGNORED, gets(*(f"/{name.replace(' ', '%20')}" for name in IGNORED)), {}),
    "ignored, nothing said": Site(
        dict.fromkeys(
            "_worker.js _routes.json wrangler.json .dev.vars package.json sub/_headers "
            "sub/.assetsignore _worker.js.map".split(),
            "here",
        ),
        gets(*"/_worker.js /_routes.json /wrangler.json /.dev.vars /package.json".split())
        + gets("/sub/_headers", "/sub/.assetsignore", "/_worker.js.map"),
    ),
    "ignored, and let in again": Site(
        {".assetsignore": "*\n!\n?\n", "a/b.txt": "1", "ab/c.txt": "2", "_headers": "/x\n  a: b\n"},
        gets("/a/b.txt", "/ab/c.txt", "/_headers", "/.assetsignore"),
    ),
    "metafiles not ignored": Site(
        {".assetsignore": "!_headers\n!.assetsignore\n", "_headers": "/x\n  a: b\n"},
        gets("/_headers", "/.assetsignore"),
    ),
    "worker first by pattern": Site(ROUTED, ROUTES, {"run_worker_first": FIRST}),
    "worker first by pattern, 404 page": Site(
        ROUTED, ROUTES, {"run_worker_first": FIRST, "not_found_handling": "404-page"}
    ),
    "worker first": Site(ROUTED, ROUTES, {"run_worker_first": True}),
    **{
        f"base path: {mode}{label}": Site(
            BASED, BASE_PATHS, {"html_handling": mode, "base_path": base, **more}
        )
        for mode, base, label, more in (
            ("auto-trailing-slash", "/app", "", {}),
            ("force-trailing-slash", "/app/", "", {}),
            ("drop-trailing-slash", "app", "", {}),
            ("none", "/app/./x/..", "", {"not_found_handling": "404-page"}),
        )
    },
    "images": Site({"a.txt": "a"}, IMAGES),
    "a link to nothing": Site({"a.txt": Link("nothing.txt")}, gets("/a.txt")),
    "nothing": Site({}, gets("/", "/x"), has_worker=False),
    "too large": Site({"a.bin": 25 * 1024 * 1024 + 1}, gets("/a.bin")),
    "as large as may be": Site({"a.bin": 25 * 1024 * 1024}, ["HEAD /a.bin"]),
}
