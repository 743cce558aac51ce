// What EventSource of workerd gives for the cases of table.py.
// node record.mjs MINIFLARE_FOLDER < {"date": ..., "cases": {name: case}}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, Response: NodeResponse, convertV4MiniflareOptions } = require("miniflare");
const asked = JSON.parse(readFileSync(0, "utf8"));

const script = `
const streamOf = (chunks) => { const left = chunks.map((c) => Uint8Array.from(c, (x) => x.charCodeAt(0))); return new ReadableStream({ type: "bytes", pull(k) { if (left.length) k.enqueue(left.shift()); else k.close(); } }); };
export default {
  async fetch(request) {
    const c = await request.json(), log = [];
    try {
      const source = c.stream ? EventSource.from(streamOf(c.stream)) : new EventSource(...c.arguments);
      log.push(["made", source.url, source.withCredentials, source.readyState]);
      await new Promise((resolve) => {
        const note = (e) => {
          if (source.readyState !== 2 || log.length < c.until) log.push([e.type, e.data ?? (e.error ? e.message + String(e.error) : null), e.lastEventId ?? null, source.readyState, e.constructor.name]);
          if (log.length >= c.until) { source.close(); resolve(); }
        };
        for (const kind of ["open", "message", "error", "custom"]) source.addEventListener(kind, note);
        source.onmessage = () => log.push("onmessage");
        if (c.late) { source.onopen = () => {}; source.addEventListener("open", () => {}); source.onopen = null; log.push(String(source.onopen)); }
      });
      log.push(["closed", source.url, source.readyState]);
    } catch (e) { log.push(e.name + ": " + e.message); }
    return Response.json(log);
  },
};`;

const recorded = {};
for (const [name, c] of Object.entries(asked.cases)) {
  const answers = [...(c.answers ?? [])], requests = [];
  const outboundService = (request) => {
    requests.push(["accept", "cache-control", "last-event-id"].map((h) => request.headers.get(h)));
    const { status = 200, body = null, ...headers } = answers.shift() ?? { status: 500 };
    return new NodeResponse(body, { status, headers });
  };
  const mf = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: asked.date, outboundService }));
  try {
    const answer = await mf.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(c) });
    recorded[name] = { log: await answer.json(), requests };
  } finally {
    await mf.dispose();
  }
}
console.log(JSON.stringify(recorded));
