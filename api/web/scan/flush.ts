/**
 * Sending what waits: one sender at a time across tabs, in order, each scan with an outcome of its own.
 *
 * The server takes the same event twice as one entry, so whatever is in doubt (a lost answer, a killed page) is simply
 * sent again. Nothing leaves the queue but by an answer that names it.
 */

import { type Scan, type State, type Store, amend, choice, choose, prune, scansIn, sending } from "./store";
import { type Account } from "./event";

const AT_ONCE = 100;
const PATIENCE_MS = 20_000;
const EVERY_MS = 15_000;
const LOCK = "onecode-scan-send";

export type Session = Account & { role: string; formToken: string; mayScan: boolean };
export type Link = "online" | "offline" | "signed-out" | "refused" | "trouble";
type Outcome = { state: Exclude<State, "waiting" | "withdrawn">; index?: number; problem?: { detail: string; fix: string }; repeats?: { at: string }[] };

export class Sender {
  session: Session | null = null;
  link: Link = "offline";
  /** Server's clock minus this device's [ms], at the last answer. */
  skew = 0;

  constructor(
    private readonly store: Store,
    private readonly changed: () => void,
  ) {}

  /** Send now and whenever there is a reason to. */
  start(): void {
    for (const name of ["online", "focus", "pageshow"]) addEventListener(name, () => void this.send());
    addEventListener("offline", () => this.became("offline"));
    document.addEventListener("visibilitychange", () => void (document.visibilityState === "visible" && this.send()));
    setInterval(() => void this.send(), EVERY_MS);
    void this.send();
  }

  async send(): Promise<void> {
    const work = (): Promise<void> => this.sendAll();
    if (!("locks" in navigator)) return alone(work);
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? work() : undefined));
  }

  private async sendAll(): Promise<void> {
    try {
      if (!(await this.enter())) return;
      for (let batch = await this.batch(); batch.length; batch = await this.batch()) {
        if (!(await this.sendBatch(batch))) return;
      }
      await prune(this.store);
    } catch (error) {
      // No answer: the network, or a server that is away. What waits goes on waiting.
      if (error instanceof TypeError || error instanceof DOMException) this.became(navigator.onLine ? "trouble" : "offline");
      else throw error;
    }
  }

  /** Who is signed in here now; the last one known stays on the device for scanning without a network. */
  private async enter(): Promise<boolean> {
    const asked = Date.now();
    const answer = await ask("/api/v1/session");
    if (answer.status === 401) {
      this.session = null;
      this.became("signed-out");
      return false;
    }
    if (!answer.ok) {
      this.became(answer.status === 403 ? "refused" : "trouble");
      return false;
    }
    const { server_time, form_token, may_scan, ...who } = (await answer.json()) as {
      tenant: string; who: string; name: string; role: string; form_token: string; may_scan: boolean; server_time: string;
    };
    this.session = { ...who, formToken: form_token, mayScan: may_scan };
    this.skew = Math.round(Date.parse(server_time) - (asked + Date.now()) / 2);
    await choose(this.store, "account", { tenant: who.tenant, who: who.who, name: who.name } satisfies Account);
    this.became(may_scan ? "online" : "refused");
    return may_scan;
  }

  /** The oldest that wait for the tenant that is signed in; another tenant's stay until its people are back. */
  private async batch(): Promise<Scan[]> {
    const waiting = await scansIn(this.store, "waiting");
    const own = waiting.filter((scan) => scan.tenant === this.session?.tenant).slice(0, AT_ONCE);
    return sending(this.store, own.map((scan) => scan.id));
  }

  private async sendBatch(batch: Scan[]): Promise<boolean> {
    const answer = await ask("/api/v1/scans", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.session?.formToken ?? "" },
      body: JSON.stringify({ device_time: new Date().toISOString(), events: batch.map((scan) => scan.event) }),
    });
    if (answer.ok) {
      const { outcomes } = (await answer.json()) as { outcomes: Outcome[] };
      for (const [at, scan] of batch.entries()) {
        const outcome = outcomes[at];
        if (outcome) await this.settle(scan, outcome);
      }
      this.changed();
      return outcomes.length > 0;
    }
    if (answer.status === 401 || answer.status === 403) {
      this.became("signed-out");
      return false;
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      this.became("trouble");
      return false;
    }
    return this.refusedWhole(batch, answer);
  }

  /** A request that was refused as a whole is sent one by one, so that a single bad scan keeps nobody else out. */
  private async refusedWhole(batch: Scan[], answer: Response): Promise<boolean> {
    if (batch.length > 1) {
      for (const scan of batch) if (!(await this.sendBatch([scan]))) return false;
      return true;
    }
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string; fix?: string };
    const [scan] = batch;
    if (scan) await this.settle(scan, { state: "rejected", problem: { detail: problem.detail ?? String(answer.status), fix: problem.fix ?? "" } });
    this.changed();
    return true;
  }

  private async settle(sent: Scan, { state, index, problem, repeats }: Outcome): Promise<void> {
    const declaration = `undo:${sent.id}`;
    await amend(this.store, sent.id, (scan) => {
      if (scan.state !== "waiting") return scan;
      const { reason: _reason, fix: _fix, ...rest } = scan;
      return {
        ...rest,
        state,
        ...(index === undefined ? {} : { index }),
        ...(problem ? { reason: problem.detail, fix: problem.fix } : {}),
        ...(repeats?.[0] ? { first: repeats[0].at } : {}),
      };
    });
    // What was never recorded needs nothing taken back.
    if (state === "rejected") await amend(this.store, declaration, (scan) => ({ ...scan, state: "withdrawn" }));
  }

  private became(link: Link): void {
    this.link = link;
    this.changed();
  }
}

/** The account the device was last used by. */
export async function lastAccount(store: Store): Promise<Account | undefined> {
  return choice<Account>(store, "account");
}

export async function ask(path: string, more: RequestInit = {}): Promise<Response> {
  const headers = { Accept: "application/json", ...(more.headers as Record<string, string> | undefined) };
  return fetch(path, { credentials: "same-origin", ...more, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
}

let busy = false;

/** Without the Web Locks API (plain HTTP) this page alone is kept from sending twice; the server takes care of others. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    await work();
  } finally {
    busy = false;
  }
}
