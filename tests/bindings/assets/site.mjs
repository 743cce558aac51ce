// Serves folders with miniflare and asks for paths, byte for byte as they are given.
// node site.mjs FOLDER_WITH_NODE_MODULES ANSWERS < [{directory, options, date, flags, script, requests: [[method, path, headers, body]]}]
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";

const require = createRequire(`${process.argv[2]}/package.json`);
const { Miniflare, Log, LogLevel, convertV4MiniflareOptions } = require("miniflare");

class Kept extends Log {
  lines = [];
  logWithLevel(level, message) {
    if (level <= LogLevel.WARN || /Parsed|performant/.test(message)) this.lines.push([LogLevel[level].toLowerCase(), message]);
  }
}

const ask = (url, method, path, headers, body) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = http.request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve([answer.statusCode, answer.statusMessage, answer.rawHeaders, Buffer.concat(parts).toString("latin1")]));
    });
    request.on("error", reject);
    request.end(body);
  });

const recorded = [];
for (const { directory, options, date, flags, script, requests } of JSON.parse(readFileSync(0, "utf8"))) {
  const { has_worker, run_worker_first, ...assetConfig } = options;
  const log = new Kept(LogLevel.INFO);
  const answers = [];
  let failed = null, mf;
  try {
    mf = new Miniflare(convertV4MiniflareOptions({
      log, modules: true, script, compatibilityDate: date, compatibilityFlags: flags,
      assets: { directory, binding: "ASSETS", run_worker_first, assetConfig, routerConfig: { has_user_worker: has_worker } },
    }));
    const url = await mf.ready;
    for (const [method, path, headers, body] of requests) {
      let sent = headers;
      if (Object.values(headers).some((value) => value.includes("<etag>"))) {
        const raw = (await ask(url, "GET", path, {}, undefined))[2];
        const tag = raw[raw.findIndex((name) => name.toLowerCase() === "etag") + 1].slice(1, -1);
        sent = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v.replaceAll("<etag>", tag)]));
      }
      answers.push(await ask(url, method, path, sent, body));
    }
  } catch (error) {
    failed = error.message;
  } finally {
    try { await mf?.dispose(); } catch {}
  }
  recorded.push({ answers, failed, log: log.lines });
}
writeFileSync(process.argv[3], JSON.stringify(recorded)); // the console is not ours alone
