"""The one place, with ``chain_wiring``, that names concrete adapters: a ledger, opened from settings."""

from __future__ import annotations

import os
import secrets
import socket
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cryptography.fernet import Fernet

from ledger.adapters.asset_tables import AssetTables
from ledger.adapters.chain.lazy import LazyChain
from ledger.adapters.chain.lazy_consortium import LazyConsortium
from ledger.adapters.clock import SystemClock, SystemRandom
from ledger.adapters.contents import FolderContents
from ledger.adapters.distances import OfflineDistances
from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.files.evidence_type import evidence_type
from ledger.adapters.files.letters import FolderPost
from ledger.adapters.keys import derived, interface_key, note_key
from ledger.adapters.label_press import DrawingPress
from ledger.adapters.label_printers import RawPrinters
from ledger.adapters.master_data import PhotoFiles, PlaceTable
from ledger.adapters.partner_http import PartnerHttp
from ledger.adapters.segments.folder import FolderSegments
from ledger.adapters.smtp import Smtp
from ledger.adapters.sql.audit_trail import SqlAuditTrail
from ledger.adapters.sql.capture_jobs import SqlCaptureJobs
from ledger.adapters.sql.catalogue import SqlCatalogue
from ledger.adapters.sql.certificate_numbers import SqlCertificateNumbers
from ledger.adapters.sql.changes import SqlChanges
from ledger.adapters.sql.checkpoints import SqlCheckpoints, SqlLeases
from ledger.adapters.sql.cosignatures import SqlCosignatures
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.drafts import SqlDrafts
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.event_index import SqlEventIndex
from ledger.adapters.sql.exchange import SqlExchange
from ledger.adapters.sql.founding import SqlFounding
from ledger.adapters.sql.intake_jobs import SqlIntake
from ledger.adapters.sql.label_jobs import SqlLabelJobs
from ledger.adapters.sql.letters import SqlLetters
from ledger.adapters.sql.lifecycles import SqlLifecycles
from ledger.adapters.sql.listing import SqlListing
from ledger.adapters.sql.organisations import SqlOrganisations
from ledger.adapters.sql.people import SqlPeople
from ledger.adapters.sql.period_activity import SqlPeriodActivity
from ledger.adapters.sql.plan_drafts import SqlPlanDrafts
from ledger.adapters.sql.principals import SqlPrincipals
from ledger.adapters.sql.projections import SqlProjections
from ledger.adapters.sql.queries import SqlQueries
from ledger.adapters.sql.reads import SqlReads
from ledger.adapters.sql.shipments import SqlShipments
from ledger.adapters.sql.sightings import SqlSightings
from ledger.adapters.sql.snapshots import SqlSnapshots
from ledger.adapters.sql.subscriptions import SqlSubscriptions
from ledger.adapters.sql.time_stamps import SqlTimeStamps
from ledger.adapters.sql.windows import SqlWindows
from ledger.adapters.time_stamp import CertificateUnreadable, HttpAuthority, certificates
from ledger.adapters.token_keys import FileTokenKeys
from ledger.adapters.upload_folder import FolderUploads
from ledger.adapters.webhook import Webhook
from ledger.adapters.witness_http import WitnessHttp
from ledger.adapters.witness_policy import policy_of
from ledger.chain_wiring import checked_chain, consortium_address
from ledger.footprint.registry.shelf import FactorShelf
from ledger.lifecycle.category import MasterData
from ledger.log.checkpoint import NoteKey
from ledger.log.policy import Policy
from ledger.ports import (
    CaptureJobStore,
    Changes,
    CheckpointStore,
    Clock,
    EntryStore,
    EventIndex,
    Folding,
    LeaseStore,
    Lifecycles,
    Photos,
    Places,
    Projections,
    QueryStore,
    Random,
    ReadStore,
    Sightings,
    Snapshots,
    SubscriptionStore,
)
from ledger.ports.audit import AuditTrail
from ledger.ports.catalogue import CatalogueRows
from ledger.ports.certificate_numbers import CertificateNumbers
from ledger.ports.distances import Distances
from ledger.ports.drafts import DraftStore
from ledger.ports.intake import IntakeStore
from ledger.ports.labels import Contents, LabelJobs, LabelPrinters, Press
from ledger.ports.letters import LetterStore
from ledger.ports.listing import Listing
from ledger.ports.mail import Post
from ledger.ports.period_activity import PeriodActivity
from ledger.ports.plan_drafts import PlanDraftStore
from ledger.ports.shipments import Shipments
from ledger.ports.time_stamps import TimeStamps
from ledger.ports.windows import Windows
from ledger.ports.witnesses import Cosignatures
from ledger.records.record import microseconds
from ledger.services.access import PrincipalStore
from ledger.services.assets import positions
from ledger.services.audit import Recording
from ledger.services.consortium import ConsortiumDesk
from ledger.services.event_query.answer import Answering
from ledger.services.event_query.page_token import PageTokens
from ledger.services.event_query.subscribing import Subscribing
from ledger.services.evidence_files import Recognise
from ledger.services.exchange import Exchange
from ledger.services.gather_cosignatures import Gathering
from ledger.services.invariant import Sealing
from ledger.services.offering import House, Offering
from ledger.services.organisations import OrganisationStore
from ledger.services.pcf_requests import Calendar
from ledger.services.pcf_shelf import Recorder, Shelf
from ledger.services.pcf_sight import Sight
from ledger.services.people import PeopleStore
from ledger.services.seal import Sealer
from ledger.services.stamp_checkpoints import Stamping
from ledger.services.take_reads import ReadDesk, record_arrivals
from ledger.services.tokens import TokenKeys
from ledger.services.witness_policy import PolicyEntries
from ledger.services.worker import Worker
from ledger.settings import Settings

_PROCESS = secrets.token_hex(4)
"""Tells this process from one with its number in another container of the same host name."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every port with an adapter behind it. Close it, or use it as a context manager."""

    settings: Settings
    database: Database
    entries: EntryStore
    checkpoints: CheckpointStore
    cosignatures: Cosignatures
    """What witnesses signed, and how they answered."""
    time_stamps: TimeStamps
    policy: Policy | None
    """Which witnesses are asked, and how many must cosign."""
    leases: LeaseStore
    projections: Projections
    snapshots: Snapshots
    lifecycles: Lifecycles
    events: EventIndex
    """Every EPCIS event by what a query can ask; one of ``further``."""
    assets: MasterData
    """Categories and products of assets."""
    periods: PeriodActivity
    """Activity by month; one of ``further``."""
    shipments: Shipments
    """Legs and hub operations by consignment; one of ``further``."""
    listing: Listing
    """Rows of lists; one of ``further``."""
    catalogue: CatalogueRows
    """Products of the green catalogue; one of ``further``."""
    certificate_numbers: CertificateNumbers
    """Who recorded a certificate's number first; one of ``further``."""
    audit: AuditTrail
    """Recorded deeds; one of ``further``."""
    recording: Recording
    """Records what concerns security."""
    further: tuple[Folding, ...]
    """Projections beside that one: the worker keeps each up with the log, ``ledger rebuild`` rebuilds each."""
    label_jobs: LabelJobs
    contents: Contents
    """Files kept under their hash: label jobs with their reports."""
    intake: IntakeStore
    uploads: FolderUploads
    """Files of intake jobs, until they are checked."""
    plans: PlanDraftStore
    """Plans on their way."""
    recognise: Recognise
    """What a file of evidence is, by its content."""
    press: Press
    printers: LabelPrinters
    principals: PrincipalStore
    sight: Sight
    drafts: DraftStore
    letters: LetterStore
    letter_post: Post
    """Where reminders go: the mail server, else a folder."""
    windows: Windows
    """What all processes count together."""
    organisations: OrganisationStore
    """Suppliers, verifiers and partners of each tenant."""
    people: PeopleStore
    post: Post | None
    """Where letters go; ``None`` without a mail server, and then links are shown to be handed over."""
    queries: QueryStore
    sightings: Sightings
    subscriptions: SubscriptionStore
    capture_jobs: CaptureJobStore
    exchange: Exchange
    """Footprints to and from partners."""
    answering: Answering
    subscribing: Subscribing
    reads: ReadStore
    chain: LazyChain
    consortium: ConsortiumDesk | None
    """Records what the organisations behind the contract change; ``None`` where there are none."""
    note_key: NoteKey
    token_keys: TokenKeys
    clock: Clock
    random: Random
    factors: FactorShelf
    places: Places
    distances: Distances
    photos: Photos
    changes: Changes
    segments: FolderSegments
    """Closed ranges of the log in files."""

    @property
    def holder(self) -> str:
        """Name of this process among those that work on the ledger."""
        return f"{socket.gethostname()}:{os.getpid()}:{_PROCESS}"

    def sealer(self) -> Sealer:
        """What seals segments."""
        return Sealer(self.entries, self.checkpoints, self.leases, self.segments, self.holder)

    def sealing(self) -> Sealing | None:
        """The sealing that the background work does, if it is asked to."""
        least = self.settings.seal_entries
        return Sealing(self.sealer(), self.projections, self.settings.tenant, least) if least else None

    def gathering(self) -> Gathering | None:
        """The asking of witnesses, if there is a policy."""
        if self.policy is None:
            return None
        recorded = PolicyEntries(self.entries, self.clock, self.random, self.settings.tenant)
        stores = (self.checkpoints, self.cosignatures, self.leases)
        return Gathering(self.policy, *stores, WitnessHttp(), self.clock, self.holder, recorded)

    def stamping(self) -> Stamping | None:
        """The asking of a time stamping authority, if one is set."""
        url, pem = self.settings.tsa_url, self.settings.tsa_certificate
        if not url:
            return None
        if pem is None:
            raise CertificateUnreadable(path="", why="ONECODE_TSA_CERTIFICATE is not set")
        authority = HttpAuthority(url, tuple(certificates(pem)))
        stores = (self.checkpoints, self.time_stamps, self.leases)
        return Stamping(authority, *stores, self.clock, self.holder)

    def worker(self) -> Worker:
        """The background work of this process."""
        return Worker(
            self.entries,
            self.checkpoints,
            self.leases,
            self.projections,
            self.chain,
            self.note_key,
            self.clock,
            self.holder,
            self.further,
            (
                lambda: record_arrivals(self.read_desk),
                Calendar(self, (self.settings.tenant,)),
                lambda: self.windows.sweep(microseconds(self.clock.now())),
                *([self.consortium.round] if self.consortium else []),
            ),
            self.consortium.consortium if self.consortium else None,
        )

    @property
    def read_desk(self) -> ReadDesk:
        """Where fixed readers hand in what they read."""
        return ReadDesk(self.reads, self.entries, self.clock, self.random)

    @property
    def offering(self) -> Offering:
        """Offers partners the shipments that they were granted."""
        settings, store = self.settings, self.exchange.store
        key = derived(interface_key(settings.home), "footprint-numbers")
        house = House(settings.company_name, (settings.company_urn,), key)
        return Offering(self, house, lambda: {settings.tenant, *(one.tenant for one in store.every_partner())})

    def close(self) -> None:
        """Let go of the chain and the database."""
        self.chain.close()
        self.changes.close()
        self.database.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_ledger(settings: Settings) -> Ledger:
    """
    A ledger from its settings: database at the newest schema, keys in place, the chain opened when first asked.

    Raises ``StoreUnavailable``, ``SettingsError`` and, when the database was founded under another name,
    ``FoundedOtherwise``.
    """
    clock, random = SystemClock(), SystemRandom()
    settings.home.mkdir(parents=True, exist_ok=True)
    key = note_key(settings.home, settings.origin)
    database = Database(open_engine(settings.database_url))
    founding = SqlFounding(database)
    founding.hold("origin", settings.origin)
    founding.hold("note-key", str(key.verifier))
    places = PlaceTable(settings.home)
    lifecycles, label_jobs = SqlLifecycles(database, positions(places)), SqlLabelJobs(database)
    events, periods, shipments = SqlEventIndex(database), SqlPeriodActivity(database), SqlShipments(database)
    entries, queries = SqlEntries(database), SqlQueries(database)
    secret = interface_key(settings.home)
    answering = Answering(entries, events, queries, clock, PageTokens(derived(secret, "page-tokens")))
    subscriptions = SqlSubscriptions(database, derived(secret, "subscriptions"))
    webhook = Webhook(settings.webhook_hosts, settings.webhook_loopback)
    projections, principals = SqlProjections(database), SqlPrincipals(database)
    sight = Sight(entries, projections, principals)
    exchange = Exchange.of(
        Shelf(Recorder(entries, projections, clock, random, sight), shipments),
        SqlExchange(database, Fernet(urlsafe_b64encode(derived(secret, "exchange")))),
        PartnerHttp(settings.webhook_loopback),
        settings.domain,
        settings.origin,
    )
    audit, listing, numbers = SqlAuditTrail(database), SqlListing(database), SqlCertificateNumbers(database)
    catalogue = SqlCatalogue(database)
    post = Smtp(settings.smtp_url, settings.mail_from) if settings.smtp_url else None
    chain = LazyChain(lambda: checked_chain(settings, founding.hold))
    address = consortium_address(settings)
    return Ledger(
        settings=settings,
        database=database,
        entries=entries,
        checkpoints=SqlCheckpoints(database),
        cosignatures=SqlCosignatures(database),
        time_stamps=SqlTimeStamps(database),
        policy=policy_of(settings.witnesses, key.verifier),
        leases=SqlLeases(database, lambda: microseconds(clock.now())),
        projections=projections,
        snapshots=SqlSnapshots(database),
        lifecycles=lifecycles,
        periods=periods,
        shipments=shipments,
        listing=listing,
        catalogue=catalogue,
        certificate_numbers=numbers,
        audit=audit,
        recording=Recording(entries, clock, random, database.together),
        further=(lifecycles, label_jobs, events, periods, shipments, listing, catalogue, audit, numbers),
        label_jobs=label_jobs,
        contents=FolderContents(settings.home / "contents"),
        intake=SqlIntake(database),
        uploads=FolderUploads(settings.home / "uploads"),
        plans=SqlPlanDrafts(database),
        recognise=evidence_type,
        press=DrawingPress(),
        printers=RawPrinters(settings.printers),
        events=events,
        assets=AssetTables(settings.home),
        principals=principals,
        sight=sight,
        drafts=SqlDrafts(database),
        letters=SqlLetters(database),
        letter_post=post or FolderPost(settings.home / "letters", settings.mail_from or "ledger@localhost"),
        windows=SqlWindows(database),
        organisations=SqlOrganisations(database),
        people=SqlPeople(database),
        post=post,
        sightings=SqlSightings(database),
        queries=queries,
        subscriptions=subscriptions,
        capture_jobs=SqlCaptureJobs(database),
        exchange=exchange,
        answering=answering,
        subscribing=Subscribing(answering, subscriptions, webhook, clock, random),
        reads=SqlReads(database),
        chain=chain,
        consortium=ConsortiumDesk(LazyConsortium(chain, address), entries, projections, clock, random, settings.tenant)
        if address
        else None,
        note_key=key,
        token_keys=FileTokenKeys(settings.home, clock),
        clock=clock,
        random=random,
        factors=FactorTables(settings.home / "factors"),
        places=places,
        distances=OfflineDistances(places.known),
        photos=PhotoFiles(settings.home),
        changes=SqlChanges(database),
        segments=segments_of(settings),
    )


def segments_of(settings: Settings) -> FolderSegments:
    """The segments of a ledger, for those who need nothing else of it."""
    return FolderSegments(settings.home / "segments")
