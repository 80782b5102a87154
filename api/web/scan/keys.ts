/** The GS1 keys, row by row as in `ledger.identity.keys`. Source: GS1 General Specifications 3.2 to 3.8; TDS section 6. */

export type Key = {
  readonly name: string;
  readonly ai: string;
  readonly urn: string;
  /** Length of the numeric code with check digit and filler; 0 for free text. */
  readonly digits: number;
  readonly filler: string;
  /** The first digit moves to the front of the reference in the EPC URI. */
  readonly leading: boolean;
  readonly serialAi: string;
  readonly serialLongest: number;
  readonly serial: "none" | "needed" | "optional";
  /** What stands in the EPC URI where the serial would. */
  readonly without: string;
  readonly level: "instance" | "class";
};

function key(name: string, ai: string, urn: string, digits: number, more: Partial<Key> = {}): Key {
  const plain = { filler: "", leading: false, serialAi: "", serialLongest: 0, serial: "none", without: "" } as const;
  return { name, ai, urn: `urn:epc:${urn}:`, digits, ...plain, level: "instance", ...more };
}

const SERIAL = { serialLongest: 20, serial: "needed" } as const;
const CLASS = { without: "*", level: "class" } as const;

export const KEYS: readonly Key[] = [
  key("SGTIN", "01", "id:sgtin", 14, { leading: true, serialAi: "21", ...SERIAL }),
  key("LGTIN", "01", "class:lgtin", 14, { leading: true, serialAi: "10", ...SERIAL, level: "class" }),
  key("GTIN", "01", "idpat:sgtin", 14, { leading: true, ...CLASS }),
  key("SSCC", "00", "id:sscc", 18, { leading: true }),
  key("SGLN", "414", "id:sgln", 13, { serialAi: "254", serialLongest: 20, serial: "optional", without: "0" }),
  key("PGLN", "417", "id:pgln", 13),
  key("GRAI", "8003", "id:grai", 14, { filler: "0", serialLongest: 16, serial: "needed" }),
  key("GRAI class", "8003", "idpat:grai", 14, { filler: "0", ...CLASS }),
  key("GIAI", "8004", "id:giai", 0, { serialLongest: 30 }),
  key("GDTI", "253", "id:gdti", 13, { serialLongest: 17, serial: "needed" }),
  key("GDTI class", "253", "idpat:gdti", 13, CLASS),
  key("GSRN", "8018", "id:gsrn", 18),
  key("GSRNP", "8017", "id:gsrnp", 18),
];

/** Keys that the server reads and this page does not: pieces of a product, parts and components. */
export const ELSEWHERE: ReadonlySet<string> = new Set(["8006", "8010"]);
export const PRIMARY: ReadonlySet<string> = new Set([...KEYS.map((one) => one.ai), ...ELSEWHERE]);
export const QUALIFIERS: Readonly<Record<string, readonly string[]>> = { "01": ["22", "10", "21"], "414": ["254"] };

export function keyNamed(name: string): Key {
  const found = KEYS.find((one) => one.name === name);
  if (!found) throw new TypeError(name);
  return found;
}
