/**
 * The designer of a scheme: asks the server, a moment after typing ends, what adds up, and marks what holds something
 * and is wrong. A choice that decides which fields there are sends the form, and the page comes back with them.
 */

import { keepDraft } from "./draft";

interface Checked {
  faults: Record<string, string[]>;
  weights: string;
  points: string;
  level: boolean;
}

const PAUSE = 400;
const design = document.querySelector<HTMLFormElement>("#design");
if (design) {
  follow(design);
  const draft = new URL(design.action).pathname;
  keepDraft(design, `${draft}/draft`, draft);
}

function follow(form: HTMLFormElement): void {
  let waiting = 0;
  let asked: AbortController | undefined;
  const sum = form.querySelector<HTMLElement>("#weights");

  function show(checked: Checked): void {
    if (sum) {
      const words = sum.dataset["words"] ?? "";
      sum.textContent = words.replace("%total%", checked.weights).replace("%points%", checked.points);
      sum.classList.toggle("holds", checked.level);
      sum.classList.toggle("waiting", !checked.level);
    }
    for (const place of form.querySelectorAll<HTMLElement>(".fault")) {
      const key = place.id.slice(2);
      const field = form.elements.namedItem(key);
      const holds = field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
      const said = holds ? (checked.faults[key] ?? []) : [];
      place.textContent = said.join("; ");
      place.hidden = !said.length;
      if (field instanceof HTMLElement) {
        if (said.length) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
  }

  async function ask(): Promise<void> {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    const headers = { "x-csrf-token": String(body.get("csrf_token")), accept: "application/json" };
    try {
      const answer = await fetch(`${form.action}/check`, { method: "POST", body, headers, signal: asked.signal });
      if (answer.ok) show((await answer.json()) as Checked);
    } catch (error) {
      // Superseded by a later question, or offline: publishing checks it all again.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE);
  });
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement) || !field.dataset["moves"]) return;
    const save = form.querySelector<HTMLButtonElement>("button[value=save]");
    if (save) {
      save.value = `save:${field.dataset["moves"]}`;
      form.requestSubmit(save);
    }
  });
}
