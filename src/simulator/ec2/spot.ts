/** What EC2 does with Spot Instances that it wants back. ec2/spot-interruption */
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import type { Parts, SpotSignal } from "../services.ts";
import type { Machine } from "./machine.ts";
import { isSpot } from "./pools.ts";
import { tellSpotSignal } from "./state-events.ts";

/** From the notice until EC2 takes the instance. */
const NOTICE_MS = 120_000;

export interface SpotInterruptions {
  onSignal(listener: (instanceId: string, signal: SpotSignal) => void): void;
  /**
   * A rebalance recommendation now, and the notice of two minutes so much later.
   *
   * @param noticeAfterMs absent: it remains a recommendation
   * @throws AwsError for an instance that is no running Spot Instance
   */
  interrupt(machine: Machine, noticeAfterMs: number | undefined): void;
}

export function buildSpotInterruptions(context: AccountContext, parts: Parts): SpotInterruptions {
  const { clock } = context;
  const listeners: ((instanceId: string, signal: SpotSignal) => void)[] = [];
  const tell = ({ facts, state }: Machine, signal: SpotSignal): void => {
    if (state !== "running" && state !== "pending") return;
    tellSpotSignal(context, parts, facts, signal);
    for (const listener of listeners) listener(facts.instanceId, signal);
  };
  const notify = (machine: Machine): void => {
    tell(machine, "interruption");
    clock.schedule(NOTICE_MS, () => machine.interrupt());
  };
  return {
    onSignal: (listener) => void listeners.push(listener),
    interrupt: (machine, noticeAfterMs) => {
      const { instanceId, options } = machine.facts;
      if (!isSpot(options) || (machine.state !== "running" && machine.state !== "pending")) {
        throw new AwsError("InvalidInstanceID", `The instance '${instanceId}' is no running Spot Instance.`);
      }
      tell(machine, "rebalance");
      if (noticeAfterMs === 0) notify(machine);
      else if (noticeAfterMs !== undefined) clock.schedule(noticeAfterMs, () => notify(machine));
    },
  };
}
