"""The browser's verifier gives the verdict of ``ledger.log.proof``, byte for byte, without the server."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from ledger.errors import ProofError
from ledger.log.canonical import canonical_bytes
from ledger.log.checkpoint import Checkpoint, NoteKey, VerifierKey
from ledger.log.cosignature import CosigningKey, OpenNote
from ledger.log.disclosure import Disclosure
from ledger.log.entry import Entry
from ledger.log.errors import CannotTell
from ledger.log.fields import Opening
from ledger.log.merkle import inclusion_proof, root
from ledger.log.policy import Policy
from ledger.log.proof import AnchorReceipt, Proof
from ledger.log.sealed import SealedProof, verify_file
from ledger.services.prove import prove
from tests.e2e.conftest import Visit
from tests.e2e.served import Served

MANY = "([proofs, key, pinned, policy]) => proofs.map((proof) => onecodeVerify(proof, key, pinned, policy))"
KEY = NoteKey("log.example/多语", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = NoteKey("log.example/多语", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def judged(data: bytes, key: VerifierKey | None, pinned: Checkpoint | None = None, policy: str = "") -> dict[str, Any]:
    """Verdict and code of the Python verifier, as the command line states them."""
    try:
        proof = verify_file(data, key=key, pinned=pinned)
        if policy and isinstance(proof, Proof | SealedProof):
            Policy.parse(policy).require(proof.checkpoint_note, proof.cosignatures)
    except CannotTell as error:
        return {"verdict": 2, "code": error.code}
    except ProofError as error:
        return {"verdict": 1, "code": error.code}
    return {"verdict": 0, "code": ""}


def in_browser(
    page: Page, proofs: list[bytes], key: VerifierKey | None, pinned: str = "", policy: str = ""
) -> list[dict[str, Any]]:
    """The same from the page."""
    encoded = [b64encode(proof).decode() for proof in proofs]
    found: list[dict[str, Any]] = page.evaluate(MANY, [encoded, str(key) if key else "", pinned, policy])
    return found


def small(index: int = 1, size: int = 3, body: bytes = b'{"a":1}', receipt: bool = True, **more: Any) -> Proof:
    """A small proof with its own key."""
    entries = [Entry(n, "租户 t", 1_700_000_000_000_000 + n, bytes([n]) * 32, body) for n in range(size)]
    leaves = [entry.leaf() for entry in entries]
    checkpoint = Checkpoint(more.get("origin", KEY.name), size, root(leaves))
    stated = AnchorReceipt(checkpoint, 1337, "0xC0", "0xabc", 7, "0xdef", 1_700_000_000).text
    signer: NoteKey = more.get("signer", KEY)
    return Proof(
        entries[index],
        tuple(inclusion_proof(leaves, index)),
        signer.sign(checkpoint.text),
        signer.sign(stated) if receipt else "",
    )


def test_every_changed_byte_gets_the_same_verdict(visit: Visit) -> None:
    """Every byte of a small proof, changed in two ways or left out: verdict and code as in Python, never 0."""
    page, proof = visit.open("/verify"), small().to_bytes()
    changed = [proof[:n] + bytes([proof[n] ^ bit]) + proof[n + 1 :] for n in range(len(proof)) for bit in (1, 32)]
    changed += [proof[:n] + proof[n + 1 :] for n in range(len(proof))]
    expected = [judged(one, KEY.verifier) for one in changed]
    assert in_browser(page, changed, KEY.verifier) == expected
    assert {one["verdict"] for one in expected} == {1}
    assert len({one["code"] for one in expected}) >= 4
    assert in_browser(page, [proof], KEY.verifier) == [{"verdict": 0, "code": ""}]


def shown() -> bytes:
    """Two of five fields of a document that a small log commits to."""
    content = {"pcf": "12.50", "stages": {"raw": "8.1", "use": None}, "n": -3, "名": True}
    opening = Opening.of("r", content, lambda count: bytes(at * 7 % 256 for at in range(count)))
    record = {"kind": "field_commitment", "root": opening.root().hex(), "size": opening.size}
    body = canonical_bytes({"record": record, "submitter": "tester"})
    return Disclosure(tuple(opening.shown(["/pcf", "/stages"])), small(body=body)).to_bytes()


def test_every_changed_byte_of_a_disclosure_gets_the_same_verdict(visit: Visit) -> None:
    """As for a whole proof: fields, paths, salts, and the proof of the record inside."""
    page, data = visit.open("/verify"), shown()
    changed = [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(len(data))]
    changed += [data[:n] + data[n + 1 :] for n in range(0, len(data), 3)]
    changed += [data.replace(b'"index":', b'"index":-'), data.replace(b"field_commitment", b"field_commitments")]
    assert in_browser(page, changed, KEY.verifier) == [judged(one, KEY.verifier) for one in changed]
    assert in_browser(page, [data], KEY.verifier) == [{"verdict": 0, "code": ""}]
    assert in_browser(page, [data], None) == [{"verdict": 2, "code": "proof.cannot-tell"}]


def shapes() -> list[bytes]:
    """Proofs of other shapes, and forms that are almost a proof."""
    proof = small().to_bytes()
    made = [small(index, size).to_bytes() for size in (1, 2, 5, 8, 13) for index in range(size)]
    made += [small(receipt=False).to_bytes(), small(signer=OTHER).to_bytes(), small(origin="elsewhere").to_bytes()]
    bodies: tuple[bytes, ...] = (
        b"{}",
        b"[]",
        b'""',
        b"1.0",
        b"1e2",
        b"-0",
        b"9007199254740993",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
    )
    bodies += (
        b'"\\ud800"',
        '"\u2028\u007f\U0001f600"'.encode(),
        b'"\\u001f"',
        b'"\\u001F"',
        b"\xff",
        b"",
        b"[" * 33 + b"]" * 33,
    )
    bodies += (b"[" * 32 + b"]" * 32, '{"\ue000":1,"\U0001f600":2}'.encode(), '{"\U0001f600":2,"\ue000":1}'.encode())
    bodies += (
        b'{"__proto__":1}',
        b'{"10":1,"9":2}',
        b'{"1":2,"10":1,"9":2}',
        b"null",
        b"true",
        b"-1",
        b"1e400",
        b"NaN",
    )
    made += [small(body=body).to_bytes() for body in bodies]
    made += [b"", b"{}", b"null", b"\xef\xbb\xbf" + proof, proof + b"\n", proof[:-1], proof.replace(b":1,", b":1.0,")]
    made += [
        proof.replace(b'"index":1', b'"index":' + n)
        for n in (b"-1", b"-0", b"0", b"2", b"3", b"1e0", b"9007199254740992")
    ]
    made += [
        proof.replace(b'"recorded_at":1', b'"recorded_at":-1'),
        proof.replace(b"onecode/proof/1", b"onecode/proof/2"),
    ]
    made += [proof.replace(b"chain 1337", n) for n in (b"chain 01337", b"chain -1337", b"chain x", b"1337")]
    made += [
        proof.replace(b"\\n3\\n", n)
        for n in (
            b"\\n03\\n",
            b"\\n18446744073709551616\\n",
            b"\\n18446744073709551615\\n",
            b"\\n" + b"9" * 5000 + b"\\n",
            b"\\n0\\n",
        )
    ]
    return made


@pytest.mark.parametrize("key", [KEY.verifier, OTHER.verifier, None], ids=["key", "other-key", "no-key"])
def test_odd_shapes_get_the_same_verdict(visit: Visit, key: VerifierKey | None) -> None:
    """Trees of many sizes, unusual bodies and near misses: verdict and code as in Python, with and without a key."""
    page, proofs = visit.open("/verify"), shapes()
    expected = [judged(one, key) for one in proofs]
    assert in_browser(page, proofs, key) == expected
    assert {one["verdict"] for one in expected} >= ({0, 1} if key is KEY.verifier else {1})


def test_a_kept_checkpoint_settles_or_cannot(visit: Visit) -> None:
    """The same pinned checkpoint holds, another root does not, another size or log cannot tell; note and bare text."""
    page, proof = visit.open("/verify"), small()
    own = proof.checkpoint
    others = [(own.origin, own.size, bytes(32)), (own.origin, 2, own.root), ("elsewhere", own.size, own.root)]
    for pinned in (own, *(Checkpoint(*one) for one in others)):
        expected = judged(proof.to_bytes(), KEY.verifier, pinned)
        for text in (pinned.text, KEY.sign(pinned.text)):
            assert in_browser(page, [proof.to_bytes()], KEY.verifier, text) == [expected]
    assert in_browser(page, [proof.to_bytes()], KEY.verifier, "nonsense")[0]["verdict"] == 2


def test_cosigned_proofs_get_the_same_verdict(visit: Visit) -> None:
    """None to three of three witnesses, whole and sealed, changed cosignatures, policies that are none."""
    page, plain, made = visit.open("/verify"), small(), []
    keys = [
        CosigningKey(f"w{at}.example/w", Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32)) for at in (1, 2, 3)
    ]
    lines = [key.line(OpenNote.parse(plain.checkpoint_note), 7) for key in keys]
    for count in range(4):
        proof = replace(plain, cosignatures="".join(lines[:count]))
        made += [proof.to_bytes(), SealedProof.of(proof).to_bytes()]
    whole = made[-2]
    made += [whole.replace(b"w1.example", b"w4.example"), whole.replace(b"proof/2", b"proof/1")]
    made += [replace(plain, cosignatures=lines[0] + wrong).to_bytes() for wrong in ("x", "\n", lines[1][:-9] + "\n")]
    made += [replace(plain, cosignatures=lines[0].replace("AAAA", "AAAB", 1) + lines[1] + lines[2]).to_bytes()]
    witnesses = "".join(f"witness W{at} {key.public}\n" for at, key in enumerate(keys))
    for least in ("any", "2", "all"):
        policy = f"{witnesses}group G {least} W0 W1 W2\nquorum G\n"
        expected = [judged(one, KEY.verifier, policy=policy) for one in made]
        assert in_browser(page, made, KEY.verifier, policy=policy) == expected
        assert {one["code"] for one in expected} >= {"", "proof.policy", "proof.malformed", "proof.signature"}
    assert in_browser(page, made, KEY.verifier) == [judged(one, KEY.verifier) for one in made]
    unreadable = in_browser(page, made[:1], KEY.verifier, policy=f"{witnesses}group G 4 W0 W1 W2\nquorum G\n")
    assert unreadable == [{"verdict": 2, "code": "proof.cannot-tell"}]


def test_the_page_says_it_holds_without_a_network(visit: Visit, served: Served, tmp_path: Path) -> None:
    """Once loaded, the page verifies a dropped file offline with the key it came with, and explains every step."""
    page = visit.open("/verify")
    file = tmp_path / "proof.json"
    file.write_bytes(prove(served.ledger.entries, served.ledger.checkpoints, 3).to_bytes())
    page.context.set_offline(offline=True)
    page.set_input_files("#proof", file)
    assert page.get_attribute(".verdict", "data-verdict") == "0"
    assert page.locator(".steps > li").count() == 8
    assert page.locator(".steps .fails, .steps .unknown").count() == 0
    page.fill("#key", "")
    assert page.get_attribute(".verdict", "data-verdict") == "2"
    page.context.set_offline(offline=False)
    assert visit.complaints == []


def test_a_changed_file_is_called_so_in_chinese(browser: Browser, served: Served, tmp_path: Path) -> None:
    """A changed byte is answered with a large 不成立 and the step that failed."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/verify")
    data = prove(served.ledger.entries, served.ledger.checkpoints, 3).to_bytes()
    file = tmp_path / "proof.json"
    file.write_bytes(data.replace(b'"salt":"', b'"salt":"00')[:-4] + data[-2:])
    page.set_input_files("#proof", file)
    assert page.inner_text(".verdict h2").strip() == "不成立"
    assert page.locator(".steps .fails").count() == 1
    context.close()


def test_the_saved_file_verifies_alone(browser: Browser, visit: Visit, served: Served, tmp_path: Path) -> None:
    """The verifier saved as one file opens from disk, asks no network, and agrees."""
    saved = tmp_path / "verify.html"
    saved.write_bytes(visit.page.request.get(f"{visit.url}/verify/offline").body())
    context = browser.new_context(offline=True)
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(saved.as_uri())
    file = tmp_path / "proof.json"
    file.write_bytes(prove(served.ledger.entries, served.ledger.checkpoints, 3).to_bytes())
    page.set_input_files("#proof", file)
    assert page.get_attribute(".verdict", "data-verdict") == "0"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    context.close()
