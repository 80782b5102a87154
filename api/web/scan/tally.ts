/** An expected list against what is read: found, missing, unexpected, unknown. Pure; the page keeps it on the device. */

import { read } from "./code";
import { type Tally } from "./store";

export type Compared = { found: string[]; missing: string[]; unexpected: string[]; unknown: string[] };

export function compared({ expected, read: got, unknown }: Tally): Compared {
  const [wanted, seen] = [new Set(expected), new Set(got)];
  return {
    found: expected.filter((code) => seen.has(code)),
    missing: expected.filter((code) => !seen.has(code)),
    unexpected: got.filter((code) => !wanted.has(code)),
    unknown,
  };
}

/** The list in a pasted text or file: one code a line, further columns behind a tab, semicolon or comma are passed over. */
export function listed(text: string): { codes: string[]; unread: string[] } {
  const [codes, unread] = [new Set<string>(), new Set<string>()];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const first = line.trim();
    if (!first) continue;
    const found = readable(first) ?? readable(first.split(/[\t;]|,(?=\s|[^0-9A-Za-z%])/)[0]?.trim() ?? "");
    if (found) codes.add(found);
    else unread.add(first);
  }
  return { codes: [...codes], unread: [...unread] };
}

function readable(text: string): string | null {
  try {
    return read(text).text;
  } catch {
    return null;
  }
}

/** The tally with one more read; the same one when it was read before. */
export function counted(tally: Tally, code: string, known: boolean): Tally {
  const place = known ? "read" : "unknown";
  return tally[place].includes(code) ? tally : { ...tally, [place]: [...tally[place], code] };
}
