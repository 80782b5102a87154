"""An award in a stranger's hands: the file of its entry checked and computed again with nothing else at hand."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.log.canonical import canonical_bytes
from ledger.scoring.card_record import read_card
from ledger.services.project import catch_up
from ledger.services.prove import prove
from ledger.services.tender_desk import Desk
from ledger.services.tender_examination import USUAL_UNCERTAINTY, compute_card
from ledger.services.tenders import publish_scheme, score_tender, submit_bid
from ledger.services.worker import settle
from tests.builders import opened
from tests.e2e.sample import Stopped
from tests.unit.scoring.tender import CLOSES, full_bids, full_scheme


@pytest.fixture(scope="module")
def award(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str, bytes, bytes]:
    """The award file of a tender, the log's key, the canonical bytes of its sheet, and the file of its card."""
    with opened(tmp_path_factory.mktemp("award") / "home") as ledger:

        def desk(hours: int) -> Desk:
            catch_up(ledger.entries, ledger.projections)
            found = Desk.of(ledger, ledger.settings.tenant, "procurement")
            return found._replace(clock=Stopped(CLOSES + timedelta(hours=hours)))

        scheme = full_scheme()
        publish_scheme(desk(-2), scheme)
        for one in full_bids():
            submit_bid(desk(-1), scheme.id, one)
        sheet, receipt = score_tender(desk(1), scheme.id)
        card = compute_card(desk(1), scheme.id, USUAL_UNCERTAINTY, lambda _: None)
        settle(ledger.worker())
        proof, carded = (prove(ledger.entries, ledger.checkpoints, one.seq).to_bytes() for one in (receipt, card))
        return proof, str(ledger.note_key.verifier), canonical_bytes(sheet.to_record()), carded


def replayed(folder: Path, data: bytes, key: str, *more: str) -> subprocess.CompletedProcess[str]:
    """What a stranger's command says, in a folder with this file alone."""
    file = folder / "award.json"
    file.write_bytes(data)
    command = [sys.executable, "-m", "ledger", "--home", str(folder / "none"), "--json", "score", "--replay", str(file)]
    return subprocess.run([*command, "--key", key, *more], check=False, capture_output=True, text=True, timeout=60)


def test_a_stranger_computes_the_award_again_to_the_byte(
    award: tuple[bytes, str, bytes, bytes], tmp_path: Path
) -> None:
    """From the file and the log's key alone; no ledger is made."""
    data, key, sheet, _ = award
    done = replayed(tmp_path, data, key)
    assert (done.returncode, json.loads(done.stdout)["winner"]) == (0, "Boyuan 博远"), done.stderr
    assert base64.b64decode(json.loads(data)["body"]).count(sheet) == 1
    assert not (tmp_path / "none").exists()


def test_a_changed_digit_is_found_whichever_way_it_is_hidden(
    award: tuple[bytes, str, bytes, bytes], tmp_path: Path
) -> None:
    """In the file, the proof does not hold; as a sheet of its own, the bid is named whose price was changed."""
    data, key, sheet, _ = award
    fields = json.loads(data)
    body = base64.b64decode(fields["body"])
    assert body.count(b'"1030000"') > 0
    forged = fields | {"body": base64.b64encode(body.replace(b'"1030000"', b'"1020000"')).decode()}
    done = replayed(tmp_path, canonical_bytes(forged) + b"\n", key)
    assert done.returncode == 1
    changed = json.loads(sheet)
    next(one for one in changed["bids"] if one["bidder"] == "Anhe 安和")["price"] = "1020000"
    done = replayed(tmp_path, json.dumps(changed, ensure_ascii=False).encode(), key)
    assert done.returncode == 1
    assert "Anhe 安和" in done.stdout + done.stderr


def test_another_s_key_and_another_entry_are_refused(award: tuple[bytes, str, bytes, bytes], tmp_path: Path) -> None:
    """A key that did not sign it, or a file that is none."""
    data, _, _, _ = award
    with opened(tmp_path / "other") as other:
        key = str(other.note_key.verifier)
    assert replayed(tmp_path, data, key).returncode == 1
    assert replayed(tmp_path, b"{}", key).returncode == 1


def test_the_robustness_card_counts_the_same_in_a_strangers_hands(
    award: tuple[bytes, str, bytes, bytes], tmp_path: Path
) -> None:
    """From its entry's proof; by a seed that somebody chose instead of the sheet's digest it is refused."""
    data, key, _, carded = award
    file = tmp_path / "card.json"
    file.write_bytes(carded)
    done = replayed(tmp_path, data, key, "--card", str(file))
    assert done.returncode == 0, done.stderr
    form = read_card(base64.b64decode(json.loads(carded)["body"]))
    form["terms"]["seed"] = "0" * 64
    file.write_bytes(canonical_bytes(form))
    done = replayed(tmp_path, data, key, "--card", str(file))
    assert done.returncode == 1
    assert "/terms/seed" in done.stdout + done.stderr
