/** The page's words, in the reader's language, as the server gave them. */

import { Unread } from "./unread";

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Record<string, string>;

export function say(key: string, values: Record<string, string | number> = {}): string {
  return (messages[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function has(key: string): boolean {
  return key in messages;
}

/** A word of the vocabulary in the reader's language, or as it is. */
export function term(kind: "step" | "disposition", word: string): string {
  return has(`${kind}.${word}`) ? say(`${kind}.${word}`) : word;
}

/** Why a code was not read. */
export function why(error: Unread): string {
  const key = `unread.${error.code}`;
  return has(key) ? say(key, error.values) : say("unread.other");
}

/** Text with its invisible controls spelled out, as the server's pages do. */
export function visible(content: string): string {
  return content.replace(CONTROLS, (one) => `⟨U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

export function element(name: string, className = "", content = ""): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (content) made.textContent = visible(content);
  return made;
}

/** Time of day here, with the date when it is not today. */
export function clock(at: number | string): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const locale = document.documentElement.lang;
  return date.toLocaleString(locale, today ? { timeStyle: "medium" } : { dateStyle: "short", timeStyle: "short" });
}
