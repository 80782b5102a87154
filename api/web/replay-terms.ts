/** What the page `/replay` and its worker say to each other, and what came of a score sheet (`ledger.scoring.replaying`). */

export type ToEngine =
  | { kind: "start"; statics: string; wheel: string; core: string }
  | { kind: "replay"; id: number; data: Uint8Array; locale: string };

/** `id` of what failed, 0 for the start. */
export type FromEngine =
  | { kind: "ready" }
  | { kind: "replayed"; id: number; text: string }
  | { kind: "failed"; id: number; why: string };

export interface Difference {
  pointer: string;
  part: string;
  row: string;
  stated: string;
  recomputed: string;
}

export interface ReplayedCriterion {
  title: string;
  weight: string;
  unit: string;
  formula: string;
  algebra: string;
  source: string;
}

export interface ReplayedBid {
  bidder: string;
  sha256: string;
  rank: number | null;
  total: string;
  decided_by: string;
  aside: string[];
  cells: { input: string; working: string; shown: string; exact: string }[];
}

export interface Replayed {
  verdict: 0 | 1 | 2;
  code: string;
  said: string;
  fix: string;
  values: number;
  differences: Difference[];
  more: boolean;
  tender: string;
  title: string;
  basis: string;
  winner: string;
  scheme_sha256: string;
  criteria: ReplayedCriterion[];
  bids: ReplayedBid[];
}
