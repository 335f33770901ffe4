/** Who a drift event is owed to, where AWS's own record of the call says it. */

/**
 * What each confidence means: of which call, and how well it fits. Whoever did it is only told on the evidence of a record
 * of CloudTrail's; without one there is no attribution at all.
 */
export const CONFIDENCES = {
  certain:
    "One principal alone made a call that names this resource, succeeded, and wrote this very field (or deleted the resource), after the last read that showed the desired value and before the first that showed the other.",
  likely:
    "The same, but the record does not say which fields the call wrote, or no read is known that showed the desired value before it.",
  possible: "Calls of several principals fit; the newest is told, and any of them may have been the one.",
} as const;
export type Confidence = keyof typeof CONFIDENCES;

/** All of it is what CloudTrail recorded: docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export interface Attribution {
  confidence: Confidence;
  /** ARN of the user or role, or the name of the AWS service that made the call. */
  principal: string;
  /** Name of the role's session. */
  session?: string;
  /** Address, or the name of the AWS service that the call came through. */
  sourceIpAddress?: string;
  userAgent?: string;
  /** CloudTrail's id of the record. */
  eventId: string;
  /** Name of the operation, for example `ModifyTargetGroup`. */
  eventName: string;
  /** When AWS had completed the request: ISO 8601 UTC with milliseconds. */
  eventTime: string;
  /** `event`: it came by itself, through the queue. `lookup`: CloudTrail was asked for it afterwards. */
  from: "event" | "lookup";
}
