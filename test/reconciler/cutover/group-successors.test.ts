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
});
