/** An error as AWS puts it on the wire. The HTTP status follows from the SDK's schema unless given. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
  }
}
