"""The looks of the error page, and the few lines of script that it can do without."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--bg:#fbfaf8;--fg:#23211f;--dim:#6b655e;--box:#f0ede8;
--line:#dcd6cd;--at:#ffe0d1;--mark:#ffb58f;--accent:#b8430f;--hint:#e6efe0}
@media(prefers-color-scheme:dark){:root{--bg:#191817;--fg:#e8e5e1;--dim:#a49d95;--box:#232120;
--line:#3a3633;--at:#4a2b1b;--mark:#8a431f;--accent:#ff9a66;--hint:#24301f}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:75rem;
padding:2rem clamp(1rem,4vw,4rem) 4rem;background:var(--bg);color:var(--fg)}
header{border-left:4px solid #e05d23;padding-left:1rem;margin-bottom:1.5rem}
h1{font-size:1.35rem;line-height:1.35;margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
p{margin:.3rem 0}
.dim{color:var(--dim)}
.hint{background:var(--hint);border-radius:6px;padding:.6rem 1rem;margin:.8rem 0;
overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:2.2rem 0 .5rem;overflow-wrap:anywhere;white-space:pre-wrap}
h3{font:600 .9rem ui-monospace,monospace;margin:1.4rem 0 .4rem;overflow-wrap:anywhere}
a{color:var(--accent)}
pre{font:13px/1.6 ui-monospace,monospace;margin:0;padding:.7rem 1rem;overflow-x:auto;
border-radius:6px;background:var(--box);tab-size:4}
.source{padding:.7rem 0}
.source span{display:block;width:max-content;min-width:100%;padding:0 1rem}
.source i{font-style:normal;color:var(--dim);user-select:none}
.source .at{background:var(--at);font-weight:600}
mark{background:var(--mark);color:inherit;border-radius:2px}
.group{border-left:2px solid var(--line);padding-left:1rem;margin:1rem 0}
summary{cursor:pointer;color:var(--dim);padding:.3rem 0}
table{border-collapse:collapse;font:13px/1.5 ui-monospace,monospace;width:100%}
th,td{text-align:left;vertical-align:top;padding:.15rem 1rem .15rem 0;overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}
button{font:inherit;font-size:.85rem;padding:.15rem .7rem;border:1px solid var(--line);
border-radius:6px;background:var(--box);color:inherit;cursor:pointer}
a:focus-visible,summary:focus-visible,button:focus-visible{outline:2px solid var(--accent)}
"""

SCRIPT = (
    "var b=document.getElementById('copy');b.hidden=false;b.onclick=function(){"
    "navigator.clipboard.writeText(document.getElementById('trace').textContent)"
    ".then(function(){b.textContent='Copied'})}"
)
