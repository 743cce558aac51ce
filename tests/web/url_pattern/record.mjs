// What URLPattern of workerd answers to the cases of table.py.
// node record.mjs MINIFLARE_FOLDER < {"date": ..., "cases": [[constructor arguments, [[input, base], ...]], ...]}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const asked = JSON.parse(readFileSync(0, "utf8"));

const script = `
const PARTS = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"];
const value = (x) => (x !== null && typeof x === "object" && "$undefined" in x ? undefined : x);
const told = (f) => { try { return f(); } catch (e) { return e.name + ": " + e.message; } };
const shown = (x) => (x === undefined ? { $undefined: true } : x === null || typeof x !== "object" ? x : Array.isArray(x) ? x.map(shown) : Object.fromEntries(Object.entries(x).map(([k, v]) => [k, shown(v)])));
export default {
  async fetch(request) {
    return Response.json((await request.json()).map(([given, inputs]) => {
      let pattern;
      try { pattern = new URLPattern(...given.map(value)); } catch (e) { return { error: e.name + ": " + e.message }; }
      return {
        parts: Object.fromEntries([...PARTS, "hasRegExpGroups"].map((n) => [n, pattern[n]])),
        answers: inputs.map((each) => ({ test: told(() => pattern.test(...each.map(value))), exec: told(() => shown(pattern.exec(...each.map(value)))) })),
      };
    }));
  },
};`;

const mf = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: asked.date }));
try {
  const answer = await mf.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(asked.cases) });
  console.log(await answer.text());
} finally {
  await mf.dispose();
}
