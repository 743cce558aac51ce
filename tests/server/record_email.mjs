// Hands messages to a Worker in miniflare, and writes what comes of them (see table_email.py).
// node record_email.mjs FOLDER_WITH_NODE_MODULES < {name: [query, body]}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const script = `
import { EmailMessage } from "cloudflare:email";
let seen = [];
const value = (x) => {
  if (x === null || typeof x !== "object") return x;
  if ("$email" in x) return new EmailMessage(...x.$email);
  if ("$headers" in x) return new Headers(x.$headers);
  return x;
};
export default {
  async fetch() { const found = seen; seen = []; return Response.json(found); },
  async email(message) {
    for (const [name, ...args] of JSON.parse(message.headers.get("x-do") ?? "[]")) {
      if (name === "raise") throw new TypeError(args[0]);
      if (name === "shown") {
        seen.push([message.from, message.to, message.rawSize, message.canBeForwarded, [...message.headers].filter(([n]) => n !== "x-do"), await new Response(message.raw).text()]);
        continue;
      }
      try {
        const given = await message[name](...args.map(value));
        seen.push(given === undefined ? null : given);
      } catch (e) { seen.push(e.name + ": " + e.message); }
    }
  },
};`;
const mf = new Miniflare(convertV4MiniflareOptions({
  modules: true, script, compatibilityDate: "2026-11-01", unsafeTriggerHandlers: true,
  email: { send_email: [{ name: "MAIL" }] },
}));
const url = await mf.ready;
const recorded = {};
for (const [name, [query, body]] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const answer = await fetch(`${url}cdn-cgi/local/email${query}`, { method: "POST", body });
  const text = await answer.text();
  const seen = await (await mf.dispatchFetch("http://localhost/")).json();
  recorded[name] = { status: answer.status, type: answer.headers.get("content-type"), text, seen };
}
await mf.dispose();
process.stdout.write(JSON.stringify(recorded));
