import { expect, it } from "vitest";
import { ANNOTATION_APPROVED_PLAN } from "../../../src/model/object.ts";
import { attendedExample } from "../../support/example.ts";
import { Installation, WEB_API } from "../../support/installation.ts";
import { addFault, converged, loudOfBugs, nameOf, resizeGroup, somebody } from "../world.ts";
import { approve, effectsIn, untilWaiting, waitingIn } from "./world.ts";

const ALWAYS = attendedExample().with({ approval: "Always" });

it("with Always the first creation waits, and is done to its end with one approval", async () => {
  const installation = new Installation({ log: loudOfBugs });
  installation.post(ALWAYS.spec());
  const digest = await untilWaiting(installation);
  await installation.clock.advance(600_000);
  expect(installation.mutations()).toEqual([]);
  expect(effectsIn(installation)).toContain("everyChange loadBalancer");
  approve(installation);
  await installation.untilReady();
  expect(installation.get().status?.approvedBefore?.digest ?? digest).toBe(digest);
});

it("with Always an edit waits, and so does the correction of a drift", async () => {
  const installation = await converged(attendedExample().spec());
  installation.post(ALWAYS.spec());
  await installation.untilReady();
  const before = installation.mutations().length;
  installation.post(ALWAYS.withGroup("web", { healthCheckGracePeriod: 200 }).spec());
  await untilWaiting(installation);
  expect(effectsIn(installation)).toEqual(["everyChange autoScalingGroups.web"]);
  approve(installation);
  await installation.untilReady();
  await installation.clock.advance(60_000);
  await resizeGroup(installation, 12);
  await installation.until(() => waitingIn(installation) !== undefined);
  await installation.clock.advance(600_000);
  expect(installation.mutations().slice(before)).toEqual(["autoscaling:UpdateAutoScalingGroup"]);
  approve(installation);
  await installation.untilReady();
});

it("with Always the next drift waits again, also while something else of the service cannot be done", async () => {
  const installation = await converged(attendedExample().spec());
  installation.post(ALWAYS.spec());
  await installation.untilReady();
  const refusal = { kind: "error", code: "ServiceUnavailable", message: "no", status: 503 } as const;
  addFault(installation, "cloudwatch:PutMetricAlarm", refusal, { times: 10_000 });
  const AlarmNames = [nameOf(installation, "alarms.high-5xx")];
  await somebody(installation, "cloudwatch:DeleteAlarms", { AlarmNames });
  await resizeGroup(installation, 15);
  await installation.until(() => effectsIn(installation).length === 2);
  approve(installation);
  await installation.clock.advance(600_000);
  expect(waitingIn(installation)).toBeUndefined();
  await resizeGroup(installation, 17);
  await installation.clock.advance(600_000);
  expect(effectsIn(installation)).toContain("everyChange autoScalingGroups.web");
  const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
  expect(AutoScalingGroups[0].MaxSize).toBe(17);
});

it("an edit that takes Always back waits still, and the next one does not", async () => {
  const installation = await converged(attendedExample().spec());
  installation.post(ALWAYS.spec());
  await installation.untilReady();
  installation.post(attendedExample().withGroup("web", { healthCheckGracePeriod: 200 }).spec());
  await untilWaiting(installation);
  approve(installation);
  await installation.untilReady();
  installation.post(attendedExample().withGroup("web", { healthCheckGracePeriod: 300 }).spec());
  await installation.untilReady();
});

it("who has approved stands in the status, in the event and in the log", async () => {
  const lines: object[] = [];
  const log = { ...loudOfBugs, info: (fields: object) => void lines.push(fields) };
  const installation = await converged(attendedExample().spec(), { log });
  const spec = installation.post(attendedExample().withLoadBalancer({ scheme: "internal" }).spec()).spec;
  const digest = await untilWaiting(installation);
  installation.store.update(WEB_API, {
    spec,
    annotations: { [ANNOTATION_APPROVED_PLAN]: digest },
    actor: "ada",
  });
  installation.controller.request(WEB_API);
  await installation.until(() => installation.get().status?.approval !== undefined);
  expect(installation.get().status?.approval).toMatchObject({ digest, actor: "ada" });
  const messages = installation.store.events({ limit: 500 }).items.map(({ message }) => message);
  expect(messages).toContain(`Plan ${digest} of generation 2 was approved by annotation of ada.`);
  expect(lines).toContainEqual(expect.objectContaining({ digest, actor: "ada" }));
  // Somebody else writes another annotation meanwhile.
  installation.store.update(WEB_API, {
    spec,
    annotations: { [ANNOTATION_APPROVED_PLAN]: digest, note: "x" },
    actor: "bob",
  });
  await installation.clock.advance(60_000);
  expect(installation.get().status?.approval?.actor).toBe("ada");
});

it("a database of before there was a choice counts as Destructive, and a new service as what it says", async () => {
  const installation = await converged(attendedExample().spec());
  const { settled: _settled, ...status } = installation.get().status ?? ({} as never);
  installation.store.updateStatus(WEB_API, installation.get().metadata.uid, status as never);
  installation.post(
    attendedExample().with({ approval: "Never" }).withLoadBalancer({ scheme: "internal" }).spec(),
  );
  await untilWaiting(installation);
  const fresh = new Installation({ log: loudOfBugs });
  fresh.post(attendedExample().with({ approval: "Never" }).spec());
  await fresh.untilReady();
  expect(fresh.get().status?.settled).toEqual({ generation: 1, approval: "Never" });
});
