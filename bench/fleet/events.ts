/** A fleet whose account tells what is done in it. */
import { buildEvents } from "../../src/events/build.ts";
import { READ_CLASSES } from "../../src/model/fleet/freshness.ts";
import type { ObjectKey } from "../../src/model/object.ts";
import { operationsFor, writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import { setUpEvents } from "../../test/support/account-events.ts";
import { silent } from "../../test/support/installation.ts";
import type { EventsSetting } from "./steady.ts";
import type { Fleet } from "./world.ts";

/** @param delayMs from what somebody does until its event is in the queue */
export function eventsAfter(delayMs: number): EventsSetting {
  return {
    delayMs,
    async connect(fleet: Fleet) {
      const { installation } = fleet;
      const { account, clock, store } = installation;
      const delay = [delayMs, delayMs] as const;
      account.setTroubles({ cloudtrail: { delay }, service: { delay } });
      const queue = await setUpEvents(account, (answer) => installation.waiting(answer));
      const events = buildEvents({
        ...{
          store,
          clock,
          log: silent,
          cloudFor: () => installation.askedCloud,
          queue,
          writesField,
          operationsFor,
        },
        isCloudTrailAsked: false,
        suspect: (keys) => {
          for (const key of keys) installation.controller.request(key, "suspicion");
        },
        oldestReadMs: (key) => oldestReadMs(fleet, key),
      });
      fleet.isFlowing = (region) => events.isFlowing(region);
      events.start();
    },
  };
}

function oldestReadMs({ installation }: Fleet, key: ObjectKey): number | undefined {
  const freshness = installation.observatory.freshnessOf(key);
  if (freshness === undefined) return undefined;
  const times = READ_CLASSES.flatMap((one) => freshness[one].comparedAt ?? []);
  return Math.min(...times.map((time) => Date.parse(time)));
}
