/** `status.coverage`: how much of what AWS holds of a service is compared with its spec. */
import { describe, expect, it } from "vitest";
import { fieldReportOf } from "../../../src/api/fields.ts";
import { serviceText } from "../../../src/dashboard/text.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Coverage, CoverageRow } from "../../../src/model/status.ts";
import type { Interceptor } from "../../../src/simulator/faults/interceptors.ts";
import { example, ONE_MORE } from "../../support/example.ts";
import type { Installation } from "../../support/installation.ts";
import { addFault, arnOf, converged, nameOf, somebody } from "../world.ts";

function coverage(installation: Installation): Coverage {
  const found = installation.get().status?.coverage;
  if (found === undefined) throw new Error("the status has no coverage");
  return found;
}

function rowAt(installation: Installation, address: string): CoverageRow {
  const row = coverage(installation).resources.find((one) => one.address === address);
  if (row === undefined) throw new Error(`nothing is said of ${address}`);
  return row;
}

async function anotherPass(installation: Installation): Promise<void> {
  await installation.clock.advance(120_000);
}

/** Members of AWS's that the spec does not know, in every answer that may have them: call → list → members. */
const MORE: Readonly<Record<string, readonly [list: string, members: object]>> = {
  DescribeLoadBalancers: ["LoadBalancers", { CustomerOwnedIpv4Pool: "ipv4pool-1" }],
  DescribeTargetGroups: ["TargetGroups", { TargetControlPort: 3000 }],
  DescribeListeners: [
    "Listeners",
    {
      MutualAuthentication: {
        Mode: "verify",
        TrustStoreArn: "arn:trust-store",
        AdvertiseTrustStoreCaNames: "off",
      },
    },
  ],
  DescribeRules: [
    "Rules",
    {
      Transforms: [
        { Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "^/a", Replace: "/b" }] } },
      ],
    },
  ],
  DescribeLaunchTemplateVersions: ["LaunchTemplateVersions", {}],
  DescribeAutoScalingGroups: [
    "AutoScalingGroups",
    {
      Context: "reserved",
      DeletionProtection: "none",
    },
  ],
  DescribePolicies: ["ScalingPolicies", { MinAdjustmentStep: 60 }],
  // Of an alarm such a member is compared: the next call would write it.
};

/** Every answer with more in it than the spec can hold. */
const moreThanWeKnow: Interceptor = {
  after({ operation }, output) {
    const [list, members] = MORE[operation] ?? [];
    if (list === undefined) return undefined;
    const items = (output as Record<string, Record<string, unknown>[]>)[list] ?? [];
    const more = items.map((item) => ({
      ...item,
      ...members,
      ...(operation === "DescribeLaunchTemplateVersions"
        ? {
            LaunchTemplateData: {
              ...(item.LaunchTemplateData as object),
              Placement: { SpreadDomain: "others" },
            },
          }
        : {}),
    }));
    return { kind: "output", output: { ...output, [list]: more } };
  },
};

describe("coverage", () => {
  it("of a service that is in sync: everything that is declared is compared, and what is not has its reason", async () => {
    const installation = await converged();
    const { complete, compared, equal, different, leftToOthers, notCompared, resources } =
      coverage(installation);
    expect({ complete, different, differing: compared - equal }).toEqual({
      complete: true,
      different: 0,
      differing: 0,
    });
    expect(resources.map(({ address }) => address)).toEqual(
      installation.get().status?.resources.map(({ key }) => key),
    );
    const entries = resources.flatMap((row) => [...row.leftToOthers, ...row.notCompared]);
    expect(entries).toHaveLength(leftToOthers + notCompared);
    expect(entries.filter(({ reason }) => reason === "")).toEqual([]);
    expect(rowAt(installation, "autoScalingGroups.web").leftToOthers).toContainEqual({
      member: "desiredCapacity",
      reason: "left to others: anything from 2 to 10 is scaling (cpu)'s",
      value: 2,
    });
    expect(rowAt(installation, "loadBalancer.listeners.443").notCompared).toEqual([
      {
        member: "listener attributes",
        reason: "not read: elasticloadbalancing:DescribeListenerAttributes is not called",
      },
    ]);
  });

  it("names one by one the members that the spec does not know, each with its reason, and drops none", async () => {
    const spec = example().withPolicy("out", ONE_MORE).spec();
    const installation = await converged(spec, { interceptor: moreThanWeKnow });
    expect(installation.condition("Synced")?.status).toBe("True");
    expect(coverage(installation)).toMatchObject({ complete: true, different: 0 });
    const told = coverage(installation).resources.flatMap(({ kind, notCompared }) =>
      notCompared.filter(({ value }) => value !== undefined).map((entry) => [kind, entry] as const),
    );
    const ofKind = (name: string) => told.filter(([kind]) => kind === name).map(([, entry]) => entry);
    expect(ofKind("loadBalancer")).toEqual([
      {
        member: "CustomerOwnedIpv4Pool",
        reason: "the spec cannot hold addresses of a load balancer yet",
        value: "ipv4pool-1",
      },
    ]);
    expect(ofKind("targetGroup")).toEqual([
      { member: "TargetControlPort", reason: "the spec has no field for it yet", value: 3000 },
    ]);
    expect(ofKind("listener").map(({ member }) => member)).toEqual([
      "MutualAuthentication.Mode",
      "MutualAuthentication.TrustStoreArn",
      "MutualAuthentication.Mode",
      "MutualAuthentication.TrustStoreArn",
    ]);
    expect(ofKind("rule").map(({ member, value }) => [member, value])).toEqual([
      ["Transforms[].Type", ["url-rewrite"]],
      ["Transforms[].UrlRewriteConfig.Rewrites[].Regex", ["^/a"]],
      ["Transforms[].UrlRewriteConfig.Rewrites[].Replace", ["/b"]],
    ]);
    expect(ofKind("launchTemplate")).toEqual([
      {
        member: "LaunchTemplateData.Placement.SpreadDomain",
        reason: "AWS reserves it",
        value: "others",
      },
    ]);
    expect(ofKind("autoScalingGroup").map(({ member }) => member)).toEqual(["Context"]);
    expect(ofKind("scalingPolicy").map(({ member, reason }) => [member, reason])).toEqual([
      ["MinAdjustmentStep", "AWS keeps it for old clients: minAdjustmentMagnitude has taken its place"],
      ["MinAdjustmentStep", "AWS keeps it for old clients: minAdjustmentMagnitude has taken its place"],
    ]);
    const text = serviceText(
      {
        now: "2026-01-01T00:00:00.000Z",
        cloud: "simulated",
        version: "0",
        resyncSeconds: 60,
        service: installation.get(),
        fields: fieldReportOf(installation.get(), new Map()),
        drift: [],
        revisions: [],
        events: [],
        calls: [],
      },
      { width: 250 },
    );
    for (const [, { member, reason }] of told)
      expect(text).toMatch(new RegExp(`${escaped(member)} .*${reason}`));
  });

  it("tells what others have set where the spec leaves it to them, and what differs", async () => {
    const installation = await converged(example().spec(), {});
    await somebody(installation, "elasticloadbalancing:ModifyLoadBalancerAttributes", {
      LoadBalancerArn: arnOf(installation, "loadBalancer"),
      Attributes: [
        { Key: "client_keep_alive.seconds", Value: "900" },
        { Key: "load_balancing.cross_zone.enabled", Value: "true" },
      ],
    });
    await somebody(installation, "elasticloadbalancing:AddTags", {
      ResourceArns: [arnOf(installation, "targetGroups.web")],
      Tags: [{ Key: "CostCenter", Value: "4711" }],
    });
    await anotherPass(installation);
    expect(rowAt(installation, "loadBalancer").leftToOthers).toContainEqual({
      member: "attributes.client_keep_alive.seconds",
      reason: "the spec does not declare it",
      value: "900",
    });
    expect(rowAt(installation, "targetGroups.web").leftToOthers).toEqual([
      { member: "tags.CostCenter", reason: "a tag that the spec does not declare", value: "4711" },
    ]);
    expect(coverage(installation)).toMatchObject({ complete: true, different: 0 });

    installation.annotate({ "holdfast.dev/paused": "true" });
    await somebody(installation, "autoscaling:UpdateAutoScalingGroup", {
      AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
      MaxSize: 7,
    });
    await anotherPass(installation);
    expect(coverage(installation)).toMatchObject({ complete: false, different: 1 });
    expect(rowAt(installation, "autoScalingGroups.web").different).toEqual([
      { member: "maxSize", desired: 10, observed: 7, verdict: "drifted" },
    ]);
  });

  it("never takes for equal what could not be read", async () => {
    const installation = await converged();
    const refusal = { kind: "error", code: "AccessDenied", message: "You shall not.", status: 403 } as const;
    addFault(installation, "elasticloadbalancing:DescribeTargetGroupAttributes", refusal, { seconds: 200 });
    await anotherPass(installation);
    const row = rowAt(installation, "targetGroups.web");
    expect(row).toMatchObject({ compared: 0, equal: 0, reason: "not read" });
    expect(coverage(installation).complete).toBe(false);
  });

  it("is known beside a rule of somebody else's with a regular expression, which no spec can hold", async () => {
    const installation = await converged();
    await somebody(installation, "elasticloadbalancing:CreateRule", {
      ListenerArn: arnOf(installation, "loadBalancer.listeners.443"),
      Priority: 77,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/a+$"] } }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    });
    await anotherPass(installation);
    expect(installation.condition("Synced")).toMatchObject({ status: "True", reason: "InSync" });
    expect(coverage(installation).complete).toBe(true);
    expect(installation.get().status?.unowned).toMatchObject([{ kind: "rule" }]);
  });

  it("of a resource that is gone is that it is gone", async () => {
    const installation = await converged();
    installation.annotate({ "holdfast.dev/paused": "true" });
    await somebody(installation, "cloudwatch:DeleteAlarms", {
      AlarmNames: [nameOf(installation, "alarms.high-5xx")],
    });
    await anotherPass(installation);
    expect(rowAt(installation, "alarms.high-5xx")).toMatchObject({
      compared: 0,
      reason: "AWS does not have it",
    });
    expect(coverage(installation).complete).toBe(false);
  });

  it("is bounded, and says how much it leaves out", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
    const spec = names.reduce((all, name) => all.withTargetGroup(name, { port: 8081 }), example()).spec();
    const installation = await converged(spec, {
      interceptor: {
        after({ operation }, output) {
          if (operation !== "DescribeTargetGroupAttributes") return undefined;
          const { Attributes } = output as { Attributes: object[] };
          const more = Array.from({ length: 20 }, (_, index) => ({
            Key: `brand.new_${index}`,
            Value: "x".repeat(999),
          }));
          return { kind: "output", output: { ...output, Attributes: [...Attributes, ...more] } };
        },
      },
    });
    const { resources, notCompared, leftToOthers } = coverage(installation);
    const named = resources.flatMap((row) => [...row.different, ...row.leftToOthers, ...row.notCompared]);
    const more = resources.reduce((sum, row) => sum + (row.more ?? 0), 0);
    expect(named.length).toBe(LIMITS.coverageMembers);
    expect(named.length + more).toBe(notCompared + leftToOthers);
    expect(Math.max(...named.map((entry) => JSON.stringify(entry).length))).toBeLessThan(400);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.[\]]/g, "\\$&");
}
