/** How long AWS takes to answer, in milliseconds. Typical values: AWS documents none. */
import type { Rng } from "../../ports.ts";
import type { Call } from "../faults/interceptors.ts";

const READ = [40, 90] as const;
const WRITE = [80, 250] as const;
const SLOW: Readonly<Record<string, readonly [number, number]>> = {
  CreateLoadBalancer: [800, 1_300],
  RunInstances: [900, 1_800],
  SetSubnets: [300, 600],
  CreateAutoScalingGroup: [300, 600],
};

export function latencyOf(call: Pick<Call, "operation" | "mutating">, rng: Rng): number {
  const [least, most] = SLOW[call.operation] ?? (call.mutating ? WRITE : READ);
  return Math.round(least + rng.next() * (most - least));
}
