/** AWS's events and who did what, put together: what the daemon starts, asks and stops. */
import type { EventFlow } from "../model/fleet/event-flow.ts";
import type { KindName } from "../model/kind-name.ts";
import type { ObjectKey } from "../model/object.ts";
import type { Change, Clock, CloudForRegion, Log, Store } from "../ports.ts";
import type { WritesField } from "./attribute.ts";
import { Attributions } from "./attributions.ts";
import { Intake } from "./intake.ts";
import { KnownServices } from "./known-services.ts";
import { Looks } from "./looks.ts";
import { Lookups } from "./lookups.ts";
import { Poller } from "./poller.ts";
import { type Queue, queueOnly } from "./queue.ts";
import { Remembered } from "./remembered.ts";

export interface EventsDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly cloudFor: CloudForRegion;
  /** Absent: no events. */
  readonly queue?: Queue | undefined;
  /** Whether CloudTrail is asked who did what no event has told. */
  readonly isCloudTrailAsked: boolean;
  readonly writesField: WritesField;
  readonly operationsFor: (kind: KindName, field: string) => readonly string[];
  /** Brings a look at these forward. */
  readonly suspect: (keys: readonly ObjectKey[]) => void;
  /** When AWS was asked for the oldest that a service was last compared with, where that is known. */
  readonly oldestReadMs?: (key: ObjectKey) => number | undefined;
}

export interface Events {
  start(): void;
  /** Resolves when nothing more is taken in, asked or written. */
  stop(): Promise<void>;
  /** Absent without a queue. */
  flow(): EventFlow | undefined;
  /** Whether events come from a Region, so that routine looks there may be rare. */
  isFlowing(region: string): boolean;
}

/** Does nothing, and costs nothing, without a queue and without CloudTrail. */
export function buildEvents(deps: EventsDependencies): Events {
  const { store, clock, log, cloudFor, queue } = deps;
  const remembered = new Remembered();
  const known = new KnownServices(deps.oldestReadMs);
  const looks = new Looks(clock, deps.suspect);
  const attributions = new Attributions({
    ...{ store, clock, remembered, writesField: deps.writesField },
    rightAtMs: (service, beforeMs, writtenAtMs) => known.rightAtMs(service, beforeMs, writtenAtMs),
  });
  const lookups = deps.isCloudTrailAsked
    ? new Lookups({
        ...{ clock, log, cloudFor, remembered, attributions, operationsFor: deps.operationsFor },
        accountOf: (service) => store.accountOf(service)?.id,
      })
    : undefined;
  const intake =
    queue === undefined
      ? undefined
      : new Intake({
          ...{ store, clock, queue, looks, remembered },
          ofInstance: (id) => known.ofInstance(id),
          onCall: (keys) => attributions.reconsider(keys),
        });
  const poller =
    queue === undefined || intake === undefined
      ? undefined
      : new Poller({ cloud: queueOnly(cloudFor(queue.region), queue), queue, clock, log, intake });
  const hearOne = ({ object, type }: Change) => {
    if (object.kind === "WebService") {
      if (type === "DELETED") known.remove(object.metadata);
      else known.put(object);
    } else if (object.kind === "DriftEvent" && type !== "DELETED") {
      const sought = attributions.seek(object);
      if (sought !== undefined) lookups?.seek(sought);
    }
  };
  /** Whoever has committed the changes goes on, whatever becomes of who did it. */
  const hear = (changes: readonly Change[]) => {
    try {
      for (const change of changes) hearOne(change);
    } catch (error) {
      log.warn(
        { fault: error instanceof Error ? error.message : String(error) },
        "who did it is not written down",
      );
    }
  };
  let unsubscribe = (): void => undefined;
  return {
    start() {
      if (intake === undefined && lookups === undefined) return;
      unsubscribe = store.subscribe(hear);
      for (const event of store.driftEvents({ state: "Open", limit: OPEN_AT_START }).items)
        attributions.seek(event);
      poller?.start();
    },
    async stop() {
      unsubscribe();
      looks.stop();
      await Promise.all([poller?.stop(), lookups?.stop()]);
    },
    flow: () => intake?.flow(poller?.fault),
    isFlowing: (region) => region === queue?.region && intake?.isFlowing() === true,
  };
}

/** Open drift of before the start for which it is still sought who did it, the newest first. */
const OPEN_AT_START = 200;
