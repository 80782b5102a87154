/** The page that verifies a proof file where it is dropped. Nothing leaves the browser. */

import { fromBase64, fromUtf8 } from "./bytes";
import { bringUp, judged, onFile } from "./judged";
import { type Outcome } from "./proof";
import { element, type Messages, stepList, text, verdictBox } from "./verdict";

declare global {
  // For scripts and tests: the same verification, without the page.
  var onecodeVerify: (proof: string, key: string, pinned: string, policy?: string) => { verdict: number; code: string };
}

globalThis.onecodeVerify = (proof, key, pinned, policy) => {
  const { verdict, code } = judged(fromBase64(proof) ?? new Uint8Array(), key, pinned, policy);
  return { verdict, code };
};

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

function fieldList(outcome: Outcome): HTMLElement {
  const facts = element("dl", "facts card");
  for (const { path, value } of outcome.shown) facts.append(element("dt", "", path || "/"), element("dd", "", String(value)));
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
  card.append(stepList(messages, outcome));
  place.append(card);
  if (outcome.sealed && !outcome.verdict) place.append(element("p", "notice", text(messages, "sealed")));
  if (outcome.shown.length) place.append(element("h3", "", text(messages, "shown")), fieldList(outcome));
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
  if (!place) return;
  onFile(form, (held, key, pinned, fresh, policy) => {
    show(messages, place, held.name, judged(held.data, key, pinned, policy));
    if (fresh) bringUp(place);
  });
}

const form = document.querySelector<HTMLFormElement>("form[data-verify]");
if (form) start(form);
