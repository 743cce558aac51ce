// A Workflow whose instances do what `params.ops` says (see table_workflows.py).
import { WorkflowEntrypoint } from "cloudflare:workers";

const calls = {};
const plain = (x) => {
  if (Array.isArray(x)) return x.map(plain);
  if (x === null || typeof x !== "object" || Object.getPrototypeOf(x) !== Object.prototype) return x;
  if ("$undefined" in x) return undefined;
  if ("$bytes" in x) return new Uint8Array(x.$bytes);
  if ("$date" in x) return new Date(x.$date);
  if ("$map" in x) return new Map(x.$map);
  if ("$delay" in x) return delays[x.$delay];
  return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, plain(v)]));
};
const delays = {
  fine: ({ ctx }) => ctx.attempt * 5,
  error: ({ error }) => (error.message === "again" ? 1 : "never"),
  wrong: () => "soon",
  throws: () => { throw new Error("no delay"); },
};
const failure = (name, message) => {
  const known = { TypeError, RangeError };
  if (name === "DOMException") return new DOMException(message, "AbortError");
  if (name === "text") return message;
  const made = new (known[name] ?? Error)(message);
  if (!(name in known)) made.name = name;
  return made;
};
const behave = async (what, ctx) => {
  if (what.wait && (!what.only || ctx.attempt <= what.only)) await scheduler.wait(what.wait);
  if (what.fail && ctx.attempt <= (what.times ?? 1000)) throw failure(...what.fail);
  if (what.ctx) return ctx;
  if (what.text) return "x".repeat(what.text);
  if (what.fill) return new Uint8Array(what.fill);
  if (what.function) return () => 1;
  if (what.stream) return new Response(what.stream).body;
  if (what.binary) return new Response(new Uint8Array(what.binary).fill(255)).body;
  if (what.response) return new Response("x");
  return plain(what.value);
};

export class Flow extends WorkflowEntrypoint {
  async run(event, step) {
    const { ops } = event.payload ?? {};
    const counted = (calls[event.instanceId] ??= {});
    const run = async ([kind, ...a]) => {
      if (kind === "do") {
        const [name, config, what] = a;
        const call = async (ctx) => {
          counted[name] = (counted[name] ?? 0) + 1;
          return behave(what, ctx);
        };
        return config === null ? step.do(plain(name), call) : step.do(plain(name), plain(config), call);
      }
      if (kind === "sleep") return step.sleep(...plain(a));
      if (kind === "until") return step.sleepUntil(a[0], Date.now() + a[1]);
      if (kind === "wait") {
        const event = await step.waitForEvent(...plain(a));
        return { ...event, timestamp: event.timestamp instanceof Date };
      }
      if (kind === "text") return new Response(await run(a[0])).text();
      if (kind === "size") return (await new Response(await run(a[0])).arrayBuffer()).byteLength;
      if (kind === "all") return Promise.all(a.map(run));
      if (kind === "throw") throw failure(...a);
      if (kind === "calls") return { ...counted };
      if (kind === "event") return { ...event, timestamp: event.timestamp instanceof Date };
      if (kind === "catch") {
        try {
          return { ok: await run(a[0]) };
        } catch (e) {
          return { error: `${e.name}: ${e.message}` };
        }
      }
      return plain(a[0]);
    };
    if (ops === undefined) return event.payload;
    const found = [];
    for (const op of ops) {
      if (op[0] === "return") return run(op);
      found.push(await run(op));
    }
    return found;
  }
}
