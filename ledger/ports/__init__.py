"""
What the services need from outside, as Protocols: stores, chain, signer, clock, randomness, workers.

Adapters under ``ledger.adapters`` meet these; tests run one suite per port against every adapter.
"""

from __future__ import annotations

from ledger.ports.capture_jobs import CaptureJob, CaptureJobStore
from ledger.ports.chain import (
    EMPTY_HEAD,
    AnchorCall,
    AnchorRefused,
    Chain,
    ChainIdentity,
    ChainReceipt,
    ChainUnavailable,
    ContractAbsent,
    Head,
    RoleMissing,
    SignedTransaction,
    Signer,
    Tip,
    WrongChain,
)
from ledger.ports.changes import (
    Changes,
)
from ledger.ports.checkpoints import (
    CheckpointStore,
    Holding,
    Lease,
    LeaseLost,
    LeaseStore,
    State,
    StoredCheckpoint,
    TileId,
)
from ledger.ports.entries import (
    Appended,
    Draft,
    DraftColumns,
    EntryStore,
    LeafRow,
    Receipt,
    StoreUnavailable,
)
from ledger.ports.event_index import EventIndex, EventQuery, Hit
from ledger.ports.lifecycles import (
    Alias,
    AssetFilter,
    AssetLife,
    HistoryRow,
    Lifecycles,
    Tally,
)
from ledger.ports.places import (
    KnownPlace,
    Photo,
    Photos,
    Places,
)
from ledger.ports.projections import (
    AssetState,
    Fact,
    Folding,
    Projections,
    Summed,
)
from ledger.ports.queries import NamedQuery, QueryStore
from ledger.ports.reads import Fold, Folded, Outgoing, ReaderState, ReadStore, Stray
from ledger.ports.sightings import (
    Decide,
    Sighting,
    Sightings,
)
from ledger.ports.snapshots import Base, Snapshots
from ledger.ports.subscriptions import Delivery, DeliveryFailed, DestinationRefused, Subscription, SubscriptionStore
from ledger.ports.workers import (
    Half,
    Item,
    Result,
    Task,
    Workers,
    Workplace,
)
from ledger.ports.world import (
    Clock,
    Random,
)

__all__ = [
    "EMPTY_HEAD",
    "Alias",
    "AnchorCall",
    "AnchorRefused",
    "Appended",
    "AssetFilter",
    "AssetLife",
    "AssetState",
    "Base",
    "CaptureJob",
    "CaptureJobStore",
    "Chain",
    "ChainIdentity",
    "ChainReceipt",
    "ChainUnavailable",
    "Changes",
    "CheckpointStore",
    "Clock",
    "ContractAbsent",
    "Decide",
    "Delivery",
    "DeliveryFailed",
    "DestinationRefused",
    "Draft",
    "DraftColumns",
    "EntryStore",
    "EventIndex",
    "EventQuery",
    "Fact",
    "Fold",
    "Folded",
    "Folding",
    "Half",
    "Head",
    "HistoryRow",
    "Hit",
    "Holding",
    "Item",
    "KnownPlace",
    "LeafRow",
    "Lease",
    "LeaseLost",
    "LeaseStore",
    "Lifecycles",
    "NamedQuery",
    "Outgoing",
    "Photo",
    "Photos",
    "Places",
    "Projections",
    "QueryStore",
    "Random",
    "ReadStore",
    "ReaderState",
    "Receipt",
    "Result",
    "RoleMissing",
    "Sighting",
    "Sightings",
    "SignedTransaction",
    "Signer",
    "Snapshots",
    "State",
    "StoreUnavailable",
    "StoredCheckpoint",
    "Stray",
    "Subscription",
    "SubscriptionStore",
    "Summed",
    "Tally",
    "Task",
    "TileId",
    "Tip",
    "Workers",
    "Workplace",
    "WrongChain",
]
