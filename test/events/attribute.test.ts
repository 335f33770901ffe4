import { describe, expect, it } from "vitest";
import { attributionOf, type DriftedPlace, type Window } from "../../src/events/attribute.ts";
import type { Hint } from "../../src/events/hint.ts";
import { hintIn } from "../../src/events/parse.ts";
import { addressFrom } from "../../src/model/address.ts";
import { writesField } from "../../src/reconciler/kinds/writing-operations.ts";
import {
  ALICE,
  BOB,
  callMessage,
  IN_A_ROLE,
  LISTENER,
  LOAD_BALANCER,
  ORIGIN,
  pathChanged,
  RULE,
  TARGET_GROUP,
} from "./records.ts";

const SEEN = Date.parse("2026-01-01T12:00:30Z");
const WINDOW: Window = { rightAtMs: Date.parse("2026-01-01T11:59:30Z"), seenAtMs: SEEN };
const PATH: DriftedPlace = {
  ...{ address: addressFrom("targetGroups.web"), kind: "targetGroup", name: "hf-web", id: TARGET_GROUP },
  ...{ field: "healthCheck.path", change: "Modified", region: "us-east-1", above: [] },
};
const hint = (body: string): Hint => hintIn(body, ORIGIN)!;
const by = (arn: string) => ({ userIdentity: { type: "IAMUser", arn } });
const at = (time: string) => ({ eventTime: `2026-01-01T${time}Z` });

function attributed(
  place: DriftedPlace,
  bodies: readonly string[],
  window = WINDOW,
  isOwn = (_: Hint) => false,
) {
  return attributionOf(place, window, bodies.map(hint), { isOwn, writesField });
}

describe("drift is owed to a call", () => {
  it("for certain, where its record names the resource and the field, in the time between two reads", () => {
    expect(attributed(PATH, [pathChanged()])).toMatchObject({
      ...{ confidence: "certain", principal: ALICE, sourceIpAddress: "203.0.113.7", from: "event" },
      ...{ eventName: "ModifyTargetGroup", eventTime: "2026-01-01T12:00:00.000Z" },
    });
  });

  it("likely, where the record does not say which fields it wrote", () => {
    const cut = callMessage(
      ...(["elasticloadbalancing", "ModifyTargetGroup", { targetGroupArn: TARGET_GROUP }] as const),
      { omitted: true },
    );
    expect(attributed(PATH, [cut])?.confidence).toBe("likely");
  });

  it("likely, where no read is known that showed the desired value before", () => {
    expect(attributed(PATH, [pathChanged()], { seenAtMs: SEEN })?.confidence).toBe("likely");
  });

  it("possibly, where two principals made one that fits; the newest is told", () => {
    const both = [pathChanged({ ...by(BOB), ...at("12:00:10") }), pathChanged()];
    expect(attributed(PATH, both)).toMatchObject({ confidence: "possible", principal: BOB });
  });

  it("possibly, where two sessions of one role made one that fits, and to the one from before it was seen", () => {
    const session = (name: string) => ({
      userIdentity: {
        ...IN_A_ROLE.userIdentity,
        principalId: `AROAEXAMPLE:${name}`,
        arn: IN_A_ROLE.userIdentity.arn.replace(/[^/]+$/, name),
      },
    });
    const alice = pathChanged({ ...session("alice"), ...at("12:00:20") });
    const bob = pathChanged({ ...session("bob"), ...at("12:00:32") });
    expect(attributed(PATH, [alice, bob])).toMatchObject({ confidence: "possible", session: "alice" });
    expect(attributed(PATH, [bob])).toMatchObject({ confidence: "likely", session: "bob" });
  });

  it("for certain, where one principal made several; the newest is told", () => {
    const twice = [pathChanged(at("12:00:10")), pathChanged()];
    expect(attributed(PATH, twice)).toMatchObject({
      confidence: "certain",
      eventTime: "2026-01-01T12:00:10.000Z",
    });
  });

  it("that swapped the priorities of rules", () => {
    const rule: DriftedPlace = { ...PATH, kind: "rule", id: RULE, field: "priority" };
    const swap = callMessage("elasticloadbalancing", "SetRulePriorities", {
      rulePriorities: [{ ruleArn: RULE, priority: 3 }],
    });
    expect(attributed(rule, [swap])?.eventName).toBe("SetRulePriorities");
  });

  it("that deleted what it stood below", () => {
    const above = [
      { address: addressFrom("loadBalancer"), kind: "loadBalancer" as const, name: "hf", id: LOAD_BALANCER },
    ];
    const gone: DriftedPlace = {
      ...PATH,
      kind: "listener",
      id: LISTENER,
      field: "",
      change: "Missing",
      above,
    };
    const deletion = callMessage("elasticloadbalancing", "DeleteLoadBalancer", {
      loadBalancerArn: LOAD_BALANCER,
    });
    expect(attributed(gone, [deletion])).toMatchObject({
      eventName: "DeleteLoadBalancer",
      confidence: "certain",
    });
  });

  it("on what sits on a group, by the group's name and its own", () => {
    const group = {
      address: addressFrom("autoScalingGroups.web"),
      kind: "autoScalingGroup" as const,
      name: "hf-web",
    };
    const policy: DriftedPlace = {
      ...PATH,
      ...{
        kind: "scalingPolicy",
        name: "hf-web:cpu",
        id: "arn:policy",
        field: "targetValue",
        above: [group],
      },
    };
    const put = (autoScalingGroupName: string) =>
      callMessage("autoscaling", "PutScalingPolicy", { autoScalingGroupName, policyName: "cpu" });
    expect(attributed(policy, [put("hf-web")])?.confidence).toBe("certain");
    expect(attributed(policy, [put("another")])).toBeUndefined();
    const pool: DriftedPlace = {
      ...PATH,
      kind: "warmPool",
      name: "hf-web:pool",
      id: "pool",
      field: "minSize",
      above: [group],
    };
    const warm = callMessage("autoscaling", "PutWarmPool", { autoScalingGroupName: "hf-web", minSize: 3 });
    expect(attributed(pool, [warm])?.eventName).toBe("PutWarmPool");
  });
});

describe("drift is owed to nobody, where", () => {
  it.each([
    ["nothing has come", []],
    ["the call was made on another resource", [pathChanged({}, `${TARGET_GROUP}0`)]],
    [
      "the call cannot write the field",
      [callMessage("elasticloadbalancing", "DeleteTargetGroup", { targetGroupArn: TARGET_GROUP })],
    ],
    [
      "the call wrote other fields",
      [
        callMessage("elasticloadbalancing", "ModifyTargetGroup", {
          targetGroupArn: TARGET_GROUP,
          healthCheckPort: "9",
        }),
      ],
    ],
    ["AWS refused the call", [pathChanged({ errorCode: "AccessDenied" })]],
    ["the call was before a read that showed the desired value", [pathChanged(at("11:59:00"))]],
    ["the call was after the drift was seen", [pathChanged(at("12:01:00"))]],
    ["the record names nobody", [pathChanged({ userIdentity: {} })]],
  ])("%s", (_, bodies) => {
    expect(attributed(PATH, bodies)).toBeUndefined();
  });

  it("the call is one of the daemon's", () => {
    expect(attributed(PATH, [pathChanged()], WINDOW, () => true)).toBeUndefined();
  });

  it("the call was in another Region", () => {
    expect(attributed({ ...PATH, region: "eu-west-1" }, [pathChanged()])).toBeUndefined();
  });
});

describe("who did it", () => {
  it("is the other one, where one of two calls is the daemon's", () => {
    const own = pathChanged({ ...by(BOB), ...at("12:00:10") });
    const isOwn = ({ call }: Hint) => call?.caller?.principal === BOB;
    expect(attributed(PATH, [own, pathChanged()], WINDOW, isOwn)).toMatchObject({
      confidence: "certain",
      principal: ALICE,
    });
  });

  it("allows clocks to differ by some seconds", () => {
    expect(attributed(PATH, [pathChanged(at("12:00:33"))])).toBeDefined();
  });
});
