import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { type HoldReason, holdsFrom, isUnread, sentenceOf } from "../../../src/reconciler/core/holds.ts";

const A = addressFrom("a");
const target = (instanceId: string, state: string, more: { reason?: string; description?: string } = {}) => ({
  instanceId,
  state,
  ...more,
});

describe("a hold", () => {
  const holds = holdsFrom([
    { address: A, field: "x", reason: { because: "unconfirmed" } },
    { address: A, field: "x", reason: { because: "tried" } },
    { address: addressFrom("b"), reason: { because: "own write" } },
  ]);

  it("lies on one field, or on the whole, and not on the other", () => {
    expect(holds.on(A, "y")).toBeUndefined();
    expect(holds.on(A)).toBeUndefined();
    expect(holds.on(addressFrom("b"))).toEqual({ because: "own write" });
    expect(holds.on(addressFrom("b"), "x")).toBeUndefined();
  });

  it("that was given first is the one that is told", () => {
    expect(holds.on(A, "x")).toEqual({ because: "unconfirmed" });
  });
});

describe("why something has not happened yet is told in a sentence:", () => {
  const trial = { healthy: 1, needed: 2, failing: [], strangers: [] };
  it.each<[HoldReason, string]>([
    [{ because: "unread", what: "the rule list" }, "the rule list could not be read"],
    [{ because: "stale list", kind: "rule", name: "r" }, "the rule list lacks r; a second read decides"],
    [{ because: "unconfirmed" }, "a second read decides"],
    [{ because: "own write" }, "the read may be older than our last write"],
    [
      { because: "contested", corrections: 3, waitMs: 90_000 },
      "somebody else writes it as well: it came back after each of 3 corrections, and the next one waits for 90 s",
    ],
    [{ because: "ineffective" }, "AWS takes the change, and does not make it"],
    [{ because: "tried" }, "it was tried a moment ago; a read shows what became of it"],
    [{ because: "sibling", address: A }, "a"],
    [{ because: "rule order" }, "the order of the rules"],
    [{ because: "name taken", name: "n" }, "AWS to finish removing n"],
    [
      { because: "contested name", address: A, name: "n" },
      "what has the name of a (n) is not what the spec asks for",
    ],
    [{ because: "AWS at work", doing: "a refresh" }, "a refresh"],
    [
      { because: "unready targets", targetGroup: A },
      "the new target group of a has not enough healthy targets yet",
    ],
    [
      { because: "unready group", group: A, healthy: 1, needed: 2 },
      "a takes over, and 1 of 2 of its instances are healthy",
    ],
    [{ because: "requests not moved", from: "tg" }, "requests still go to target group tg"],
    [{ because: "in use", by: "u" }, "u still uses it"],
    [{ because: "comes later", than: A }, "a comes first"],
    [{ because: "something failed" }, "something that is wanted could not be done"],
    [{ because: "adoption" }, "what runs is adopted first"],
    [{ because: "version not pinned", group: A }, "a names the version that it runs by its number first"],
    [{ because: "managed elsewhere", address: A }, "somebody else manages a"],
    [{ because: "no room", quota: "5 of 5" }, "5 of 5: what is not wanted goes first"],
    [{ because: "approval", digest: "p1" }, "approval of plan p1"],
    [{ because: "replacement not active", name: "n" }, "n is not active yet"],
    [{ because: "quota exceeded", quota: "5 of 5" }, "5 of 5: it has no place"],
    [{ because: "window" }, "a window of spec.windows, and none is known to open"],
    [
      { because: "window", opensAt: "2026-01-02T22:00:00.000Z" },
      "the window of spec.windows that opens at 2026-01-02T22:00Z",
    ],
    [
      { because: "not ours by now", name: "n", shows: "no tag of ours" },
      "a read of n right before its deletion shows no tag of ours",
    ],
    [
      { because: "deletions frozen", kind: "rule", title: "rule" },
      "deletions of the kind rule are frozen until a person lifts that",
    ],
    [
      { because: "correction budget", most: 50 },
      "50 calls have corrected drift within an hour, which is as many as may",
    ],
    [
      { because: "unready targets", targetGroup: A, trial },
      "the new target group of a has not enough healthy targets yet (1 of 2)",
    ],
  ])("%o", (reason, sentence) => {
    expect(sentenceOf(reason)).toBe(sentence);
  });
});

describe("the sentence on a new target group", () => {
  const told = (more: object) =>
    sentenceOf({
      because: "unready targets",
      targetGroup: A,
      trial: { healthy: 0, needed: 2, failing: [], strangers: [], ...more },
    }).replace("the new target group of a has not enough healthy targets yet", "…");

  it("says why targets fail, as AWS says it best, each reason once, its targets in order", () => {
    const failing = [
      target("i-3", "unhealthy", { reason: "Target.Timeout", description: "Request timed out" }),
      target("i-1", "unhealthy", { reason: "Target.Timeout", description: "Request timed out" }),
      target("i-2", "unhealthy", { reason: "Target.Other" }),
      target("i-0", "initial"),
    ];
    expect(told({ failing })).toBe(
      "… (0 of 2); i-0: initial; i-1, i-3: unhealthy (Request timed out); i-2: unhealthy (Target.Other)",
    );
  });

  it("names three targets of a reason, and counts the rest", () => {
    const failing = ["i-1", "i-2", "i-3", "i-4", "i-5"].map((id) => target(id, "initial"));
    expect(told({ failing })).toBe("… (0 of 2); i-1, i-2, i-3 and 2 more: initial");
  });

  it("says that there are no targets, and only then", () => {
    expect(told({})).toBe("… (0 of 2); it has no targets");
    expect(told({ healthy: 1 })).toBe("… (1 of 2)");
    expect(told({ failing: [target("i", "initial")] })).toBe("… (0 of 2); i: initial");
    expect(told({ healthy: 1, failing: [target("i", "initial")] })).toBe("… (1 of 2); i: initial");
  });

  it("says what somebody has registered in the old one by hand", () => {
    expect(told({ healthy: 1, strangers: ["i-9", "i-8"] })).toBe(
      "… (1 of 2); registered in the old one by hand, by no group of the spec: i-8, i-9",
    );
  });
});

describe("what waits because something was not read", () => {
  it("is told from what waits for anything else", () => {
    expect(isUnread([{ because: "tried" }, { because: "unread", what: "it" }])).toBe(true);
    expect(isUnread([{ because: "tried" }])).toBe(false);
    expect(isUnread([])).toBe(false);
  });
});
