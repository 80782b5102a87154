/** Decimals as text, multiplied exactly: no number of JavaScript touches a price. */

const DECIMAL = /^(0|[1-9][0-9]{0,29})(?:\.([0-9]{1,18}))?$/;

function scaled(text: string): [bigint, number] {
  const found = DECIMAL.exec(text);
  if (!found) throw new RangeError(text);
  const places = found[2] ?? "";
  return [BigInt(`${found[1]}${places}`), places.length];
}

/** The product in its shortest form. Throws RangeError with the text that is no plain decimal. */
export function product(one: string, other: string): string {
  const [[left, leftPlaces], [right, rightPlaces]] = [scaled(one), scaled(other)];
  const places = leftPlaces + rightPlaces;
  const digits = String(left * right).padStart(places + 1, "0");
  const part = places ? digits.slice(-places).replace(/0+$/, "") : "";
  const whole = digits.slice(0, digits.length - places);
  return part ? `${whole}.${part}` : whole;
}
