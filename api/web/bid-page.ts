/** The page of one sealed tender: a bidder fills in and seals, a holder makes a key and releases it. */

import { canonicalText } from "./canonical";
import { utf8 } from "./bytes";
import { product } from "./decimal";
import { freshPair, type Purpose, seal } from "./sealing";
import { element, type Messages, text } from "./verdict";

const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Messages;
const place = document.getElementById("outcome") as HTMLElement;
const about = document.getElementById("main")?.querySelector<HTMLElement>("[data-tender]");
const tender = about?.dataset["tender"] ?? "";
const token = about?.dataset["token"] ?? "";
const base = `/api/v1/tenders/${tender.split("/").map(encodeURIComponent).join("/")}`;

function say(tone: "good" | "bad", key: string, values: Record<string, string> = {}): void {
  const box = element("p", `notice ${tone}`, text(messages, key, values));
  box.setAttribute("role", tone === "bad" ? "alert" : "status");
  place.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

function keep(name: string, content: unknown): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([utf8(canonicalText(content)) as BlobPart], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function post(path: string, said: unknown): Promise<{ entry: string } | null> {
  const answer = await fetch(`${base}/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token, Accept: "application/json" },
    body: canonicalText(said),
  });
  const told = (await answer.json()) as { entry?: number; detail?: string; fix?: string; title?: string };
  if (answer.ok) return { entry: String(told.entry) };
  say("bad", "bid.refused", { why: [told.detail ?? told.title ?? String(answer.status), told.fix ?? ""].join(" ") });
  return null;
}

/** What the form says, as the body of a bid. Throws RangeError for a price that is no number. */
function stated(form: HTMLFormElement): Record<string, unknown> {
  const said = new FormData(form);
  const value = (name: string): string => String(said.get(name) ?? "").trim();
  const quantity = form.dataset["quantity"] ?? "1";
  const price = product(value("unit_price"), quantity);
  const quality = [...form.querySelectorAll<HTMLInputElement>("input[data-quality]")].map((one) => [
    one.dataset["quality"] ?? "", product(one.value.trim(), "1"),
  ]);
  const chosen = form.querySelector<HTMLSelectElement>("[name=footprint]")?.selectedOptions[0]?.dataset["record"];
  const footprint = chosen ? (JSON.parse(chosen) as Record<string, unknown>) : { status: "missing" };
  if (chosen && value("category_rule")) footprint["category_rule"] = value("category_rule");
  const assets = value("assets").split(/\s+/).filter(Boolean);
  return {
    ...(assets.length ? { assets } : {}),
    price,
    lines: [{ item: form.dataset["item"], quantity, unit_price: product(value("unit_price"), "1"), amount: price }],
    quality: Object.fromEntries(quality) as Record<string, string>,
    footprint,
    certificates: said.getAll("certificate").map((one) => JSON.parse(String(one)) as unknown),
    pledges: said.getAll("pledge").map(String),
  };
}

async function sealed(form: HTMLFormElement): Promise<void> {
  const purpose = JSON.parse(form.dataset["purpose"] ?? "{}") as Purpose;
  const body = canonicalText(stated(form));
  const made = await seal(body, purpose);
  // The file first: without it its bidder could not show what the seal holds.
  keep(`bid-${tender.replaceAll("/", "-")}.json`, { body, commitment: made.sealed.commitment, nonce: made.nonce, tender });
  const receipt = await post("sealed-bids", made.sealed);
  if (receipt) say("good", "bid.sealed", receipt);
}

async function made(holder: string): Promise<void> {
  const pair = await freshPair();
  keep(`key-${holder}-${tender.replaceAll("/", "-")}.json`, {
    holder, private_key: pair.privateKey, public_key: pair.publicKey, tender,
  });
  const receipt = await post("sealing-keys", { holder, public_key: pair.publicKey });
  if (!receipt) return;
  document.querySelector("[data-make-key]")?.remove();
  say("good", "bid.key-published", receipt);
}

async function released(file: File): Promise<void> {
  const kept = JSON.parse(await file.text()) as { holder: string; private_key: string };
  const receipt = await post("key-releases", { holder: kept.holder, private_key: kept.private_key });
  if (receipt) location.reload();
}

function on(selector: string, kind: "click" | "submit", act: (at: HTMLElement) => Promise<void>): void {
  document.querySelector<HTMLElement>(selector)?.addEventListener(kind, (event) => {
    event.preventDefault();
    const at = event.currentTarget as HTMLElement;
    const button = at.querySelector<HTMLButtonElement>("button[type=submit]") ?? (at as HTMLButtonElement);
    button.disabled = true;
    act(at)
      .catch((error: unknown) => {
        if (error instanceof RangeError) say("bad", "bid.not-a-number", { text: error.message });
        else if (error instanceof DOMException) say("bad", "bid.no-crypto");
        else if (error instanceof SyntaxError) say("bad", "bid.no-key-file");
        else say("bad", "bid.network");
      })
      .finally(() => {
        button.disabled = false;
      });
  });
}

on("form[data-seal]", "submit", (form) => sealed(form as HTMLFormElement));
on("[data-withdraw]", "click", async (button) => {
  const receipt = await post("sealed-bids", {
    scheme: button.dataset["scheme"], commitment: button.dataset["withdraw"],
  });
  if (receipt) location.reload();
});
on("[data-make-key]", "click", (button) => made(button.dataset["makeKey"] ?? ""));
on("form[data-release]", "submit", async (form) => {
  const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
  if (file) await released(file);
});

const unit = document.querySelector<HTMLInputElement>("[name=unit_price]");
unit?.addEventListener("input", () => {
  const total = document.querySelector<HTMLOutputElement>("output[data-total]");
  const form = unit.form;
  if (!total || !form) return;
  try {
    total.value = product(unit.value.trim(), form.dataset["quantity"] ?? "1");
  } catch {
    total.value = "–";
  }
});
