/** The passport: checking its newest proof here and now, and a closer look at the map. */

import { parseKey } from "./note";
import { type Outcome, verify } from "./proof";
import { Refused } from "./refused";
import { element, type Messages, stepList, text, verdictBox } from "./verdict";

const NOT_HERE: Outcome = {
  verdict: 2, code: "proof.cannot-tell", reason: "not-here", values: {}, steps: [], proof: null, sealed: false, shown: [], receipt: null,
};

/** The verdict on the proof at an address, against the key that came with the page. */
async function checked(address: string, key: string): Promise<Outcome> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return { ...NOT_HERE, reason: answer.status === 409 ? "not-checkpointed" : "not-here" };
    return verify(new Uint8Array(await answer.arrayBuffer()), parseKey(key), null);
  } catch (error) {
    if (error instanceof Refused) return { ...NOT_HERE, reason: "given-key" };
    return NOT_HERE;
  }
}

function offerCheck(button: HTMLButtonElement, place: HTMLElement): void {
  const messages = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Messages;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    void checked(button.dataset["check"] ?? "", button.dataset["key"] ?? "").then((outcome) => {
      place.replaceChildren(verdictBox(messages, outcome));
      if (outcome.steps.length) {
        const more = element("details");
        more.append(element("summary", "", text(messages, "steps")), stepList(messages, outcome));
        place.append(more);
      }
      button.disabled = false;
      place.focus({ preventScroll: true });
    });
  });
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Buttons make the map larger and smaller around its middle; dragging moves it, never out of sight. */
function offerZoom(map: SVGSVGElement, controls: HTMLElement): void {
  const { x, y, width, height } = map.viewBox.baseVal;
  const whole: Box = { x, y, width, height };
  let shown = { ...whole };
  const show = (next: Box): void => {
    const most = Math.min(whole.width, Math.max(whole.width / 16, next.width));
    const size = { width: most, height: (most * whole.height) / whole.width };
    shown = {
      ...size,
      x: Math.min(whole.x + whole.width - size.width, Math.max(whole.x, next.x)),
      y: Math.min(whole.y + whole.height - size.height, Math.max(whole.y, next.y)),
    };
    map.setAttribute("viewBox", `${shown.x} ${shown.y} ${shown.width} ${shown.height}`);
    map.style.setProperty("--map-scale", String(shown.width / whole.width));
  };
  const scale = (by: number): void => {
    const [w, h] = [shown.width * by, shown.height * by];
    show({ x: shown.x + (shown.width - w) / 2, y: shown.y + (shown.height - h) / 2, width: w, height: h });
  };
  const steps: Record<string, () => void> = { in: () => scale(0.5), out: () => scale(2), whole: () => show(whole) };
  controls.hidden = false;
  for (const button of controls.querySelectorAll<HTMLButtonElement>("[data-zoom]")) {
    button.addEventListener("click", () => steps[button.dataset["zoom"] ?? ""]?.());
  }
  let held: { x: number; y: number } | null = null;
  map.addEventListener("pointerdown", (event) => {
    if (shown.width >= whole.width) return;
    held = { x: event.clientX, y: event.clientY };
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!held) return;
    const unit = shown.width / map.clientWidth;
    show({ ...shown, x: shown.x - (event.clientX - held.x) * unit, y: shown.y - (event.clientY - held.y) * unit });
    held = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, () => (held = null));
}

const button = document.querySelector<HTMLButtonElement>("button[data-check]");
const outcome = document.getElementById("check-outcome");
if (button && outcome) offerCheck(button, outcome);
const map = document.querySelector<SVGSVGElement>("svg.map");
const controls = document.querySelector<HTMLElement>(".map-controls");
if (map && controls) offerZoom(map, controls);
