/**
 * The camera as a scanner: frames of the middle of the picture go to a worker, codes come back.
 *
 * A code is reported once while it stays in view: again only when it was out of frame and three seconds have passed.
 */

import type { Decoded, Frame } from "../scan-decoder";

/** A code that was just reported is ignored this long [ms]. */
export const AGAIN_MS = 3000;
const EVERY_MS = 90;
/** Out of frame after this many frames without it: one blurred frame is not an absence. */
const GONE_FRAMES = 3;
/** The part of the picture that is looked at, the middle of it. */
const REGION = 0.72;
const WIDEST = 960;
const PHOTO_WIDEST = 2400;

/** Remembers what is in view. Knows no camera: codes of a frame in, codes to report out. */
export class InView {
  private readonly seen = new Map<string, { at: number; missed: number }>();

  frame(codes: string[], now: number): string[] {
    for (const [code, held] of this.seen) {
      if (codes.includes(code)) held.missed = 0;
      else if ((held.missed += 1) >= GONE_FRAMES && now - held.at >= AGAIN_MS) this.seen.delete(code);
    }
    const fresh = codes.filter((code, at) => !this.seen.has(code) && codes.indexOf(code) === at);
    for (const code of fresh) this.seen.set(code, { at: now, missed: 0 });
    return fresh;
  }
}

/** The decoder in its worker: one picture at a time. */
export class Decoder {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, (codes: string[]) => void>();
  private next = 0;
  readonly ready: Promise<boolean>;

  constructor(script: string) {
    this.worker = new Worker(script);
    this.ready = new Promise((resolve) => {
      this.worker.addEventListener("message", (event: MessageEvent<Decoded>) => {
        const said = event.data;
        if ("ready" in said) return resolve(said.ready);
        this.waiting.get(said.id)?.(said.codes);
        this.waiting.delete(said.id);
      });
      this.worker.addEventListener("error", () => resolve(false));
    });
  }

  async decode(image: ImageData, photo: boolean): Promise<string[]> {
    if (!(await this.ready)) return [];
    const id = (this.next += 1);
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, image, photo } satisfies Frame, [image.data.buffer]);
    });
  }
}

/** The codes on a photograph: the way without HTTPS, where browsers give no live camera. */
export async function decodePhoto(decoder: Decoder, file: Blob): Promise<string[]> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, PHOTO_WIDEST / Math.max(picture.width, picture.height));
  const image = pixels(picture, [0, 0, picture.width, picture.height], picture.width * scale, picture.height * scale);
  picture.close();
  return image ? decoder.decode(image, true) : [];
}

const canvas = document.createElement("canvas");

function pixels(from: CanvasImageSource, [x, y, w, h]: [number, number, number, number], width: number, height: number): ImageData | null {
  [canvas.width, canvas.height] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(from, x, y, w, h, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

type Offered = MediaTrackCapabilities & { torch?: boolean; zoom?: { min: number; max: number } };

export class Camera {
  private stream: MediaStream | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private inView = new InView();
  private lit = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly decoder: Decoder,
    private readonly take: (code: string) => void,
  ) {}

  get on(): boolean {
    return this.stream !== null;
  }

  /** Whether this browser hands out a live camera here: it does behind HTTPS and on the machine itself. */
  static get offered(): boolean {
    return isSecureContext && typeof navigator.mediaDevices?.getUserMedia === "function";
  }

  async start(): Promise<void> {
    const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.inView = new InView();
    this.look();
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.lit = false;
  }

  /** What the camera can do beside looking. */
  get offers(): { torch: boolean; zoom: { min: number; max: number } | null } {
    const found = this.track?.getCapabilities?.() as Offered | undefined;
    const zoom = found?.zoom && found.zoom.max > found.zoom.min ? { min: found.zoom.min, max: found.zoom.max } : null;
    return { torch: Boolean(found?.torch), zoom };
  }

  async torch(): Promise<boolean> {
    this.lit = !this.lit;
    await this.track?.applyConstraints({ advanced: [{ torch: this.lit } as MediaTrackConstraintSet] });
    return this.lit;
  }

  async zoom(factor: number): Promise<void> {
    await this.track?.applyConstraints({ advanced: [{ zoom: factor } as MediaTrackConstraintSet] });
  }

  private get track(): MediaStreamTrack | undefined {
    return this.stream?.getVideoTracks()[0];
  }

  /** One frame, and the next when it is done: a slow phone looks less often, it does not fall behind. */
  private look(): void {
    this.timer = setTimeout(() => {
      void this.frame().finally(() => {
        if (this.on) this.look();
      });
    }, EVERY_MS);
  }

  private async frame(): Promise<void> {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || document.visibilityState === "hidden") return;
    const side = Math.min(width, height) * REGION;
    const [w, h] = width > height ? [Math.min(width, side * 1.6), side] : [width * 0.92, side];
    const scale = Math.min(1, WIDEST / w);
    const image = pixels(this.video, [(width - w) / 2, (height - h) / 2, w, h], w * scale, h * scale);
    if (!image) return;
    const codes = await this.decoder.decode(image, false);
    if (this.on) for (const code of this.inView.frame(codes, performance.now())) this.take(code);
  }
}
