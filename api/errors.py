"""The one table from an error to its HTTP status. The most specific class that has a row decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api import card_runs, faults, label_runs
from api.resolving import errors as resolving
from labels.errors import LabelError
from ledger import errors, ports
from ledger.adapters.files.errors import FileTooLarge
from ledger.adapters.group_commit import StoreBusy
from ledger.adapters.label_printers import PrinterUnknown
from ledger.desk import errors as desk
from ledger.footprint import errors as footprint
from ledger.footprint.registry import errors as registry
from ledger.log import errors as log
from ledger.ports.exchange import PartnerRefuses
from ledger.ports.mail import MailDoubtful, MailNotSent, MailRefused
from ledger.ports.tag_readers import ReaderUnreachable
from ledger.ports.time_stamps import TimeStampSilent
from ledger.ports.witnesses import WitnessSilent
from ledger.programme import errors as programme
from ledger.programme.warehouse import errors as warehouse
from ledger.records import errors as records
from ledger.scoring import panel_marks
from ledger.scoring import sealing_errors as sealing
from ledger.services import (
    access,
    attempts,
    book_saving,
    catalogue,
    claims,
    contracts,
    corrections,
    evidence,
    evidence_files,
    footprints,
    gate,
    intake_errors,
    internal_verification,
    keys,
    label_desk,
    openid,
    organisations,
    packaging,
    passwords,
    pcf,
    pcf_shelf,
    people,
    plan_drafts,
    route_plans,
    runs,
    tender_desk,
    tender_examination,
    tender_records,
    tokens,
)
from ledger.services.event_query import errors as query

STATUS: Final[Mapping[type[errors.LedgerError], int]] = {
    # what was handed in
    errors.IdentityError: 400,
    errors.RecordError: 400,
    records.RecordTooLarge: 413,
    records.MadeByLedger: 422,
    corrections.CorrectedAbsent: 404,
    corrections.AlreadyWithdrawn: 409,
    corrections.NotWithdrawable: 422,
    FileTooLarge: 413,
    intake_errors.IntakeAbsent: 404,
    intake_errors.IntakeSize: 413,
    intake_errors.IntakeStage: 409,
    intake_errors.NothingToSubmit: 409,
    intake_errors.PartMisplaced: 409,
    intake_errors.UploadDiffers: 422,
    evidence_files.EvidenceAbsent: 404,
    evidence_files.EvidenceDiffers: 422,
    evidence_files.EvidenceTooLarge: 413,
    # labels
    LabelError: 422,
    label_desk.PrintJobAbsent: 404,
    label_desk.LabelVoid: 409,
    PrinterUnknown: 422,
    label_runs.OrderGone: 409,
    label_runs.PressBusy: 503,
    card_runs.CardsBusy: 503,
    pcf_shelf.PcfAbsent: 404,
    pcf.PcfDeprecated: 409,
    errors.ExchangeError: 503,
    PartnerRefuses: 422,
    # the log
    errors.LogError: 500,
    log.NotCanonical: 400,
    log.RecordConflict: 409,
    log.EntryAbsent: 404,
    log.EntriesUnpublished: 404,
    log.LogUnreachable: 503,
    WitnessSilent: 503,
    TimeStampSilent: 503,
    log.NotCheckpointed: 409,
    errors.ProofError: 422,
    # what is computed
    errors.FootprintError: 422,
    footprint.FactorFileDamaged: 500,
    registry.FactorAbsent: 404,
    footprints.SubjectAbsent: 404,
    packaging.PackagingAbsent: 404,
    runs.RunAbsent: 404,
    runs.RunCheckpointAbsent: 404,
    runs.NothingToRun: 409,
    evidence.RunNotReproduced: 409,
    errors.ClaimError: 422,
    claims.ClaimAbsent: 404,
    book_saving.SavingBooked: 409,
    errors.PlanningError: 422,
    route_plans.RoutePlanAbsent: 404,
    plan_drafts.PlanDraftAbsent: 404,
    plan_drafts.PlanFileSize: 413,
    plan_drafts.PlanNotReady: 409,
    plan_drafts.PlanTaken: 409,
    plan_drafts.PlansBesideFull: 409,
    errors.ScoringError: 422,
    tender_desk.TenderAbsent: 404,
    contracts.ContractAbsent: 404,
    tender_desk.TenderClosed: 409,
    sealing.TenderSealed: 409,
    sealing.SealingKeysMissing: 409,
    sealing.SealingKeyRefused: 409,
    sealing.SealRefused: 409,
    tender_desk.TenderOpen: 409,
    tender_examination.CardWithoutAward: 409,
    panel_marks.PanelMarksMissing: 409,
    tender_records.DrawWaits: 409,
    panel_marks.PanelMarksGiven: 409,
    panel_marks.PanelNeedsSeal: 409,
    # footprints asked for and reviewed
    errors.DeskError: 422,
    desk.StepRefused: 409,
    desk.RequestAbsent: 404,
    desk.FootprintAbsent: 404,
    desk.NotReviewable: 409,
    desk.DraftAbsent: 404,
    desk.LetterAbsent: 404,
    desk.LinkAbsent: 404,
    desk.DraftTooLarge: 413,
    desk.TooManyDrafts: 409,
    desk.DraftChanged: 409,
    # the supplier programme
    errors.ProgrammeError: 422,
    programme.CertificateUnknown: 404,
    programme.AssessmentSchemeUnknown: 404,
    programme.AssessmentUnknown: 404,
    programme.PledgeUnknown: 404,
    catalogue.ProductAbsent: 404,
    warehouse.SiteUnknown: 404,
    warehouse.CertificateAbsent: 404,
    warehouse.IndexSchemeUnknown: 404,
    warehouse.ScoreAbsent: 404,
    warehouse.CertificateOverdrawn: 409,
    warehouse.CertificateNotUsable: 409,
    warehouse.ScoreRefused: 409,
    warehouse.YearNotOver: 409,
    internal_verification.OwnEntry: 403,
    internal_verification.VerificationAbsent: 404,
    internal_verification.VerificationRefused: 409,
    programme.OwnCertificate: 403,
    programme.OwnAssessment: 403,
    programme.OtherOrganisation: 403,
    programme.CertificateStepRefused: 409,
    programme.AssessmentStepRefused: 409,
    # what is asked for
    errors.QueryError: 400,
    ports.DestinationRefused: 400,
    query.SubscriptionUnknown: 404,
    query.QueryTooLarge: 413,
    query.QueryTooComplex: 413,
    query.QueryNameUnknown: 404,
    query.QueryNameTaken: 409,
    # what it stands on
    errors.StoreError: 503,
    StoreBusy: 503,
    ReaderUnreachable: 503,
    errors.ChainError: 503,
    ports.WrongChain: 500,
    ports.ContractAbsent: 500,
    ports.RoleMissing: 500,
    ports.AnchorRefused: 500,
    errors.SettingsError: 500,
    # who asks
    errors.AccessError: 403,
    gate.KeyRefused: 401,
    access.SignInNeeded: 401,
    access.RoleNotAllowed: 403,
    access.ScopeTooNarrow: 403,
    access.FormTokenMismatch: 403,
    attempts.TooManyAttempts: 429,
    attempts.TooManyRequests: 429,
    tokens.TokenRequestRefused: 400,
    tokens.ClientRefused: 401,
    keys.KeyTermsRefused: 422,
    keys.KeyAbsent: 404,
    corrections.NotYours: 403,
    organisations.OrganisationRefused: 422,
    organisations.OrganisationAbsent: 404,
    organisations.OrganisationExists: 409,
    people.SignInRefused: 401,
    openid.ProviderRefused: 403,
    openid.ProviderUnreachable: 503,
    openid.NotInvited: 403,
    people.InvitationAbsent: 404,
    people.InvitationRefused: 422,
    people.PersonAbsent: 404,
    passwords.PasswordTooWeak: 422,
    MailNotSent: 503,
    MailRefused: 503,
    MailDoubtful: 503,
    # the request itself
    faults.RequestError: 400,
    faults.NoSuchAddress: 404,
    faults.MethodNotOffered: 405,
    faults.BodyTooLarge: 413,
    faults.NotAcceptable: 406,
    faults.AddressTooLong: 414,
    faults.CaptureLimitExceeded: 413,
    faults.MediaTypeRefused: 415,
    faults.Unforeseen: 500,
    resolving.LinkTypeAbsent: 404,
    resolving.PassportAbsent: 404,
}


def status_of(kind: type[errors.LedgerError]) -> int:
    """The status of an error class. Every area of the tree has a row; a test sees to it."""
    return next(STATUS[base] for base in kind.__mro__ if base in STATUS)
