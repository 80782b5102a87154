/** Files go up in parts, each hashed as a whole before it leaves; a cut connection goes on where it was. */

const PART = 1 << 20;
const LONGEST_PAUSE = 30_000;

interface Upload { id: string; received: number }

/** SHA-256 as hexadecimal digits; empty where the page has no WebCrypto (plain http): the server hashes alone then. */
async function sha256(file: Blob): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Refused extends Error {}

/** The answer to a request; a server that cannot be reached is asked again, ever more rarely. */
async function ask(address: string, init: RequestInit, waiting: () => void): Promise<Response> {
  for (let pause = 1_000; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      const answer = await fetch(address, init);
      if (answer.status < 500) return answer;
    } catch {
      // no network: the parts that are there stay there
    }
    waiting();
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** What is sent of a file; how fast and how long yet, once a part has arrived (`speed` is bytes a millisecond). */
function pace(form: HTMLFormElement, done: number, size: number, speed: number): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const share = (form.dataset["sending"] ?? "").replace("[done]", megabytes(done)).replace("[size]", megabytes(size));
  if (!(speed > 0) || !Number.isFinite(speed)) return share;
  const left = Math.ceil((size - done) / speed / 1_000);
  return share + (form.dataset["pace"] ?? "").replace("[rate]", megabytes(1_000 * speed)).replace("[left]", `${left}`);
}

async function upload(form: HTMLFormElement, file: File): Promise<void> {
  const box = form.querySelector<HTMLElement>("#sending")!;
  const said = box.querySelector("p")!;
  const bar = box.querySelector("progress")!;
  const token = form.querySelector<HTMLInputElement>("[name=csrf_token]")!.value;
  const headers = { "x-csrf-token": token, "accept": "application/json" };
  const waiting = () => { said.textContent = form.dataset["again"] ?? ""; };
  box.hidden = false;
  said.textContent = form.dataset["hashing"] ?? "";
  const body = JSON.stringify({ name: file.name, size: file.size, sha256: await sha256(file) });
  const opening = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
  let job = await read(await ask("/api/v1/uploads", opening, waiting));
  const before = job.received;
  const began = performance.now();
  while (job.received < file.size) {
    said.textContent = pace(form, job.received, file.size, (job.received - before) / (performance.now() - began));
    bar.value = (100 * job.received) / file.size;
    const part = file.slice(job.received, job.received + PART);
    const address = `/api/v1/uploads/${encodeURIComponent(job.id)}`;
    const sending = { method: "PUT", headers: { ...headers, "content-type": "application/octet-stream" }, body: part };
    const answer = await ask(`${address}/content?offset=${job.received}`, sending, waiting);
    // Another window sent this part: go on from what the server has.
    job = await read(answer.status === 409 ? await ask(address, { headers }, waiting) : answer);
  }
  location.assign(`/intake/${encodeURIComponent(job.id)}`);
}

async function read(answer: Response): Promise<Upload> {
  const said: unknown = await answer.json();
  if (answer.ok) return said as Upload;
  const { detail, title } = said as { detail?: string; title?: string };
  throw new Refused(detail ?? title ?? String(answer.status));
}

const form = document.querySelector<HTMLFormElement>("#upload");
const input = form?.querySelector<HTMLInputElement>("[type=file]");
if (form && input) {
  const start = (file: File | undefined): void => {
    if (!file) return;
    const button = form.querySelector("button");
    if (button) button.disabled = true;
    upload(form, file).catch((error: unknown) => {
      const said = form.querySelector("#sending p")!;
      said.textContent = error instanceof Refused ? error.message : (form.dataset["failed"] ?? "");
      if (button) button.disabled = false;
    });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(input.files?.[0]);
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    start(event.dataTransfer?.files[0]);
  });
}

const evidence = document.querySelector<HTMLFormElement>("#evidence");
evidence?.querySelector("[type=file]")?.addEventListener("change", (event) => {
  const file = (event.target as HTMLInputElement).files?.[0];
  const field = evidence.querySelector<HTMLInputElement>("[name=sha256]")!;
  const hint = evidence.querySelector<HTMLElement>("[data-hash]")!;
  field.value = "";
  if (!file) return;
  void sha256(file).then((digest) => {
    field.value = digest;
    if (digest) hint.textContent = `${hint.dataset["hash"] ?? ""} ${digest}`;
  });
});
