/** Target groups with sticky targets, and those that policies and alarms speak of: learnt from the calls alone. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../../../src/simulator/faults/interceptors.ts";
import { forwardedTo, type Ours } from "./ours.ts";

/** `targetgroup/name/id`, as policies and alarms write it. */
const DIMENSION = /targetgroup\/[A-Za-z0-9-]+\/[0-9a-f]+/g;

export class Followers {
  readonly #ours: Ours;
  readonly #sticky = new Set<string>();

  constructor(ours: Ours) {
    this.#ours = ours;
  }

  /** After the effect of anybody's call. */
  learn({ operation, input }: Call): void {
    if (operation !== "ModifyTargetGroupAttributes") return;
    const { TargetGroupArn = "", Attributes = [] } = input as {
      TargetGroupArn?: string;
      Attributes?: { Key?: string; Value?: string }[];
    };
    const change = Attributes.find(({ Key }) => Key === "stickiness.enabled");
    if (change?.Value === "true") this.#sticky.add(TargetGroupArn);
    if (change?.Value === "false") this.#sticky.delete(TargetGroupArn);
  }

  /** Where a sticky target group stands beside another one in an action without group stickiness, which AWS refuses. */
  *loose(): Generator<string> {
    for (const { address, actions } of this.#ours.all())
      if (actions.some((action) => this.#isLoose(action))) yield address;
  }

  #isLoose({ ForwardConfig: forward }: Action): boolean {
    const arns = (forward?.TargetGroups ?? []).map(({ TargetGroupArn = "" }) => TargetGroupArn);
    const isSticky = arns.length > 1 && arns.some((arn) => this.#sticky.has(arn));
    return isSticky && forward?.TargetGroupStickinessConfig?.Enabled !== true;
  }

  /** A target group that a policy or alarm speaks of and that gets no requests, while another one in its place does. */
  idle({ operation, input }: Call): string | undefined {
    if (!/^Put(ScalingPolicy|MetricAlarm)$/.test(operation)) return undefined;
    const spokenOf = JSON.stringify(input).match(DIMENSION) ?? [];
    const all = this.#ours.all();
    const served = new Set(all.flatMap(({ actions }) => forwardedTo(actions)));
    return all.find(
      (known) =>
        spokenOf.some((dimension) => known.id.endsWith(`:${dimension}`)) &&
        !served.has(known.id) &&
        all.some(
          (other) => other.owner === known.owner && other.address === known.address && served.has(other.id),
        ),
    )?.address;
  }
}
