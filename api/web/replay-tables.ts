/** What a score sheet gives when it is computed again, as tables: differences, ranking, every cell, digests. */

import { type Replayed, type ReplayedBid, type ReplayedCriterion } from "./replay-terms";
import { element, type Messages, text } from "./verdict";

type Written = string | HTMLElement;

function table(titles: string[], rows: Written[][], numbers: number[] = []): HTMLElement {
  const [frame, made, head, body] = [element("div", "scroll"), element("table", "rows"), element("thead"), element("tbody")];
  const cell = (name: string, content: Written, at: number): HTMLElement => {
    const one = element(name, numbers.includes(at) ? "number" : "");
    one.append(content instanceof HTMLElement ? content : element("span", "", content));
    if (name === "th") one.setAttribute("scope", "col");
    else one.dataset["label"] = titles[at] ?? "";
    return one;
  };
  const top = element("tr");
  top.append(...titles.map((title, at) => cell("th", title, at)));
  head.append(top);
  for (const row of rows) {
    const line = element("tr");
    line.append(...row.map((content, at) => cell("td", content, at)));
    body.append(line);
  }
  made.append(head, body);
  frame.append(made);
  frame.tabIndex = 0;
  return frame;
}

function words(messages: Messages, ...keys: string[]): string[] {
  return keys.map((key) => text(messages, key));
}

/** Where the sheet states something else than its own inputs give: first the cause, then what may follow from it. */
export function differenceTable(messages: Messages, found: Replayed): HTMLElement {
  const rows = found.differences.map(({ pointer, row, stated, recomputed }) => [
    element("code", "", pointer), row, element("code", "", stated), element("code", "", recomputed),
  ]);
  const titles = words(messages, "replay.place", "replay.row", "replay.stated", "replay.recomputed");
  const part = section(messages, "replay.differences", table(titles, rows.slice(0, 1)));
  if (rows.length > 1) {
    const more = element("details", "card");
    const count = String(rows.length - 1);
    more.append(element("summary", "", text(messages, found.more ? "replay.follows.more" : "replay.follows", { count })), table(titles, rows.slice(1)));
    part.append(more);
  }
  return part;
}

/** The ranking with points by criterion, then each criterion with every cell's input and arithmetic, then digests. */
export function sheetTables(messages: Messages, found: Replayed): HTMLElement[] {
  const ranked = found.bids.filter((bid) => bid.rank !== null);
  const aside = found.bids.filter((bid) => bid.rank === null);
  const made = [section(messages, "replay.sheet", element("p", "", `${found.title} · ${found.basis}`), ranking(messages, found, ranked))];
  if (aside.length) {
    made.push(section(messages, "replay.aside", table(words(messages, "replay.bidder", "replay.reasons"), aside.map((bid) => [bid.bidder, bid.aside.join("; ")]))));
  }
  const cells = found.criteria.map((criterion, at) => criterionCells(messages, criterion, ranked, at));
  if (ranked.length) made.push(section(messages, "replay.cells", element("p", "", text(messages, "replay.cells.lead")), ...cells));
  made.push(digests(messages, found));
  return made;
}

function section(messages: Messages, name: string, ...content: HTMLElement[]): HTMLElement {
  const part = element("section");
  part.append(element("h2", "", text(messages, name)), ...content);
  return part;
}

function ranking(messages: Messages, found: Replayed, ranked: ReplayedBid[]): HTMLElement {
  const [rank = "", bidder = "", total = ""] = words(messages, "replay.rank", "replay.bidder", "replay.total");
  const titles = [rank, bidder, ...found.criteria.map((one) => text(messages, "replay.of", { title: one.title, weight: one.weight })), total];
  const rows = ranked.map((bid) => [
    String(bid.rank), element("strong", "", bid.bidder), ...bid.cells.map((cell) => cell.shown),
    bid.decided_by ? `${bid.total} · ${bid.decided_by}` : bid.total,
  ]);
  return table(titles, rows, found.criteria.map((_, at) => at + 2).concat(found.criteria.length + 2));
}

function criterionCells(messages: Messages, criterion: ReplayedCriterion, ranked: ReplayedBid[], at: number): HTMLElement {
  const made = element("details", "card");
  const { title, weight, unit, formula, algebra, source } = criterion;
  const facts = element("p");
  facts.append(`${formula}: `, element("code", "", algebra), element("br"), element("small", "", source));
  const row = (bid: ReplayedBid): Written[] => {
    const { input = "", working = "", shown = "", exact = "" } = bid.cells[at] ?? {};
    return [bid.bidder, input, element("code", "", working), exact ? `${shown} (${exact})` : shown];
  };
  const [bidder = "", put = "", steps = "", points = ""] = words(messages, "replay.bidder", "replay.input", "replay.working", "replay.points");
  const fill = (): void => made.append(table([bidder, `${put} [${unit}]`, steps, points], ranked.map(row), [1, 3]));
  made.append(element("summary", "", text(messages, "replay.of", { title, weight })), facts);
  made.addEventListener("toggle", fill, { once: true });  // a tender can have fifty thousand cells
  return made;
}

function digests(messages: Messages, found: Replayed): HTMLElement {
  const facts = element("dl", "facts card");
  const rows: [string, string][] = [[text(messages, "replay.scheme"), found.scheme_sha256]];
  for (const bid of found.bids) rows.push([bid.bidder, bid.sha256]);
  for (const [name, value] of rows) {
    const digest = element("dd");
    digest.append(element("code", "", value));
    facts.append(element("dt", "", name), digest);
  }
  return section(messages, "replay.digests", element("p", "", text(messages, "replay.digests.lead")), facts);
}
