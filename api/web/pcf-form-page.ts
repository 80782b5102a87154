/**
 * The form of a footprint: asks the server, a moment after typing ends, what adds up. The rules are the server's alone.
 * A total that nobody typed follows its parts; what is wrong is marked at fields that hold something.
 */

import { keepDraft } from "./draft";

interface Checked {
  totals: Record<string, string>;
  faults: Record<string, string[]>;
}

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const PAUSE = 400;
const filledIn = document.querySelector<HTMLFormElement>("#pcf-form");
if (filledIn) {
  follow(filledIn);
  keepDraft(filledIn, "/pcf/form/draft", "/pcf/form");
}

function follow(form: HTMLFormElement): void {
  const typed = new Set<string>();
  let waiting = 0;
  let asked: AbortController | undefined;

  const named = (key: string): Input | null => form.querySelector<Input>(`#f-${key}`);

  function show(checked: Checked): void {
    for (const [key, total] of Object.entries(checked.totals)) {
      const field = named(key);
      if (field && (!typed.has(key) || !field.value)) field.value = total;
    }
    for (const place of form.querySelectorAll<HTMLElement>(".fault")) {
      const key = place.id.slice(2);
      const field = named(key);
      const said = field?.value ? (checked.faults[key] ?? []) : [];
      place.textContent = said.join("; ");
      place.hidden = !said.length;
      if (said.length) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    }
  }

  async function ask(): Promise<void> {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    for (const total of ["pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake"]) {
      if (!typed.has(total)) body.set(total, "");
    }
    const headers = { "x-csrf-token": String(body.get("csrf_token")), accept: "application/json" };
    try {
      const answer = await fetch("/pcf/form/check", { method: "POST", body, headers, signal: asked.signal });
      if (answer.ok) show((await answer.json()) as Checked);
    } catch (error) {
      // Superseded by a later question, or offline: recording checks it all again.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement) typed.add(event.target.name);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE);
  });
}
