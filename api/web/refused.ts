/** Why a proof does not hold, or cannot be judged: the ledger's error code, and a finer reason for the reader. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
    readonly values: Record<string, string> = {},
  ) {
    super(`${code}: ${reason}`);
  }
}
