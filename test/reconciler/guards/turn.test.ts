import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Action, Call, Update } from "../../../src/reconciler/core/actions.ts";
import { sentenceOf } from "../../../src/reconciler/core/holds.ts";
import { turnGuard, untilTurn } from "../../../src/reconciler/guards/turn.ts";

const ADDRESS = addressFrom("loadBalancer");
const SUBNETS = "elasticloadbalancing:SetSubnets";
const GROUPS = "elasticloadbalancing:SetSecurityGroups";

const reason = {
  because: "turn",
  operation: SUBNETS,
  callsPerSecond: 0.2,
  ahead: 37,
  waitMs: 170_000,
} as const;
const held = [{ address: ADDRESS, verb: "update", reason }] as const;
const operationsFor = (_: Update, { field }: { field: string }) => [field === "subnets" ? SUBNETS : GROUPS];
const update = (...fields: readonly string[]): Update => ({
  verb: "update",
  address: ADDRESS,
  kind: "loadBalancer",
  name: "web",
  reason: "differs",
  id: "arn",
  differences: fields.map((field) => ({ field, desired: 1, observed: 2 })),
  calls: fields.map((field) => ({ operation: field === "subnets" ? SUBNETS : GROUPS }) as unknown as Call),
});

describe("what waits for its turn", () => {
  const guard = turnGuard(held, operationsFor);

  it("is held, and what needs no such call is not", () => {
    expect(guard.stops(update("subnets"))).toEqual(reason);
    expect(guard.stops(update("securityGroups"))).toBeUndefined();
    expect(guard.stops({ ...update("subnets"), address: addressFrom("another") })).toBeUndefined();
  });

  it("holds of a change only what needs the call", () => {
    const lets = guard.lets?.(update("subnets", "securityGroups"));
    expect(lets?.map(({ field }) => field)).toEqual(["securityGroups"]);
  });

  it("says whom it waits for, and for about how long", () => {
    expect(sentenceOf(reason)).toBe(
      "its turn: AWS lets the account make one SetSubnets each 5 s, 37 are ahead, and it comes in about 3 min",
    );
    expect(
      sentenceOf({ ...reason, operation: "cloudwatch:PutMetricAlarm", callsPerSecond: 3, waitMs: 30_000 }),
    ).toBe(
      "its turn: AWS lets the account make 3 calls such as PutMetricAlarm a second, 37 are ahead, and it comes within a minute",
    );
  });

  it("is due when the first turn comes", () => {
    const waits = [reason, { ...reason, waitMs: 20_000 }].map(
      (one) => ({ verb: "wait", to: "update", until: [one], differences: [] }) as unknown as Action,
    );
    expect(untilTurn(waits)).toEqual({ turnInMs: 20_000 });
    expect(untilTurn([update("subnets")])).toEqual({});
  });
});
