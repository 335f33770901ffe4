import type { KindName } from "../model/kind-name.ts";
import type { Attribution } from "../model/ledger/attribution.ts";

/** A resource that an event names as the one that was written, or that moved. */
export interface Subject {
  /** ARN or AWS's own id; or a name, which is one only together with `kind`. */
  readonly id: string;
  readonly kind?: KindName;
  /** Name of the Auto Scaling group that it sits on. */
  readonly within?: string;
}

/** Who made a call, as CloudTrail recorded it. */
export interface Caller {
  /** ARN of the user or role, or the name of an AWS service. */
  readonly principal: string;
  readonly session?: string;
  readonly sourceIpAddress?: string;
  readonly userAgent?: string;
}

/** A call of somebody's, as CloudTrail recorded it. */
export interface RecordedCall {
  /** IAM's name: `elasticloadbalancing:ModifyTargetGroup`. */
  readonly operation: string;
  readonly eventId: string;
  readonly requestId?: string;
  /** It may have changed something: it is no read, and AWS did not refuse it. */
  readonly hasChanged: boolean;
  /**
   * What of its resource it wrote: names of members as the API has them, first letter small (`healthCheckPath`), and of
   * attributes and tags also their keys (`attributes.idle_timeout.timeout_seconds`). Never a value. Absent where the record
   * does not tell all of them.
   */
  readonly members?: readonly string[];
  readonly caller?: Caller;
}

/** What an event of AWS's says: where to look, and who did what. It is never believed: a look decides what is so. */
export interface Hint {
  /** By which a repetition is known. */
  readonly id: string;
  readonly from: Attribution["from"];
  readonly region: string;
  readonly atMs: number;
  readonly subjects: readonly Subject[];
  /** Ids, ARNs and names of whatever else it speaks of. */
  readonly mentions: readonly string[];
  readonly instances: readonly string[];
  readonly call?: RecordedCall;
}
