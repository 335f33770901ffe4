import { expect, it } from "vitest";
import { pauseForAll } from "../../../src/api/steering/pause-for-all.ts";
import { ANNOTATION_APPROVED_PLAN, ANNOTATION_PAUSED } from "../../../src/model/object.ts";
import { edited, firstSpec, type Spec } from "../../simulation/specs.ts";
import { silent } from "../../support/installation.ts";
import { arnOf, converged, port, scheme, somebody, specWith } from "../world.ts";
import { callsOf, expectForetold, quiet } from "./foretold.ts";

const withEdit = (...names: Parameters<typeof edited>[1][]): Spec => {
  const spec = firstSpec();
  for (const name of names) edited(spec, name);
  return spec;
};
const waitsIn = (plan: { steps?: { waitsFor?: string }[] }) => [
  ...new Set((plan.steps ?? []).map(({ waitsFor }) => waitsFor)),
];

it("a plan says what is replaced, interrupted and cannot be undone", async () => {
  const installation = await converged();
  const { rows } = await installation.plan(
    specWith((spec) => {
      scheme(spec);
      spec.autoScalingGroups.web.launchTemplate.instanceType = "t3.large";
    }),
  );
  const told = rows.flatMap(({ key, consequences = [] }) =>
    consequences.map(({ effect, says }) => `${effect} ${key.split(" ")[0]}: ${says}`),
  );
  for (const expected of [
    /^replaces loadBalancer: it takes the place of load balancer web-api-\w+, which AWS cannot change in place$/,
    /^cannotUndo surplus: its DNS name \S+\.elb\.amazonaws\.com goes for good/,
    /^interrupts surplus: connections that are open through it are cut$/,
    /^interrupts autoScalingGroups\.web: its instances are drained from target group .* within 30 s/,
    /^cannotUndo autoScalingGroups\.web: 2 instances \(i-\w+, i-\w+\) are terminated$/,
  ])
    expect(told).toContainEqual(expect.stringMatching(expected));
});

it("a group that goes says which instances it takes along, and a listener which certificate it drops", async () => {
  const installation = await converged(firstSpec());
  const ids = installation
    .get()
    .status!.instances.map(({ instanceId }) => instanceId)
    .sort();
  const plan = await installation.planOfDeletion();
  const told = plan.rows.flatMap(({ consequences = [] }) => consequences.map(({ says }) => says));
  expect(told).toContain(`its 2 instances (${ids.join(", ")}) are terminated`);
  const removed = await installation.plan(withEdit("listener removed"));
  const listener = removed.rows.find(({ kind }) => kind === "listener")!;
  expect(listener.consequences!.map(({ says }) => says).join("; ")).toMatch(
    /nobody answers on port \d+ any more/,
  );
});

it("of a paused service everything waits for it to be resumed, and is then what was foretold", async () => {
  const installation = await converged(firstSpec());
  installation.post(withEdit("target group port"));
  installation.annotate({ [ANNOTATION_PAUSED]: "true" });
  await installation.clock.advance(60_000);
  const plan = await installation.planNow();
  expect(waitsIn(plan)[0]).toBe("the service is resumed");
  const before = callsOf(installation).length;
  installation.annotate({});
  await quiet(installation);
  expectForetold(plan, callsOf(installation).slice(before), "resumed");
});

it("while everything is paused the plan says what has to be lifted, and the pause of the service beside it", async () => {
  const installation = await converged(firstSpec());
  pauseForAll({ ...installation, log: silent, requestReconcileOfAll: () => {} }, { paused: true }, undefined);
  installation.post(withEdit("target group port"));
  expect(waitsIn(await installation.planNow())[0]).toBe("the pause for all is lifted");
  installation.annotate({ [ANNOTATION_PAUSED]: "true" });
  expect(waitsIn(await installation.planNow())[0]).toBe(
    "the pause for all is lifted, and the service is resumed",
  );
});

it("the plan that waits for approval keeps its digest from pass to pass, and is what is then done", async () => {
  const installation = await converged(firstSpec());
  const before = callsOf(installation).length;
  const spec = withEdit("our defaults declined", "target group port");
  const foretold = await installation.plan(spec);
  installation.post(spec);
  await installation.clock.advance(120_000);
  const plan = await installation.planNow();
  expect(plan.digest).toBe(foretold.digest);
  expect(plan.approval?.digest).toBe(plan.digest);
  expect(waitsIn(plan)).toContain(`plan ${plan.digest} is approved`);
  const digests = new Set<string>();
  for (let minute = 0; minute < 5; minute += 1) {
    await installation.clock.advance(60_000);
    digests.add((await installation.planNow()).digest);
    digests.add(installation.get().status!.plan!.digest);
  }
  expect([...digests]).toEqual([plan.digest]);
  const sofar = callsOf(installation).length;
  installation.annotate({ [ANNOTATION_APPROVED_PLAN]: plan.digest });
  await installation.clock.advance(5_000);
  // While it is being carried out it is the same plan.
  expect((await installation.planNow()).digest).toBe(plan.digest);
  await quiet(installation);
  expectForetold(plan, callsOf(installation).slice(sofar), "approved");
  expectForetold(foretold, callsOf(installation).slice(before), "before anything was stored");
});

it("a plan without anything to approve keeps its digest while it only waits", async () => {
  const installation = await converged();
  installation.post(specWith(port));
  await installation.clock.advance(8_000);
  const digests = new Set<string>();
  for (let look = 0; look < 3; look += 1) {
    await installation.clock.advance(1_000);
    digests.add((await installation.planNow()).digest);
  }
  expect(digests.size).toBe(1);
});

it("drift that one read shows waits for a second one", async () => {
  const installation = await converged(firstSpec());
  await somebody(installation, "elasticloadbalancing:ModifyTargetGroup", {
    TargetGroupArn: arnOf(installation, "targetGroups.web"),
    HealthCheckPath: "/elsewhere",
  });
  const plan = await installation.planNow();
  expect(plan.steps).toMatchObject([
    {
      call: "elasticloadbalancing:ModifyTargetGroup",
      key: "targetGroups.web",
      waitsFor: "a second read says the same",
    },
  ]);
});

it("while everything is paused, all of it waits for that to end", async () => {
  const installation = await converged(firstSpec());
  installation.store.putPause({ since: new Date(installation.clock.nowMs()).toISOString() });
  expect(waitsIn(await installation.plan(withEdit("two attributes")))).toEqual([
    "the pause for all is lifted",
  ]);
});

it("of a service that is only observed everything waits to be managed", async () => {
  const installation = await converged(firstSpec());
  installation.post({ ...firstSpec(), management: "Observe" });
  await quiet(installation);
  const spec = withEdit("two attributes");
  installation.post({ ...spec, management: "Observe" });
  await installation.clock.advance(120_000);
  const plan = await installation.planNow();
  expect(new Set(plan.steps!.map(({ verb }) => verb))).toEqual(new Set(["adopt", "update"]));
  expect(waitsIn(plan)[0]).toBe("the spec says `management: Manage`");
  const managed = await installation.plan({ ...spec, management: "Manage" });
  const before = callsOf(installation).length;
  installation.post({ ...spec, management: "Manage" });
  await quiet(installation);
  const calls = callsOf(installation).slice(before);
  expectForetold(managed, calls, "managed");
  expect(plan.steps!.map(({ call, key }) => `${call} ${key}`).sort()).toEqual([...calls].sort());
});

it("a plan is of the service that is being deleted, too", async () => {
  const installation = await converged(firstSpec());
  installation.remove();
  await installation.clock.advance(3_000);
  const plan = await installation.planNow();
  const before = callsOf(installation).length;
  await quiet(installation);
  expectForetold(plan, callsOf(installation).slice(before), "deleting");
});
