/** A group that another one takes the place of, and what is told and done of it until it is gone. */
import { describe, expect, it } from "vitest";
import { example } from "../../support/example.ts";
import { converged, driftEvents } from "../world.ts";

const HOUR = 3_600_000;

describe("a group that another one takes the place of", () => {
  it("tells its activities once, however long its deletion protection keeps it", async () => {
    const locked = example().withGroup("web", { name: "one", deletionProtection: "prevent-all-deletion" });
    const installation = await converged(locked.spec());
    installation.post(locked.withGroup("web", { name: "two" }).spec());
    await installation.clock.advance(HOUR);
    expect(installation.condition("Stalled")?.reason).toBe("DeletionProtected");
    const activities = installation.get().status?.activities ?? [];
    expect(activities.length).toBeGreaterThan(0);
    expect(new Set(activities.map((one) => JSON.stringify(one))).size).toBe(activities.length);
  });

  it("lets its warm pool go in one way, and nothing of that is drift", async () => {
    const pooled = example().withGroup("web", { name: "one", warmPool: { minSize: 2 } });
    const installation = await converged(pooled.spec());
    await installation.clock.advance(HOUR);
    const calls = installation.mutations().length;
    installation.post(pooled.withGroup("web", { name: "two" }).spec());
    await installation.clock.advance(HOUR);
    const done = installation.mutations().slice(calls);
    // Its successor's is made, and its own is told to hold nothing.
    expect(done.filter((one) => one === "autoscaling:PutWarmPool")).toHaveLength(2);
    expect(done).toContain("autoscaling:DeleteWarmPool");
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
  });
});
