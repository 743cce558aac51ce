// Records what workerd tells a tail consumer: node record.mjs FOLDER_WITH_NODE_MODULES > recorded.json
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");

const producer = `
import { WorkerEntrypoint, DurableObject } from "cloudflare:workers";
export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/logs") {
      console.log("hello", { a: 1 }, 5, null, [1, { b: 2 }], new Date(0), true);
      console.debug("d"); console.info("i"); console.warn("w"); console.error("e");
      return new Response("ok", { status: 201 });
    }
    if (pathname === "/error") { console.log(new Error("x")); return new Response("ok"); }
    if (pathname === "/throws") throw new TypeError("boom");
    if (pathname === "/none") return 5;
    if (pathname === "/later") {
      ctx.waitUntil((async () => { await scheduler.wait(1); console.log("late"); throw new RangeError("late"); })());
      return new Response("ok");
    }
    if (pathname === "/rpc") {
      await env.SELF.add(1, 2);
      await env.SELF.fail().catch(() => 0);
      await env.SELF.fetch("http://x/n");
      return new Response("ok");
    }
    if (pathname === "/inner") { await env.SELF.fetch("http://x/fail").catch(() => 0); return new Response("ok"); }
    if (pathname === "/object") {
      const room = env.ROOM.getByName("r");
      await room.hi(); await room.fetch("http://do/f"); await room.fail().catch(() => 0);
      await room.fetch("http://do/fail").catch(() => 0);
      return new Response("ok");
    }
    if (pathname === "/alarm") { await env.ROOM.getByName("r").soon(); return new Response("ok"); }
    if (pathname === "/queue") { await env.Q.send("m"); return new Response("ok"); }
    if (pathname === "/much") { for (let i = 0; i < 300; i++) console.log("x".repeat(1000)); return new Response("ok"); }
    if (pathname === "/sleeper") return env.ROOM.getByName("r").fetch(request);
    return new Response("ok");
  },
  async scheduled(controller) { console.log("due"); if (controller.cron === "1 * * * *") throw new Error("late"); },
  async queue(batch) { console.log("got", batch.messages.length); throw new Error("bad batch"); },
};
export class Named extends WorkerEntrypoint {
  add(x, y) { console.log("add"); return x + y; }
  fail() { throw new RangeError("no"); }
  fetch(request) { if (request.url.endsWith("fail")) throw new RangeError("no fetch"); return new Response("n"); }
}
export class Room extends DurableObject {
  hi() { console.log("hi"); return 1; }
  fail() { throw new Error("no"); }
  fetch(request) {
    if (request.url.endsWith("/fail")) throw new Error("no fetch");
    if (request.headers.get("upgrade")) {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server);
      return new Response(null, { status: 101, webSocket: client });
    }
    return new Response("f");
  }
  async soon() { await this.ctx.storage.setAlarm(Date.now()); }
  alarm() { console.log("alarm"); }
  webSocketMessage(ws, message) { console.log("message", message); if (message === "fail") throw new Error("no message"); ws.close(4000, "r"); }
  webSocketClose() { console.log("closed"); }
}`;
const consumer = `
const show = (x) => {
  if (x === undefined) return "undefined";
  if (x === null || typeof x !== "object") return x;
  if (Array.isArray(x)) return x.map(show);
  const kind = x.constructor?.name;
  const found = Object.fromEntries(Object.keys(x).filter((k) => k !== "cf").map((k) => [k, show(x[k])]));
  if (x instanceof Date) return "date";
  return kind && kind !== "Object" ? { kind, ...found } : found;
};
const seen = [];
export default {
  fetch: () => Response.json(seen.splice(0)),
  tail(events) { seen.push(...events.map(show)); },
};`;
const options = {
  workers: [
    {
      name: "a", modules: true, script: producer, compatibilityDate: "2026-11-01", tails: ["b"],
      serviceBindings: { SELF: { name: "a", entrypoint: "Named" } },
      durableObjects: { ROOM: { className: "Room", useSQLite: true } },
      queueProducers: { Q: "q" },
      queueConsumers: { q: { maxBatchTimeout: 0, maxRetries: 0 } },
    },
    { name: "b", modules: true, script: consumer, compatibilityDate: "2026-11-01" },
  ],
};
const mf = new Miniflare(convertV4MiniflareOptions(options));
const a = await mf.getWorker("a"), b = await mf.getWorker("b");
const recorded = {};
const take = async (name) => {
  await new Promise((resolve) => setTimeout(resolve, 400));
  const items = await (await b.fetch("http://b/")).json();
  const volatile = ["timestamp", "eventTimestamp", "wallTime", "durableObjectId", "stack", "scriptName", "headers"];
  const settled = (x) => Array.isArray(x) ? x.map(settled) : x && typeof x === "object"
    ? Object.fromEntries(Object.entries(x).filter(([k, v]) => !volatile.includes(k) && v !== "undefined").map(([k, v]) => [k, settled(v)]))
    : typeof x === "string" && x.length > 300 ? `${x.length} characters` : x;
  recorded[name] = settled(items).map((item) => ({ ...item, logs: item.logs.length > 50 ? [item.logs.length, item.logs.at(-1)] : item.logs }))
    .sort((x, y) => JSON.stringify(x) < JSON.stringify(y) ? -1 : 1);
};
for (const name of ["logs", "error", "throws", "none", "later", "rpc", "inner", "object", "alarm", "queue", "much"]) {
  await a.fetch(`http://a/${name}`).then((r) => r.text(), () => 0);
  await take(name);
}
for (const text of ["hi", "fail"]) {
  const { webSocket } = await a.fetch("http://a/sleeper", { headers: { upgrade: "websocket" } });
  webSocket.accept();
  webSocket.send(text);
  await new Promise((resolve) => setTimeout(resolve, 200));
  webSocket.close(1000);
  await take(`sleeper ${text}`);
}
await a.scheduled({ cron: "0 * * * *", scheduledTime: new Date(1e12) });
await take("scheduled");
await a.scheduled({ cron: "1 * * * *", scheduledTime: new Date(1e12) }).catch(() => 0);
await take("scheduled and failed");
console.log(JSON.stringify(recorded, null, 1));
await mf.dispose();
