/** The page that computes a score sheet again where its file is dropped. Nothing leaves the browser. */

import { fromUtf8, fromBase64 } from "./bytes";
import { bringUp, type Held, judged, onFile, untold } from "./judged";
import { type Outcome } from "./proof";
import { differenceTable, sheetTables } from "./replay-tables";
import { type FromEngine, type Replayed, type ToEngine } from "./replay-terms";
import { element, icon, type Messages, stepList, text, verdictBox } from "./verdict";

declare global {
  // For scripts and tests: the same computation, without the page.
  var onecodeReplay: (sheet: string) => Promise<Replayed>;
}

const MOST_BYTES = 20_000_000;

/** The worker that computes, and what was asked of it. */
class Engine {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve: (found: Replayed) => void; reject: (why: Error) => void }>();
  private asked = 0;
  private ended = "";

  constructor(place: HTMLElement, private readonly state: (name: "ready" | "failed" | "stopped") => void) {
    const { worker = "", statics = "", wheel = "", core = "" } = place.dataset;
    this.worker = new Worker(worker, { type: "module" });
    this.worker.addEventListener("message", (event: MessageEvent<FromEngine>) => this.heard(event.data));
    this.worker.addEventListener("error", () => this.end("failed", "the worker"));
    this.say({ kind: "start", statics: new URL(statics, location.href).href, wheel, core });
  }

  replay(data: Uint8Array): Promise<Replayed> {
    const id = (this.asked += 1);
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(new Error(this.ended));
      this.waiting.set(id, { resolve, reject });
      this.say({ kind: "replay", id, data, locale: document.documentElement.lang });
    });
  }

  private say(message: ToEngine): void {
    this.worker.postMessage(message);
  }

  private heard(message: FromEngine): void {
    if (message.kind === "ready") return this.state("ready");
    if (message.kind === "failed") return this.end(message.id ? "stopped" : "failed", message.why);
    this.waiting.get(message.id)?.resolve(JSON.parse(message.text) as Replayed);
    this.waiting.delete(message.id);
  }

  /** An interpreter that broke once answers nothing any more. */
  private end(state: "stopped" | "failed", why: string): void {
    this.ended = why;
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(new Error(why));
    this.waiting.clear();
    this.state(state);
  }
}

/** The signed part of a file: what its proof shows, and the bytes of the sheet where it has any. */
interface Signed {
  outcome: Outcome;
  sheet: Uint8Array | null;
}

function signed(data: Uint8Array, key: string, pinned: string): Signed {
  if (data.length > MOST_BYTES) return { outcome: untold("large-sheet"), sheet: null };
  if (!isProof(data)) return { outcome: untold("unsigned"), sheet: data };
  const outcome = judged(data, key, pinned);
  return { outcome, sheet: outcome.proof?.body ?? null };
}

/** Whether the file is a proof of an entry, of whatever form, rather than a sheet alone. */
function isProof(data: Uint8Array): boolean {
  try {
    const found = JSON.parse(fromUtf8(data)) as { format?: unknown } | null;
    return typeof found?.format === "string" && !found.format.startsWith("onecode-score-sheet/");
  } catch {
    return false;
  }
}

function box(messages: Messages, verdict: 0 | 1 | 2, said: string): HTMLElement {
  const made = element("div", "verdict");
  made.dataset["replay"] = String(verdict);
  made.dataset["verdict"] = String(verdict);
  const title = element("h2");
  title.append(icon(verdict), element("span", "", text(messages, `replay.verdict.${verdict}`)));
  made.append(title, element("p", "", said));
  return made;
}

function computed(messages: Messages, found: Replayed): HTMLElement {
  const values = { values: String(found.values), bids: String(found.bids.length), tender: found.tender, winner: found.winner };
  if (found.verdict === 0) return box(messages, 0, text(messages, found.winner ? "replay.same" : "replay.same.no-winner", values));
  const [first] = found.differences;
  if (!first) return box(messages, found.verdict, `${found.said} ${found.fix}`.trim());
  const named = messages[`replay.part.${first.part}`] ? `replay.part.${first.part}` : "replay.part";
  return box(messages, 1, text(messages, named, { row: first.row, place: first.pointer }));
}

function recordPart(messages: Messages, outcome: Outcome): HTMLElement {
  const part = element("section");
  part.append(element("h2", "", text(messages, "replay.record")), verdictBox(messages, outcome));
  if (outcome.steps.length) {
    const more = element("details", "card");
    more.append(element("summary", "", text(messages, "replay.steps")), stepList(messages, outcome));
    part.append(more);
  }
  return part;
}

function start(form: HTMLFormElement): void {
  const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Messages;
  const [place, status] = ["outcome", "engine"].map((id) => document.getElementById(id));
  if (!place || !status) return;
  const tell = (name: string): void => {
    status.dataset["state"] = name;
    const line = status.querySelector("p");
    if (line) line.textContent = text(messages, `replay.engine.${name}`);
  };
  let idle = "loading";
  const engine = new Engine(status, (name) => tell((idle = name)));
  globalThis.onecodeReplay = (sheet) => engine.replay(fromBase64(sheet) ?? new Uint8Array());
  let last: { held: Held; found: Replayed | null } | null = null;

  const show = (held: Held, outcome: Outcome, found: Replayed | null): void => {
    place.replaceChildren(...(found ? [computed(messages, found)] : []));
    place.append(element("p", "hint", text(messages, "checked", { name: held.name })), recordPart(messages, outcome));
    if (found?.differences.length) place.append(differenceTable(messages, found));
    if (found?.bids.length) place.append(...sheetTables(messages, found));
    if (!outcome.verdict) place.append(element("p", "notice", text(messages, "recorded-not-true")));
  };

  onFile(form, (held, key, pinned, fresh) => {
    const { outcome, sheet } = signed(held.data, key, pinned);
    if (!fresh && last?.held === held) return show(held, outcome, last.found);
    last = { held, found: null };
    show(held, outcome, null);
    bringUp(place);
    if (!sheet) return;
    if (idle === "ready") tell("working");
    const done = (found: Replayed): void => {
      tell(idle);
      if (last?.held !== held) return;
      last.found = found;
      const now = signed(held.data, value(form, "key"), value(form, "pinned"));
      show(held, now.outcome, found);
      bringUp(place);
    };
    engine.replay(sheet).then(done, (error: unknown) => console.warn(error));
  });
}

function value(form: HTMLFormElement, name: string): string {
  return (form.elements.namedItem(name) as HTMLTextAreaElement).value;
}

const form = document.querySelector<HTMLFormElement>("form[data-verify]");
if (form) start(form);
