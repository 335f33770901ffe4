/** Looks at a fleet whose budget is too small for its wish: routine begins with what is known. */
import { describe, expect, it } from "vitest";
import { LOAD_BALANCER } from "../../../src/model/address.ts";
import { READ_CLASSES } from "../../../src/model/fleet/freshness.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { textOfKey } from "../../../src/model/object.ts";
import { exampleSpec, Installation } from "../../support/installation.ts";

const NAMES = ["a-web", "b-web", "c-web"];
const keyOf = (name: string) => ({ namespace: "default", name });
const MODIFY = "elasticloadbalancing:ModifyTargetGroupAttributes";
const DELAY = "deregistration_delay.timeout_seconds";

/** Three services at rest, and so little budget that what is known serves for minutes. */
async function fleet() {
  const fleet = new Installation({ apiShare: 0.03 });
  for (const name of NAMES) fleet.post(exampleSpec(), name);
  for (const name of NAMES) await fleet.untilReady(keyOf(name));
  await fleet.clock.advance(1_200_000);
  const targetGroupOf = (name: string) =>
    fleet.get(keyOf(name)).status?.resources?.find(({ kind }) => kind === "targetGroup")?.arn ?? "";
  const setDelay = (name: string, Value: string) =>
    fleet.aws(MODIFY, { TargetGroupArn: targetGroupOf(name), Attributes: [{ Key: DELAY, Value }] });
  return { fleet, setDelay, targetGroupOf };
}

const elbCalls = ({ account }: Installation) =>
  Object.entries(account.calls.counts())
    .filter(([operation]) => operation.startsWith("elasticloadbalancing:Describe"))
    .reduce((sum, [, count]) => sum + count, 0);

describe("routine looks", () => {
  it("take no more than the share, and every class of every service is as young as was promised", async () => {
    const { fleet: world } = await fleet();
    const [budget] = world.observatory.budgets();
    expect(budget).toMatchObject({ services: 3, limit: { bucket: "elb" } });
    expect(budget?.promisedSeconds.structure).toBeGreaterThan(60);
    const before = elbCalls(world);
    const seconds = 1_800;
    for (let second = 0; second < seconds; second += 10) {
      await world.clock.advance(10_000);
      for (const name of NAMES) {
        const freshness = world.observatory.freshnessOf(keyOf(name));
        for (const one of READ_CLASSES) {
          const { comparedAt = "", promisedSeconds = 0 } = freshness?.[one] ?? {};
          expect(world.clock.nowMs() - Date.parse(comparedAt)).toBeLessThan(promisedSeconds * 1_100);
        }
      }
    }
    expect((elbCalls(world) - before) / seconds).toBeLessThan(0.03 * 10 * 1.02);
    expect(
      world.store
        .calls({ limit: 1_000 })
        .every(({ time }) => Date.parse(time) < world.clock.nowMs() - 1_800_000),
    ).toBe(true);
  });

  it("find what moved once it is due, and put it right upon reads of that moment", async () => {
    const { fleet: world, setDelay } = await fleet();
    const from = world.clock.nowMs();
    await setDelay("b-web", "77");
    await world.until(() => world.store.driftEvents({}).items.length > 0);
    const { promisedSeconds = 0 } = world.observatory.freshnessOf(keyOf("b-web"))?.attributes ?? {};
    expect(world.clock.nowMs() - from).toBeLessThan(promisedSeconds * 1_000 + 30_000);
    await world.until(() => world.store.openDrift(keyOf("b-web")).length === 0);
    expect(
      world.store.driftEvents({}).items.map(({ service, state, after }) => [service, state, after]),
    ).toEqual([["b-web", "Corrected", "77"]]);
  });

  it("write and record nothing because of what was known, and is not so any more", async () => {
    const { fleet: world, setDelay } = await fleet();
    // Everything of the service is read while it is wrong, for somebody who asks for a plan; then it is right again.
    await setDelay("b-web", "77");
    const plan = await world.planNow(keyOf("b-web"));
    expect(JSON.stringify(plan)).toContain("deregistration_delay");
    await setDelay("b-web", "30");
    const before = world.mutations().length;
    await world.clock.advance(1_800_000);
    expect([world.mutations().length - before, world.store.driftEvents({}).items]).toEqual([0, []]);
  });

  it("stay as cheap as they were where AWS has once refused a call", async () => {
    const { fleet: world } = await fleet();
    for (const name of NAMES) {
      const id = world.store.openCall({
        ...{
          service: keyOf(name),
          generation: 1,
          plan: "",
          address: LOAD_BALANCER,
          affected: [LOAD_BALANCER],
        },
        operation: "elasticloadbalancing:SetIpAddressType",
      });
      world.store.closeCall(id, { outcome: "failed", errorCode: "AccessDenied", errorMessage: "no" });
    }
    const before = elbCalls(world);
    await world.clock.advance(1_800_000);
    expect((elbCalls(world) - before) / 1_800).toBeLessThan(0.03 * 10 * 1.02);
  });

  it("that all wait for AWS keep nobody's change, nor the read that verifies it, from its turn", async () => {
    let isStuck = false;
    const never = new Promise<never>(() => {});
    const world = new Installation({
      quotas: { loadBalancers: 100 },
      watched: (cloud) => ({
        call: (operation, input, options) =>
          isStuck && options?.urgency === "routine" ? never : cloud.call(operation, input, options),
      }),
    });
    const names = Array.from({ length: LIMITS.concurrentPasses + 1 }, (_, index) => `s${index}`);
    for (const name of names) world.post(exampleSpec(), name);
    for (const name of names) await world.untilReady(keyOf(name));
    await world.clock.advance(120_000);
    isStuck = true;
    await world.until(() => world.controller.queue.running >= LIMITS.concurrentPasses);
    const spec = exampleSpec() as { targetGroups: { web: { healthCheck: { path: string } } } };
    spec.targetGroups.web.healthCheck.path = "/alive";
    world.post(spec, "s0");
    const isInSync = () => {
      const { metadata, status } = world.get(keyOf("s0"));
      return (
        status?.observedGeneration === metadata.generation &&
        world.condition("Synced", keyOf("s0"))?.status === "True"
      );
    };
    await world.until(isInSync, 10_000);
    expect(isInSync()).toBe(true);
  });

  it("are overtaken by a person: what the same service is asked for in routine is not waited for", async () => {
    const { fleet: world } = await fleet();
    const key = keyOf("c-web");
    await world.until(() => world.controller.queue.running > 0);
    const spec = exampleSpec() as { targetGroups: { web: { healthCheck: { path: string } } } };
    spec.targetGroups.web.healthCheck.path = "/alive";
    const from = world.clock.nowMs();
    world.post(spec, "c-web");
    const wrote = () =>
      world.store
        .calls({ limit: 10, service: key })
        .some(({ operation, time }) => operation.endsWith(":ModifyTargetGroup") && Date.parse(time) >= from);
    await world.until(wrote, 10_000);
    expect(world.clock.nowMs() - from).toBeLessThan(1_500);
    expect(textOfKey(world.get(key).metadata)).toBe("default/c-web");
  });

  it("look more often at what is not well, and read of it what tells of health", async () => {
    const { fleet: world } = await fleet();
    world.account.control.failZone("us-east-1a");
    world.account.control.failZone("us-east-1b");
    world.account.control.failZone("us-east-1c");
    await world.until(() => world.condition("Healthy", keyOf("a-web"))?.status === "False", 7_200_000);
    expect(world.observatory.freshnessOf(keyOf("a-web"))?.health.promisedSeconds).toBe(60);
  });
});
