// Asks sockets of workerd what table.py says. node record.mjs FOLDER < {name: steps}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const script = `
import { connect } from "cloudflare:sockets";
let early;
try { connect("localhost:1"); } catch (e) { early = String(e); }
const value = (x) => (x && x.$bytes ? new Uint8Array(x.$bytes) : typeof x === "string" ? new TextEncoder().encode(x) : x);
export default {
  async fetch(request) {
    const steps = await request.json();
    const known = {}, readers = {}, writers = {};
    const reader = (s) => (readers[s] ??= known[s].readable.getReader());
    const writer = (s) => (writers[s] ??= known[s].writable.getWriter());
    const verbs = {
      connect(s, ...args) { delete readers[s]; delete writers[s]; known[s] = connect(...args); return "connected"; },
      write: (s, x) => writer(s).write(value(x)).then(() => "written"),
      end: (s) => writer(s).close().then(() => "ended"),
      abort: (s, reason) => writer(s).abort(new Error(reason)).then(() => "aborted"),
      read: (s) => reader(s).read().then(({ done, value }) => (done ? "END" : [...value])),
      cancel: (s) => reader(s).cancel().then(() => "cancelled"),
      release(s, which) { if (which !== "writer") reader(s).releaseLock(); if (which !== "reader") writer(s).releaseLock(); return "released"; },
      close: (s) => known[s].close().then((x) => x === undefined ? "closed" : x),
      promise: (s, name) => known[s][name].then((x) => x === undefined ? name : x),
      get(s, name) {
        if (name === "kind") return known[s].constructor.name;
        if (name === "names") return Object.getOwnPropertyNames(known[s].constructor.prototype).filter((n) => n !== "constructor").sort();
        return known[s][name];
      },
      startTls(s, t, ...args) { known[t] = known[s].startTls(...args); return "begun"; },
    };
    const answers = [];
    for (const [verb, ...args] of steps) {
      try {
        const late = new Promise((r) => setTimeout(() => r("PENDING"), 700));
        answers.push({ ok: await Promise.race([verbs[verb](...args), late]) });
      } catch (e) { answers.push({ error: e.name + ": " + e.message }); }
    }
    return Response.json({ answers, early });
  },
};`;
const mf = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-11-01" }));
const recorded = {};
for (const [name, steps] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const answer = await mf.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(steps) });
  const found = await answer.json();
  recorded[name] = found.answers;
  recorded["in global scope"] = [{ error: found.early }];
}
await mf.dispose();
process.stdout.write(JSON.stringify(recorded));
