/** What waits to be replaced still serves, and is kept as it was until then. */
import { describe, expect, it } from "vitest";
import { ANNOTATION_PAUSED } from "../../../src/model/object.ts";
import { attendedExample, type Example } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { arnOf, converged, driftEvents, nameOf, somebody } from "../world.ts";
import { approve, countOf, untilWaiting } from "./world.ts";

const EXAMPLE = attendedExample();
const INTERNAL = EXAMPLE.withLoadBalancer({ scheme: "internal" });
const ANOTHER_PORT = EXAMPLE.withTargetGroup("web", { port: 9090 });
/** Closed but for an hour every four years. */
const CLOSED = { allow: [{ cron: "0 0 29 2 *", durationMinutes: 60, timeZone: "UTC" }] };

async function later(installation: Installation, minutes = 10): Promise<void> {
  await installation.clock.advance(minutes * 60_000);
}

/** AWS's ids of what stands before the edit. */
interface Old {
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly listener: string;
  readonly rule: string;
}

function oldIn(installation: Installation): Old {
  return {
    targetGroup: arnOf(installation, "targetGroups.web"),
    loadBalancer: arnOf(installation, "loadBalancer"),
    listener: arnOf(installation, "loadBalancer.listeners.443"),
    rule: arnOf(installation, "loadBalancer.listeners.443.rules.block-admin"),
  };
}

/** A replacement that waits for approval, and nothing that has happened since. */
async function waiting(edit: Example = INTERNAL, before = EXAMPLE) {
  const installation = await converged(before.spec());
  const old = oldIn(installation);
  installation.post(edit.spec());
  await untilWaiting(installation);
  await later(installation);
  return { installation, old, begun: installation.mutations().length };
}

function changePath(installation: Installation, { targetGroup }: Old, HealthCheckPath = "/elsewhere") {
  return somebody(installation, "elasticloadbalancing:ModifyTargetGroup", {
    TargetGroupArn: targetGroup,
    HealthCheckPath,
  });
}

async function pathOf(installation: Installation, { targetGroup }: Old): Promise<unknown> {
  const { TargetGroups } = await somebody(installation, "elasticloadbalancing:DescribeTargetGroups", {
    TargetGroupArns: [targetGroup],
  });
  return TargetGroups[0].HealthCheckPath;
}

/** Of what differs: where, which field, and its verdict. */
function verdictsOn(installation: Installation, member: string): (string | undefined)[] {
  const rows = installation.get().status?.coverage?.resources ?? [];
  return rows.flatMap(({ different }) =>
    different.flatMap((one) => (one.member === member ? [one.verdict] : [])),
  );
}

describe("what waits for approval to be replaced", () => {
  it("is put right when somebody changes it, and the ledger says what was there before and after", async () => {
    const { installation, old, begun } = await waiting();
    await changePath(installation, old);
    await later(installation);
    expect(driftEvents(installation)).toMatchObject([
      {
        ...{ resource: "targetGroups.web", arn: old.targetGroup, field: "healthCheck.path" },
        ...{ before: "/health", desired: "/health", after: "/elsewhere" },
        ...{
          state: "Corrected",
          attempts: 1,
          correction: { operation: "elasticloadbalancing:ModifyTargetGroup" },
        },
      },
    ]);
    expect(await pathOf(installation, old)).toBe("/health");
    expect(installation.mutations().slice(begun)).toEqual(["elasticloadbalancing:ModifyTargetGroup"]);
    expect(installation.condition("Stalled")?.reason).toBe("ApprovalRequired");
    expect(installation.condition("Drifted")).toMatchObject({ status: "False", reason: "AsApplied" });
  });

  it("is told while it is not put right: Drifted, and the verdict on the field", async () => {
    const { installation, old } = await waiting();
    installation.annotate({ [ANNOTATION_PAUSED]: "true" });
    await changePath(installation, old);
    await later(installation);
    expect(installation.condition("Drifted")?.status).toBe("True");
    expect(verdictsOn(installation, "healthCheck.path")).toEqual(["drifted"]);
    expect(await pathOf(installation, old)).toBe("/elsewhere");
    installation.annotate({});
    await later(installation);
    expect(await pathOf(installation, old)).toBe("/health");
    expect(driftEvents(installation)).toMatchObject([{ state: "Corrected" }]);
  });

  it("is left as it is where the edit changes that very field, which is rolling out", async () => {
    const edit = INTERNAL.withTargetGroup("web", { healthCheck: { path: "/new" } });
    const { installation, old, begun } = await waiting(edit);
    await changePath(installation, old);
    await later(installation);
    expect(driftEvents(installation)).toEqual([]);
    expect(verdictsOn(installation, "healthCheck.path")).toEqual(["rolling out"]);
    expect(installation.mutations().slice(begun)).toEqual([]);
  });

  it("keeps where its requests go, the order of its rules, and its load balancer's settings", async () => {
    const { installation, old } = await waiting();
    const action = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } };
    await somebody(installation, "elasticloadbalancing:ModifyListener", {
      ListenerArn: old.listener,
      DefaultActions: [action],
    });
    await somebody(installation, "elasticloadbalancing:SetRulePriorities", {
      RulePriorities: [{ RuleArn: old.rule, Priority: 4711 }],
    });
    await somebody(installation, "elasticloadbalancing:ModifyLoadBalancerAttributes", {
      LoadBalancerArn: old.loadBalancer,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "7" }],
    });
    await later(installation);
    const events = driftEvents(installation).map(
      ({ resource, field, state }) => `${resource} ${field} ${state}`,
    );
    expect(events.sort()).toEqual([
      "loadBalancer attributes.idle_timeout.timeout_seconds Corrected",
      "loadBalancer.listeners.443 defaultAction Corrected",
      "loadBalancer.listeners.443.rules.block-admin priority Corrected",
    ]);
    expect(installation.condition("Healthy")?.status).toBe("True");
  });

  it("is what it was once the edit is taken back, and nothing of it is drift", async () => {
    const { installation, old, begun } = await waiting();
    await changePath(installation, old);
    await later(installation);
    installation.post(EXAMPLE.spec());
    await installation.untilReady();
    expect(installation.mutations().slice(begun)).toEqual(["elasticloadbalancing:ModifyTargetGroup"]);
    await changePath(installation, old, "/again");
    await later(installation);
    expect(
      driftEvents(installation)
        .map(({ after, state }) => `${after} ${state}`)
        .sort(),
    ).toEqual(["/again Corrected", "/elsewhere Corrected"]);
  });

  it("is only reported where the spec says so, and left to others where it does", async () => {
    const rules = [
      { resource: "targetGroups.web", field: "healthCheck.path", policy: "Report" },
      { resource: "targetGroups.web", field: "healthCheck.intervalSeconds", policy: "Ignore" },
    ];
    const drift = { rules } as never;
    const { installation, old, begun } = await waiting(INTERNAL.with({ drift }), EXAMPLE.with({ drift }));
    await somebody(installation, "elasticloadbalancing:ModifyTargetGroup", {
      TargetGroupArn: old.targetGroup,
      HealthCheckPath: "/elsewhere",
      HealthCheckIntervalSeconds: 77,
    });
    await later(installation);
    expect(driftEvents(installation)).toMatchObject([{ field: "healthCheck.path", state: "Open" }]);
    expect(installation.mutations().slice(begun)).toEqual([]);
  });

  it("is known again with the database lost", async () => {
    const { installation, old } = await waiting();
    await installation.restart({ lost: true });
    installation.post(INTERNAL.spec());
    await later(installation);
    // Another database, in the middle of a change: it asks.
    await installation.confirmEpoch();
    await later(installation);
    await changePath(installation, old);
    await later(installation);
    expect(driftEvents(installation)).toMatchObject([{ after: "/elsewhere", state: "Corrected" }]);
    expect(await pathOf(installation, old)).toBe("/health");
  });
});

describe("what is to be replaced", () => {
  it("is kept as it was while its successor is made and is not ready", async () => {
    const { installation, old, begun } = await waiting();
    approve(installation);
    await installation.until(() => countOf(installation.mutations().slice(begun), "CreateTargetGroup") > 0);
    await installation.clock.advance(20_000);
    await changePath(installation, old);
    await installation.clock.advance(120_000);
    expect(await pathOf(installation, old)).toBe("/health");
    expect(driftEvents(installation)).toMatchObject([
      {
        resource: "targetGroups.web",
        arn: old.targetGroup,
        before: "/health",
        after: "/elsewhere",
        state: "Corrected",
      },
    ]);
    await installation.untilReady();
    await later(installation);
    expect(driftEvents(installation)).toHaveLength(1);
    // What was known of it is forgotten with it.
    const keys = [...installation.store.applied({ namespace: "default", name: "web-api" }).keys()];
    expect(keys.filter((key) => key.startsWith("surplus"))).toEqual([]);
  });

  it("is told while a window is closed, and waits for it like any correction", async () => {
    const before = EXAMPLE.with({ windows: CLOSED } as never);
    const installation = await converged(EXAMPLE.spec());
    const old = oldIn(installation);
    const begun = installation.mutations().length;
    installation.post(before.withTargetGroup("web", { port: 9090 }).spec());
    await later(installation);
    await changePath(installation, old);
    await later(installation);
    expect(installation.mutations().slice(begun)).toEqual([]);
    expect(driftEvents(installation)).toMatchObject([
      { resource: "targetGroups.web", arn: old.targetGroup, after: "/elsewhere", state: "Open" },
    ]);
    expect(installation.condition("Drifted")?.status).toBe("True");
  });

  it("is told where every change waits, a correction among them: a target group alone", async () => {
    const { installation, old, begun } = await waiting(ANOTHER_PORT.with({ approval: "Always" }));
    await changePath(installation, old);
    await later(installation);
    // Under `Always` a correction needs consent as well.
    expect(driftEvents(installation)).toMatchObject([{ after: "/elsewhere", state: "Open" }]);
    expect(installation.mutations().slice(begun)).toEqual([]);
    expect(installation.condition("Drifted")?.status).toBe("True");
  });

  it("is not kept as it was any more while it is emptied to go", async () => {
    const installation = await converged(EXAMPLE.spec());
    const begun = installation.mutations().length;
    installation.post(EXAMPLE.withGroup("web", { name: "web-by-its-name" }).spec());
    await untilWaiting(installation);
    approve(installation);
    await installation.untilReady();
    expect(driftEvents(installation)).toEqual([]);
    expect(countOf(installation.mutations().slice(begun), "UpdateAutoScalingGroup")).toBe(1);
  });

  it("is nobody's drift any more while it is emptied to go, whatever is done to it", async () => {
    const installation = await converged(EXAMPLE.spec());
    const old = nameOf(installation, "autoScalingGroups.web");
    const begun = installation.mutations().length;
    const emptied = () => countOf(installation.mutations().slice(begun), "UpdateAutoScalingGroup");
    installation.post(EXAMPLE.withGroup("web", { name: "web-by-its-name" }).spec());
    await untilWaiting(installation);
    approve(installation);
    await installation.until(() => emptied() > 0);
    await installation.clock.advance(15_000);
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      ...{ AutoScalingGroupName: old, HealthCheckGracePeriod: 777 },
    });
    await installation.untilReady();
    expect(driftEvents(installation)).toEqual([]);
    expect(emptied()).toBe(1);
  });
});
