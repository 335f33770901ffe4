/** What AWS takes only before or after an instance refresh. */
import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Action, Call, Update } from "../../../src/reconciler/core/actions.ts";
import type { ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { activeRefresh } from "../../../src/reconciler/guards/active-refresh.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { example } from "../../support/example.ts";
import { converged, driftEvents } from "../world.ts";

const GROUP = addressFrom("autoScalingGroups.web");

const call = (operation: string, input: object, settles?: readonly string[]) =>
  ({ operation, input: { AutoScalingGroupName: "web-1", ...input }, settles }) as unknown as Call;
const update = (...calls: readonly Call[]): Update => ({
  verb: "update",
  address: GROUP,
  kind: "autoScalingGroup",
  name: "web-1",
  reason: "differs",
  id: "web-1",
  differences: calls.flatMap(({ settles = [] }) =>
    settles.map((field) => ({ field, desired: 1, observed: 2 })),
  ),
  calls,
});
const group = (status: string) =>
  ({ id: "web-1", address: GROUP, fleet: { refresh: { status } } }) as unknown as ObservedResource;
const ATTACH = call("autoscaling:AttachLoadBalancerTargetGroups", {}, ["targetGroups"]);
const SIZE = call("autoscaling:UpdateAutoScalingGroup", {}, ["maxSize"]);
const POOL = {
  ...update(call("autoscaling:PutWarmPool", {})),
  address: addressFrom("autoScalingGroups.web.warmPool"),
};

describe("while an instance refresh is active", () => {
  it.each(["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"])(
    "no target group is attached and no warm pool put: %s",
    (status) => {
      const { stops, lets } = activeRefresh(kindNamed, [group(status)], []);
      expect(stops(update(ATTACH))).toEqual({ because: "refresh active", group: "web-1" });
      expect(stops(POOL)).toEqual({ because: "refresh active", group: "web-1" });
      expect(stops(update(SIZE))).toBeUndefined();
      expect(lets?.(update(SIZE, ATTACH)).map(({ field }) => field)).toEqual(["maxSize"]);
    },
  );

  it.each(["Successful", "Failed", "Cancelled", "RollbackSuccessful"])("and after it both: %s", (status) => {
    expect(activeRefresh(kindNamed, [group(status)], []).stops(update(ATTACH))).toBeUndefined();
    expect(activeRefresh(kindNamed, [group(status)], []).stops(POOL)).toBeUndefined();
  });

  it("of another group, both", () => {
    const other = { ...group("InProgress"), id: "api-1" };
    expect(activeRefresh(kindNamed, [other], []).stops(update(ATTACH))).toBeUndefined();
  });
});

describe("before an instance refresh begins", () => {
  const start = (alarms: readonly string[] = []) =>
    update(
      call("autoscaling:StartInstanceRefresh", { Preferences: { AlarmSpecification: { Alarms: alarms } } }, [
        "launchTemplate",
      ]),
    );

  it("the warm pool of its group is put", () => {
    const guard = activeRefresh(kindNamed, [], [start(), POOL]);
    expect(guard.stops(start())).toEqual({ because: "comes later", than: POOL.address });
    expect(activeRefresh(kindNamed, [], [start()]).stops(start())).toBeUndefined();
  });

  it("the alarms that are to stop it are made", () => {
    const made: Action = {
      verb: "create",
      address: addressFrom("alarms.errors"),
      kind: "alarm",
      name: "ours/errors",
      reason: "AWS does not have it",
      calls: [call("cloudwatch:PutMetricAlarm", {})],
    };
    const guard = activeRefresh(kindNamed, [], [made]);
    expect(guard.stops(start(["ours/errors"]))).toEqual({ because: "comes later", than: made.address });
    expect(guard.stops(start(["others"]))).toBeUndefined();
  });
});

describe("a target group that is declared during a rollout", () => {
  it("waits as RefreshActive, and is attached when the refresh is over, without a refusal of AWS", async () => {
    const installation = await converged();
    const next = example().withImage("ami-87654321");
    installation.post(next.spec());
    await installation.until(() => installation.get().status?.rollouts?.[0]?.state === "Running");
    const more = next
      .withTargetGroup("other", { port: 9090 })
      .withGroup("web", { targetGroups: ["web", "other"] });
    installation.post(more.spec());
    await installation.until(() => installation.condition("Synced")?.reason === "RefreshActive");
    await installation.untilReady();
    const calls = installation.store.calls({ limit: 100 });
    expect(calls.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(calls.map(({ operation }) => operation)).toContain("autoscaling:AttachLoadBalancerTargetGroups");
    expect(driftEvents(installation)).toEqual([]);
  });
});
