/** What a scan sounds, feels and looks like: three sounds, three rhythms, a whole screen of colour with icon and words. */

export type Kind = "ok" | "duplicate" | "error";
export type Said = { kind: Kind; title: string; text: string };

/** Hertz and seconds of each tone; ok rises, duplicate repeats, error falls. */
const TONES: Readonly<Record<Kind, readonly (readonly [number, number])[]>> = {
  ok: [[1046, 0.07], [1568, 0.09]],
  duplicate: [[784, 0.08], [0, 0.05], [784, 0.08]],
  error: [[330, 0.16], [196, 0.28]],
};
const RHYTHMS: Readonly<Record<Kind, number[]>> = { ok: [60], duplicate: [50, 60, 50], error: [220, 80, 220] };
const SHOWN_MS: Readonly<Record<Kind, number>> = { ok: 750, duplicate: 1300, error: 2200 };

export class Feedback {
  private audio: AudioContext | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly screen: HTMLElement,
    private readonly aloud: HTMLElement,
  ) {
    // Browsers let a page sound only after it was touched.
    for (const name of ["pointerdown", "keydown"] as const) addEventListener(name, () => this.unlock(), { once: true, capture: true });
    screen.addEventListener("click", () => this.hide());
  }

  show({ kind, title, text }: Said): void {
    this.sound(kind);
    if ("vibrate" in navigator && navigator.userActivation?.hasBeenActive) navigator.vibrate(RHYTHMS[kind]);
    this.screen.dataset["kind"] = kind;
    for (const [name, words] of [["title", title], ["text", text]] as const) {
      const place = this.screen.querySelector(`[data-${name}]`);
      if (place) place.textContent = words;
    }
    this.screen.hidden = false;
    this.aloud.textContent = `${title}. ${text}`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), SHOWN_MS[kind]);
  }

  private hide(): void {
    this.screen.hidden = true;
  }

  private unlock(): void {
    this.audio ??= new AudioContext();
    void this.audio.resume();
  }

  private sound(kind: Kind): void {
    const audio = this.audio;
    if (!audio || audio.state !== "running") return;
    let at = audio.currentTime;
    for (const [hertz, seconds] of TONES[kind]) {
      if (hertz) {
        const [tone, volume] = [audio.createOscillator(), audio.createGain()];
        tone.type = kind === "error" ? "square" : "sine";
        tone.frequency.value = hertz;
        volume.gain.setValueAtTime(0.25, at);
        volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
        tone.connect(volume).connect(audio.destination);
        tone.start(at);
        tone.stop(at + seconds);
      }
      at += seconds;
    }
  }
}
