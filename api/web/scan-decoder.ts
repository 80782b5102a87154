/** The worker that decodes pictures: zxing-cpp as WebAssembly, served from here. Frames in, symbols out. */

import { type ReaderOptions, prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

export type Frame = { id: number; image: ImageData; photo: boolean };
export type Decoded = { id: number; codes: string[] } | { ready: boolean };

const FORMATS = ["QRCode", "DataMatrix", "Code128", "ITF14", "EAN13"] as const;
const LIVE: ReaderOptions = { formats: [...FORMATS], maxNumberOfSymbols: 4, textMode: "Plain", tryDenoise: false };
const PHOTO: ReaderOptions = { ...LIVE, maxNumberOfSymbols: 64, tryHarder: true };
const GS1 = /^\](?:C1|d2|Q3|e0|J1)$/;

const port = self as unknown as {
  postMessage(message: Decoded): void;
  addEventListener(name: "message", listener: (event: MessageEvent<Frame>) => void): void;
  location: Location;
};

const wasm = new URL(port.location.href).searchParams.get("wasm") ?? "";
const ready = prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
ready.then(
  () => port.postMessage({ ready: true }),
  () => port.postMessage({ ready: false }),
);

port.addEventListener("message", (event) => {
  const { id, image, photo } = event.data;
  void readBarcodes(image, photo ? PHOTO : LIVE).then(
    (found) => port.postMessage({ id, codes: found.filter((one) => one.isValid).map(coded) }),
    () => port.postMessage({ id, codes: [] }),
  );
});

/** What the symbol says; the AIM prefix stays where it promises an element string. */
function coded(found: { text: string; symbologyIdentifier: string; format: string }): string {
  if (GS1.test(found.symbologyIdentifier)) return found.symbologyIdentifier + found.text;
  // A retail symbol holds a bare GTIN: 13 or 14 digits and nothing else.
  if (/^(?:EAN13|ITF14)$/.test(found.format)) return `(01)${found.text.padStart(14, "0")}`;
  return found.text;
}
