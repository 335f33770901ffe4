/** An error as AWS puts it on the wire. The HTTP status follows from the SDK's schema unless given. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** The id of the documented rule that the call has broken, where a table has it. */
  readonly rule: string | undefined;

  constructor(code: string, message: string, status?: number, rule?: string) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
    this.rule = rule;
  }
}
