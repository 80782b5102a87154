/** Codes that a person types: read as they are, or with the check digit computed where just that is missing. */

import { read } from "./code";
import { checkDigit } from "./identity";
import { KEYS } from "./keys";

/** What was typed as a code, its missing check digit added; null when nothing obvious is missing. */
export function completed(text: string): string | null {
  const typed = text.replace(/[\s\u00a0-]/g, "");
  const named = /^\(([0-9]{2,4})\)([0-9]+)(\(.*)?$/.exec(typed);
  if (named) {
    const [, ai = "", digits = "", rest = ""] = named;
    const key = KEYS.find((one) => one.ai === ai && one.digits === digits.length + 1);
    return key ? readable(`(${ai})${digits}${checkDigit(digits)}${rest}`) : null;
  }
  if (/^[0-9]{18}$/.test(typed)) return readable(`(00)${typed}`);
  if (/^[0-9]{17}$/.test(typed)) return readable(`(00)${typed}${checkDigit(typed)}`);
  return null;
}

function readable(text: string): string | null {
  try {
    read(text);
    return text;
  } catch {
    return null;
  }
}
