/**
 * The page that commits to a document and later shows some of its fields. The document and its opening stay in the
 * browser: the ledger is sent one hash, and asked for the proof of it.
 */

import { canonicalText, NotCanonical } from "./canonical";
import { fromUtf8, hex, utf8 } from "./bytes";
import { type Field, type Opening, openingOf, openingText, readDocument, readOpening, shownFields, treeOf } from "./fields";
import { Refused } from "./refused";
import { element, type Messages, text } from "./verdict";

interface Outcome {
  rows: { index?: number; problem?: { detail?: string; title?: string } }[];
}

const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Messages;

function say(place: HTMLElement, tone: "good" | "bad", key: string, values: Record<string, string> = {}): void {
  const box = element("p", `notice ${tone}`, text(messages, key, values));
  box.setAttribute("role", tone === "bad" ? "alert" : "status");
  place.replaceChildren(box);
}

function sayRefused(place: HTMLElement, error: unknown): void {
  if (error instanceof Refused) say(place, "bad", `why.${error.reason}`, error.values);
  else if (error instanceof NotCanonical) say(place, "bad", "why.opening-number", { path: "" });
  else if (error instanceof TypeError) say(place, "bad", "why.opening-network");
  else throw error;
}

function keep(name: string, content: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([utf8(content) as BlobPart], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Rows that were typed become a document of names and values. */
function typed(form: HTMLFormElement): unknown {
  const names = [...form.querySelectorAll<HTMLInputElement>("[name=field]")];
  const values = [...form.querySelectorAll<HTMLInputElement>("[name=value]")];
  const rows = names.map((one, at) => [one.value.trim(), values[at]?.value.trim() ?? ""] as const);
  const filled = rows.filter(([name]) => name);
  if (!filled.length) throw new Refused("opening", "opening-fields", { count: "0" });
  if (new Set(filled.map(([name]) => name)).size < filled.length) throw new Refused("opening", "opening-twice");
  return Object.fromEntries(filled);
}

async function commit(form: HTMLFormElement, place: HTMLElement): Promise<void> {
  const said = new FormData(form);
  const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
  const content = file ? readDocument(await file.text()) : typed(form);
  const id = `commitment:${hex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const opening = openingOf(id, content);
  const tree = treeOf(opening);
  const record: Record<string, unknown> = {
    about: said.get("about"), id, kind: "field_commitment", occurred_at: new Date().toISOString(),
    root: hex(tree.at(-1)?.[0] ?? new Uint8Array()), size: tree[0]?.length, supplier: said.get("supplier"), version: 1,
  };
  for (const name of ["of", "product"]) if (said.get(name)) record[name] = said.get(name);
  const answer = await fetch("/api/v1/records", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": form.dataset["token"] ?? "" },
    body: canonicalText([record]),
  });
  const outcome = (await answer.json()) as Outcome & { detail?: string; title?: string };
  const row = outcome.rows?.[0];
  if (!answer.ok || row?.index === undefined) {
    const why = row?.problem ?? outcome;
    say(place, "bad", "commit.refused", { why: why.detail ?? why.title ?? String(answer.status) });
    return;
  }
  keep(`opening-${row.index}.json`, openingText(opening));
  say(place, "good", "commit.done", { entry: String(row.index), count: String(opening.fields.length) });
  form.reset();
}

function choices(place: HTMLElement, fields: Field[]): void {
  const list = element("div", "rows");
  for (const one of fields) {
    const label = element("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = one.path;
    label.append(box, element("code", "", ` ${one.path || "/"} `), element("span", "", String(one.value)));
    list.append(label);
  }
  place.replaceChildren(list);
}

async function disclose(opening: Opening, form: HTMLFormElement, place: HTMLElement): Promise<void> {
  const chosen = new Set([...form.querySelectorAll<HTMLInputElement>("input:checked")].map((box) => box.value));
  if (!chosen.size) throw new Refused("opening", "opening-none");
  const entries = JSON.parse(document.getElementById("commitments")?.textContent ?? "{}") as Record<string, number>;
  const index = entries[opening.record];
  if (index === undefined) throw new Refused("opening", "opening-unknown");
  const answer = await fetch(`/api/v1/entries/${index}/proof`);
  if (answer.status === 409) throw new Refused("opening", "opening-not-yet");
  if (!answer.ok) throw new Refused("opening", "opening-no-proof", { status: String(answer.status) });
  const proof: unknown = JSON.parse(fromUtf8(new Uint8Array(await answer.arrayBuffer())));
  const fields = shownFields(opening, chosen);
  keep(`disclosure-${index}.json`, `${canonicalText({ fields, format: "onecode/disclosure/1", proof })}\n`);
  say(place, "good", "disclose.done", { count: String(fields.length), of: String(opening.fields.length) });
}

function start(): void {
  const [committing, disclosing] = ["commit", "disclose"].map((name) => document.querySelector<HTMLFormElement>(`form[data-${name}]`));
  const [said, shown, list] = ["committed", "disclosed", "fields"].map((name) => document.getElementById(name));
  if (!committing || !disclosing || !said || !shown || !list) return;
  committing.addEventListener("submit", (event) => {
    event.preventDefault();
    commit(committing, said).catch((error: unknown) => sayRefused(said, error));
  });
  committing.querySelector("[data-more]")?.addEventListener("click", () => {
    const row = committing.querySelector(".pair:last-of-type");
    const copy = row?.cloneNode(true) as HTMLElement | undefined;
    for (const input of copy?.querySelectorAll("input") ?? []) input.value = "";
    if (row && copy) row.after(copy);
    copy?.querySelector("input")?.focus();
  });
  let held: Opening | null = null;
  const file = disclosing.querySelector<HTMLInputElement>("input[type=file]");
  file?.addEventListener("change", () => {
    const take = async (): Promise<void> => {
      const given = file.files?.[0];
      if (!given) return;
      held = readOpening(new Uint8Array(await given.arrayBuffer()));
      shown.replaceChildren();
      choices(list, held.fields);
    };
    take().catch((error: unknown) => {
      list.replaceChildren();
      sayRefused(shown, error);
    });
  });
  disclosing.addEventListener("submit", (event) => {
    event.preventDefault();
    const done = held ? disclose(held, disclosing, shown) : Promise.reject(new Refused("opening", "opening-file"));
    done.catch((error: unknown) => sayRefused(shown, error));
  });
}

start();
