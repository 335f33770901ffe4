/** What is said of a reason, in the same words wherever it is told. */
export interface ReasonEntry {
  /** What it says, in one sentence without its full stop; Markdown with `code`. */
  readonly meaning: string;
  /**
   * What a person does about it; {@link NOTHING} and {@link WAIT} when nobody needs to act. Markdown with `code` and
   * links, which are relative to docs/operations.md and read well without being followed.
   */
  readonly remedy: string;
}

export const NOTHING = "Nothing";
export const WAIT = "Wait";

/** Where AWS could not be read. */
export const READ_AGAIN =
  "The message names the operation and the code: permissions, throttling, an outage. See [AWS errors](errors.md#aws-errors)";
/** Where AWS gave up on something. */
export const MADE_ANEW = "Read the message; AWS Support. Deleting it in AWS makes Holdfast create it anew";
