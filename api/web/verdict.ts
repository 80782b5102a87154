/** What a reader is shown of a verdict: the word, the reason, the steps. */

import { type Outcome } from "./proof";

export type Messages = Record<string, string>;

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

export function text(messages: Messages, key: string, values: Record<string, string> = {}): string {
  const message = messages[key] ?? key;
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Text with its invisible controls spelled out, as the server's pages do. */
function visible(content: string): string {
  return content.replace(CONTROLS, (one) => `⟨U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

export function element(name: string, className = "", content = ""): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = visible(content);
  return made;
}

const SHAPES = { 0: "M4 12l6 6L20 6", 1: "M5 5l14 14M19 5L5 19", 2: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18v.5" };

export function icon(verdict: 0 | 1 | 2): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[verdict]);
  for (const [name, value] of [["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "3"]] as const) {
    path.setAttribute(name, value);
  }
  svg.append(path);
  return svg;
}

export function verdictBox(messages: Messages, outcome: Outcome): HTMLElement {
  const box = element("div", "verdict");
  box.dataset["verdict"] = String(outcome.verdict);
  box.dataset["code"] = outcome.code;
  const title = element("h2");
  title.append(icon(outcome.verdict), element("span", "", text(messages, `verdict.${outcome.verdict}`)));
  const why = outcome.reason ? `why.${outcome.reason}` : outcome.sealed ? "verdict.0.sealed" : outcome.shown.length ? "verdict.0.shown" : "verdict.0.why";
  box.append(title, element("p", "", text(messages, why, outcome.values)));
  return box;
}

export function stepList(messages: Messages, outcome: Outcome): HTMLElement {
  const list = element("ol", "steps");
  for (const step of outcome.steps) {
    const said = step.name === "entry" && outcome.sealed ? "sealed" : step.outcome;
    const item = element("li");
    item.append(element("strong", "", text(messages, `step.${step.name}`)));
    item.append(element("span", `state ${step.outcome}`, text(messages, `outcome.${step.outcome}`)));
    item.append(element("p", "", text(messages, `step.${step.name}.${said}`, step.values)));
    list.append(item);
  }
  return list;
}
