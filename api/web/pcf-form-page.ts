/**
 * The form of a footprint: asks the server, a moment after typing ends, what adds up. The rules are the server's alone.
 * A total that nobody typed follows its parts; what is wrong is marked at fields that hold something.
 */

interface Checked {
  totals: Record<string, string>;
  faults: Record<string, string[]>;
}

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const PAUSE = 400;
const filledIn = document.querySelector<HTMLFormElement>("#pcf-form");
if (filledIn) follow(filledIn);

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

  const state = document.querySelector<HTMLElement>("#draft-state");
  const tell = (words: string | undefined): void => {
    if (state && words) state.textContent = words;
  };
  const set = (name: string, value: string): void => {
    const field = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
    if (field) field.value = value;
  };
  let saving = 0;
  let under: Promise<void> = Promise.resolve();
  let unsaved = false;
  let handedIn = false;

  /** A session that ended and began again has another token: it stands in the form as the server shows it now. */
  async function renew(): Promise<boolean> {
    const answer = await fetch("/pcf/form", { headers: { accept: "text/html" } });
    const there = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = there.querySelector<HTMLInputElement>("#pcf-form input[name=csrf_token]")?.value;
    if (token) set("csrf_token", token);
    return Boolean(token);
  }

  async function send(): Promise<Response> {
    const body = new FormData(form);
    const headers = { "x-csrf-token": String(body.get("csrf_token")), accept: "application/json" };
    return fetch("/pcf/form/draft", { method: "POST", body, headers, keepalive: true });
  }

  async function keep(): Promise<void> {
    if (!unsaved || handedIn) return;
    try {
      let answer = await send();
      if ((answer.status === 401 || answer.status === 403) && (await renew())) answer = await send();
      if (answer.ok) {
        set("seen", ((await answer.json()) as { seen: string }).seen);
        unsaved = false;
        tell(form.dataset["kept"]);
      } else if (answer.status === 409) tell(form.dataset["changed"]);
      else tell(answer.status === 401 || answer.status === 403 ? form.dataset["signedOut"] : form.dataset["notKept"]);
    } catch (error) {
      tell(form.dataset["notKept"]);
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    }
  }

  const keepNow = (): void => {
    clearTimeout(saving);
    under = under.then(keep);
  };
  form.addEventListener("submit", () => {
    handedIn = true;
  });
  document.addEventListener("visibilitychange", keepNow);
  window.addEventListener("focus", keepNow);
  window.addEventListener("online", keepNow);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !handedIn) event.preventDefault();
  });

  form.addEventListener("input", (event) => {
    unsaved = true;
    clearTimeout(saving);
    saving = window.setTimeout(keepNow, PAUSE * 2);
    if (event.target instanceof HTMLInputElement) typed.add(event.target.name);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE);
  });
}
