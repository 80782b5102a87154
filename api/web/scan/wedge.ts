/**
 * Scanners and RFID readers that type: keys in a burst, ended by Enter or Tab.
 *
 * Keys are told by `event.code`, the place on the keyboard, because a Chinese input method swallows `event.key`
 * ("Process", key code 229). A group separator comes as Ctrl+], F8, or not at all. With Caps Lock on, letters arrive
 * with their case turned around: that is refused, because the turned serial may exist too.
 */

/** Mean gap between the keys of a burst at most [ms]; people type slower. One key may be late, so the mean decides. */
const GAP_MS = 35;
/** After so long a silence the next key begins anew [ms]. */
const SILENCE_MS = 400;
/** A burst is at least this long; shorter ones are a person's. */
const SHORTEST = 4;
/** Lines that follow each other within this time are one bulk read [ms]. */
const BULK_MS = 90;
const GS = "\x1d";
const SHIFTED: Readonly<Record<string, string>> = {
  Digit1: "1!", Digit2: "2@", Digit3: "3#", Digit4: "4$", Digit5: "5%", Digit6: "6^", Digit7: "7&", Digit8: "8*", Digit9: "9(",
  Digit0: "0)", Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Backquote: "`~", Comma: ",<", Period: ".>", Slash: "/?", Space: "  ",
};

export type Burst = { lines: string[]; caps: boolean; swallowed: boolean };
export type Stroke = Pick<KeyboardEvent, "code" | "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "timeStamp"> & {
  getModifierState(name: string): boolean;
};

/** The character a key means on the US layout that scanners speak; null for keys that write nothing. */
export function character(stroke: Stroke): string | null {
  if ((stroke.ctrlKey && stroke.code === "BracketRight") || stroke.code === "F8" || stroke.key === GS) return GS;
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return null;
  const swallowed = isSwallowed(stroke);
  if (!swallowed && /^[\x20-\x7e]$/.test(stroke.key)) return stroke.key;
  const letter = /^Key([A-Z])$/.exec(stroke.code)?.[1];
  if (letter) return stroke.shiftKey ? letter : letter.toLowerCase();
  const pair = SHIFTED[stroke.code];
  if (pair) return pair[stroke.shiftKey ? 1 : 0] ?? null;
  return /^Numpad([0-9])$/.exec(stroke.code)?.[1] ?? null;
}

/** Whether an input method has taken the key. */
export function isSwallowed(stroke: Stroke): boolean {
  return stroke.isComposing || stroke.key === "Process" || stroke.key === "Unidentified" || /[^\x00-\x7f]/.test(stroke.key);
}

/** Collects keys into lines and lines into bursts. Knows no page: strokes in, bursts out. */
export class Wedge {
  private typed = "";
  private first = 0;
  private last = -Infinity;
  private caps = false;
  private swallowed = false;
  private held: Burst | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly take: (burst: Burst) => void) {}

  /** Whether what was typed so far came as fast as a machine types. */
  get running(): boolean {
    return this.typed.length >= SHORTEST && this.last - this.first <= GAP_MS * (this.typed.length - 1);
  }

  /** Take a key; true when it belongs to the scanner and nobody else may act on it. */
  stroke(stroke: Stroke): boolean {
    if (stroke.timeStamp - this.last > SILENCE_MS) this.forget();
    if (stroke.code === "Enter" || stroke.code === "NumpadEnter" || stroke.code === "Tab") {
      const whole = this.running;
      if (whole) this.line();
      else this.forget();
      return whole;
    }
    const found = character(stroke);
    if (found === null) return false;
    if (!this.typed) this.first = stroke.timeStamp;
    this.last = stroke.timeStamp;
    this.typed += found;
    this.caps ||= /[A-Za-z]/.test(found) && stroke.getModifierState("CapsLock");
    this.swallowed ||= isSwallowed(stroke);
    return found === GS;
  }

  private line(): void {
    this.held ??= { lines: [], caps: false, swallowed: false };
    this.held.lines.push(this.typed);
    this.held.caps ||= this.caps;
    this.held.swallowed ||= this.swallowed;
    this.forget();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const burst = this.held;
      this.held = null;
      if (burst) this.take(burst);
    }, BULK_MS);
  }

  private forget(): void {
    this.typed = "";
    this.caps = false;
    this.swallowed = false;
  }
}

/** Whether the case of a line's letters cannot be trusted; hexadecimal digits mean the same either way. */
export function turnedAround(line: string, caps: boolean): boolean {
  return caps && /[A-Za-z]/.test(line) && !/^[0-9A-Fa-f]+$/.test(line);
}
