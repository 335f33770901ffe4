import { describe, expect, it } from "vitest";
import { buildEvents } from "../../src/events/build.ts";
import { decapitalised } from "../../src/model/text/first-letter.ts";
import { iso } from "../../src/model/time.ts";
import { operationsFor, writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import { arnOf, converged, driftEvents, nameOf, somebody } from "../reconciler/world.ts";
import type { Installation } from "../support/installation.ts";
import { silent } from "../support/installation.ts";
import { ALICE, callMessage } from "./records.ts";
import { QUEUE, ScriptedAccount } from "./support.ts";

const ELB = "elasticloadbalancing";
const targetGroup = (i: Installation) => ({ TargetGroupArn: arnOf(i, "targetGroups.web") });
const listener = (i: Installation) => ({ ListenerArn: arnOf(i, "loadBalancer.listeners.443") });
const group = (i: Installation) => ({ AutoScalingGroupName: nameOf(i, "autoScalingGroups.web") });

/** As CloudTrail has the parameters: names begin small; those of EC2's templates stand within the request. */
function parametersOf(operation: string, input: object): Record<string, unknown> {
  const [api, name] = operation.split(":");
  return api === "ec2" ? { [`${name}Request`]: input } : (small(input) as Record<string, unknown>);
}

function small(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(small);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [decapitalised(name), small(inner)]),
  );
}

const CASES: readonly (readonly [
  operation: Parameters<typeof somebody>[1],
  (i: Installation) => object,
  drift: string,
])[] = [
  [
    `${ELB}:ModifyTargetGroup`,
    (i) => ({ ...targetGroup(i), HealthCheckPath: "/x" }),
    "targetGroups.web healthCheck.path",
  ],
  [
    `${ELB}:ModifyTargetGroupAttributes`,
    (i) => ({ ...targetGroup(i), Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "7" }] }),
    "targetGroups.web attributes.deregistration_delay.timeout_seconds",
  ],
  [
    `${ELB}:AddTags`,
    (i) => ({ ResourceArns: [arnOf(i, "targetGroups.web")], Tags: [{ Key: "Environment", Value: "x" }] }),
    "targetGroups.web tags.Environment",
  ],
  [
    `${ELB}:ModifyListener`,
    (i) => ({ ...listener(i), SslPolicy: "ELBSecurityPolicy-2016-08" }),
    "loadBalancer.listeners.443 sslPolicy",
  ],
  [
    `${ELB}:DeleteRule`,
    (i) => ({ RuleArn: arnOf(i, "loadBalancer.listeners.443.rules.block-admin") }),
    "loadBalancer.listeners.443.rules.block-admin ",
  ],
  [`${ELB}:DeleteListener`, listener, "loadBalancer.listeners.443 "],
  [
    "autoscaling:UpdateAutoScalingGroup",
    (i) => ({ ...group(i), MaxSize: 9 }),
    "autoScalingGroups.web maxSize",
  ],
  [
    "autoscaling:DeletePolicy",
    (i) => ({ ...group(i), PolicyName: "holdfast/default/web-api/cpu@target" }),
    "autoScalingGroups.web.scalingPolicies.cpu ",
  ],
  [
    "cloudwatch:DeleteAlarms",
    () => ({ AlarmNames: ["holdfast/default/web-api/high-5xx"] }),
    "alarms.high-5xx ",
  ],
];

describe("what somebody does to a tier is told with who did it:", () => {
  it.each(CASES)("%s", async (operation, inputOf, drift) => {
    const installation = await converged();
    const { clock, store, controller } = installation;
    const account = new ScriptedAccount(clock);
    const events = buildEvents({
      ...{ store, clock, log: silent, cloudFor: () => account, queue: QUEUE, isCloudTrailAsked: false },
      ...{ writesField, operationsFor },
      suspect: (keys) => {
        for (const key of keys) controller.request(key);
      },
    });
    events.start();
    await clock.advance(130_000);
    const doneAtMs = clock.nowMs();
    const input = inputOf(installation);
    await somebody(installation, operation, input);
    const [api = "", name = ""] = operation.split(":");
    const eventTime = iso(doneAtMs).replace(/\.\d+Z$/, "Z");
    await clock.advance(5_000);
    const body = callMessage(
      api === "cloudwatch" ? "monitoring" : api,
      name,
      parametersOf(operation, input),
      { eventTime },
    );
    account.waiting.push(body);
    await clock.runUntil(() => driftEvents(installation).length > 0, 15_000);
    await clock.advance(1_000);
    const told = driftEvents(installation).find(({ resource, field }) => `${resource} ${field}` === drift);
    expect(told?.attribution).toMatchObject({ confidence: "certain", principal: ALICE, eventName: name });
    await events.stop();
  });
});
