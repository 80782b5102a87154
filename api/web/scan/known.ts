/** What this device knows of things without asking: name, last state, allowed next steps; kept up when there is a network. */

import { ask } from "./flush";
import { type Store, type Thing, choice, choose } from "./store";

const MOST = 20_000;
const FRESH_MS = 10 * 60_000;

type Page = { things: Omit<Thing, "tenant">[]; next_after: string | null };

export class Known {
  private readonly held = new Map<string, Thing>();

  constructor(
    private readonly store: Store,
    private tenant: string,
  ) {}

  /** All of the tenant's into memory, so that an answer takes no time. */
  async load(tenant = this.tenant): Promise<void> {
    this.tenant = tenant;
    this.held.clear();
    const own = IDBKeyRange.bound([tenant], [tenant, []]);
    for (const thing of await this.store.getAll("things", own)) this.held.set(thing.id, thing);
  }

  thing(id: string): Thing | undefined {
    return this.held.get(id);
  }

  /** A thing whose id is this one with the case of its letters turned around. */
  turned(id: string): Thing | undefined {
    const at = id.indexOf("/", "https://".length) + 1;
    const around = [...id.slice(at)].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join("");
    return id.slice(at) === around ? undefined : this.held.get(id.slice(0, at) + around);
  }

  /** Places that things were last seen at, most used first. */
  places(): string[] {
    const counted = new Map<string, number>();
    for (const { place } of this.held.values()) if (place) counted.set(place, (counted.get(place) ?? 0) + 1);
    return [...counted].sort((a, b) => b[1] - a[1]).map(([place]) => place);
  }

  /** What the scan just done makes of a thing here, until the server has said it. */
  async moved(id: string, step: string, disposition: string, place: string, at: string): Promise<void> {
    const thing = this.held.get(id);
    if (thing) await this.put({ ...thing, step, disposition: disposition || thing.disposition, place, at, next: [] });
  }

  /** Everything again when what is here has aged; in pages, so that a large tenant needs no large answer. */
  async refresh(force = false): Promise<void> {
    const last = (await choice<{ tenant: string; at: number }>(this.store, "refreshed")) ?? { tenant: "", at: 0 };
    if (!force && last.tenant === this.tenant && Date.now() - last.at < FRESH_MS) return;
    let after: string | null = "";
    for (let count = 0; after !== null && count < MOST; ) {
      const found: Page | null = await this.page(`after=${encodeURIComponent(after)}`);
      if (!found) return;
      count += found.things.length;
      after = found.next_after;
    }
    await choose(this.store, "refreshed", { tenant: this.tenant, at: Date.now() });
  }

  /** One thing as the server knows it now. */
  async look(id: string): Promise<void> {
    await this.page(`code=${encodeURIComponent(id)}`);
  }

  private async page(query: string): Promise<Page | null> {
    const answer = await ask(`/api/v1/scans/known?${query}`).catch(() => null);
    if (!answer?.ok) return null;
    const page = (await answer.json()) as Page;
    const change = this.store.transaction("things", "readwrite");
    for (const one of page.things) {
      const thing = { ...one, tenant: this.tenant };
      this.held.set(thing.id, thing);
      void change.store.put(thing);
    }
    await change.done;
    return page;
  }

  private async put(thing: Thing): Promise<void> {
    this.held.set(thing.id, thing);
    await this.store.put("things", thing);
  }

  async forget(): Promise<void> {
    this.held.clear();
    await this.store.clear("things");
  }
}
