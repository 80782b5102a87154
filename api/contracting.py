"""Contracts as people and programs ask for them: the terms that become a record, and the answer to how it was kept."""

from __future__ import annotations

from fractions import Fraction

from api.parties import party_of
from api.schemas.contracts import ArrivedView, ContractView, NewContract
from ledger.footprint.amount import exact_text
from ledger.identity import canonical
from ledger.records.contract import Contract
from ledger.scoring.promise import Judged
from ledger.services.access import Principal
from ledger.services.capture import Submission
from ledger.services.contracts import ContractUnfounded, Held, awards, contract_seen, held, record_contract
from ledger.services.project import catch_up
from ledger.wiring import Ledger


def contract_made(ledger: Ledger, principal: Principal, terms: NewContract) -> str:
    """
    The id of the contract that these terms become, by the tender's newest sheet; the same terms again are the same one.

    Raises ``ContractUnfounded`` where nobody won the tender.
    """
    catch_up(ledger.entries, ledger.projections)
    won = next((one for one in awards(ledger, principal.tenant) if one.tender == terms.tender), None)
    name = f"contract:{terms.tender}:{canonical(terms.product).rpartition('/')[2]}:{terms.first_month}"
    if won is None:
        why, why_zh = f"nobody won {terms.tender} with a footprint", f"{terms.tender} 没有以碳足迹参评的中选者"
        raise ContractUnfounded(contract=name, why=why, why_zh=why_zh)
    known = ledger.entries.find(principal.tenant, name)
    record = Contract(
        carbon_value=terms.carbon_value,
        counts_delivery=terms.counts_delivery,
        first_month=terms.first_month,
        id=name,
        kind="contract",
        last_month=terms.last_month,
        occurred_at=contract_seen(ledger, party_of(principal), name)[1].occurred_at if known else ledger.clock.now(),
        product=terms.product,
        sanction_factor=terms.sanction_factor,
        sheet=won.sheet,
        supplier=won.winner,
        tender=terms.tender,
        units_per_piece=terms.units_per_piece,
        version=1,
    )
    record_contract(ledger, Submission.of(principal), record)
    return name


def contract_view(ledger: Ledger, principal: Principal, name: str) -> ContractView:
    """One contract as it was kept. Raises ``ContractAbsent``."""
    party = party_of(principal)
    one = held(ledger, party.tenant, *contract_seen(ledger, party, name))
    return _view(one, whole=party.sees_all)


def _view(one: Held, *, whole: bool) -> ContractView:
    said, found = one.contract, one.kept
    return ContractView(
        contract=said.id,
        entry=one.entry,
        recorded_at=said.occurred_at,
        tender=said.tender,
        sheet=said.sheet,
        supplier=said.supplier,
        product=said.product,
        first_month=said.first_month,
        last_month=said.last_month,
        currency=one.sheet.scheme.currency,
        declared_unit=one.sheet.scheme.declared_unit,
        promised_kg=exact_text(found.promised),
        arrived=exact_text(found.came),
        units=exact_text(found.units),
        delivery_kg=_text(found.delivery),
        counts_delivery=said.counts_delivery,
        measured_kg=_text(found.measured),
        shortfall_kg=_text(found.shortfall),
        value_promised=_text(found.value_promised),
        value_achieved=_text(found.value_achieved),
        sanction_factor=said.sanction_factor,
        owed=_text(found.owed),
        ranked_again=list(found.ranked_again) if whole else None,
        months=[_arrived(judged) for judged in found.judged],
    )


def _arrived(judged: Judged) -> ArrivedView:
    came, scored = judged.arrived, judged.scored
    return ArrivedView(
        month=f"{came.month // 12}-{came.month % 12 + 1:02d}",
        units=exact_text(came.units),
        status=scored.status,
        footprint=came.footprint.evidence or None,
        entry=came.entry,
        scored_kg=exact_text(scored.scored),
        working=scored.working,
    )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
