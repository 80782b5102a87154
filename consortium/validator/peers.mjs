// Connections: with the listed validators alone, on this machine alone, dialled again when they break, and cut on request.

import { RLPx } from "@ethereumjs/devp2p";
import { bytesToUnprefixedHex, unprefixedHexToBytes } from "@ethereumjs/util";
import { PeerPool } from "@ethereumjs/client/dist/esm/src/net/peerpool.js";
import { RlpxServer } from "@ethereumjs/client/dist/esm/src/net/server/rlpxserver.js";
import { Event } from "@ethereumjs/client/dist/esm/src/types.js";

const HERE = "127.0.0.1";
const DIAL_MS = 400;

export function patchPeers() {
  const listen = RLPx.prototype.listen;
  RLPx.prototype.listen = function (port) {
    return listen.call(this, port, HERE);
  };
  RlpxServer.prototype.initDpt = async function () {};
  RlpxServer.prototype.stop = async function () {
    if (this.started) this.rlpx.destroy();
    this.started = false;
    return false;
  };
  RlpxServer.prototype.ban = function (peerId) {
    this.rlpx?.disconnect(unprefixedHexToBytes(peerId));
    return true;
  };
  PeerPool.prototype._statusCheck = async function () {};
}

export class Peers {
  /** `listed` is [{id, port}] of the other validators. */
  constructor(client, listed) {
    this.client = client;
    this.listed = new Map(listed.map((one) => [one.id, one]));
    this.cut = new Set();
    const { events } = client.config;
    events.on(Event.PEER_CONNECTED, (peer) => {
      if (!this.listed.has(peer.id) || this.cut.has(peer.id)) this.#drop(peer.id);
    });
  }

  start() {
    this.dialling = setInterval(() => this.#dial(), DIAL_MS);
    this.#dial();
  }

  get connected() {
    return this.client.service.pool.peers.filter((peer) => peer.eth !== undefined && !this.cut.has(peer.id));
  }

  /** Talk to these no more, and to all others again. */
  separate(ids) {
    this.cut = new Set(ids);
    for (const id of ids) this.#drop(id);
  }

  #drop(id) {
    this.client.config.server.rlpx?.disconnect(unprefixedHexToBytes(id));
  }

  /** Of two validators the one with the smaller id dials. */
  #dial() {
    const { rlpx } = this.client.config.server;
    if (!rlpx) return;
    const own = bytesToUnprefixedHex(rlpx.id);
    for (const { id, port } of this.listed.values()) {
      if (own < id && !this.cut.has(id) && !rlpx._peers.has(id)) {
        rlpx.connect({ id: unprefixedHexToBytes(id), address: HERE, tcpPort: port }).catch(() => {});
      }
    }
  }

  stop() {
    clearInterval(this.dialling);
  }
}
