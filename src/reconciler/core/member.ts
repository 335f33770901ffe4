/** What one member of AWS's answers about a resource is to the spec. */
import type { Value } from "../../model/value.ts";

/**
 * - `held`: a field of the spec stands for it, so that it is compared.
 * - `record`: AWS's own record: an ARN, a time, a state. There is nothing to declare.
 * - `elsewhere`: another kind of resource, or another member, says the same, and it is compared there.
 * - `notSupported`: the spec has no field for it.
 * - `notRead`: AWS would tell it in another call, which is not made.
 */
export type MemberIs = "held" | "record" | "elsewhere" | "notSupported" | "notRead";

export interface Member {
  /** AWS's path, with `[]` for lists: `AvailabilityZones[].OutpostId`, `Attributes[idle_timeout.timeout_seconds]`. */
  readonly path: string;
  /** A list where the path leads through one. What may be secret is a digest; `null` where nothing was read. */
  readonly value: Value;
  readonly is: MemberIs;
  /** Of what is held: the field of the observed resource, or the one that its field's name begins with. */
  readonly field?: string;
  /** Why it is not compared. */
  readonly why?: string;
  /** It has the value that AWS documents for what nobody has set. */
  readonly isDefault?: true;
  /** Held by a field that is used when the resource is made, and then left to AWS. */
  readonly isInitial?: true;
}
