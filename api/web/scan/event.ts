/** From a scan to the EPCIS event that is sent: its id is minted and its time taken here, at the scan. */

import { type EpcisEvent, type Scan } from "./store";

/** A step as the server offers it: what event it makes. */
export type Step = {
  name: string;
  type: "ObjectEvent" | "AssociationEvent";
  action: "ADD" | "OBSERVE" | "DELETE";
  bizStep: string;
  disposition: string;
  /** Whether the things stay where they were scanned: then that is their location too. */
  stays: boolean;
};

/** Codes that one event names at most. */
export const LARGEST = 500;

export type Account = { tenant: string; who: string; name: string };

/** Scans of some codes: one event of at most `LARGEST`, or several. `codes` are canonical, or raw where unread. */
export function scansOf(account: Account, step: Step, place: string, codes: string[], raw: string[], now = new Date()): Scan[] {
  const made: Scan[] = [];
  for (let from = 0; from < codes.length; from += LARGEST) {
    const event = eventOf(step, place, codes.slice(from, from + LARGEST), now);
    made.push({
      id: event.eventID,
      at: now.getTime() + made.length / 1000,
      tenant: account.tenant,
      who: account.who,
      state: "waiting",
      event,
      raw: raw.slice(from, from + LARGEST),
    });
  }
  return made;
}

function eventOf(step: Step, place: string, codes: string[], now: Date): EpcisEvent {
  const named = step.type === "ObjectEvent" ? { epcList: codes } : { parentID: place, childEPCs: codes };
  return {
    type: step.type,
    action: step.action,
    eventID: `urn:uuid:${uuid()}`,
    eventTime: now.toISOString(),
    eventTimeZoneOffset: offset(now),
    bizStep: step.bizStep,
    ...(step.disposition ? { disposition: step.disposition } : {}),
    readPoint: { id: place },
    ...(step.stays ? { bizLocation: { id: place } } : {}),
    ...named,
  };
}

/** The error declaration of a scan: its event again, with when and why it is taken back (EPCIS 2.0, 7.4.1.2). */
export function undoOf(scan: Scan, now = new Date()): Scan {
  const { index: _index, reason: _reason, fix: _fix, first: _first, tried: _tried, ...rest } = scan;
  return {
    ...rest,
    id: `undo:${scan.id}`,
    at: now.getTime(),
    state: "waiting",
    event: { ...scan.event, errorDeclaration: { declarationTime: now.toISOString(), reason: "did_not_occur" } },
    undoes: scan.id,
  };
}

/** The codes an event names. */
export function codesOf(event: EpcisEvent): string[] {
  return event.epcList ?? event.childEPCs ?? [];
}

/** A rejected scan with its codes put right: an event of its own, because that one was never recorded. */
export function corrected(scan: Scan, codes: string[]): Scan {
  const { reason: _reason, fix: _fix, index: _index, tried: _tried, ...kept } = scan;
  const named = scan.event.childEPCs ? { childEPCs: codes } : { epcList: codes };
  const eventID = `urn:uuid:${uuid()}`;
  return { ...kept, id: eventID, state: "waiting", event: { ...scan.event, ...named, eventID }, raw: codes };
}

/** +08:00 and the like. */
export function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/** RFC 9562 version 4. `crypto.randomUUID` exists behind HTTPS alone; a warehouse may have plain HTTP. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
