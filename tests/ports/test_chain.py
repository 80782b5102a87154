"""
One suite for ``ledger.ports.Chain``, run against the embedded chain and against a Hardhat node over HTTP.

The Hardhat node comes from package.json; it is started on 127.0.0.1 for this file and ended by its process id.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ledger.adapters.chain import open_chain
from ledger.adapters.chain.errors import ChainUrlUnknown, NoSigner
from ledger.adapters.chain.signers import KeystoreSigner
from ledger.log import merkle
from ledger.ports import (
    EMPTY_HEAD,
    AnchorCall,
    AnchorRefused,
    Chain,
    ChainReceipt,
    ChainUnavailable,
    ContractAbsent,
    Head,
    RoleMissing,
    SignedTransaction,
    WrongChain,
)

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(64)]


def head(size: int) -> Head:
    return Head(size, merkle.root(LEAVES[:size])) if size else EMPTY_HEAD


def call(old: int, size: int) -> AnchorCall:
    proof = tuple(merkle.consistency_proof(LEAVES[:size], old)) if old else ()
    return AnchorCall(head(old), head(size), proof)


@dataclass(frozen=True)
class Network:
    """Where the chains of one test are opened."""

    url: str
    chain_id: int
    kind: str

    def open(self, directory: Path, **changed: Any) -> Any:
        wanted = {"directory": directory, "signer": KeystoreSigner(secrets.token_bytes(32)), "gas_price": 0} | changed
        return open_chain(self.url, **wanted)


@pytest.fixture(scope="module")
def hardhat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a second EVM implementation."""
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HARDHAT_DISABLE_TELEMETRY_PROMPT": "true",
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("hardhat") / "node.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["node", "node_modules/hardhat/dist/src/cli.js", "node", "--hostname", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Node's Python wheel starts the real node as a child: both must end
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, process, log)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            rpc(url, "eth_chainId")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the Hardhat node did not start: {log.read_text()}")


@pytest.fixture(params=["embedded", "evm"])
def network(request: pytest.FixtureRequest) -> Network:
    if request.param == "embedded":
        return Network("embedded:", 0x4F6E6543, "embedded")
    return Network(request.getfixturevalue("hardhat"), 31337, "evm")


@pytest.fixture
def chain(network: Network, tmp_path: Path) -> Iterator[Any]:
    opened = network.open(tmp_path)
    opened.deploy()
    yield opened
    opened.close()


def anchored(chain: Any, old: int, size: int) -> SignedTransaction:
    transaction = chain.sign(call(old, size), chain.next_nonce())
    chain.send(transaction)
    return transaction


def mined(chain: Chain, transaction: SignedTransaction) -> ChainReceipt:
    receipt = chain.receipt(transaction.hash)
    assert receipt is not None
    return receipt


# ---------------------------------------------------------------- which chain


def test_says_which_chain_it_is(network: Network, chain: Any) -> None:
    """The identity names kind, chain id, contract and account."""
    identity = chain.identity()
    assert (identity.kind, identity.chain_id) == (network.kind, network.chain_id)
    assert identity.contract == chain.deploy()
    assert re.fullmatch(r"0x[0-9a-fA-F]{40}", identity.sender)
    chain.check()


def test_deploys_once(network: Network, chain: Any, tmp_path: Path) -> None:
    """Deploying again returns the registry on record and sends nothing."""
    nonce = chain.next_nonce()
    assert chain.deploy() == chain.deploy()
    assert chain.next_nonce() == nonce


def test_deploys_once_though_the_answer_was_lost(chain: Any, tmp_path: Path) -> None:
    """A deployment that was sent but not seen in a block before a crash is found again by its bytes."""
    contract, nonce = chain.deploy(), chain.next_nonce()
    record = json.loads((tmp_path / "chain.json").read_text())
    (tmp_path / "chain.json").write_text(json.dumps(record | {"contract": None}))
    assert (chain.deploy(), chain.next_nonce()) == (contract, nonce)


def test_never_replaces_a_lost_registry(network: Network, chain: Any, tmp_path: Path) -> None:
    """When the registry on record is gone, deploying refuses instead of beginning a second history."""
    record = json.loads((tmp_path / "chain.json").read_text())
    (tmp_path / "chain.json").write_text(json.dumps(record | {"contract": "0x" + "11" * 20}))
    with pytest.raises(ContractAbsent):
        chain.deploy()


def test_refuses_another_chain(network: Network, tmp_path: Path) -> None:
    """A node of another chain id is told from the right one before anything is asked of it."""
    with pytest.raises(WrongChain) as caught:
        network.open(tmp_path, chain_id=5).check()
    assert (caught.value.expected, caught.value.got) == (5, network.chain_id)


def test_misses_the_contract(network: Network, chain: Any, tmp_path: Path) -> None:
    """No contract on record, no code at the address, or other code than ours: absent."""
    chain.close()
    for contract in (None, "0x" + "11" * 20):
        opened = network.open(tmp_path / "other", contract=contract)
        with pytest.raises(ContractAbsent):
            opened.check()
        with pytest.raises(ContractAbsent):
            opened.head()
        opened.close()


def test_misses_the_role(network: Network, chain: Any, tmp_path: Path) -> None:
    """An account without ANCHOR_ROLE is told so by the check and before it sends."""
    contract = chain.deploy()
    chain.close()
    stranger = network.open(tmp_path, contract=contract)
    with pytest.raises(RoleMissing):
        stranger.check()
    with pytest.raises(RoleMissing):
        stranger.send(stranger.sign(call(0, 3), 0))
    assert stranger.next_nonce() == 0
    stranger.close()


def test_reads_without_a_key(network: Network, chain: Any, tmp_path: Path) -> None:
    """Without a signer a chain can be read, and says that it cannot anchor."""
    anchored(chain, 0, 3)
    contract = chain.deploy()
    chain.close()
    reader = network.open(tmp_path, contract=contract, signer=None)
    assert reader.head() == head(3)
    with pytest.raises(NoSigner):
        reader.check()
    reader.close()


# ---------------------------------------------------------------- anchoring


def test_anchors(network: Network, chain: Any) -> None:
    """From empty, a checkpoint becomes the head, with a receipt that says where, and is found again."""
    assert chain.head() == EMPTY_HEAD
    before = int(time.time()) - 5
    transaction = anchored(chain, 0, 3)
    receipt = mined(chain, transaction)
    assert chain.head() == head(3)
    assert receipt.succeeded
    assert (receipt.chain_id, receipt.contract, receipt.transaction) == (
        network.chain_id,
        chain.deploy(),
        transaction.hash,
    )
    assert receipt.block_time >= before
    assert chain.tip() >= (receipt.block_number, receipt.block_time)
    assert 60_000 < receipt.gas_used < 100_000
    assert chain.final(receipt)
    assert chain.find(head(3)) == receipt


def test_pays_nothing_without_money(network: Network, tmp_path: Path) -> None:
    """Without a gas price in the settings, an account without money anchors on a network with free gas."""
    with network.open(tmp_path, gas_price=None) as chain:
        chain.deploy()
        anchored(chain, 0, 3)
        assert chain.head() == head(3)


def test_finds_every_checkpoint_and_no_other(chain: Any) -> None:
    """Each anchored checkpoint is found at its own receipt; other sizes and other roots are not."""
    sizes = [0, 1, 2, 5, 8, 13, 64]
    receipts = {size: mined(chain, anchored(chain, old, size)) for old, size in pairwise(sizes)}
    assert {size: chain.find(head(size)) for size in receipts} == receipts
    assert [chain.find(head(size)) for size in (0, 3, 4, 63)] == [None] * 4
    assert chain.find(Head(5, head(8).root)) is None


def test_same_arguments_same_bytes(chain: Any) -> None:
    """Signing again gives the same transaction."""
    assert chain.sign(call(0, 3), 7) == chain.sign(call(0, 3), 7)


def test_same_bytes_sent_twice(chain: Any) -> None:
    """The same transaction again, at once or after others, is no error and changes nothing."""
    first = anchored(chain, 0, 3)
    receipt = mined(chain, first)
    chain.send(first)
    anchored(chain, 3, 8)
    chain.send(first)
    assert (chain.head(), chain.next_nonce()) == (head(8), 3)
    assert chain.receipt(first.hash) == receipt


def test_equal_repeat_is_no_operation(chain: Any) -> None:
    """The head anchored again in a new transaction succeeds and records nothing."""
    receipt = mined(chain, anchored(chain, 0, 3))
    repeat = mined(chain, anchored(chain, 0, 3))
    assert repeat.succeeded
    assert repeat.gas_used < receipt.gas_used
    assert chain.find(head(3)) == receipt


FORGED = dataclasses.replace(call(3, 8), next=Head(8, head(9).root))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (call(2, 8), "CheckpointRegistryHeadMoved(headSize=3"),
        (call(0, 8), "CheckpointRegistryHeadMoved(headSize=3"),
        (FORGED, "CheckpointRegistryInconsistent(headSize=3, size=8)"),
        (dataclasses.replace(call(3, 8), consistency=()), "CheckpointRegistryInconsistent"),
        (AnchorCall(head(3), head(2), ()), "CheckpointRegistryNotGrowing(headSize=3, size=2)"),
        (AnchorCall(head(3), Head(3, head(4).root), ()), "CheckpointRegistryNotGrowing"),
    ],
)
def test_conflicts_are_refused(chain: Any, wrong: AnchorCall, reason: str) -> None:
    """A conflict is refused by name before it is sent, so that no reverted transaction is left behind."""
    anchored(chain, 0, 3)
    nonce = chain.next_nonce()
    with pytest.raises(AnchorRefused) as caught:
        chain.send(chain.sign(wrong, nonce))
    assert reason in caught.value.reason
    assert (chain.head(), chain.next_nonce()) == (head(3), nonce)


def test_unknown_transactions_have_no_receipt(chain: Any) -> None:
    """A transaction that was never sent has no receipt."""
    assert chain.receipt(secrets.token_bytes(32)) is None
    assert chain.receipt(chain.sign(call(0, 3), 9).hash) is None


def test_another_block_is_not_final(chain: Any) -> None:
    """A receipt whose block is not the canonical one, or not there, is not final."""
    receipt = mined(chain, anchored(chain, 0, 3))
    assert not chain.final(dataclasses.replace(receipt, block_hash=secrets.token_bytes(32)))
    assert not chain.final(dataclasses.replace(receipt, block_number=receipt.block_number + 10**6))


def test_many_threads(chain: Any) -> None:
    """Readers in eight threads see only heads that were anchored, in order, while one thread anchors."""
    sizes = list(range(1, 17))

    def read(_: int) -> list[int]:
        return [chain.head().size for _ in range(10)]

    with ThreadPoolExecutor(9) as pool:
        readers = [pool.submit(read, number) for number in range(8)]
        for size in sizes:
            anchored(chain, size - 1, size)
        seen = [reader.result() for reader in readers]
    assert all(sequence == sorted(sequence) and set(sequence) <= {0, *sizes} for sequence in seen)
    assert chain.head() == head(16)


# ---------------------------------------------------------------- finality by depth


def test_final_at_depth(hardhat: str, tmp_path: Path) -> None:
    """With three confirmations an anchor is final when two blocks stand on its own."""
    chain = Network(hardhat, 31337, "evm").open(tmp_path / "one")
    contract = chain.deploy()
    deep = open_chain(hardhat, directory=tmp_path / "two", contract=contract, confirmations=3)
    receipt = mined(chain, anchored(chain, 0, 1))
    depths = [deep.final(receipt)]
    for size in (2, 3, 4):
        anchored(chain, size - 1, size)
        depths.append(deep.final(receipt))
    assert depths == [False, False, True, True]


def rpc(url: str, method: str, *params: Any) -> Any:
    import requests

    return requests.post(url, json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, timeout=5).json()


def test_a_rolled_back_block_loses_its_receipt(hardhat: str, tmp_path: Path) -> None:
    """After the chain drops a block its receipt is gone and not final, and the same bytes anchor again."""
    chain = Network(hardhat, 31337, "evm").open(tmp_path)
    chain.deploy()
    snapshot = rpc(hardhat, "evm_snapshot")["result"]
    transaction = anchored(chain, 0, 3)
    receipt = mined(chain, transaction)
    assert rpc(hardhat, "evm_revert", snapshot)["result"]
    rpc(hardhat, "hardhat_mine", "0x3")
    assert (chain.receipt(transaction.hash), chain.final(receipt), chain.head()) == (None, False, EMPTY_HEAD)
    chain.send(transaction)
    assert chain.head() == head(3)
    assert mined(chain, transaction).block_number > receipt.block_number


# ---------------------------------------------------------------- node down


@pytest.fixture(params=["closed port", "silence", "error page", "not JSON", "JSON of another kind"])
def broken_node(request: pytest.FixtureRequest) -> Iterator[str]:
    """A node that does not answer as a node should."""
    answers = {
        "error page": (503, b"<html>Service Unavailable</html>"),
        "not JSON": (200, b"<html>It works!</html>"),
        "JSON of another kind": (200, b'{"status": "up"}'),
    }
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if request.param == "silence":
            listener.listen()
            yield f"http://127.0.0.1:{port}"
            return
    if request.param == "closed port":
        yield f"http://127.0.0.1:{port}"
        return
    server = HTTPServer(("127.0.0.1", 0), _answering(*answers[request.param]))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _answering(status: int, body: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def test_a_broken_node_is_unavailable(broken_node: str, tmp_path: Path) -> None:
    """Every question to a node that does not answer raises ChainUnavailable, and may be asked again."""
    chain = Network(broken_node, 1, "evm").open(tmp_path, contract="0x" + "11" * 20, timeout=0.2, chain_id=1)
    receipt = ChainReceipt(1, "0x" + "11" * 20, bytes(32), 1, bytes(32), 0, succeeded=True, gas_used=1)
    signed = chain.sign(call(0, 3), 0)
    questions: list[Callable[[], object]] = [
        chain.check,
        chain.head,
        chain.next_nonce,
        lambda: chain.send(signed),
        lambda: chain.receipt(bytes(32)),
        lambda: chain.final(receipt),
        lambda: chain.find(head(3)),
        chain.deploy,
    ]
    for question in questions:
        with pytest.raises(ChainUnavailable) as caught:
            question()
        assert caught.value.retryable


def test_signs_while_the_node_is_down(tmp_path: Path) -> None:
    """With chain id and gas price set, signing needs no node."""
    chain = Network("http://127.0.0.1:9", 1, "evm").open(tmp_path, contract="0x" + "11" * 20, chain_id=1)
    assert chain.identity().chain_id == 1
    assert chain.sign(call(0, 3), 0).nonce == 0


def test_unknown_schemes_are_refused(tmp_path: Path) -> None:
    """A URL of no listed back end is refused with the list."""
    with pytest.raises(ChainUrlUnknown) as caught:
        open_chain("ftp://127.0.0.1", directory=tmp_path)
    assert "embedded" in caught.value.known
