"""The embedded chain: it survives being killed, keeps its file to itself, and serves its machine only."""

from __future__ import annotations

import http.client
import json
import random
import re
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ledger.adapters.chain import create_keystore, open_chain
from ledger.adapters.chain.embedded.node import CHAIN_ID, MAX_GAS, EmbeddedNode, Refused
from ledger.adapters.chain.embedded.rpc import MAX_LOG_BLOCKS, METHODS, JsonRpc
from ledger.adapters.chain.embedded.server import MAX_BODY, RpcServer
from ledger.adapters.chain.errors import ChainFileInUse, ChainFileUnreadable
from ledger.adapters.chain.signers import KeystoreSigner
from ledger.log import merkle
from ledger.ports import AnchorCall, ChainUnavailable, Head, WrongChain

BURST = Path(__file__).with_name("burst.py")
LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(4096)]


def burst(directory: Path, first: int, last: int, *serve: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(BURST), str(directory), str(first), str(last), *serve],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def head(size: int) -> Head:
    return Head(size, merkle.root(LEAVES[:size]))


# ---------------------------------------------------------------- kill -9


def test_killed_in_mid_burst_loses_no_acknowledged_anchor(tmp_path: Path) -> None:
    """Killed at random points of a burst, the chain has every anchor it acknowledged, and goes on from there."""
    seed = 20251123
    moments = random.Random(seed)
    acknowledged = 0
    for _ in range(3):
        process = burst(tmp_path, 1, 4096)
        assert process.stdout.readline() == "ready\n"
        enough = acknowledged + moments.randint(4, 24)
        while acknowledged < enough:
            acknowledged = int(process.stdout.readline())
        time.sleep(moments.uniform(0, 0.05))
        process.kill()
        rest = process.stdout.read().splitlines(keepends=True)
        acknowledged = max([acknowledged, *(int(line) for line in rest if line.endswith("\n"))])
        process.wait(10)
        process.stdin.close()
        process.stdout.close()
    with open_chain("embedded:", directory=tmp_path) as chain:
        size = chain.head().size
        assert acknowledged <= size <= acknowledged + 1
        assert acknowledged > 10
        assert chain.head() == head(size)
        for known in range(1, size + 1):
            receipt = chain.find(head(known))
            assert receipt is not None
            assert receipt.succeeded


def test_a_failure_in_a_block_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails while a block is written, the chain is as before, in memory and in the file."""
    node = EmbeddedNode(tmp_path / "chain.sqlite")
    signer = KeystoreSigner(secrets.token_bytes(32))
    node.submit(transfer(signer, 0))
    before = node.latest().hash
    written = limit = 0
    write = type(node._store).__setitem__

    def failing(store: Any, key: bytes, value: bytes) -> None:
        nonlocal written
        written += 1
        if written == limit:
            raise OSError("disk full")
        write(store, key, value)

    for last in range(1, 8):
        written, limit = 0, last
        with monkeypatch.context() as patch:
            patch.setattr(type(node._store), "__setitem__", failing)
            answer = JsonRpc(node, "test").answer("eth_sendRawTransaction", [transfer(signer, 1).hex()])
            assert "disk full" in answer["error"]["message"]
        assert node.latest().hash == before
    node.submit(transfer(signer, 1))
    after = node.latest()
    node.close()
    reopened = EmbeddedNode(tmp_path / "chain.sqlite")
    assert (reopened.latest().hash, after.block_number) == (after.hash, 2)
    reopened.close()


def transfer(signer: KeystoreSigner, nonce: int, **changed: object) -> bytes:
    fields: dict[str, object] = {
        "chainId": CHAIN_ID,
        "nonce": nonce,
        "gasPrice": 0,
        "gas": 21_000,
        "to": "0x" + "22" * 20,
        "value": 0,
        "data": "0x",
    }
    return signer.sign_transaction(fields | changed)


# ---------------------------------------------------------------- one owner


def test_second_owner_is_refused(tmp_path: Path) -> None:
    """A file that is open and not served is refused with its name, and free again when closed."""
    chain = open_chain("embedded:", directory=tmp_path)
    with pytest.raises(ChainFileInUse) as caught:
        open_chain("embedded:", directory=tmp_path)
    assert caught.value.path == str(tmp_path / "chain.sqlite")
    chain.close()
    open_chain("embedded:", directory=tmp_path).close()


def test_second_process_is_connected(tmp_path: Path) -> None:
    """While one process anchors and serves, another reads and anchors through it, and neither sees a wrong head."""
    process = burst(tmp_path, 1, 30, "serve")
    assert process.stdout.readline() == "ready\n"
    signer = create_keystore(tmp_path / "key.json", tmp_path / "passphrase")
    chain = open_chain("embedded:", directory=tmp_path, signer=signer)
    assert chain.identity().kind == "embedded"
    seen = []
    with ThreadPoolExecutor(4) as pool:
        while not seen or seen[-1].size < 30:
            seen += pool.map(lambda _: chain.head(), range(4))
    assert all(each in {head(size) for size in range(1, 31)} | {Head(0, bytes(32))} for each in seen)
    proof = tuple(merkle.consistency_proof(LEAVES[:33], 30))
    chain.check()
    chain.send(chain.sign(AnchorCall(head(30), head(33), proof), chain.next_nonce()))
    assert chain.head() == head(33)
    process.communicate("\n", timeout=10)
    with pytest.raises(ChainUnavailable):
        chain.head()
    chain.close()
    with open_chain("embedded:", directory=tmp_path) as owned:
        assert owned.head() == head(33)


def test_stale_announcement_is_ignored(tmp_path: Path) -> None:
    """What an owner that was killed left behind leads nobody astray, not even to another chain on its old port."""
    with open_chain("embedded:", directory=tmp_path / "other", rpc_port=0):
        announced = (tmp_path / "other" / "chain.sqlite.rpc").read_text()
        with open_chain("embedded:", directory=tmp_path / "mine"):
            (tmp_path / "mine" / "chain.sqlite.rpc").write_text(json.dumps(json.loads(announced) | {"version": "x"}))
            with pytest.raises(ChainFileInUse):
                open_chain("embedded:", directory=tmp_path / "mine")
    with open_chain("embedded:", directory=tmp_path / "mine") as mine:
        assert mine.identity().kind == "embedded"
        assert not (tmp_path / "mine" / "chain.sqlite.rpc").exists()


def test_other_files_are_refused(tmp_path: Path) -> None:
    """Text, another program's database and a damaged chain are not taken for a chain."""
    (tmp_path / "text").write_text("not a database, " * 100)
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE t (x)")
    other.commit()
    other.close()
    for name in ("text", "other"):
        with pytest.raises(ChainFileUnreadable):
            open_chain(f"embedded:{tmp_path / name}", directory=tmp_path)


def test_another_chain_id_is_refused(tmp_path: Path) -> None:
    """An embedded chain has one chain id, and a ledger set up for another does not open it."""
    with pytest.raises(WrongChain):
        open_chain("embedded:", directory=tmp_path, chain_id=1)


# ---------------------------------------------------------------- the node


@pytest.fixture
def node(tmp_path: Path) -> Iterator[EmbeddedNode]:
    opened = EmbeddedNode(tmp_path / "chain.sqlite")
    yield opened
    opened.close()


def test_refuses_in_the_words_of_other_nodes(node: EmbeddedNode) -> None:
    """Repeats, wrong nonces, other chains, too much gas, forged and garbled bytes are refused; none makes a block."""
    signer = KeystoreSigner(secrets.token_bytes(32))
    sent = transfer(signer, 0)
    node.submit(sent)
    refusals = {
        sent: "already known",
        transfer(signer, 0, value=0, gas=22_000): "nonce too low",
        transfer(signer, 2): "nonce too high",
        transfer(signer, 1, chainId=1): "chain 1",
        transfer(signer, 1, gas=MAX_GAS + 1): "exceeds block gas limit",
        transfer(signer, 1, value=1): "balance",
        transfer(signer, 1, gas=20_000): "gas",
        sent[:-1]: "not a signed transaction",
        b"": "not a signed transaction",
        b"\x7f\x00": "not a signed transaction",
    }
    for raw, words in refusals.items():
        with pytest.raises(Refused, match=re.escape(words)):
            node.submit(raw)
    assert node.latest().block_number == 1


def test_gas_stays_free(node: EmbeddedNode) -> None:
    """The base fee is 0 in every block, the fullest ones included."""
    signer = KeystoreSigner(secrets.token_bytes(32))
    burner = transfer(signer, 0, to="", gas=MAX_GAS, data="0xfe")  # INVALID takes all gas there is
    node.submit(burner)
    assert node.latest().gas_used == MAX_GAS
    for nonce in range(1, 4):
        node.submit(transfer(signer, nonce))
        assert node.latest().base_fee_per_gas == 0


def test_block_times_follow_the_clock(tmp_path: Path) -> None:
    """A block states the clock's time, and one second more than its parent when the clock stands or goes back."""
    times = iter([1_800_000_000, 1_800_000_000, 1_700_000_000, 1_800_000_100])
    node = EmbeddedNode(tmp_path / "chain.sqlite", lambda: next(times))
    signer = KeystoreSigner(secrets.token_bytes(32))
    stated = []
    for nonce in range(4):
        node.submit(transfer(signer, nonce))
        stated.append(node.latest().timestamp)
    node.close()
    assert stated == [1_800_000_000, 1_800_000_001, 1_800_000_002, 1_800_000_100]


def test_logs_are_found_quickly_and_within_bounds(node: EmbeddedNode) -> None:
    """Logs over hundreds of blocks cost milliseconds, and too wide a span is refused rather than stalled over."""
    rpc = JsonRpc(node, "test")
    signer = KeystoreSigner(secrets.token_bytes(32))
    for nonce in range(200):
        node.submit(transfer(signer, nonce))
    started = time.monotonic()
    assert rpc.answer("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "latest", "address": "0x" + "33" * 20}]) == {
        "result": []
    }
    assert time.monotonic() - started < 2
    assert rpc.answer("eth_getLogs", [{"fromBlock": "0x0", "toBlock": hex(MAX_LOG_BLOCKS)}]) == {"result": []}
    beyond = rpc.answer("eth_getLogs", [{"fromBlock": "0x999", "toBlock": "latest"}])
    assert beyond["error"]["message"] == "header not found"


def test_deep_calls_are_refused(node: EmbeddedNode) -> None:
    """A contract that calls itself without end is answered with an error or a result, and the chain goes on."""
    rpc = JsonRpc(node, "test")
    code = "60006000600060006000305af100" + "00"  # five zeros, ADDRESS, GAS, CALL, STOP
    creation = f"0x6e{code}600052600f6011f3"
    signer = KeystoreSigner(secrets.token_bytes(32))
    created = rpc.answer("eth_sendRawTransaction", [transfer(signer, 0, to="", gas=200_000, data=creation).hex()])
    contract = rpc.answer("eth_getTransactionReceipt", [created["result"]])["result"]["contractAddress"]
    assert rpc.answer("eth_getCode", [contract])["result"] == f"0x{code}"
    assert rpc.answer("eth_call", [{"to": contract}]).keys() <= {"result", "error"}
    node.submit(transfer(signer, 1))
    assert node.latest().block_number == 2


SURVIVES = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
limit = sys.getrecursionlimit()
from ledger.adapters.chain import open_chain
from ledger.adapters.chain.embedded import node, rpc, server
from ledger.adapters.chain.client import EvmChain
import eth_account, web3, web3.middleware
assert sys.getrecursionlimit() == limit
try:
    ThreadPoolExecutor(1).submit(json.loads, "[" * 200_000).result()
except RecursionError:
    print("survived")
"""


def test_deep_json_is_an_error_and_no_crash() -> None:
    """The chain libraries leave the recursion limit alone: in a process with a chain, deep JSON is still an error."""
    done = subprocess.run([sys.executable, "-c", SURVIVES], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "survived\n"), done.stderr


BAD_PARAMETERS: list[list[Any]] = [[], [None], ["zz"], [{}], [[]], ["0x", "0xzz"], [{"to": 5}], ["0x" + "ff" * 32, {}]]


def test_any_parameters_get_an_answer(node: EmbeddedNode) -> None:
    """Whatever the parameters of a method, the answer is a result or an error, never an exception."""
    rpc = JsonRpc(node, "test")
    for method in METHODS:
        for params in BAD_PARAMETERS:
            assert rpc.answer(method, params).keys() <= {"result", "error"}


# ---------------------------------------------------------------- HTTP


@pytest.fixture
def served(node: EmbeddedNode) -> Iterator[RpcServer]:
    server = RpcServer(JsonRpc(node, "test"), 0)
    yield server
    server.close()


def post(server: RpcServer, body: bytes, **headers: str) -> tuple[int, Any]:
    port = int(server.url.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(
        "POST", "/", body, {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
    )
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_serves_json_rpc(served: RpcServer) -> None:
    """One request, a batch, and a method that is not there are answered as the specification says."""
    ask = {"jsonrpc": "2.0", "id": 7, "method": "eth_chainId"}
    expected = {"jsonrpc": "2.0", "id": 7, "result": hex(CHAIN_ID)}
    assert post(served, json.dumps(ask).encode()) == (200, expected)
    assert post(served, json.dumps([ask, ask]).encode()) == (200, [expected, expected])
    status, answer = post(served, json.dumps(ask | {"method": "eth_mining"}).encode())
    assert (status, answer["error"]["code"]) == (200, -32601)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {"Host": "evil.example"}, 403),
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{", {}, 400),
        (b" " * (MAX_BODY + 1), {}, 413),
    ],
    ids=["other host", "form post", "not JSON", "too long"],
)
def test_refuses_what_no_client_sends(served: RpcServer, body: bytes, headers: dict[str, str], status: int) -> None:
    """Requests for other hosts, of other types, and too long ones are refused before they are read."""
    assert post(served, body, **headers)[0] == status


@pytest.mark.parametrize(
    "body", [b"[]", b"5", b"null", b'{"method": 5}', b'{"method": "eth_call", "params": {}}', b"[5]"]
)
def test_answers_what_is_no_request(served: RpcServer, body: bytes) -> None:
    """JSON that is no request gets the specification's error."""
    status, answer = post(served, body)
    first = answer[0] if isinstance(answer, list) else answer
    assert (status, first["error"]["code"]) == (200, -32600)
