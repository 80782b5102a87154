// Builds api/static from api/web: node api/web/build.mjs [folder]. The same sources and lock file give the same bytes.
import { build } from "esbuild";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
await build({
  absWorkingDir: here,
  entryPoints: ["app.css", "app.ts", "verify-page.ts"],
  outdir: resolve(process.argv[2] ?? resolve(here, "../static")),
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  legalComments: "inline",
  logLevel: "warning",
});
