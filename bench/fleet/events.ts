/** A fleet whose account tells what is done in it. */
import { eventsOf } from "../../test/support/account-events.ts";
import type { EventsSetting } from "./steady.ts";
import type { Fleet } from "./world.ts";

/** @param delayMs from what somebody does until its event is in the queue */
export function eventsAfter(delayMs: number): EventsSetting {
  return {
    delayMs,
    async connect(fleet: Fleet) {
      const delay = [delayMs, delayMs] as const;
      fleet.installation.account.setTroubles({ cloudtrail: { delay }, service: { delay } });
      const { events } = await eventsOf(fleet.installation);
      fleet.isFlowing = (region) => events.isFlowing(region);
      events.start();
    },
  };
}
