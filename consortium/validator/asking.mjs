// Questions to peers: each answer belongs to the question whose number it bears. The client gives whichever answer
// comes next to whoever waits for one of its kind: one that came too early or too late shifted all that followed.

import { BoundProtocol } from "@ethereumjs/client/dist/esm/src/net/protocol/boundprotocol.js";
import { Event } from "@ethereumjs/client/dist/esm/src/types.js";

const PATIENCE_MS = 8000;
const waiting = new Map();
let last = 0n;

/** A question resolves with its answer, or with nothing: at once to a peer that is gone, when it goes, or after a while. */
export function patchAsking() {
  BoundProtocol.prototype.request = function (name, details) {
    if (!this.peer.pooled) return Promise.resolve(undefined);
    const number = ++last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(number, undefined), PATIENCE_MS);
      waiting.set(number, { peer: this.peer, resolve, timer });
      this.send(name, { ...details, reqId: number });
    });
  };
}

/** Who waits for a peer that goes, waits no longer. */
export function watchPeers(events) {
  events.on(Event.POOL_PEER_REMOVED, (peer) => {
    for (const [number, question] of waiting) if (question.peer === peer) settle(number, undefined);
  });
}

/** What a peer answers, `data` being [number, what]; an answer that nobody waits for any more is dropped. */
export function answered(data, peer) {
  if (waiting.get(data[0])?.peer === peer) settle(data[0], data);
}

function settle(number, answer) {
  const { resolve, timer } = waiting.get(number);
  clearTimeout(timer);
  waiting.delete(number);
  resolve(answer);
}
