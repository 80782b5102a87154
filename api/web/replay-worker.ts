/**
 * Computes score sheets again with the ledger's own Python, which Pyodide runs here: the same modules as the server's,
 * `ledger.scoring`, not a second program that has to agree with them. Once started it asks the network for nothing.
 */

import { loadPyodide } from "pyodide";
import { type FromEngine, type ToEngine } from "./replay-terms";

/** What the wheel of msgspec was built for, as Pyodide's own list of packages states it; no package of that list is used. */
const BUILT: LockInfo = { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2" };
type LockInfo = { abi_version: string; arch: "wasm32"; platform: string; python: string };
const CORE = "/core";
const BEGIN = `
import sys
sys.path.insert(0, "${CORE}")
from ledger.scoring.replaying import replayed_json
def replay(data, locale):
    return replayed_json(data.to_bytes(), locale)
replay
`;

type Replay = (data: Uint8Array, locale: string) => string;
let replay: Promise<Replay> | null = null;

async function start(statics: string, wheel: string, core: string): Promise<Replay> {
  const [python, ...archives] = await Promise.all([
    loadPyodide({ indexURL: statics, lockFileContents: { info: { ...BUILT, version: "" }, packages: {} } as never, packageBaseUrl: statics }),
    fetched(wheel),
    fetched(core),
  ]);
  python.unpackArchive(archives[0] as ArrayBuffer, "wheel");
  python.unpackArchive(archives[1] as ArrayBuffer, "zip", { extractDir: CORE });
  return python.runPython(BEGIN) as Replay;
}

async function fetched(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.arrayBuffer();
}

function say(message: FromEngine): void {
  postMessage(message);
}

async function heard(message: ToEngine): Promise<void> {
  if (message.kind === "start") {
    replay = start(message.statics, message.wheel, message.core);
    await replay;
    say({ kind: "ready" });
  } else if (replay) {
    say({ kind: "replayed", id: message.id, text: (await replay)(message.data, message.locale) });
  }
}

addEventListener("message", (event: MessageEvent<ToEngine>) => {
  heard(event.data).catch((error: unknown) => say({ kind: "failed", id: "id" in event.data ? event.data.id : 0, why: String(error) }));
});
