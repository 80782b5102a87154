/**
 * The service worker: the scan page opens without a network. It keeps the page's frame, scripts, styles and decoder,
 * by version; it touches no scan. `SHELL` stands in front of this file as served.
 */

declare const SHELL: { version: string; files: string[]; page: string };
type Extendable = Event & { waitUntil(work: Promise<unknown>): void };
type Fetching = Extendable & { request: Request; respondWith(answer: Promise<Response>): void };
const worker = self as unknown as {
  addEventListener(name: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(name: "fetch", listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};
const PREFIX = "onecode-scan-";
const CACHE = PREFIX + SHELL.version;
const PATIENCE_MS = 2500;

worker.addEventListener("install", (event) => {
  const work = caches.open(CACHE).then((cache) => cache.addAll([...SHELL.files, SHELL.page]));
  event.waitUntil(work.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith(PREFIX) && name !== CACHE));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname === SHELL.page) event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

/** The newest page when the network gives it soon, else the one that is kept. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !answer.redirected) await cache.put(SHELL.page, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(SHELL.page);
    if (kept) return kept;
    throw error;
  }
}

/** A file whose address changes when it does: what is kept is right. */
async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  return kept ?? fetch(request);
}
