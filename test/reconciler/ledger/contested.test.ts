import { describe, expect, it } from "vitest";
import type { Installation } from "../../support/installation.ts";
import { converged, driftEvents, nameOf, somebody, specWith } from "../world.ts";

const CORRECTION = "autoscaling:UpdateAutoScalingGroup";
const ALARM = "holdfast/default/web-api/high-5xx";

const meddle = (installation: Installation, DefaultCooldown = 7) =>
  somebody(installation, CORRECTION, {
    AutoScalingGroupName: nameOf(installation, "autoScalingGroups.web"),
    DefaultCooldown,
  });
const isContested = (installation: Installation) => installation.condition("Stalled")?.reason === "Contested";
const corrections = (installation: Installation) =>
  driftEvents(installation).filter(({ state }) => state === "Corrected").length;

/** Whoever writes it does so each time that it is as the spec says. */
async function fight(installation: Installation, deed: () => Promise<unknown>, untilOver: () => boolean) {
  const times: number[] = [];
  const before = corrections(installation);
  for (let second = 0; second < 3_600 && !untilOver(); second += 5) {
    const open = driftEvents(installation).some(({ state }) => state === "Open");
    const known = corrections(installation);
    if (!open && known - before === times.length) {
      await deed();
      times.push(installation.clock.nowMs());
    }
    await installation.clock.advance(5_000);
  }
  return times;
}

async function contested(): Promise<{ installation: Installation; times: number[] }> {
  const installation = await converged();
  const times = await fight(
    installation,
    () => meddle(installation),
    () => isContested(installation),
  );
  return { installation, times };
}

describe("a field that keeps coming back", () => {
  it("is written at once where the spec is changed, as people are told to", async () => {
    const { installation } = await contested();
    installation.post(
      specWith((spec) => {
        spec.autoScalingGroups.web.defaultCooldown = 120;
      }),
    );
    await installation.clock.advance(60_000);
    const { AutoScalingGroups } = await somebody(installation, "autoscaling:DescribeAutoScalingGroups", {});
    expect(AutoScalingGroups[0].DefaultCooldown).toBe(120);
    expect(isContested(installation)).toBe(false);
    // Who wrote the old value against us writes the new one away as well: that is no new beginning.
    await meddle(installation);
    await installation.until(() => isContested(installation));
  });

  it("is put right ever more slowly, then left alone, with its pattern in message, event and ledger", async () => {
    const { installation, times } = await contested();
    const gaps = times.map((time, index) => time - (times[index - 1] ?? time)).slice(1);
    expect(gaps.at(-1)).toBeGreaterThan(gaps[0]! + 60_000);
    expect(corrections(installation)).toBe(5);
    const message = installation.condition("Stalled")?.message ?? "";
    expect(message).toContain("defaultCooldown of autoScalingGroups.web was put right 5 times since");
    expect(message).toContain("as 7 instead of");
    const told = installation.store.events({}).items.filter(({ reason }) => reason === "Contested");
    expect(told).toMatchObject([{ message, count: 1 }]);
    const [event] = driftEvents(installation).filter(({ state }) => state === "Open");
    expect(event?.contest).toMatchObject({ corrections: 5, values: [7], waitSeconds: 600 });
    expect(event?.contest?.times).toHaveLength(5);
    const sent = installation.mutations().length;
    await installation.clock.advance(420_000);
    expect(installation.mutations()).toHaveLength(sent);
  });

  it("is left for twice as long where it comes back once more, and is well once nobody writes it", async () => {
    const { installation } = await contested();
    await installation.until(() => !isContested(installation));
    await installation.until(() => corrections(installation) === 6);
    await meddle(installation, 8);
    await installation.until(() => isContested(installation));
    const [event] = driftEvents(installation).filter(({ state }) => state === "Open");
    expect(event?.contest).toMatchObject({ corrections: 6, values: [8, 7], waitSeconds: 1_200 });
    await installation.clock.advance(1_500_000);
    expect(installation.condition("Ready")?.status).toBe("True");
    await installation.clock.advance(3_600_000);
    await meddle(installation);
    await installation.until(() => corrections(installation) === 8);
    expect(driftEvents(installation)[0]).not.toHaveProperty("contest");
  });

  it("is put right at once when a person asks for it, and once for each time that they ask", async () => {
    const { installation } = await contested();
    const ask = () => installation.annotate({ "holdfast.dev/correction-requested-at": "now" });
    ask();
    await installation.clock.advance(15_000);
    expect(corrections(installation)).toBe(6);
    expect(installation.get().status?.correctionRequested?.value).toBe("now");
    await fight(
      installation,
      () => meddle(installation),
      () => isContested(installation),
    );
    ask();
    await installation.clock.advance(60_000);
    expect(isContested(installation)).toBe(true);
  });
});

describe("a resource that is removed again and again", () => {
  it("is made ever more slowly, then no more", async () => {
    const installation = await converged();
    await fight(
      installation,
      () => somebody(installation, "cloudwatch:DeleteAlarms", { AlarmNames: [ALARM] }),
      () => isContested(installation),
    );
    expect(installation.condition("Stalled")?.message).toContain("alarms.high-5xx was put right 5 times");
    const made = () =>
      installation.mutations().filter((operation) => operation === "cloudwatch:PutMetricAlarm");
    const before = made().length;
    await installation.clock.advance(420_000);
    expect(made()).toHaveLength(before);
    await installation.clock.advance(600_000);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});
