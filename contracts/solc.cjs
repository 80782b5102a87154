#!/usr/bin/env node
// The locked JavaScript compiler, behaving as the native one does for the two things py-solc-x asks of it. The
// package's own command prints a notice into the JSON it answers with.
const solc = require("solc");
const { readFileSync } = require("node:fs");

if (process.argv.includes("--version")) {
  console.log(`solc\nVersion: ${solc.version()}`);
} else if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
  console.error("usage: solc.cjs --version | --standard-json < input.json");
  process.exitCode = 2;
}
