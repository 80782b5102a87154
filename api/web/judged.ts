/** A proof file judged by what a reader typed, and the form it is dropped into. */

import { type Checkpoint, parseCheckpoint, parseKey, parseNote } from "./note";
import { type Outcome, verify } from "./proof";
import { Refused } from "./refused";

/** A verdict without a step: nothing could be checked. */
export function untold(reason: string): Outcome {
  return { verdict: 2, code: "proof.cannot-tell", reason, values: {}, steps: [], proof: null, sealed: false, shown: [], receipt: null };
}

/** The outcome for what the reader typed; a key or pin that cannot be read is the reader's, not the proof's. */
export function judged(data: Uint8Array, key: string, pinned: string): Outcome {
  try {
    return verify(data, key.trim() ? parseKey(key) : null, pinned.trim() ? pinnedCheckpoint(pinned) : null);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return untold(error.reason.startsWith("key") ? "given-key" : "given-pin");
  }
}

/** A kept checkpoint: a signed note, or its three lines. */
function pinnedCheckpoint(text: string): Checkpoint {
  const plain = `${text.replaceAll("\r\n", "\n").trim()}\n`;
  return parseCheckpoint(plain.includes("\n\n") ? parseNote(plain).text : plain);
}

export interface Held {
  name: string;
  data: Uint8Array;
}

/** Calls `judge` with the file that was chosen or dropped, and again when key or pin change; `fresh` for a new file. */
export function onFile(form: HTMLFormElement, judge: (held: Held, key: string, pinned: string, fresh: boolean) => void): void {
  const file = form.querySelector<HTMLInputElement>("input[type=file]");
  const [key, pinned] = ["key", "pinned"].map((name) => form.elements.namedItem(name) as HTMLTextAreaElement | null);
  const drop = form.querySelector<HTMLElement>(".drop");
  if (!file || !key || !pinned || !drop) return;
  let held: Held | null = null;

  const again = (fresh: boolean): void => {
    if (held) judge(held, key.value, pinned.value, fresh);
  };
  const take = async (given: File | undefined): Promise<void> => {
    if (!given) return;
    held = { name: given.name, data: new Uint8Array(await given.arrayBuffer()) };
    again(true);
  };
  file.addEventListener("change", () => void take(file.files?.[0]));
  for (const field of [key, pinned]) field.addEventListener("input", () => again(false));
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
