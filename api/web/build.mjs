// Builds api/static from api/web: node api/web/build.mjs [folder]. The same sources and lock file give the same bytes.
import { build } from "esbuild";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = resolve(process.argv[2] ?? resolve(here, "../static"));
const common = {
  absWorkingDir: here,
  outdir,
  bundle: true,
  minify: true,
  charset: "utf8",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  legalComments: "inline",
  logLevel: "warning",
};
await build({
  ...common,
  format: "iife",
  entryPoints: [
    "app.css", "app.ts", "bid-page.ts", "disclose-page.ts", "intake-page.ts", "passport-page.ts", "pcf-form-page.ts", "replay-page.ts", "scan.css", "scan-decoder.ts", "scan-page.ts", "scan-worker.ts",
    "scheme-page.ts", "verify-page.ts",
  ],
});
// The decoder of the scan page: zxing-cpp as its package ships it.
await copyFile(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")), resolve(outdir, "zxing_reader.wasm"));
// What computes on the page /replay: Pyodide as its package ships it, msgspec as PyPI has it for Pyodide (its hash is in
// requirements.lock), and the worker that starts them; parts of Pyodide that only Node runs stay outside.
const MSGSPEC = "msgspec-0.22.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl";
await copyFile(resolve(here, MSGSPEC), resolve(outdir, MSGSPEC));
for (const name of ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]) {
  await writeFile(resolve(outdir, name), await readFile(resolve(here, "../../node_modules/pyodide", name)));  // not its mode
}
await build({ ...common, format: "esm", entryPoints: ["replay-worker.ts"], external: ["node:*", "ws"] });
