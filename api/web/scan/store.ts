/**
 * What the page keeps on the device: scans until they are settled, things it knows, lists being checked, choices.
 *
 * Every write is awaited to the end of its transaction before anyone is told, so that a page that is killed loses
 * nothing it has confirmed. Durability "strict" asks the browser to wait for the disk where it can.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

export const DATABASE = "onecode-scan";

/** `waiting` is not sent yet; `rejected` came back and waits for a person; the others are settled. */
export type State = "waiting" | "accepted" | "duplicate" | "rejected" | "withdrawn";

/** An EPCIS 2.0 event as it is sent. */
export type EpcisEvent = {
  type: string;
  action: string;
  eventID: string;
  eventTime: string;
  eventTimeZoneOffset: string;
  bizStep: string;
  disposition?: string;
  readPoint?: { id: string };
  bizLocation?: { id: string };
  epcList?: string[];
  parentID?: string;
  childEPCs?: string[];
  errorDeclaration?: { declarationTime: string; reason: string };
};

export type Scan = {
  /** Of this scan on this device; an error declaration shares the eventID of its event, not this. */
  id: string;
  /** Milliseconds of the device's clock; scans are sent in this order. */
  at: number;
  tenant: string;
  who: string;
  state: State;
  event: EpcisEvent;
  /** What was scanned, as it came. */
  raw: string[];
  /** The id of the scan that this one takes back. */
  undoes?: string;
  /** Whether it has been taken back. */
  undone?: boolean;
  /** Whether it was ever sent: then the server may have it, though no answer came. */
  tried?: boolean;
  index?: number;
  /** When the scan that it repeats was made. */
  first?: string;
  /** Why it was rejected, or what is the matter with it, in the reader's language. */
  reason?: string;
  fix?: string;
};

export type Thing = {
  id: string;
  tenant: string;
  name: string;
  category: string;
  step: string;
  disposition: string;
  place: string;
  at: string;
  next: string[];
};

/** An expected list being checked: what should be there, what was read. */
export type Tally = { id: "tally"; expected: string[]; read: string[]; unknown: string[]; title: string };

interface Schema extends DBSchema {
  scans: { key: string; value: Scan; indexes: { state: string; at: number } };
  things: { key: [string, string]; value: Thing };
  tallies: { key: string; value: Tally };
  choices: { key: string; value: { name: string; value: unknown } };
}

export type Store = IDBPDatabase<Schema>;
const KEPT = 500;
const DURABLE = { durability: "strict" } as const;

export async function openStore(): Promise<Store> {
  return openDB<Schema>(DATABASE, 1, {
    upgrade(database) {
      const scans = database.createObjectStore("scans", { keyPath: "id" });
      scans.createIndex("state", "state");
      scans.createIndex("at", "at");
      database.createObjectStore("things", { keyPath: ["tenant", "id"] });
      database.createObjectStore("tallies", { keyPath: "id" });
      database.createObjectStore("choices", { keyPath: "name" });
    },
  });
}

/** Keep scans; durable when it returns. */
export async function keep(store: Store, ...scans: Scan[]): Promise<void> {
  const change = store.transaction("scans", "readwrite", DURABLE);
  for (const scan of scans) void change.store.put(scan);
  await change.done;
}

/** Change a scan as it is now; nothing when it is gone. */
export async function amend(store: Store, id: string, changed: (scan: Scan) => Scan): Promise<void> {
  const change = store.transaction("scans", "readwrite", DURABLE);
  const scan = await change.store.get(id);
  if (scan) await change.store.put(changed(scan));
  await change.done;
}

/** Take a scan back: one that never left is withdrawn, for any other an error declaration goes after it. */
export async function takeBack(store: Store, id: string, declaration: (scan: Scan) => Scan): Promise<void> {
  const change = store.transaction("scans", "readwrite", DURABLE);
  const scan = await change.store.get(id);
  if (scan && !scan.undone) {
    const gone = scan.state === "rejected" || (scan.state === "waiting" && !scan.tried);
    await change.store.put({ ...scan, undone: true, state: gone ? "withdrawn" : scan.state });
    if (!gone) await change.store.put(declaration(scan));
  }
  await change.done;
}

/** Mark scans as sent, before they are. What has changed meanwhile is not sent now. */
export async function sending(store: Store, ids: string[]): Promise<Scan[]> {
  const change = store.transaction("scans", "readwrite", DURABLE);
  const found: Scan[] = [];
  for (const id of ids) {
    const scan = await change.store.get(id);
    if (scan?.state !== "waiting") continue;
    found.push({ ...scan, tried: true });
    if (!scan.tried) await change.store.put({ ...scan, tried: true });
  }
  await change.done;
  return found;
}

/** Scans in one state, in the order they were made. */
export async function scansIn(store: Store, state: State): Promise<Scan[]> {
  return (await store.getAllFromIndex("scans", "state", state)).sort((a, b) => a.at - b.at);
}

export async function latest(store: Store, count: number): Promise<Scan[]> {
  const found: Scan[] = [];
  const reading = store.transaction("scans");
  for (let at = await reading.store.index("at").openCursor(null, "prev"); at && found.length < count; at = await at.continue()) {
    found.push(at.value);
  }
  return found;
}

/** How many scans wait to be sent, and how many came back. */
export async function unsettled(store: Store): Promise<{ waiting: number; rejected: number }> {
  const [waiting, rejected] = await Promise.all([
    store.countFromIndex("scans", "state", "waiting"),
    store.countFromIndex("scans", "state", "rejected"),
  ]);
  return { waiting, rejected };
}

/** Forget settled scans beyond the last few hundred. What is unsettled is never touched. */
export async function prune(store: Store): Promise<void> {
  const change = store.transaction("scans", "readwrite");
  let settled = 0;
  for (let at = await change.store.index("at").openCursor(null, "prev"); at; at = await at.continue()) {
    if (at.value.state === "waiting" || at.value.state === "rejected") continue;
    settled += 1;
    if (settled > KEPT) await at.delete();
  }
  await change.done;
}

export async function choice<T>(store: Store, name: string): Promise<T | undefined> {
  return (await store.get("choices", name))?.value as T | undefined;
}

export async function choose(store: Store, name: string, value: unknown): Promise<void> {
  await store.put("choices", { name, value });
}
