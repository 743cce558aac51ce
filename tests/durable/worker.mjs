// Runs steps of storage calls inside a Durable Object and answers what each gave.
import { DurableObject } from "cloudflare:workers";

function decode(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decode);
  if ("$bytes" in value) return new Uint8Array(value.$bytes).buffer;
  if ("$undefined" in value) return undefined;
  if ("$date" in value) return new Date(value.$date);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, decode(v)]));
}

function encode(value) {
  if (value === undefined) return { $undefined: 1 };
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (value === null || typeof value !== "object") return value;
  if (value instanceof ArrayBuffer) return { $bytes: [...new Uint8Array(value)] };
  if (value instanceof Map) return { $map: [...value].map(encode) };
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return value.map(encode);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, encode(v)]));
}

async function step(storage, [op, ...args]) {
  args = args.map(decode);
  try {
    if (op === "sql") {
      const cursor = storage.sql.exec(...args);
      return encode({ columns: cursor.columnNames, rows: [...cursor.raw()] });
    }
    if (op === "usage") {
      const cursor = storage.sql.exec(...args);
      cursor.toArray();
      return [cursor.rowsRead, cursor.rowsWritten];
    }
    if (op === "kv.list") return encode([...storage.kv.list(...args)]);
    if (op.startsWith("kv.")) return encode(storage.kv[op.slice(3)](...args));
    return encode(await storage[op](...args));
  } catch (error) {
    return { $error: [error.name, error.message] };
  }
}

class Storage extends DurableObject {
  alarm() {}
  async fetch(request) {
    const answers = [];
    for (const one of await request.json()) answers.push(await step(this.ctx.storage, one));
    return Response.json(answers);
  }
}

export class Sqlite extends Storage {}
export class Legacy extends Storage {}

export default {
  async fetch(request, env) {
    const [, kind, name] = new URL(request.url).pathname.split("/");
    const id = env[kind].idFromName(name);
    if (request.method === "GET") return Response.json(id.toString());
    return env[kind].get(id).fetch(request);
  },
};
