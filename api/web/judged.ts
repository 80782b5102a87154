/** A proof file judged by what a reader typed, and the form it is dropped into. */

import { type Checkpoint, parseCheckpoint, parseKey } from "./note";
import { parsePolicy } from "./policy";
import { type Outcome, verify } from "./proof";
import { Refused } from "./refused";

/** A verdict without a step: nothing could be checked. */
export function untold(reason: string): Outcome {
  return { verdict: 2, code: "proof.cannot-tell", reason, values: {}, steps: [], proof: null, sealed: false, shown: [], receipt: null };
}

/** The outcome for what the reader typed; a key or pin that cannot be read is the reader's, not the proof's. */
export function judged(data: Uint8Array, key: string, pinned: string, policy = ""): Outcome {
  try {
    const asked = policy.trim() ? parsePolicy(policy.replaceAll("\r\n", "\n")) : null;
    return verify(data, key.trim() ? parseKey(key) : null, pinned.trim() ? pinnedCheckpoint(pinned) : null, asked);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.reason === "policy") return untold("given-policy");
    return untold(error.reason.startsWith("key") ? "given-key" : "given-pin");
  }
}

/** A kept checkpoint: a pin file, a signed note with whatever lines of witnesses, or its three lines. */
function pinnedCheckpoint(text: string): Checkpoint {
  const [first = "", ...rest] = text.replaceAll("\r\n", "\n").trim().split("\n\n");
  return parseCheckpoint(`${rest.length && !first.includes("\n") ? rest[0] : first}\n`);
}

export interface Held {
  name: string;
  data: Uint8Array;
}

/** Calls `judge` with the file that was chosen or dropped, and again when key or pin change; `fresh` for a new file. */
export function onFile(
  form: HTMLFormElement, judge: (held: Held, key: string, pinned: string, fresh: boolean, policy: string) => void,
): void {
  const file = form.querySelector<HTMLInputElement>("input[type=file]");
  const [key, pinned, policy] = ["key", "pinned", "policy"].map((name) => form.elements.namedItem(name) as HTMLTextAreaElement | null);
  const drop = form.querySelector<HTMLElement>(".drop");
  if (!file || !key || !pinned || !drop) return;
  let held: Held | null = null;

  const again = (fresh: boolean): void => {
    if (held) judge(held, key.value, pinned.value, fresh, policy?.value ?? "");
  };
  const take = async (given: File | undefined): Promise<void> => {
    if (!given) return;
    held = { name: given.name, data: new Uint8Array(await given.arrayBuffer()) };
    again(true);
  };
  file.addEventListener("change", () => void take(file.files?.[0]));
  for (const field of [key, pinned, policy]) field?.addEventListener("input", () => again(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    again(false);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => void take(event.dataTransfer?.files[0]));
}

/** Brings what came of a file before the reader. */
export function bringUp(place: HTMLElement): void {
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}
