/** Events of the simulated account, from the call to the drift event: with all that may become of them on the way. */
import { describe, expect, it } from "vitest";
import { eventsOf } from "../support/account-events.ts";
import { exampleSpec, Installation, WEB_API } from "../support/installation.ts";
import { callMessage } from "./records.ts";

const MALLORY = "arn:aws:iam::123456789012:user/AKIAMALLORY";
const DELAY = "deregistration_delay.timeout_seconds";

/** A service at rest that hears what its account tells, after it was seen that it tells something. */
async function listening(troubles: Parameters<Installation["account"]["setTroubles"]>[0] = {}) {
  const flowing = { is: (_region: string) => false };
  const world = new Installation({ isFlowing: (region) => flowing.is(region) });
  world.post(exampleSpec());
  await world.untilReady();
  const { account, clock, store } = world;
  const { events, queue } = await eventsOf(world);
  flowing.is = (region) => events.isFlowing(region);
  events.start();
  await world.until(() => events.isFlowing("us-east-1"));
  await clock.advance(300_000);
  account.setTroubles(troubles);
  const targetGroup = world.get().status?.resources.find(({ kind }) => kind === "targetGroup")?.arn ?? "";
  const meddle = (Value: string) =>
    world.waiting(
      account.call(
        "elasticloadbalancing",
        "ModifyTargetGroupAttributes",
        { TargetGroupArn: targetGroup, Attributes: [{ Key: DELAY, Value }] },
        { accessKeyId: "AKIAMALLORY", userAgent: "aws-cli/2.31" },
      ),
    );
  const drift = () => store.driftEvents({}).items;
  return { world, events, queue, targetGroup, meddle, drift };
}

describe("an event of the account", () => {
  it("brings the look forward that puts right what was done, and says who it was", async () => {
    const { world, meddle, drift } = await listening({ cloudtrail: { delay: [5_000, 5_000] } });
    const fromMs = world.clock.nowMs();
    await meddle("77");
    await world.until(() => drift()[0]?.state === "Corrected");
    expect(world.clock.nowMs() - fromMs).toBeLessThan(5_000 + 15_000);
    expect(drift()[0]?.attribution).toMatchObject({ principal: MALLORY, confidence: "certain" });
  });

  it("says who did what was done within the seconds after our own write", async () => {
    const { world, meddle, drift } = await listening({ cloudtrail: { delay: [5_000, 5_000] } });
    const spec = exampleSpec() as { targetGroups: { web: { healthCheck: Record<string, unknown> } } };
    spec.targetGroups.web.healthCheck.path = "/ready";
    world.post(spec);
    await world.untilReady();
    await world.clock.advance(3_000);
    await meddle("77");
    await world.until(() => drift()[0]?.state === "Corrected");
    expect(drift()[0]?.attribution).toMatchObject({ principal: MALLORY, confidence: "certain" });
  });

  it("that comes twice, late and out of order does no more than one that comes once", async () => {
    const { world, meddle, drift } = await listening({
      cloudtrail: { delay: [1_000, 60_000], duplicateRate: 1, lateRate: 0.5, late: [30_000, 90_000] },
      queue: { duplicateRate: 0.5, disorderRate: 0.5 },
    });
    for (const value of ["71", "72", "73"]) {
      await meddle(value);
      await world.clock.advance(240_000);
    }
    const before = world.mutations().length;
    await world.clock.advance(600_000);
    expect(drift().map(({ state }) => state)).toEqual(["Corrected", "Corrected", "Corrected"]);
    expect(drift().map(({ attribution }) => attribution?.principal)).toEqual([MALLORY, MALLORY, MALLORY]);
    expect(world.mutations()).toHaveLength(before);
  });

  it("that is lost leaves what was done to the routine look, and nobody is told to have done it", async () => {
    const { world, meddle, drift } = await listening({
      cloudtrail: { lossRate: 1 },
      service: { lossRate: 1 },
    });
    await meddle("77");
    await world.until(() => drift()[0]?.state === "Corrected", 4 * 3_600_000);
    expect(drift()[0]?.attribution).toBeUndefined();
  });

  it("that comes now and then is enough, for hours in which nobody does anything", async () => {
    const { world, events } = await listening();
    for (let hour = 0; hour < 3; hour += 1) {
      await world.clock.advance(3_600_000);
      expect(events.isFlowing("us-east-1")).toBe(true);
    }
  });

  it("that stops coming is missed: routine goes back to how often it was wished, by itself", async () => {
    const { world, events } = await listening({ cloudtrail: { lossRate: 1 } });
    expect(world.freshnessOf()?.attributes.promisedSeconds).toBe(1_800);
    await world.until(() => !events.isFlowing("us-east-1"), 4 * 3_600_000);
    expect(world.freshnessOf()?.attributes.promisedSeconds).toBe(60);
    world.account.setTroubles({ cloudtrail: { lossRate: 0 } });
    await world.until(() => events.isFlowing("us-east-1"), 4 * 3_600_000);
  });

  it("that somebody has forged, or that nobody can read, moves nothing, and is believed in nothing", async () => {
    const { world, queue, targetGroup, drift } = await listening();
    const eventTime = `${new Date(world.clock.nowMs()).toISOString().slice(0, 19)}Z`;
    const record = callMessage(
      "elasticloadbalancing",
      "DeleteTargetGroup",
      { targetGroupArn: targetGroup },
      { eventTime },
    );
    const before = world.mutations().length;
    const conditions = world.get().status?.conditions;
    const seen = world.freshnessOf()?.structure.comparedAt;
    for (const body of [record, "{", "[]", `{"detail":${"[".repeat(500)}${"]".repeat(500)}}`])
      await world.waiting(
        world.account.call("sqs", "SendMessage", { QueueUrl: queue.url, MessageBody: body }),
      );
    await world.clock.advance(30_000);
    expect(world.freshnessOf()?.structure.comparedAt).not.toBe(seen);
    expect([world.mutations().length, drift(), world.get(WEB_API).status?.conditions]).toEqual([
      before,
      [],
      conditions,
    ]);
    const { ApproximateNumberOfMessages: waiting } = (
      (await world.waiting(
        world.account.call("sqs", "GetQueueAttributes", { QueueUrl: queue.url, AttributeNames: ["All"] }),
      )) as { Attributes: Record<string, string> }
    ).Attributes;
    expect(waiting).toBe("0");
  });
});
