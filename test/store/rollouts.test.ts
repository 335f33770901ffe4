import { describe, expect, it } from "vitest";
import { scalingGroupAddress } from "../../src/model/address.ts";
import type { Rollout } from "../../src/model/ledger/rollout.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { created, KEY, opened } from "./support.ts";

const rollout = (over: Partial<Rollout> = {}): Rollout => ({
  address: scalingGroupAddress("web"),
  digest: "d-1",
  state: "Running",
  begunAtMs: 1_767_225_600_123,
  to: { id: "lt-1", version: "2" },
  ...over,
});

describe("store: rollouts", () => {
  it("are kept by group and content, whole, and go with the object", () => {
    const { store } = opened();
    const { uid } = created(store).metadata;
    store.putRollout(KEY, rollout());
    const whole = rollout({
      state: "RolledBack",
      generation: 3,
      endedAtMs: 1_767_225_700_000,
      from: { id: "lt-1", version: "1", digest: "d-0", imageId: "ami-1", userData: "sha256:ab" },
      refreshId: "r-1",
      refreshBefore: "r-0",
      percentageComplete: 40,
      reason: "no progress",
      evidence: [{ why: "unhealthy in targetGroups.web", instances: ["i-1"] }],
      askedBy: "now",
      preferences: { standbyInstances: "Wait" },
      isBack: true,
    });
    store.putRollout(KEY, whole);
    expect(store.rollouts(KEY)).toEqual([whole]);
    store.putRollout(KEY, rollout({ address: scalingGroupAddress("api") }));
    expect(store.rollouts(KEY)).toHaveLength(2);
    expect(store.rollouts({ namespace: "default", name: "other" })).toEqual([]);
    store.release(KEY, uid);
    expect(store.rollouts(KEY)).toEqual([]);
  });

  it("of a group are forgotten beyond a bound, the oldest first", () => {
    const { store } = opened();
    created(store);
    for (let index = 0; index <= LIMITS.rolloutsPerGroup; index += 1)
      store.putRollout(KEY, rollout({ digest: `d-${index}`, begunAtMs: 1_767_225_600_000 + index * 1000 }));
    const kept = store.rollouts(KEY);
    expect(kept).toHaveLength(LIMITS.rolloutsPerGroup);
    expect(kept[0]?.digest).toBe("d-1");
  });

  it("that were rejected are not crowded out by others, and what is written stays, whatever the clock said before", () => {
    const { store } = opened();
    created(store);
    store.putRollout(KEY, rollout({ digest: "rejected", state: "RolledBack", begunAtMs: 1_700_000_000_000 }));
    for (let index = 0; index <= LIMITS.rolloutsPerGroup; index += 1)
      store.putRollout(KEY, rollout({ digest: `d-${index}`, begunAtMs: 1_767_225_600_000 + index * 1000 }));
    expect(store.rollouts(KEY).some(({ digest }) => digest === "rejected")).toBe(true);
    store.putRollout(KEY, rollout({ digest: "now", begunAtMs: 1_700_000_001_000 }));
    const kept = store.rollouts(KEY).map(({ digest }) => digest);
    expect(kept).toEqual(expect.arrayContaining(["rejected", "now"]));
    expect(kept).toHaveLength(LIMITS.rolloutsPerGroup + 1);
    for (let index = 0; index < LIMITS.rolloutsPerGroup; index += 1) {
      const failed = rollout({ digest: `f-${index}`, state: "Failed", begunAtMs: 1_767_325_600_000 + index });
      store.putRollout(KEY, failed);
    }
    expect(store.rollouts(KEY).some(({ digest }) => digest === "rejected")).toBe(false);
  });
});
