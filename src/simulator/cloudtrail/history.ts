/** The history of events: what happened lately, with bounded memory, and found again by one of its attributes. */

import { createHash } from "node:crypto";
import type * as ct from "@aws-sdk/client-cloudtrail";
import { LIMITS } from "../../model/limits.ts";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { isMutating } from "../account/mutating.ts";
import { pageOf } from "../account/paging.ts";
import type { Troubles } from "../account/troubles.ts";
import { eventIdOf, eventSourceOf, identityOfCall, recordOf, type TrailCall } from "./record.ts";
import { resourcesOf } from "./resources.ts";

/** cloudtrail/ninety-days */
const RETENTION_MS = 90 * 86_400_000;
const PAGE = 50;

interface Kept {
  readonly call: TrailCall;
  readonly order: number;
  /** Filled in when first asked for. */
  id?: string;
}

export class History {
  readonly #context: AccountContext;
  readonly #troubles: Troubles;
  /** Kept apart, so that the many reads do not push out the few changes. */
  readonly #reads: Kept[] = [];
  readonly #changes: Kept[] = [];
  #order = 0;

  constructor(context: AccountContext, troubles: Troubles) {
    this.#context = context;
    this.#troubles = troubles;
  }

  add(call: TrailCall): void {
    const list = isMutating(call.operation) ? this.#changes : this.#reads;
    this.#order += 1;
    list.push({ call, order: this.#order });
    // In halves, so that dropping the oldest does not move the whole list at every call.
    if (list.length >= 2 * LIMITS.simulatorTrailRecords) list.splice(0, LIMITS.simulatorTrailRecords);
  }

  /** cloudtrail/lookup @throws AwsError */
  lookup(input: ct.LookupEventsRequest): ct.LookupEventsResponse {
    const { MaxResults: size = PAGE, NextToken: token } = input;
    if (!(size >= 1 && size <= PAGE)) {
      throw new AwsError("InvalidMaxResultsException", `MaxResults must be between 1 and ${PAGE}.`);
    }
    if (input.EventCategory !== undefined) {
      throw new AwsError(
        "InvalidEventCategoryException",
        "The simulated account has management events only.",
      );
    }
    const startMs = input.StartTime?.getTime() ?? Number.NEGATIVE_INFINITY;
    const endMs = input.EndTime?.getTime() ?? Number.POSITIVE_INFINITY;
    if (startMs > endMs) {
      throw new AwsError("InvalidTimeRangeException", "The start time must be before the end time.");
    }
    const isAsked = this.#filterOf(input.LookupAttributes ?? []);
    const nowMs = this.#context.clock.nowMs();
    const found = [...this.#changes, ...this.#reads]
      .filter(({ call: { atMs } }) => atMs >= startMs && atMs <= endMs && atMs >= nowMs - RETENTION_MS)
      .filter((kept) => isAsked(kept) && nowMs >= kept.call.atMs + this.#delayMsOf(kept))
      .sort((a, b) => b.call.atMs - a.call.atMs || b.order - a.order);
    const page = pageOf(found, idOf, { token, size }, "InvalidNextTokenException");
    return { Events: page.items.map((kept) => this.#shown(kept)), NextToken: page.next };
  }

  #filterOf(attributes: readonly ct.LookupAttribute[]): (kept: Kept) => boolean {
    const [attribute] = attributes;
    if (attribute === undefined) return () => true;
    const { AttributeKey: key, AttributeValue: value = "" } = attribute;
    const { accountId } = this.#context;
    const tests: Readonly<Record<string, (kept: Kept) => boolean>> = {
      EventId: (kept) => idOf(kept) === value,
      EventName: ({ call }) => call.operation === value,
      EventSource: ({ call }) => eventSourceOf(call.service) === value,
      ReadOnly: ({ call }) => String(!isMutating(call.operation)) === value,
      Username: ({ call }) => identityOfCall(call, accountId).userName === value,
      AccessKeyId: ({ call }) => call.by !== "autoscaling" && call.by.accessKeyId === value,
      ResourceName: ({ call }) => named(call).some(({ ResourceName }) => ResourceName === value),
      ResourceType: ({ call }) => named(call).some(({ ResourceType }) => ResourceType === value),
    };
    const test = Object.hasOwn(tests, key ?? "") ? tests[key ?? ""] : undefined;
    if (test === undefined || attributes.length > 1) {
      throw new AwsError("InvalidLookupAttributesException", "You can specify one known lookup attribute.");
    }
    return test;
  }

  /** cloudtrail/lookup-delay */
  #delayMsOf(kept: Kept): number {
    const [least, most] = this.#troubles.lookupDelay;
    if (most === 0) return 0;
    const share = createHash("sha256").update(kept.call.requestId).digest().readUInt32BE(0) / 2 ** 32;
    return least + share * (most - least);
  }

  #shown(kept: Kept): ct.Event {
    const { call } = kept;
    const accessKeyId = call.by === "autoscaling" ? undefined : call.by.accessKeyId;
    return {
      EventId: idOf(kept),
      EventName: call.operation,
      ReadOnly: String(!isMutating(call.operation)),
      ...(accessKeyId !== undefined && { AccessKeyId: accessKeyId }),
      EventTime: new Date(Math.floor(call.atMs / 1_000) * 1_000),
      EventSource: eventSourceOf(call.service),
      Username: identityOfCall(call, this.#context.accountId).userName,
      Resources: named(call),
      CloudTrailEvent: JSON.stringify(recordOf(call, this.#context)),
    };
  }
}

function idOf(kept: Kept): string {
  kept.id ??= eventIdOf(kept.call);
  return kept.id;
}

function named({ input, output }: TrailCall) {
  return resourcesOf(input, output);
}
