// Runs the steps of table.py in workerd, with the cache that miniflare simulates.
// node record.mjs MINIFLARE_FOLDER < {"date": ..., "scenarios": [[name, steps]]}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const asked = JSON.parse(readFileSync(0, "utf8"));

const script = `
const bodyOf = (b) => {
  if (b === null || typeof b !== "object") return b;
  if (b.stream !== undefined) return new Response(b.stream).body;
  if (b.bytes) return new Uint8Array(b.bytes);
  if (b.fixed !== undefined) { const { readable, writable } = new FixedLengthStream(b.fixed.length); const w = writable.getWriter(); w.write(new TextEncoder().encode(b.fixed)); w.close(); return readable; }
  if (b.chunks) { const left = [...b.chunks]; return new ReadableStream({ type: "bytes", pull(c) { if (left.length) c.enqueue(new TextEncoder().encode(left.shift())); else c.close(); } }); }
  if (b.fails) return new ReadableStream({ type: "bytes", pull(c) { c.error(new TypeError(b.fails)); } });
  throw new Error("body?");
};
const requestOf = (r) => (r !== null && typeof r === "object" && "url" in r ? new Request(r.url, r.init) : r === "$undefined" ? undefined : r);
const responseOf = (r) => {
  if (r === undefined || r === null || typeof r !== "object") return r;
  if (r.kind === "error") return Response.error();
  if (r.kind === "websocket") return new Response(null, { status: 101, webSocket: new WebSocketPair()[0] });
  return new Response(bodyOf(r.body), r.init);
};
const show = async (x) => {
  if (x === undefined) return { $undefined: true };
  if (x instanceof Response) {
    const shown = { status: x.status, statusText: x.statusText, url: x.url, type: x.type, null_body: x.body === null, headers: [...x.headers] };
    try { x.headers.set("x-own", "1"); shown.mutable = true; } catch (e) { shown.mutable = e.message; }
    shown.body = await x.text();
    return shown;
  }
  return x;
};
const once = async (step) => {
  if (step.op === "wait") { await scheduler.wait(step.ms); return {}; }
  if (step.op === "open") return (await caches.open(...step.args)).constructor.name;
  if (step.op === "storage") return await caches[step.method](...(step.args ?? []));
  if (step.op === "same") return [caches.default === caches.default, (await caches.open("x")) === (await caches.open("x")), String(caches), String(caches.default)];
  const cache = step.cache === undefined ? caches.default : await caches.open(step.cache);
  if (step.op === "put") {
    const response = responseOf(step.response);
    const done = cache.put(...[requestOf(step.request), response].slice(0, step.args ?? 2));
    const used = response?.bodyUsed;
    const result = await done;
    return { result: await show(result), used: used ?? null };
  }
  if (step.op === "fill") {
    const response = new Response(new Uint8Array(step.length).fill(120), step.init);
    await cache.put(step.request, response);
    return (await (await cache.match(step.request)).arrayBuffer()).byteLength;
  }
  if (step.op === "twice") {
    const response = responseOf(step.response);
    await cache.put(step.request, response);
    return await cache.put(step.request, response);
  }
  return await show(await cache[step.op](...[requestOf(step.request), step.options].slice(0, step.args ?? 2)));
};
export default {
  async fetch(request) {
    const answers = [];
    for (const step of (await request.json()).steps) {
      try { answers.push({ ok: await once(step) }); } catch (e) { answers.push({ error: e.name + ": " + e.message }); }
    }
    return Response.json(answers);
  },
};`;

const recorded = {};
for (const [name, steps] of asked.scenarios) {
  const options = { modules: true, script, compatibilityDate: asked.date };
  const mf = new Miniflare(convertV4MiniflareOptions(options)); // nothing of the scenario before
  try {
    const answer = await mf.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify({ steps }) });
    recorded[name] = await answer.json();
  } finally {
    await mf.dispose();
  }
}
console.log(JSON.stringify(recorded));
