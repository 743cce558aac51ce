"""Record the file of an instance that npm `miniflare` has begun: a dump of its SQLite.

python -m tests.bindings.record_workflow_file FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from .record import DATE
from .steps import RECORDED

SCRIPT = """
import { createRequire } from "node:module";
const [, , modules, folder, date] = process.argv;
const require = createRequire(`${modules}/package.json`);
const { Miniflare, convertV4MiniflareOptions } = require("miniflare");
const script = `
import { WorkflowEntrypoint } from "cloudflare:workers";
export class Flow extends WorkflowEntrypoint {
  async run(event, step) {
    await step.do("first", async () => "wrangler");
    await step.do("second", async (ctx) => ["wrangler", ctx.attempt]);
    await step.waitForEvent("wait", { type: "go" });
  }
}
export default { async fetch(request, env) {
  await env.WF.create({ id: "fast", params: "fast" });
  await scheduler.wait(200);
  return new Response();
} };`;
const options = convertV4MiniflareOptions({
  modules: true, script, compatibilityDate: date,
  workflows: { WF: { name: "flow", className: "Flow" } },
});
options.isolatedResourcePersistencePath = options.resourcePersistencePath = folder;
const mf = new Miniflare(options);
await mf.dispatchFetch("http://localhost/");
await mf.dispose();
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "record.mjs"
        script.write_text(SCRIPT)
        subprocess.run(["node", script, sys.argv[1], folder, DATE], timeout=60, check=True)
        files = (Path(folder) / "workflows").rglob("*.sqlite")
        [path] = [each for each in files if each.stem != "metadata"]
        database = sqlite3.connect(path)
        dump = "\n".join(database.iterdump())
        database.close()
        (RECORDED / "workflow_file.sql").write_text(f"-- {path.name}\n{dump}\n")


if __name__ == "__main__":
    main()
