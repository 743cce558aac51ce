// Runs the cases of table*.py in workerd. What a case may say stands in cases.py.
// node record.mjs MINIFLARE_FOLDER < {"date": ..., "cases": {name: case}}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const asked = JSON.parse(readFileSync(0, "utf8"));

const script = `
const latin1 = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const bytesOf = (text, c) => (c.latin1 ? latin1(text) : new TextEncoder().encode(text));
const argument = (a) => {
  if (a === null || typeof a !== "object") return a;
  if ("$undefined" in a) return undefined;
  if ("stream" in a) return new Response(a.stream).body;
  if ("response" in a) return new Response(a.response);
  if ("bytes" in a) return new Response(latin1(a.bytes)).body;
  return a;
};
const shown = (x, token) => {
  if (x === undefined) return { $undefined: true };
  if (x === token) return "this";
  if (x !== null && typeof x === "object" && !Array.isArray(x)) return { $kind: x.constructor.name, ...JSON.parse(JSON.stringify(x)) };
  return x;
};
const doing = (name, ops, log, kept) => {
  const isAsync = ops.some((op) => op[0] === "sleep" || op[0] === "reject");
  const act = (token, op) => {
    const [what, ...rest] = op;
    if (what === "get") log.push([name, rest[0], shown(token[rest[0]], token)]);
    else if (what === "set") token[rest[0]] = rest[1];
    else if (what === "attributes") log.push([name, "attributes", [...token.attributes]]);
    else if (what === "mutate while iterating") { const it = token.attributes; it.next(); token.setAttribute("x", "1"); it.next(); }
    else if (what === "next") { const it = token.attributes; log.push([name, "next", it.next(), String(it)]); }
    else if (what === "throw") throw new (globalThis[rest[1] ?? "Error"])(rest[0]);
    else if (what === "try") { try { act(token, rest[0]); log.push([name, "no error"]); } catch (e) { log.push([name, "caught", e.name + ": " + e.message]); } }
    else if (what === "onEndTag") token.onEndTag(doing(name + " end", rest[0], log, kept));
    else if (what === "keep") kept[rest[0]] = token;
    else if (what === "use") act(kept[rest[0]], rest[1]);
    else if (what === "text") log.push([name, token.text, token.lastInTextNode]);
    else { const result = token[what](...rest.map(argument)); if (!["before", "after", "prepend", "append", "replace", "remove", "removeAndKeepContent", "setInnerContent", "setAttribute", "removeAttribute"].includes(what)) log.push([name, what, shown(result, token)]); else if (result !== token) log.push([name, what, "not this"]); }
  };
  if (!isAsync) return (token) => { for (const op of ops) act(token, op); };
  return async (token) => {
    for (const op of ops) {
      if (op[0] === "sleep") await scheduler.wait(1);
      else if (op[0] === "reject") await Promise.reject(new Error(op[1]));
      else act(token, op);
    }
  };
};
const bodyOf = (c) => {
  if (c.chunks) { const left = c.chunks.map((x) => bytesOf(x, c)); return new ReadableStream({ type: "bytes", pull(k) { if (left.length) k.enqueue(left.shift()); else if (c.fails) k.error(new Error(c.fails)); else k.close(); } }); }
  return c.html === null ? null : bytesOf(c.html, c);
};
const once = async (c) => {
  const log = [], kept = {}, answer = {};
  try {
    const rewriter = new HTMLRewriter();
    for (const [number, [selector, handlers]] of c.on.entries()) {
      const object = handlers !== null && typeof handlers === "object" && !handlers.$undefined ? Object.fromEntries(Object.entries(handlers).map(([k, ops]) => [k, Array.isArray(ops) ? doing(number + " " + k, ops, log, kept) : argument(ops)])) : argument(handlers);
      const result = selector === null ? rewriter.onDocument(object) : rewriter.on(argument(selector), object);
      if (result !== rewriter) log.push("not this");
    }
    const headers = c.headers ?? {};
    if (c.type) headers["content-type"] = c.type;
    const input = c.input === "error" ? Response.error() : "input" in c ? argument(c.input) : new Response(bodyOf(c), { status: c.status ?? 200, statusText: c.statusText ?? "", headers });
    if (c.used) await input.text();
    if (c.locked) input.body.getReader();
    const output = rewriter.transform(input);
    if (c.response) {
      answer.response = { status: output.status, statusText: output.statusText, headers: [...output.headers], same: output === input, used: input.bodyUsed, null_body: output.body === null };
      output.headers.set("x-own", "1");
    }
    if (c.twice) { try { rewriter.transform(input); } catch (e) { answer.twice = e.name + ": " + e.message; } }
    const parts = [];
    if (output.body !== null) {
      const reader = output.body.getReader();
      try {
        for (;;) { const { done, value } = await reader.read(); if (done) break; parts.push(...value); }
      } catch (e) { answer.failed = e.name + ": " + e.message; }
      const bytes = new Uint8Array(parts);
      try { answer.output = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { answer.latin1 = [...bytes].map((x) => String.fromCharCode(x)).join(""); }
    }
    for (const [name, op] of c.late ?? []) { try { doing("late", [op], log, kept)(kept[name]); } catch (e) { log.push(["late", "caught", e.name + ": " + e.message]); } }
  } catch (e) {
    answer.error = e.name + ": " + e.message;
  }
  if (log.length) answer.log = log;
  return answer;
};
export default {
  async fetch(request) {
    return Response.json(await once(await request.json()));
  },
};`;

const options = { modules: true, script, compatibilityDate: asked.date };
const mf = new Miniflare(convertV4MiniflareOptions(options));
const recorded = {};
try {
  for (const [name, c] of Object.entries(asked.cases)) {
    const answer = await mf.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(c) });
    const text = await answer.text();
    try { recorded[name] = JSON.parse(text); } catch { recorded[name] = { broke: text.split("\n")[0] }; }
  }
} finally {
  await mf.dispose();
}
console.log(JSON.stringify(recorded));
