/** The scan page: place, step, things. Every scan is on the device before anyone hears of it. */

import "./files";
import { Camera, Decoder, decodePhoto } from "./scan/camera";
import { read } from "./scan/code";
import { type Account, type Step, codesOf, corrected, scansOf, undoOf } from "./scan/event";
import { Feedback, type Kind } from "./scan/feedback";
import { Sender, ask, lastAccount } from "./scan/flush";
import { type Identity } from "./scan/identity";
import { Known } from "./scan/known";
import { button, icon, label, part, scanLine, showTally, showThing } from "./scan/show";
import { type Scan, type Store, type Tally, choice, choose, keep, latest, openStore, scansIn, takeBack, unsettled } from "./scan/store";
import { compared, counted, listed } from "./scan/tally";
import { completed } from "./scan/typed";
import { Unread } from "./scan/unread";
import { type Burst, Wedge, isSwallowed, turnedAround } from "./scan/wedge";
import { say, term, why } from "./scan/words";

type Panel = "enter" | "place" | "step" | "items" | "list" | "type" | "queue";
type Read = { raw: string; text: string; identity: Identity | null; refused: Unread | null };

const STEPS = JSON.parse(document.getElementById("steps")?.textContent ?? "[]") as Step[];
/** Again within this time is a repeat; the server has the same window and the last word. */
const REPEAT_MS = 10 * 60_000;
const RECENT = 10;
const SKEW_SHOWN_MS = 60_000;

declare global {
  // For scripts and tests: what a code is read as, without the page.
  var onecodeRead: (text: string) => { text: string } | { code: string };
}
globalThis.onecodeRead = (text) => {
  try {
    return { text: read(text).text };
  } catch (error) {
    if (error instanceof Unread) return { code: error.message };
    throw error;
  }
};

class ScanPage {
  private account: Account | null = null;
  private place = "";
  private step: Step | null = null;
  private panel: Panel = "enter";
  private tally: Tally | null = null;
  private readonly sender: Sender;
  private readonly known: Known;
  private readonly feedback: Feedback;
  private readonly camera: Camera;
  private readonly decoder: Decoder;
  private readonly wedge: HTMLInputElement;
  /** When a thing was last scanned here for a step at a place, by the three. */
  private readonly seen = new Map<string, number>();
  private taking: Promise<void> = Promise.resolve();

  constructor(private readonly store: Store) {
    const flash = document.getElementById("flash");
    const aloud = document.getElementById("aloud");
    const video = document.querySelector("video");
    const wedge = document.getElementById("wedge");
    if (!flash || !aloud || !video || !(wedge instanceof HTMLInputElement)) throw new TypeError("the page is not whole");
    this.wedge = wedge;
    this.feedback = new Feedback(flash, aloud);
    this.decoder = new Decoder(document.body.dataset["decoder"] ?? "");
    this.camera = new Camera(video, this.decoder, (code) => this.take([code]));
    this.known = new Known(store, "");
    this.sender = new Sender(store, () => void this.linkChanged());
  }

  async start(): Promise<void> {
    this.account = (await lastAccount(this.store)) ?? null;
    this.place = (await choice<string>(this.store, "place")) ?? "";
    this.step = this.stepNamed(await choice<string>(this.store, `step ${this.place}`));
    this.tally = (await this.store.get("tallies", "tally")) ?? null;
    if (this.account) await this.known.load(this.account.tenant);
    for (const scan of await latest(this.store, 200)) this.remember(scan);
    this.bind();
    this.show(this.first());
    await this.refresh();
    this.sender.start();
    void navigator.storage?.persist?.();
    document.body.dataset["started"] = "true";
  }

  /** Where a person goes on: nothing can be scanned before who, where and what are known. */
  private first(): Panel {
    if (!this.account) return "enter";
    if (!this.place) return "place";
    return this.step ? "items" : "step";
  }

  private show(panel: Panel): void {
    this.panel = panel === "items" || panel === "list" ? (this.first() === "items" ? panel : this.first()) : panel;
    for (const one of document.querySelectorAll<HTMLElement>("[data-panel]")) one.hidden = one.dataset["panel"] !== this.panel;
    const now = document.querySelector<HTMLElement>(".now");
    if (now) now.hidden = !this.place || !this.account;
    part("now", "place").textContent = this.place ? label(this.place) : say("choose");
    part("now", "step").textContent = this.step ? say(`do.${this.step.name}`) : say("choose");
    for (const one of document.querySelectorAll<HTMLElement>("[data-step]")) {
      one.setAttribute("aria-pressed", String(one.dataset["step"] === this.step?.name));
    }
    if (this.panel === "place") this.showPlaces();
    if (this.panel === "type") document.getElementById("typed")?.focus();
    else this.wedge.focus({ preventScroll: true });
  }

  private bind(): void {
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show],[data-step],[data-do]") : null;
      if (!target) return;
      const { show, step, do: act } = target.dataset;
      if (show) this.show(show as Panel);
      if (step) void this.chooseStep(step);
      if (act) void this.act(act);
    });
    this.bindForms();
    this.bindWedge();
    const zoom = document.querySelector<HTMLInputElement>("input[name=zoom]");
    zoom?.addEventListener("input", () => void this.camera.zoom(zoom.valueAsNumber));
    const photo = document.querySelector<HTMLInputElement>("input[name=photo]");
    photo?.addEventListener("change", () => void this.photo(photo));
    addEventListener("pagehide", () => this.camera.stop());
  }

  private async act(name: string): Promise<void> {
    if (name === "camera") await this.toggleCamera();
    if (name === "torch") part("do", "torch").setAttribute("aria-pressed", String(await this.camera.torch()));
    if (name === "leave") this.show(this.first());
    if (name === "send") await this.sender.send();
    if (name === "sign-out") await this.signOut();
  }

  private bindForms(): void {
    const forms: Record<string, (form: FormData, from: HTMLFormElement) => Promise<void> | void> = {
      wedge: () => this.line(this.wedge.value),
      typed: (form, from) => this.typed(String(form.get("code")), from),
      sscc: (form) => this.fetchList(String(form.get("parent"))),
      pasted: async (form) => {
        const file = form.get("file");
        this.useList(`${String(form.get("pasted"))}\n${file instanceof File ? await file.text() : ""}`, say("list.pasted"));
      },
    };
    for (const [name, act] of Object.entries(forms)) {
      const form = document.querySelector<HTMLFormElement>(`form[data-form=${name}]`);
      form?.addEventListener("submit", (event) => {
        event.preventDefault();
        void act(new FormData(form), form);
      });
    }
    const typed = document.getElementById("typed");
    typed?.addEventListener("input", () => typed instanceof HTMLTextAreaElement && this.judgeTyped(typed.value));
  }

  private bindWedge(): void {
    const wedge = new Wedge((burst) => this.burst(burst));
    document.addEventListener("keydown", (event) => {
      if (isSwallowed(event) && this.panel !== "type") this.inputMethod(true);
      if (!wedge.stroke(event)) return;
      event.preventDefault();
      event.stopPropagation();
      // What the scanner typed into a field on the way is not what anyone wrote there.
      if (document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement) {
        if (document.activeElement !== this.wedge) document.activeElement.value = "";
      }
      this.wedge.value = "";
    }, { capture: true });
    // Some hand terminals put the whole code in at once instead of typing it.
    this.wedge.addEventListener("paste", (event) => {
      event.preventDefault();
      this.line(event.clipboardData?.getData("text") ?? "");
    });
    for (const name of ["focus", "blur"]) this.wedge.addEventListener(name, () => this.wedgeState());
    document.addEventListener("click", (event) => {
      const field = event.target instanceof Element && event.target.closest("input,textarea,select,summary,a");
      if (!field && this.panel !== "type" && this.panel !== "list") this.wedge.focus({ preventScroll: true });
    });
    this.wedgeState();
  }

  private wedgeState(): void {
    const ready = document.activeElement === this.wedge;
    this.wedge.closest(".wedge")?.classList.toggle("on", ready);
    part("wedge-said").textContent = say(ready ? "wedge.on" : "wedge.off");
  }

  /** An input method took a key: its composition is ended, and the reader told how to switch it off. */
  private inputMethod(on: boolean): void {
    this.warn(on ? say("wedge.ime") : "");
    if (on && document.activeElement === this.wedge) {
      this.wedge.blur();
      this.wedge.value = "";
    }
  }

  private warn(text: string): void {
    const place = document.getElementById("warning");
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
  }

  private burst({ lines, caps, swallowed }: Burst): void {
    if (swallowed) this.inputMethod(true);
    else this.warn("");
    if (lines.some((line) => turnedAround(line, caps))) return this.tell("error", say("caps"), say("caps.fix"));
    this.take(lines);
  }

  private line(text: string): void {
    this.wedge.value = "";
    const lines = text.split(/[\r\n]+/).filter((one) => one.trim());
    if (lines.length) this.take(lines);
  }

  /** One after the other, in the order they came. */
  private take(lines: string[]): void {
    this.taking = this.taking.then(() => this.taken(lines)).catch((error: unknown) => {
      this.tell("error", say("failed"), String(error));
      throw error;
    });
  }

  private async taken(lines: string[]): Promise<void> {
    const found = lines.map(readLine);
    const place = found.find(({ identity }) => identity?.key?.name === "SGLN" || (this.panel === "place" && identity !== null));
    if (place && found.length === 1) return this.choosePlace(place.text);
    const first = this.first();
    if (first !== "items" || !this.account || !this.step) {
      this.show(first);
      return this.tell("error", say(`first.${first}`), label(found[0]?.text ?? ""));
    }
    if (this.tally) return this.tick(found, this.tally);
    await this.record(found, this.account, this.step);
  }

  /** Keep what was scanned, then say so. */
  private async record(found: Read[], account: Account, step: Step): Promise<void> {
    const good = [...new Map(found.filter((one) => one.identity).map((one) => [one.text, one])).values()];
    const strange = found.filter((one) => !one.identity);
    const turned = good.length === 1 && good[0] && !this.known.thing(good[0].text) && this.known.turned(good[0].text);
    if (turned) return this.tell("error", say("caps"), label(turned.id));
    const made = good.length ? scansOf(account, step, this.place, good.map((one) => one.text), good.map((one) => one.raw)) : [];
    // What cannot be read here goes to the server as it came; what is wrong anywhere stays here, to be put right.
    for (const { raw, refused } of strange) {
      const [scan] = scansOf(account, step, this.place, [raw], [raw]);
      if (scan) made.push(refused?.definite ? { ...scan, state: "rejected", reason: why(refused), fix: say("unread.fix") } : scan);
    }
    const again = good.filter((one) => this.repeats(one.text, step));
    await keep(this.store, ...made);
    for (const scan of made) this.remember(scan);
    this.report(good, strange, again, step);
    for (const one of good) void this.known.moved(one.text, step.bizStep, step.disposition, this.place, new Date().toISOString());
    await this.refresh();
    void this.sender.send();
    if (good.length === 1 && good[0] && this.sender.link === "online") void this.known.look(good[0].text);
  }

  private report(good: Read[], strange: Read[], again: Read[], step: Step): void {
    const wrong = strange.find((one) => one.refused?.definite);
    const [only] = good;
    if (only) {
      const thing = this.known.thing(only.text);
      const unusual = Boolean(thing?.next.length && !thing.next.includes(step.bizStep));
      showThing(only.text, thing, say(`do.${step.name}`), unusual);
    }
    const name = only ? this.known.thing(only.text)?.name || label(only.text) : "";
    if (wrong?.refused) return this.tell("error", say("refused"), why(wrong.refused));
    if (good.length + strange.length > 1) {
      return this.tell(again.length ? "duplicate" : "ok", say("bulk", { count: good.length + strange.length }), say(`do.${step.name}`));
    }
    if (again.length) return this.tell("duplicate", say("again"), name);
    if (strange[0]) return this.tell("duplicate", say("unknown"), strange[0].raw);
    this.tell("ok", say(`do.${step.name}`), name);
  }

  private tell(kind: Kind, title: string, text: string): void {
    this.feedback.show({ kind, title, text });
  }

  private repeats(code: string, step: Step): boolean {
    const at = this.seen.get([code, step.bizStep, this.place].join("\n"));
    return at !== undefined && Date.now() - at < REPEAT_MS;
  }

  private remember(scan: Scan): void {
    if (scan.undone || scan.state === "withdrawn" || scan.state === "rejected") return;
    for (const code of codesOf(scan.event)) {
      const key = [code, scan.event.bizStep, scan.event.readPoint?.id].join("\n");
      if (!this.seen.has(key)) this.seen.set(key, scan.at);
    }
  }

  private async choosePlace(place: string): Promise<void> {
    this.place = place;
    this.step = this.stepNamed(await choice<string>(this.store, `step ${place}`)) ?? this.step;
    const used = ((await choice<string[]>(this.store, "places")) ?? []).filter((one) => one !== place);
    await choose(this.store, "places", [place, ...used].slice(0, 12));
    await choose(this.store, "place", place);
    this.tell("ok", say("place.set"), label(place));
    this.show(this.step ? "items" : "step");
  }

  private async chooseStep(name: string): Promise<void> {
    this.step = this.stepNamed(name);
    await choose(this.store, `step ${this.place}`, name);
    this.show("items");
  }

  private stepNamed(name: string | undefined): Step | null {
    return STEPS.find((one) => one.name === name) ?? null;
  }

  private showPlaces(): void {
    void choice<string[]>(this.store, "places").then((used) => {
      const places = [...new Set([...(used ?? []), ...this.known.places()])].slice(0, 12);
      part("places").replaceChildren(
        ...places.map((place) => {
          const item = document.createElement("li");
          item.append(button(label(place), () => void this.choosePlace(place), "choice"));
          return item;
        }),
      );
      part("no-places").hidden = places.length > 0;
    });
  }

  private async toggleCamera(): Promise<void> {
    const place = document.querySelector<HTMLElement>(".camera");
    if (!place) return;
    if (this.camera.on) this.camera.stop();
    else if (!Camera.offered) return this.warn(say("camera.https"));
    else {
      try {
        await this.camera.start();
        this.warn("");
      } catch (error) {
        this.camera.stop();
        this.warn(say(error instanceof DOMException && error.name === "NotAllowedError" ? "camera.denied" : "camera.none"));
      }
    }
    place.hidden = !this.camera.on;
    document.querySelector(".dock [data-do=camera]")?.setAttribute("aria-pressed", String(this.camera.on));
    const { torch, zoom } = this.camera.offers;
    part("do", "torch").hidden = !torch;
    const range = document.querySelector<HTMLInputElement>("input[name=zoom]");
    if (range?.parentElement) range.parentElement.hidden = !zoom;
    if (range && zoom) [range.min, range.max, range.value] = [String(zoom.min), String(zoom.max), String(zoom.min)];
  }

  private async photo(field: HTMLInputElement): Promise<void> {
    const [file] = field.files ?? [];
    field.value = "";
    if (!file) return;
    const codes = await decodePhoto(this.decoder, file).catch(() => []);
    if (codes.length) this.take(codes);
    else this.tell("error", say("photo.none"), say("photo.fix"));
  }

  private judgeTyped(text: string): void {
    const place = document.getElementById("typed-said");
    if (!place) return;
    const whole = completed(text);
    const found = readLine(whole ?? text);
    place.textContent = !text.trim()
      ? say("type.how")
      : found.identity
        ? say(whole && whole !== text ? "type.completed" : "type.reads", { code: label(found.text) })
        : why(found.refused ?? new Unread("form"));
    place.classList.toggle("bad", Boolean(text.trim()) && !found.identity);
  }

  private typed(text: string, form: HTMLFormElement): void {
    const lines = text.split(/[\r\n]+/).map((one) => completed(one) ?? one.trim()).filter(Boolean);
    const wrong = lines.map(readLine).find((one) => one.refused);
    if (!lines.length) return;
    if (wrong?.refused && lines.length === 1) return this.tell("error", say("refused"), why(wrong.refused));
    form.reset();
    this.judgeTyped("");
    this.show(this.first());
    this.take(lines);
  }

  private async fetchList(parent: string): Promise<void> {
    const answer = await ask(`/api/v1/scans/expected?parent=${encodeURIComponent(completed(parent) ?? parent)}`).catch(() => null);
    if (!answer?.ok) return this.tell("error", say("list.none"), say(answer ? "list.none.unit" : "list.none.network"));
    const found = (await answer.json()) as { parent: string; children: string[] };
    if (!found.children.length) return this.tell("error", say("list.none"), label(found.parent));
    await this.setTally({ id: "tally", expected: found.children, read: [], unknown: [], title: label(found.parent) });
  }

  private useList(text: string, title: string): void {
    const { codes, unread } = listed(text);
    if (!codes.length) return this.tell("error", say("list.none"), say("list.none.pasted"));
    if (unread.length) this.warn(say("list.unread", { count: unread.length, first: unread[0] ?? "" }));
    void this.setTally({ id: "tally", expected: codes, read: [], unknown: [], title });
  }

  private async setTally(tally: Tally | null): Promise<void> {
    this.tally = tally;
    if (tally) await this.store.put("tallies", tally);
    else await this.store.delete("tallies", "tally");
    this.show("items");
    await this.refresh();
  }

  private async tick(found: Read[], before: Tally): Promise<void> {
    let tally = before;
    for (const { text, raw, identity } of found) tally = counted(tally, identity ? text : raw, identity !== null);
    this.tally = tally;
    await this.store.put("tallies", tally);
    const [last] = found.slice(-1);
    const wanted = new Set(tally.expected);
    if (last && tally === before) this.tell("duplicate", say("again"), label(last.text));
    else if (last && found.every((one) => wanted.has(one.text))) {
      const { found: got } = compared(tally);
      this.tell("ok", `${got.length} / ${tally.expected.length}`, label(last.text));
    } else if (last) this.tell("error", say(last.identity ? "tally.unexpected" : "tally.unknown"), label(last.text));
    await this.refresh();
  }

  /** What was found becomes one event (several above 500 codes); what was not on the list goes with it when wanted. */
  private async confirmTally(withUnexpected: boolean): Promise<void> {
    const { tally, account, step } = this;
    if (!tally || !account || !step) return;
    const { found, missing, unexpected } = compared(tally);
    const codes = withUnexpected ? [...found, ...unexpected] : found;
    if (!codes.length) return this.tell("error", say("tally.nothing"), tally.title);
    const made = scansOf(account, step, this.place, codes, codes);
    await keep(this.store, ...made);
    await this.setTally(null);
    this.tell(missing.length ? "duplicate" : "ok", say("bulk", { count: codes.length }), say("tally.missed", { count: missing.length }));
    void this.sender.send();
  }

  private async undo(scan: Scan): Promise<void> {
    await takeBack(this.store, scan.id, undoOf);
    for (const code of codesOf(scan.event)) this.seen.delete([code, scan.event.bizStep, scan.event.readPoint?.id].join("\n"));
    this.tell("ok", say("undone"), label(codesOf(scan.event)[0] ?? ""));
    await this.refresh();
    void this.sender.send();
  }

  private async linkChanged(): Promise<void> {
    const { session, link } = this.sender;
    if (session && (session.tenant !== this.account?.tenant || session.who !== this.account.who)) {
      this.account = { tenant: session.tenant, who: session.who, name: session.name };
      await this.known.load(session.tenant);
      this.show(this.first());
    }
    if (link === "online") {
      void this.known.refresh().then(() => this.panel === "place" && this.showPlaces());
      if (Math.abs(this.sender.skew) > SKEW_SHOWN_MS) this.warn(say("skew", { seconds: Math.round(-this.sender.skew / 1000) }));
    }
    if (link === "signed-out" && !this.account) this.show("enter");
    await this.refresh();
  }

  /** Everything on the page that counts or lists scans. */
  private async refresh(): Promise<void> {
    const { waiting, rejected } = await unsettled(this.store);
    const unsent = document.querySelector<HTMLElement>(".unsent");
    if (unsent) {
      unsent.dataset["count"] = String(waiting + rejected);
      unsent.classList.toggle("rejected", rejected > 0);
      const figure = unsent.querySelector("b");
      if (figure) figure.textContent = String(waiting + rejected);
    }
    const { link } = this.sender;
    const place = document.querySelector<HTMLElement>(".link");
    if (place) {
      place.dataset["link"] = link;
      const words = place.querySelector("span");
      if (words) words.textContent = say(`link.${link}`);
    }
    await this.refreshLists(waiting, rejected);
  }

  private async refreshLists(waiting: number, rejected: number): Promise<void> {
    const recent = (await latest(this.store, RECENT * 3)).filter((scan) => !scan.undoes).slice(0, RECENT);
    part("recent").replaceChildren(...recent.map((scan) => this.recentLine(scan)));
    part("no-recent").hidden = recent.length > 0;
    const open = [...(await scansIn(this.store, "rejected")), ...(await scansIn(this.store, "waiting"))];
    part("queue").replaceChildren(...open.slice(0, 200).map((scan) => this.queueLine(scan)));
    const said = { waiting, rejected };
    const lines = [say(open.length ? "queue.some" : "queue.none", said)];
    if (this.sender.link === "signed-out" && this.account) lines.push(say("queue.enter"));
    if (open.some((scan) => scan.tenant !== this.account?.tenant)) lines.push(say("queue.foreign"));
    part("queue-said").textContent = lines.join(" ");
    if (this.sender.link === "signed-out" && this.account) part("queue-said").append(" ", this.signInLink());
    const skew = Math.round(Math.abs(this.sender.skew) / 100) / 10;
    part("about").textContent = this.account ? say("about", { name: this.account.name, tenant: this.account.tenant, skew }) : "";
    if (this.tally) this.refreshTally(this.tally);
    else part("tally").hidden = true;
  }

  private signInLink(): HTMLElement {
    const link = document.createElement("a");
    link.href = "/login?next=/scan";
    link.className = "button";
    link.textContent = say("enter.again");
    return link;
  }

  private refreshTally(tally: Tally): void {
    const found = compared(tally);
    const actions = [button(say("tally.confirm", { count: found.found.length }), () => void this.confirmTally(false), "button")];
    if (found.unexpected.length) {
      const all = found.found.length + found.unexpected.length;
      actions.push(button(say("tally.confirm.all", { count: all }), () => void this.confirmTally(true)));
    }
    actions.push(button(say("tally.drop"), () => void this.setTally(null)));
    showTally(tally.title, found, actions);
  }

  private recentLine(scan: Scan): HTMLElement {
    const line = scanLine(scan, stepName);
    if (!scan.undone && scan.state !== "withdrawn") {
      const undo = button("", () => void this.undo(scan), "undo");
      undo.append(icon("undo"), say("undo"));
      undo.setAttribute("aria-label", `${say("undo")}: ${label(codesOf(scan.event)[0] ?? "")}`);
      line.append(undo);
    }
    return line;
  }

  /** A line of the queue; a rejected one can be put right and sent again, or discarded by a person, by nobody else. */
  private queueLine(scan: Scan): HTMLElement {
    const line = scanLine(scan, stepName);
    if (scan.state !== "rejected" || scan.undoes) return line;
    const field = document.createElement("textarea");
    field.value = codesOf(scan.event).join("\n");
    field.setAttribute("aria-label", say("queue.code"));
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(
      button(say("queue.again"), () => void this.sendAgain(scan, field.value), "button"),
      button(say("queue.discard"), () => void this.undo(scan)),
    );
    line.append(field, actions);
    return line;
  }

  private async sendAgain(scan: Scan, text: string): Promise<void> {
    const lines = text.split(/[\r\n]+/).map((one) => completed(one) ?? one.trim()).filter(Boolean).map(readLine);
    const wrong = lines.find((one) => one.refused?.definite);
    if (!lines.length || wrong?.refused) return this.tell("error", say("refused"), why(wrong?.refused ?? new Unread("form")));
    const again = corrected(scan, lines.map((one) => one.text));
    await keep(this.store, again, { ...scan, state: "withdrawn", undone: true });
    await this.refresh();
    void this.sender.send();
  }

  /** Nobody leaves while scans have not arrived: the next to sign in could not send them. */
  private async signOut(): Promise<void> {
    const { waiting, rejected } = await unsettled(this.store);
    if (waiting + rejected) return this.tell("error", say("leave.unsent"), say("leave.unsent.why", { count: waiting + rejected }));
    const token = this.sender.session?.formToken;
    if (!token) return this.tell("error", say("leave.offline"), say("link.offline"));
    await fetch("/logout", { method: "POST", headers: { "X-CSRF-Token": token }, redirect: "manual" });
    await this.known.forget();
    await this.store.delete("choices", "account");
    location.assign("/login?next=/scan");
  }
}

function stepName(scan: Scan): string {
  const found = STEPS.find((one) => one.bizStep === scan.event.bizStep && one.disposition === (scan.event.disposition ?? ""));
  return found ? say(`do.${found.name}`) : term("step", scan.event.bizStep);
}

function readLine(raw: string): Read {
  try {
    const identity = read(raw);
    return { raw, text: identity.text, identity, refused: null };
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return { raw, text: raw, identity: null, refused: error };
  }
}

async function start(): Promise<void> {
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/scan-worker.js", { scope: "/scan" }).catch((error: unknown) => console.warn(error));
  }
}

void start();
void openStore().then((store) => new ScanPage(store).start());
