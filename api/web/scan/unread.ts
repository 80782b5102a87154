/** Why a code was not read: the ledger's own error code without its tree, and values for the sentence. */
export class Unread extends Error {
  constructor(
    readonly code: string,
    readonly values: Record<string, string> = {},
  ) {
    super(`identity.${code}`);
  }

  /**
   * Whether the code breaks a rule wherever it is read. A form that this page does not know may be one that the
   * server does, so it is not definite: it is sent as it came.
   */
  get definite(): boolean {
    return this.code !== "form" && this.code !== "tag-scheme";
  }
}
