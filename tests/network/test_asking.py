"""Questions of one validator to another: each gets its own answer, also when others come before it, late or never."""

from __future__ import annotations

import json
import subprocess

from consortium.validator import MAIN, node

SCRIPT = """
import { EventEmitter } from "node:events";
import { BoundProtocol } from "@ethereumjs/client/dist/esm/src/net/protocol/boundprotocol.js";
import { Event } from "@ethereumjs/client/dist/esm/src/types.js";
import { answered, patchAsking, watchPeers } from "ASKING";

const messages = [
  { name: "GetBlockHeaders", code: 3, response: 4, encode: ({ reqId, block }) => [reqId, block] },
  { name: "BlockHeaders", code: 4, decode: (payload) => payload },
];
const events = new EventEmitter();
const config = { events };
const encode = (message, details) => message.encode(details);
const decode = (message, payload) => message.decode(payload);
const protocol = { name: "eth", messages, encode, decode, timeout: 8000 };
function peer() {
  const made = { pooled: true, asked: [] };
  const sender = new EventEmitter();
  sender.sendMessage = (code, question) => made.asked.push(question);
  made.eth = new BoundProtocol({ config, protocol, peer: made, sender });
  made.answer = ([number, block]) => sender.emit("message", { code: 4, payload: [number, `block ${block}`] });
  made.ask = (block) => made.eth.request("GetBlockHeaders", { block });
  return made;
}
const one = peer();
const other = peer();
patchAsking();
watchPeers(events);
events.on(Event.PROTOCOL_MESSAGE, (message, protocol, from) => answered(message.data, from));
const asked = [one.ask(1), one.ask(2), one.ask(3)];
one.answer([-1n, "of nobody's question"]);
other.answer([one.asked[0][0], "of another"]); // not the one that was asked
for (const question of [one.asked[2], one.asked[0], one.asked[0], one.asked[1]]) one.answer(question);
const words = (await Promise.all(asked)).map(([, block]) => block);
const waiting = other.ask(4);
other.pooled = false;
events.emit(Event.POOL_PEER_REMOVED, other);
words.push((await waiting) ?? "gone", (await other.ask(5)) ?? "not asked", String(other.asked.length));
process.stdout.write(JSON.stringify(words));
process.exit(0);
"""


def test_an_answer_is_for_its_question() -> None:
    """In any order, twice, or of another peer; and nobody waits for a peer that has gone."""
    script = SCRIPT.replace("ASKING", (MAIN.parent / "asking.mjs").as_uri())
    command = [node(), "--input-type=module", "--eval", script]
    done = subprocess.run(command, cwd=MAIN.parent, stdout=subprocess.PIPE, check=True, text=True)
    assert json.loads(done.stdout) == ["block 1", "block 2", "block 3", "gone", "not asked", "1"]
