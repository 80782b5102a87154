/** What the page draws: the thing just scanned, the scans made, an expected list. Draws and binds; decides nothing. */

import { read } from "./code";
import { codesOf } from "./event";
import { printed } from "./identity";
import { type Scan, type Thing } from "./store";
import { type Compared } from "./tally";
import { clock, element, say, term } from "./words";

/** A code as it is printed under its symbol. */
export function label(id: string): string {
  try {
    return printed(read(id));
  } catch {
    return id;
  }
}

/** The element of the page with this data attribute, `data-now` or `data-now="place"`. */
export function part(name: string, value?: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(value === undefined ? `[data-${name}]` : `[data-${name}="${value}"]`);
  if (!found) throw new TypeError(name);
  return found;
}

export function icon(name: string): Node {
  const kept = document.getElementById(`icon-${name}`);
  return kept instanceof HTMLTemplateElement ? kept.content.cloneNode(true) : document.createTextNode("");
}

/** The thing scanned last: its name, its code, where it was before, what may come next. */
export function showThing(id: string, before: Thing | undefined, step: string, unusual: boolean): void {
  const place = part("thing");
  const picture = element("div", "picture", initial(before?.name ?? ""));
  picture.setAttribute("aria-hidden", "true");
  const title = element("div", "title");
  title.append(element("h2", "", before?.name || say("thing.unnamed")), element("p", "code", label(id)));
  const facts = element("dl");
  if (before) {
    const was = [term("step", before.step), before.disposition && term("disposition", before.disposition)].filter(Boolean);
    fact(facts, "thing.was", was.join(" · "));
    fact(facts, "thing.seen", [before.place && label(before.place), clock(before.at)].filter(Boolean).join(" · "));
  } else {
    fact(facts, "thing.was", say("thing.new"));
  }
  fact(facts, "thing.now", step);
  place.replaceChildren(picture, title, facts);
  if (unusual) place.append(element("p", "notice warn", say("thing.unusual")));
  if (before?.next.length) {
    const next = element("p", "next");
    next.append(element("small", "", say("thing.next")), ...before.next.map((one) => element("span", "state", term("step", one))));
    place.append(next);
  }
  place.hidden = false;
  part("ready").hidden = true;
}

/** One character for a name: its first Chinese one, else its first letter. */
function initial(name: string): string {
  return (/\p{Script=Han}/u.exec(name)?.[0] ?? /\p{L}/u.exec(name)?.[0] ?? "?").toUpperCase();
}

function fact(list: HTMLElement, name: string, text: string): void {
  list.append(element("dt", "", say(name)), element("dd", "", text));
}

const SHAPES = { waiting: "waiting", accepted: "ok", duplicate: "duplicate", rejected: "error", withdrawn: "undo" } as const;

/** One scan as a line: state with icon and words, code, step and time, and what can be done about it. */
export function scanLine(scan: Scan, stepName: (scan: Scan) => string): HTMLElement {
  const line = element("li");
  line.dataset["state"] = scan.undone && scan.state !== "rejected" ? "withdrawn" : scan.state;
  const codes = codesOf(scan.event);
  const head = element("div");
  const state = element("span", `mark ${scan.state}`);
  state.append(icon(SHAPES[scan.state]), element("span", "", say(scan.undone && scan.state !== "withdrawn" ? "state.undone" : `state.${scan.state}`)));
  head.append(state, element("time", "", clock(scan.at)));
  const what = codes.length > 1 ? say("several", { count: codes.length, first: label(codes[0] ?? "") }) : label(codes[0] ?? "");
  line.append(head, element("p", "code", what), element("p", "soft", [stepName(scan), label(scan.event.readPoint?.id ?? "")].join(" · ")));
  if (scan.undoes) line.append(element("p", "soft", say("undo.sent")));
  if (scan.state === "duplicate" && scan.first) line.append(element("p", "soft", say("duplicate.first", { time: clock(scan.first) })));
  if (scan.reason) line.append(element("p", "why", [scan.reason, scan.fix].filter(Boolean).join(" ")));
  return line;
}

export function button(text: string, act: () => void, className = "button quiet"): HTMLElement {
  const made = element("button", className, text);
  made.setAttribute("type", "button");
  made.addEventListener("click", act);
  return made;
}

/** An expected list against what was read, with the codes behind each figure. */
export function showTally(title: string, { found, missing, unexpected, unknown }: Compared, actions: HTMLElement[]): void {
  const place = part("tally");
  const open = new Set([...place.querySelectorAll<HTMLDetailsElement>("details[open]")].map((one) => one.dataset["kind"]));
  const made: HTMLElement[] = [element("h2", "", title)];
  const bar = element("progress") as HTMLProgressElement;
  [bar.max, bar.value] = [Math.max(1, found.length + missing.length), found.length];
  bar.setAttribute("aria-label", say("tally.found"));
  made.push(bar);
  for (const [kind, codes] of Object.entries({ found, missing, unexpected, unknown })) {
    const more = element("details", kind) as HTMLDetailsElement;
    more.dataset["kind"] = kind;
    more.open = open.has(kind);
    const summary = element("summary");
    summary.append(element("span", "", say(`tally.${kind}`)), element("b", "", String(codes.length)));
    const list = element("ul");
    list.append(...codes.slice(0, 500).map((code) => element("li", "code", kind === "unknown" ? code : label(code))));
    more.append(summary, list);
    made.push(more);
  }
  const row = element("div", "actions");
  row.append(...actions);
  place.replaceChildren(...made, row);
  place.hidden = false;
  part("ready").hidden = true;
}
