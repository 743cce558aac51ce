// Runs steps (see steps.py) in workerd, through the bindings that miniflare simulates.
// node steps.mjs MINIFLARE_FOLDER < {"date": ..., "bindings": {...}, "scenarios": [[name, steps]],
// "module": a file with classes that the Worker exports, or null}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const asked = JSON.parse(readFileSync(0, "utf8"));

const script = `
import { EmailMessage } from "cloudflare:email";
${asked.module ? readFileSync(asked.module, "utf8") : ""}
const value = (x) => {
  if (Array.isArray(x)) return x.map(value);
  if (x === null || typeof x !== "object") return x;
  if ("$undefined" in x) return undefined;
  if ("$bytes" in x) return new Uint8Array(x.$bytes);
  if ("$buffer" in x) return new Uint8Array(x.$buffer).buffer;
  if ("$date" in x) return new Date(x.$date);
  if ("$stream" in x) return new Response(x.$stream).body;
  if ("$fixed" in x) { const { readable, writable } = new FixedLengthStream(x.$fixed.length); const w = writable.getWriter(); w.write(new TextEncoder().encode(x.$fixed)); w.close(); return readable; }
  if ("$fill" in x) return new Uint8Array(x.$fill[1]).fill(x.$fill[0]);
  if ("$blob" in x) return new Blob([x.$blob]);
  if ("$headers" in x) return new Headers(x.$headers);
  if ("$email" in x) return new EmailMessage(...x.$email.map(value));
  if ("$number" in x) return Number(x.$number);
  return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, value(v)]));
};
const hidden = (x, names) => {
  if (Array.isArray(x)) return x.map((v) => hidden(v, names));
  if (x === null || typeof x !== "object") return x;
  return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, names.includes(k) ? "..." : hidden(v, names)]));
};
const show = async (x, depth = 0) => {
  if (x === undefined) return { $undefined: true };
  if (typeof x === "number" && !Number.isFinite(x)) return { $number: String(x) };
  if (x === null || typeof x !== "object") return typeof x === "function" ? { $function: true } : x;
  if (depth > 6) return { $deep: true };
  if (x instanceof Map) return { $map: await Promise.all([...x].map(async ([k, v]) => [k, await show(v, depth + 1)])) };
  if (x instanceof Date) return { $date: x.toISOString() };
  if (x instanceof ArrayBuffer) return { $buffer: [...new Uint8Array(x)] };
  if (ArrayBuffer.isView(x)) return { $bytes: [...new Uint8Array(x.buffer, x.byteOffset, x.byteLength)] };
  if (x instanceof ReadableStream) return { $stream: await new Response(x).text() };
  if (Array.isArray(x)) return Promise.all(x.map((v) => show(v, depth + 1)));
  const kind = x.constructor?.name;
  const names = new Set(Object.keys(x));
  for (let p = Object.getPrototypeOf(x); p && p !== Object.prototype; p = Object.getPrototypeOf(p))
    for (const [n, d] of Object.entries(Object.getOwnPropertyDescriptors(p))) if (d.get) names.add(n);
  const found = {};
  for (const n of [...names].sort()) if (!(x[n] instanceof ReadableStream) && typeof x[n] !== "function") found[n] = await show(x[n], depth + 1);
  return kind && kind !== "Object" ? { $kind: kind, ...found } : found;
};
export default {
  async fetch(request, env) {
    const { steps } = await request.json();
    const known = { ...env };
    const answers = [];
    for (const step of steps) {
      if (step.rest) await scheduler.wait(step.rest);
      try {
        let at, turn = 0;
        do {
          if (turn > 0) await scheduler.wait(10);
          at = known[step.on];
          for (const [name, ...args] of step.calls) {
            const passed = args.map((a) => (a && a.$known ? (Array.isArray(a.$known) ? a.$known.map((k) => known[k]) : known[a.$known]) : value(a)));
            at = typeof at[name] === "function" ? await at[name](...passed) : await at[name];
          }
        } while (step.until && !step.until.includes(at.status) && ++turn < 500);
        if (step.as) known[step.as] = at;
        if (step.hide) { answers.push({ ok: hidden(await show(at), step.hide) }); continue; }
        answers.push(step.quiet ? { ok: "..." } : { ok: await show(at) });
      } catch (e) {
        answers.push({ error: e.name + ": " + e.message });
      }
    }
    return Response.json(answers);
  },
  async queue() {},
};`;

const recorded = {};
for (const [name, steps] of asked.scenarios) {
  const options = { modules: true, script, compatibilityDate: asked.date, ...asked.bindings };
  const mf = new Miniflare(convertV4MiniflareOptions(options)); // nothing of the scenario before
  try {
    const answer = await mf.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify({ steps }) });
    recorded[name] = await answer.json();
  } finally {
    await mf.dispose();
  }
}
console.log(JSON.stringify(recorded));
