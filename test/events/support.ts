import { onTestFinished } from "vitest";
import { buildEvents, type Events, type EventsDependencies } from "../../src/events/build.ts";
import { HEARTBEAT_TAG } from "../../src/events/poller.ts";
import { addressFrom } from "../../src/model/address.ts";
import { CloudError } from "../../src/model/errors.ts";
import type { EventFlow } from "../../src/model/fleet/event-flow.ts";
import { type ObjectKey, textOfKey } from "../../src/model/object.ts";
import type { Clock, Cloud, Log, OperationName, Store } from "../../src/ports.ts";
import { operationsFor, writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import { KEY, opened, SPEC } from "../store/support.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { ACCOUNT, REGION, record, TARGET_GROUP } from "./records.ts";

export const QUEUE = {
  url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/holdfast-events`,
  name: "holdfast-events",
  account: ACCOUNT,
  region: REGION,
};

/** A call of the daemon's, as its journal has it, without the operation. */
export const OWN_CALL = {
  service: KEY,
  generation: 1,
  plan: "plan",
  address: addressFrom("targetGroups.web"),
  affected: [],
};

/** An account with one queue and a trail, as AWS's documentation says they answer. */
export class ScriptedAccount implements Cloud {
  readonly #clock: VirtualClock;
  readonly asked: { operation: OperationName; input: Record<string, unknown>; atMs: number }[] = [];
  /** Bodies that wait in the queue, and those that were received and not deleted. */
  readonly waiting: string[] = [];
  readonly inFlight = new Map<string, string>();
  /** Records that a lookup finds. */
  readonly trail: Record<string, unknown>[] = [];
  /** Calls that fail. */
  refuses: (operation: OperationName) => CloudError | undefined = () => undefined;
  /** What a heartbeat's event is sent after; absent: it never comes. */
  heartbeatDelayMs: number | undefined;
  #requests = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async call(
    operation: OperationName,
    input: object,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<never> {
    this.asked.push({ operation, input: input as Record<string, unknown>, atMs: this.#clock.nowMs() });
    const refusal = this.refuses(operation);
    if (refusal !== undefined) throw refusal;
    this.#requests += 1;
    const $metadata = { requestId: `own-${this.#requests}` };
    return {
      $metadata,
      ...(await this.#answer(operation, input as never, $metadata.requestId, options?.signal)),
    } as never;
  }

  async #answer(
    operation: OperationName,
    input: {
      WaitTimeSeconds: number;
      Entries: { ReceiptHandle: string }[];
      Tags: object;
      QueueUrl: string;
      LookupAttributes: { AttributeValue: string }[];
    },
    requestId: string,
    signal: AbortSignal | undefined,
  ): Promise<object> {
    switch (operation) {
      case "sqs:ReceiveMessage":
        if (this.waiting.length === 0) await this.#wait(input.WaitTimeSeconds * 1000, signal);
        return {
          Messages: this.waiting.splice(0, 10).map((Body) => {
            const ReceiptHandle = `receipt-${this.#requests}-${this.inFlight.size}`;
            this.inFlight.set(ReceiptHandle, Body);
            return { Body, ReceiptHandle, MessageId: ReceiptHandle };
          }),
        };
      case "sqs:DeleteMessageBatch":
        for (const { ReceiptHandle } of input.Entries) this.inFlight.delete(ReceiptHandle);
        return {};
      case "sqs:TagQueue":
        if (this.heartbeatDelayMs !== undefined)
          this.#comesBack(requestId, input.Tags, this.heartbeatDelayMs);
        return {};
      default:
        return {
          Events: this.trail
            .filter(({ eventName }) => eventName === input.LookupAttributes[0]?.AttributeValue)
            .map((each) => ({ CloudTrailEvent: JSON.stringify(each) })),
        };
    }
  }

  #comesBack(requestID: string, tags: object, delayMs: number): void {
    const eventTime = new Date(this.#clock.nowMs()).toISOString().replace(/\.\d+Z$/, "Z");
    const detail = record(
      "sqs",
      "TagQueue",
      { queueUrl: QUEUE.url, tags: { ...tags } },
      { eventTime, requestID },
    );
    const body = { id: requestID, "detail-type": "AWS API Call via CloudTrail", source: "aws.sqs" };
    const event = { ...body, account: ACCOUNT, region: REGION, time: eventTime, resources: [], detail };
    this.#clock.schedule(delayMs, () => this.waiting.push(JSON.stringify(event)));
  }

  /** As a long poll does: until something comes, or the time is over. */
  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const untilMs = this.#clock.nowMs() + ms;
    return new Promise((resolve, reject) => {
      const look = () => {
        if (signal?.aborted) return reject(failure("AbortError", "transient"));
        if (this.waiting.length > 0 || this.#clock.nowMs() >= untilMs) return resolve();
        this.#clock.schedule(Math.min(500, untilMs - this.#clock.nowMs()), look);
      };
      signal?.addEventListener("abort", () => reject(failure("AbortError", "transient")), { once: true });
      look();
    });
  }

  heartbeats(): number {
    return this.asked.filter(
      ({ operation, input }) => operation === "sqs:TagQueue" && HEARTBEAT_TAG in (input.Tags as object),
    ).length;
  }
}

export function failure(code: string, category: CloudError["category"]): CloudError {
  return new CloudError({ operation: "sqs:ReceiveMessage", code, category, message: "no" });
}

interface Listening {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly account: ScriptedAccount;
  readonly events: Events;
  readonly suspected: string[];
  readonly warned: Record<string, unknown>[];
  flow(): EventFlow;
}

/** A daemon's events, with one service that has made one target group. */
export function listening(
  change: Partial<EventsDependencies> = {},
  machineOf: (clock: VirtualClock) => Clock = (clock) => clock,
): Listening {
  const { store, clock } = opened();
  const account = new ScriptedAccount(clock);
  const suspected: string[] = [];
  const warned: Record<string, unknown>[] = [];
  const silent = () => undefined;
  const log: Log = { debug: silent, info: silent, error: silent, warn: (fields) => warned.push(fields) };
  withService(store, KEY, TARGET_GROUP);
  const events = buildEvents({
    ...{
      store,
      clock: machineOf(clock),
      log,
      cloudFor: () => account,
      queue: QUEUE,
      isCloudTrailAsked: false,
    },
    ...{ writesField, operationsFor },
    suspect: (keys) => suspected.push(...keys.map(textOfKey)),
    ...change,
  });
  onTestFinished(() => events.stop());
  return {
    ...{ store, clock, account, events, suspected, warned },
    flow: () => {
      const flow = events.flow();
      if (flow === undefined) throw new Error("no queue is listened to");
      return flow;
    },
  };
}

/** A service that has made a target group. */
export function withService(store: Store, key: ObjectKey, id: string): void {
  const { uid } = store.create({ metadata: { ...key }, spec: SPEC }).metadata;
  store.bindAccount(key, uid, { id: ACCOUNT, partition: "aws" });
  store.putMade(key, {
    ...{
      kind: "targetGroup",
      id,
      origin: "made",
      name: `hf-${key.name}`,
      address: addressFrom("targetGroups.web"),
    },
    ...{ sinceMs: 0, takesOver: [] },
  });
}
