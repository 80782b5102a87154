// ZPL on standard input, one JSON array of base64 PNGs on standard output: node render_zpl.mjs WIDTH_MM HEIGHT_MM DPMM
import { readFileSync, writeSync } from "node:fs";
import { ready } from "zpl-renderer-js";

const [width, height, dpmm] = process.argv.slice(2).map(Number);
const { api } = await ready;
const pictures = await api.zplToBase64MultipleAsync(readFileSync(0, "utf8"), width, height, dpmm);
writeSync(1, JSON.stringify(pictures));
process.exit(0);
