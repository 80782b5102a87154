/** The page that verifies a proof file where it is dropped. Nothing leaves the browser. */

import { fromBase64, fromUtf8 } from "./bytes";
import { type Checkpoint, parseCheckpoint, parseKey, parseNote } from "./note";
import { type Outcome, type Step, verify } from "./proof";
import { Refused } from "./refused";

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

type Messages = Record<string, string>;

declare global {
  // For scripts and tests: the same verification, without the page.
  var onecodeVerify: (proof: string, key: string, pinned: string) => { verdict: number; code: string };
}

globalThis.onecodeVerify = (proof, key, pinned) => {
  const { verdict, code } = judged(fromBase64(proof) ?? new Uint8Array(), key, pinned);
  return { verdict, code };
};

/** The outcome for what the reader typed; a key or pin that cannot be read is the reader's, not the proof's. */
function judged(data: Uint8Array, key: string, pinned: string): Outcome {
  try {
    return verify(data, key.trim() ? parseKey(key) : null, pinned.trim() ? pinnedCheckpoint(pinned) : null);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const steps: Step[] = [];
    const reason = error.reason.startsWith("key") ? "given-key" : "given-pin";
    return { verdict: 2, code: "proof.cannot-tell", reason, values: {}, steps, proof: null, receipt: null };
  }
}

/** A kept checkpoint: a signed note, or its three lines. */
function pinnedCheckpoint(text: string): Checkpoint {
  const plain = `${text.replaceAll("\r\n", "\n").trim()}\n`;
  return parseCheckpoint(plain.includes("\n\n") ? parseNote(plain).text : plain);
}

function text(messages: Messages, key: string, values: Record<string, string> = {}): string {
  const message = messages[key] ?? key;
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Text with its invisible controls spelled out, as the server's pages do. */
function visible(content: string): string {
  return content.replace(CONTROLS, (one) => `⟨U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

function element(name: string, className = "", content = ""): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = visible(content);
  return made;
}

const SHAPES = { 0: "M4 12l6 6L20 6", 1: "M5 5l14 14M19 5L5 19", 2: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18v.5" };

function icon(verdict: 0 | 1 | 2): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[verdict]);
  for (const [name, value] of [["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "3"]] as const) {
    path.setAttribute(name, value);
  }
  svg.append(path);
  return svg;
}

function verdictBox(messages: Messages, outcome: Outcome): HTMLElement {
  const box = element("div", "verdict");
  box.dataset["verdict"] = String(outcome.verdict);
  box.dataset["code"] = outcome.code;
  const title = element("h2");
  title.append(icon(outcome.verdict), element("span", "", text(messages, `verdict.${outcome.verdict}`)));
  const why = outcome.reason ? `why.${outcome.reason}` : "verdict.0.why";
  box.append(title, element("p", "", text(messages, why, outcome.values)));
  return box;
}

function stepList(messages: Messages, steps: Step[]): HTMLElement {
  const list = element("ol", "steps");
  for (const step of steps) {
    const item = element("li");
    item.append(element("strong", "", text(messages, `step.${step.name}`)));
    item.append(element("span", `state ${step.outcome}`, text(messages, `outcome.${step.outcome}`)));
    item.append(element("p", "", text(messages, `step.${step.name}.${step.outcome}`, step.values)));
    list.append(item);
  }
  return list;
}

function factList(messages: Messages, outcome: Outcome): HTMLElement {
  const facts = element("dl", "facts");
  const { proof, receipt } = outcome;
  const rows: [string, string][] = [];
  if (proof) {
    rows.push(["index", String(proof.index)], ["tenant", proof.tenant], ["recorded", instant(proof.recordedAt)]);
  }
  if (receipt) {
    const { chainId, contract, transaction, blockNumber } = receipt;
    rows.push(["chain", chainId], ["contract", contract], ["transaction", transaction], ["block", blockNumber]);
  }
  for (const [name, value] of rows) facts.append(element("dt", "", text(messages, `fact.${name}`)), element("dd", "", value));
  return facts;
}

function instant(microseconds: bigint): string {
  const date = new Date(Number(microseconds / 1000n));
  return Number.isNaN(date.getTime()) ? String(microseconds) : date.toISOString().replace("T", " ").replace("Z", " UTC");
}

function recordText(body: Uint8Array): string {
  try {
    return JSON.stringify(JSON.parse(fromUtf8(body)), null, 2);
  } catch {
    return "";
  }
}

function show(messages: Messages, place: HTMLElement, name: string, outcome: Outcome): void {
  place.replaceChildren(verdictBox(messages, outcome), element("h3", "", text(messages, "checked", { name })));
  const card = element("div", "card");
  card.append(stepList(messages, outcome.steps));
  place.append(card);
  if (!outcome.proof) return;
  place.append(element("h3", "", text(messages, "content")), factList(messages, outcome));
  const more = element("details");
  const pre = element("pre", "", recordText(outcome.proof.body));
  pre.tabIndex = 0;
  more.append(element("summary", "", text(messages, "record")), pre);
  place.append(more, element("p", "notice", text(messages, "recorded-not-true")));
}

function start(form: HTMLFormElement): void {
  const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Messages;
  const place = document.getElementById("outcome");
  const file = form.querySelector<HTMLInputElement>("input[type=file]");
  const [key, pinned] = ["key", "pinned"].map((name) => form.elements.namedItem(name) as HTMLTextAreaElement);
  const drop = form.querySelector<HTMLElement>(".drop");
  if (!place || !file || !key || !pinned || !drop) return;
  let held: { name: string; data: Uint8Array } | null = null;

  const judge = (): void => {
    if (held) show(messages, place, held.name, judged(held.data, key.value, pinned.value));
  };
  const take = async (given: File | undefined): Promise<void> => {
    if (!given) return;
    held = { name: given.name, data: new Uint8Array(await given.arrayBuffer()) };
    judge();
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  };
  file.addEventListener("change", () => void take(file.files?.[0]));
  for (const field of [key, pinned]) field.addEventListener("input", judge);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    judge();
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => void take(event.dataTransfer?.files[0]));
}

const form = document.querySelector<HTMLFormElement>("form[data-verify]");
if (form) start(form);
