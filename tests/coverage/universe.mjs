// Which names workerd has: in its global scope, in each interface, in each `cloudflare:` module.
// node universe.mjs FOLDER_WITH_NODE_MODULES DATE
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");

const modules = ["email", "node", "sockets", "workers", "workflows"].filter((name) => name !== "node");
const script = `
import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers";
const members = (x) => {
  const names = new Set();
  for (let p = x; p && p !== Object.prototype && p !== Function.prototype; p = Object.getPrototypeOf(p))
    for (const n of Object.getOwnPropertyNames(p)) names.add(n);
  for (const n of ["constructor", "length", "name", "prototype", "arguments", "caller"]) names.delete(n);
  return [...names].sort();
};
const isClass = (x) => typeof x === "function" && x.prototype && /^[A-Z]/.test(x.name);
const scope = () => { const names = new Set(); for (let p = globalThis; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) for (const n of Object.getOwnPropertyNames(p)) names.add(n); names.delete("constructor"); return [...names].sort(); };
const globals = () => Object.fromEntries(scope().map((name) => {
  let x; try { x = globalThis[name]; } catch { return [name, {}]; }
  if (isClass(x)) return [name, { members: members(x.prototype), statics: members(x) }];
  if (typeof x === "object" && x !== null && name !== "globalThis" && name !== "self") return [name, { members: members(x) }];
  return [name, {}];
}));
const shown = async (values) => {
  const found = {};
  for (const [name, make] of Object.entries(values)) {
    const x = await make();
    found[name] = { class: x.constructor?.name ?? "", members: members(x) };
  }
  return found;
};
export class Room extends DurableObject {
  async fetch() {
    const ctx = this.ctx, storage = ctx.storage;
    return Response.json(await shown({
      "state of an object": () => ctx,
      "storage of an object": () => storage,
      "storage.sql": () => storage.sql,
      "cursor of storage.sql": () => storage.sql.exec("SELECT 1"),
      "storage.kv": () => storage.kv,
      "storage.transaction()": () => storage.transaction(async (t) => t),
    }));
  }
}
export class Other extends WorkerEntrypoint { ping() {} }
export class Flow extends WorkflowEntrypoint { async run() {} }
export default {
  async fetch(request, env, ctx) {
    const stub = env.ROOM.get(env.ROOM.idFromName("x"));
    const values = {
      "ctx of a request": () => ctx,
      "request.cf aside, request": () => request,
      kv_namespaces: () => env.KV,
      r2_buckets: () => env.R2,
      "object of an R2 bucket": () => env.R2.put("x", "x"),
      "object of an R2 bucket, with its body": () => env.R2.get("x"),
      "multipart upload of an R2 bucket": () => env.R2.createMultipartUpload("y"),
      d1_databases: () => env.D1,
      "statement of a D1 database": () => env.D1.prepare("SELECT 1"),
      "session of a D1 database": () => env.D1.withSession(),
      queues: () => env.QUEUE,
      durable_objects: () => env.ROOM,
      "id of an object": () => env.ROOM.idFromName("x"),
      services: () => env.SELF,
      ratelimits: () => env.LIMIT,
      analytics_engine_datasets: () => env.AE,
      hyperdrive: () => env.HD,
      send_email: () => env.MAIL,
      secrets_store_secrets: () => env.SECRET,
      workflows: () => env.FLOW,
    };
    const found = {};
    for (const [name, make] of Object.entries(values)) {
      try { Object.assign(found, await shown({ [name]: make })); } catch (e) { found[name] = { failed: String(e) }; }
    }
    const imported = {};
    for (const name of ${JSON.stringify(modules)}) {
      try { imported["cloudflare:" + name] = Object.keys(await import("cloudflare:" + name)).sort(); } catch (e) { }
    }
    return Response.json({ globals: globals(), interfaces: { ...found, ...(await (await stub.fetch("http://x")).json()) }, modules: imported });
  },
};
`;
const mf = new Miniflare(convertV4MiniflareOptions({
  modules: true,
  script,
  name: "me",
  compatibilityDate: process.argv[3],
  kvNamespaces: ["KV"],
  r2Buckets: ["R2"],
  d1Databases: ["D1"],
  queueProducers: { QUEUE: "q" },
  durableObjects: { ROOM: { className: "Room", useSQLite: true } },
  serviceBindings: { SELF: { name: "me", entrypoint: "Other" } },
  ratelimits: { LIMIT: { namespace_id: "1", simple: { limit: 1, period: 10 } } },
  analyticsEngineDatasets: { AE: { dataset: "d" } },
  hyperdrives: { HD: "postgres://u:p@localhost:5432/db" },
  email: { send_email: [{ name: "MAIL" }] },
  secretsStoreSecrets: { SECRET: { store_id: "s", secret_name: "n" } },
  workflows: { FLOW: { name: "flow", className: "Flow" } },
}));
const answer = await mf.dispatchFetch("http://localhost/");
const text = await answer.text();
if (!answer.ok) { console.error(text); process.exitCode = 1; } else console.log(text);
await mf.dispose();
