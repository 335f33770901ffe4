import type { CloudError } from "../../model/errors.ts";
import type { Seen } from "../core/resource.ts";

/** A resource of which one part could not be read, and another was: what is known counts for health, and for no plan. */
export class PartlyRead extends Error {
  readonly seen: Seen;
  override readonly cause: CloudError;

  constructor(cause: CloudError, seen: Seen) {
    super(cause.message);
    this.name = "PartlyRead";
    this.cause = cause;
    this.seen = seen;
  }
}
