// Builds api/static from api/web: node api/web/build.mjs [folder]. The same sources and lock file give the same bytes.
import { build } from "esbuild";
import { copyFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = resolve(process.argv[2] ?? resolve(here, "../static"));
await build({
  absWorkingDir: here,
  entryPoints: [
    "app.css", "app.ts", "bid-page.ts", "disclose-page.ts", "intake-page.ts", "passport-page.ts", "pcf-form-page.ts", "scan.css", "scan-decoder.ts", "scan-page.ts", "scan-worker.ts",
    "verify-page.ts",
  ],
  outdir,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  legalComments: "inline",
  logLevel: "warning",
});
// The decoder of the scan page: zxing-cpp as its package ships it.
await copyFile(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")), resolve(outdir, "zxing_reader.wasm"));
