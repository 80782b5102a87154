/** Application identifiers: which digits begin one, how long its value is. As `ledger.identity.elements`. */

const KNOWN = new RegExp(
  "^(?:0[0-3]|1[0-35-7]|2[0-2]|235|24[0-3]|25[01345]|30|31[0-6][0-5]|3[2-4][0-7][0-5]|35[0-7][0-5]|36[0-9][0-5]|37" +
    "|39[0-5][0-9]|40[0-3]|41[0-7]|42[0-7]|43[0-3][0-9]|70(?:0[1-9]|1[01]|2[0-3]|3[0-9]|4[01])|71[0-7]|72[0-9]{2}" +
    "|80(?:0[1-9]|1[0-37-9]|2[026]|30)|811[0-2]|8200|9[0-9])$",
);
const TWO = /^(?:0[0-3]|1[0-35-7]|2[0-2]|30|37|9[0-9])/;
const THREE = /^(?:2[345]|4[012]|71)/;
const FOUR = /^(?:3[1-69]|43|7[02]|8[012])/;
const FIXED: Readonly<Record<string, number>> = {
  // first two digits of the identifier: characters of identifier and value together (General Specifications 7.8.5-2)
  "00": 20, "01": 16, "02": 16, "03": 16, "11": 8, "12": 8, "13": 8, "15": 8, "16": 8, "17": 8, "20": 4,
  "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
};

export function isIdentifier(ai: string): boolean {
  return KNOWN.test(ai);
}

/** The identifier that the text begins with; empty when none does. */
export function identifierAt(text: string): string {
  const length = TWO.test(text) ? 2 : THREE.test(text) ? 3 : FOUR.test(text) ? 4 : 0;
  const ai = text.slice(0, length);
  return isIdentifier(ai) ? ai : "";
}

/** Characters of a value that needs no separator behind it. */
export function valueLength(ai: string): number | null {
  const whole = FIXED[ai.slice(0, 2)];
  return whole === undefined ? null : whole - ai.length;
}
