// Answers rows with real Pyodide: node oracle.mjs <directory of the pyodide package> < request
//
// The request on stdin is {"evaluate": <source of evaluate.py>, "rows": [<source>, ...]};
// the answer on stdout is a list of strings in the same order.

import { readFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

console.log = console.error; // stdout carries the answer and nothing else
// Some rows reject a promise that nobody awaits, or raise in a timer.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});

const home = resolve(process.argv[2]);
const request = JSON.parse(readFileSync(0, "utf8"));
const { loadPyodide } = await import(pathToFileURL(join(home, "pyodide.mjs")));
const pyodide = await loadPyodide({ indexURL: home, stdout: console.error, stderr: console.error });
const scope = pyodide.globals.get("dict")();
pyodide.runPython(request.evaluate, { globals: scope });
const evaluate = scope.get("evaluate");

const answers = [];
for (const row of request.rows) {
  try {
    answers.push(await evaluate(row));
  } catch (error) {
    // A fatal error leaves an interpreter that answers nothing any more.
    console.error(`after ${answers.length} answers, at:\n${row}\n${error.message}`);
    process.exit(1);
  }
}
const text = Buffer.from(JSON.stringify(answers));
for (let sent = 0; sent < text.length; ) sent += writeSync(1, text, sent);
process.exit(0);
