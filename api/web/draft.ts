/**
 * A form whose fields are kept on the server while somebody types: soon after typing ends, and when the page is left.
 * Where the draft changed elsewhere since, nothing is overwritten, and the page says so.
 */

const PAUSE = 800;

export function keepDraft(form: HTMLFormElement, draft: string, page: string): void {
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
    const answer = await fetch(page, { headers: { accept: "text/html" } });
    const there = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = there.querySelector<HTMLInputElement>(`#${form.id} input[name=csrf_token]`)?.value;
    if (token) set("csrf_token", token);
    return Boolean(token);
  }

  async function send(): Promise<Response> {
    const body = new FormData(form);
    const headers = { "x-csrf-token": String(body.get("csrf_token")), accept: "application/json" };
    return fetch(draft, { method: "POST", body, headers, keepalive: true });
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
  form.addEventListener("input", () => {
    unsaved = true;
    clearTimeout(saving);
    saving = window.setTimeout(keepNow, PAUSE);
  });
}
