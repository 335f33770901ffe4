/** What is lost, refused or denied half-way through an adoption or a release. */
import { describe, expect, it } from "vitest";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { addFault, arnOf, census, converged, type Draft, driftEvents, somebody, specWith } from "../world.ts";

const ELB = "elasticloadbalancing";
const DENIED = { kind: "error", code: "AccessDenied", message: "not authorized" } as const;

const under = (management: "Manage" | "Observe", change: (spec: Draft) => void = () => {}) =>
  specWith((spec) => {
    (spec as Draft & { management?: string }).management = management;
    change(spec);
  });
const origins = ({ store }: Installation) =>
  [...new Set(store.made(WEB_API).map(({ origin }) => origin))].sort();
const isOwnTag = (value: unknown) => JSON.stringify(value).includes("holdfast.dev/");

async function observed(): Promise<Installation> {
  const installation = await converged();
  installation.post(under("Observe"));
  await installation.until(() => origins(installation).join() === "observed");
  await installation.clock.advance(120_000);
  return installation;
}

describe("half-way through an adoption", () => {
  it("a tag whose answer was lost is found by the next read, and not written again", async () => {
    const installation = await observed();
    addFault(installation, `${ELB}:AddTags`, { kind: "lost", afterMs: 500 }, { times: 1 }, "after");
    const before = installation.mutations().length;
    installation.post(under("Manage"));
    await installation.untilReady();
    expect(origins(installation)).toEqual(["adopted"]);
    const onElb = installation
      .mutations()
      .slice(before)
      .filter((operation) => operation === `${ELB}:AddTags`);
    const taken = installation.store
      .made(WEB_API)
      .filter(({ kind }) => ["loadBalancer", "listener", "rule", "targetGroup"].includes(kind));
    expect(onElb).toHaveLength(taken.length);
  });

  it("a tag whose answer was lost does not stay on a service that goes back to being observed", async () => {
    const installation = await observed();
    const before = await census(installation);
    addFault(
      installation,
      "cloudwatch:TagResource",
      { kind: "lost", afterMs: 2_000 },
      { seconds: 60 },
      "after",
    );
    const isAsked = () => installation.mutations().includes("cloudwatch:TagResource");
    installation.post(under("Manage"));
    await installation.until(isAsked);
    installation.post(under("Observe"));
    await installation.clock.advance(300_000);
    expect(origins(installation)).toEqual(["observed"]);
    expect(await census(installation)).toEqual(before);
  });

  it("a service that goes back to being observed is released of what it has, and writes nothing else", async () => {
    const installation = await observed();
    const before = await census(installation);
    addFault(installation, "cloudwatch:TagResource", DENIED, { seconds: 600 });
    installation.post(under("Manage"));
    await installation.clock.advance(10_000);
    expect(origins(installation)).toEqual(["adopted", "observed"]);
    installation.post(under("Observe"));
    await installation.until(() => origins(installation).join() === "observed");
    expect(await census(installation)).toEqual(before);
  });

  it("a service that is deleted deletes what it has taken over, and leaves the rest", async () => {
    const installation = await observed();
    addFault(installation, "cloudwatch:TagResource", DENIED, { seconds: 6_000 });
    installation.post(under("Manage"));
    await installation.clock.advance(10_000);
    installation.remove();
    await installation.until(() => installation.store.get(WEB_API) === undefined, 4 * 3_600_000);
    const left = await somebody(installation, "cloudwatch:DescribeAlarms", {});
    expect(left.MetricAlarms.length).toBeGreaterThan(0);
    expect((await somebody(installation, `${ELB}:DescribeLoadBalancers`, {})).LoadBalancers).toEqual([]);
  });

  it("nothing is put right, however much has moved", async () => {
    const installation = await observed();
    addFault(installation, "cloudwatch:TagResource", DENIED, { seconds: 600 });
    installation.post(under("Manage"));
    await installation.clock.advance(10_000);
    const before = installation.mutations().length;
    const TargetGroupArn = arnOf(installation, "targetGroups.web");
    await somebody(installation, `${ELB}:ModifyTargetGroup`, { TargetGroupArn, HealthCheckPath: "/moved" });
    installation.controller.request(WEB_API);
    await installation.clock.advance(120_000);
    expect(driftEvents(installation)).toMatchObject([{ field: "healthCheck.path", state: "Open" }]);
    expect(installation.mutations().slice(before)).toEqual([]);
    // More than our tags would be written now: a person has to agree.
    expect(installation.condition("Stalled")?.reason).toBe("ApprovalRequired");
  });
});

describe("half-way through a release", () => {
  it("a refusal leaves the rest of the tags, says so, and goes on when it is over", async () => {
    const installation = await converged();
    addFault(installation, "ec2:DeleteTags", DENIED, { seconds: 60 });
    installation.post(under("Observe"));
    await installation.clock.advance(10_000);
    expect(installation.condition("Reconciling")).toMatchObject({ status: "True", reason: "Releasing" });
    expect(installation.condition("Stalled")).toMatchObject({ status: "True", reason: "RefusedByAws" });
    expect(installation.get().status?.plan?.rows).toMatchObject([
      { verb: "release", kind: "launchTemplate" },
    ]);
    await installation.until(() => origins(installation).join() === "observed");
    expect(isOwnTag(await census(installation))).toBe(false);
    expect(installation.condition("Healthy")?.status).toBe("True");
  });

  it("a crash between any two calls is gone on from", async () => {
    for (const after of [1, 4, 7]) {
      const installation = await converged();
      const count = installation.mutations().length;
      installation.post(under("Observe"));
      await installation.until(() => installation.mutations().length >= count + after);
      installation.crash();
      await installation.until(() => origins(installation).join() === "observed");
      expect(isOwnTag(await census(installation))).toBe(false);
    }
  });

  it("what was on its way out is left in AWS, and is nobody's", async () => {
    const installation = await converged();
    installation.post(
      specWith((spec) => {
        spec.targetGroups.web.port = 9090;
      }),
    );
    await installation.clock.advance(15_000);
    installation.post(
      under("Observe", (spec) => {
        spec.targetGroups.web.port = 9090;
      }),
    );
    await installation.until(() => origins(installation).join() === "observed");
    await installation.clock.advance(300_000);
    const { TargetGroups } = await somebody(installation, `${ELB}:DescribeTargetGroups`, {});
    expect(TargetGroups).toHaveLength(2);
    expect(isOwnTag(await census(installation))).toBe(false);
    expect(installation.get().status?.resources.filter(({ state }) => state === "Surplus")).toEqual([]);
  });

  it("a pause keeps the tags on until it is over", async () => {
    const installation = await converged();
    const before = await census(installation);
    installation.post(under("Observe"));
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(120_000);
    expect(await census(installation)).toEqual(before);
    installation.annotate({});
    await installation.until(() => origins(installation).join() === "observed");
    expect(isOwnTag(await census(installation))).toBe(false);
  });
});
