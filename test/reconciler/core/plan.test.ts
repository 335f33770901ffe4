import { describe, expect, it } from "vitest";
import { decide } from "../../../src/reconciler/core/plan.ts";
import { setOf } from "../../../src/reconciler/core/references.ts";
import { refTo } from "../../../src/reconciler/core/resource.ts";
import { decided, desired, observation, observed, planInput, thing } from "./fixtures.ts";

describe("plan", () => {
  it("what refers to a resource that is not there waits for it, and is no orphan", () => {
    const wanted = [desired("a"), desired("b", { fields: { a: refTo("a", "id") } })];
    expect(decided({ desired: wanted })).toEqual({ now: ["create a"], waiting: ["create b"], obstacles: [] });
    const again = decide(planInput({ desired: wanted, observation: observation([observed("a")]) }));
    expect(again.actions.map(({ key, calls }) => [key, calls.length])).toEqual([["b", 1]]);
  });

  it("what AWS is removing is made again only when its name is free", () => {
    const leaving = observation([observed("a", { lifecycle: "deleting", fields: { x: 1 } })]);
    expect(decided({ desired: [desired("a", { fields: { x: 2 } })], observation: leaving }).waiting).toEqual([
      "create a",
    ]);
  });

  it("nothing is decided about a kind, or a resource, that could not be read", () => {
    const wanted = [desired("a"), desired("b", { kind: "alarm" })];
    const unlisted = observation([], { unknownKinds: new Map([["thing", "it failed"]]) });
    expect(decided({ desired: wanted, observation: unlisted }).now).toEqual(["create b"]);
    const reason = "half an answer";
    const half = observation([], {
      unreadable: new Map([["id", { kind: "thing", name: "name-of-a", reason }]]),
    });
    expect(decided({ desired: wanted, observation: half }).now).toEqual(["create b"]);
    const nameless = observation([], { unreadable: new Map([["id", { kind: "thing", name: "", reason }]]) });
    expect(decided({ desired: wanted, observation: nameless }).now).toEqual(["create b"]);
  });

  it("a name that somebody else has taken is an obstacle, not a reason to take it over", () => {
    const theirs = observation([observed("a", { owned: false, fields: { x: 1 } })]);
    expect(decided({ desired: [desired("a", { fields: { x: 2 } })], observation: theirs })).toEqual({
      now: [],
      waiting: [],
      obstacles: ["NotOurs"],
    });
  });

  it("what failed in this pass, and what is withheld, is not tried", () => {
    const wanted = [desired("a", { fields: { x: 2 } })];
    const live = observation([observed("a", { fields: { x: 1 } })]);
    expect(decided({ desired: wanted, observation: live }).now).toEqual(["update a"]);
    expect(decided({ desired: wanted, observation: live, failed: new Set(["a"]) }).now).toEqual([]);
    const withheld = new Map([["a", new Set(["x"])]]);
    expect(decided({ desired: wanted, observation: live, withheld }).now).toEqual([]);
    const gone = new Map([["a", new Set([""])]]);
    expect(decided({ desired: wanted, withheld: gone }).now).toEqual([]);
  });

  it("a call that replaces a whole resource keeps what AWS has in a field that waits", () => {
    const wanted = [desired("a"), desired("b", { fields: { a: refTo("a", "id"), x: 2 } })];
    const live = observation([observed("b", { fields: { a: "old", x: 1 } })]);
    const { actions } = decide(planInput({ desired: wanted, observation: live }));
    expect(actions.find(({ key }) => key === "b")?.calls[0]?.input).toEqual({ a: "old", x: 2 });
  });

  it("tags are written by calls of their own", () => {
    const wanted = [desired("a", { fields: { "tags.x": "1" } })];
    const live = observation([observed("a", { fields: { "tags.y": "2" } })]);
    const applied = new Map([["a", { "tags.y": "2" }]]);
    const { actions } = decide(planInput({ desired: wanted, observation: live, applied }));
    expect(actions[0]?.calls).toEqual([{ operation: "x:Tag", input: { write: { x: "1" }, remove: ["y"] } }]);
  });

  it("an obstacle of a kind stops the change and is told", () => {
    const kindNamed = () => thing({ obstacle: () => ({ reason: "Tried", message: "It would fail again." }) });
    const wanted = [desired("a", { fields: { x: 2 } })];
    expect(decided({ kindNamed, desired: wanted, observation: observation([observed("a")]) })).toEqual({
      now: [],
      waiting: [],
      obstacles: ["Tried"],
    });
  });
});

/** Each case is one guard: take it out of removal.ts and the case fails. */
describe("what is ours and not wanted goes, but not", () => {
  const orphan = observed("old", { kind: "loadBalancer" });
  const goes = ["delete orphan id-of-old"];

  it("(and it does go, when nothing speaks against it)", () => {
    expect(decided({ observation: observation([orphan]) }).now).toEqual(goes);
  });

  it("when it is not ours", () => {
    expect(decided({ observation: observation([{ ...orphan, owned: false }]) }).now).toEqual([]);
  });

  it("while a list could not be read: it might hold a user of it", () => {
    const unread = observation([orphan], { unknownKinds: new Map([["rule", "it failed"]]) });
    expect(decided({ observation: unread }).now).toEqual([]);
  });

  it("while a resource could not be read", () => {
    const unreadable = new Map([["id", { kind: "rule", name: "", reason: "it failed" }]]);
    expect(decided({ observation: observation([orphan], { unreadable }) }).now).toEqual([]);
  });

  it("while something uses it", () => {
    const user = observed("user", { refersTo: [orphan.id] });
    expect(decided({ desired: [desired("user")], observation: observation([orphan, user]) }).now).toEqual([]);
  });

  it("while something of its family is still to be made or changed", () => {
    const waiting = desired("new", { fields: { x: refTo("missing", "id") } });
    expect(decided({ desired: [waiting], observation: observation([orphan]) }).now).toEqual([]);
    const elsewhere = { ...waiting, kind: "alarm" };
    expect(decided({ desired: [elsewhere], observation: observation([orphan]) }).now).toEqual(goes);
  });

  it("while something that is wanted has failed or cannot be done", () => {
    expect(decided({ observation: observation([orphan]), failed: new Set(["a"]) }).now).toEqual([]);
    const squatter = observed("a", { kind: "alarm", owned: false });
    const contested = {
      desired: [desired("a", { kind: "alarm" })],
      observation: observation([orphan, squatter]),
    };
    expect(decided(contested).now).toEqual([]);
  });

  it("a load balancer whose successor is not active yet", () => {
    const successor = observed("new", { kind: "loadBalancer", key: "old", lifecycle: "provisioning" });
    const wanted = [desired("old", { kind: "loadBalancer", name: successor.name })];
    expect(decided({ desired: wanted, observation: observation([orphan, successor]) }).now).toEqual([]);
    const active = observation([orphan, { ...successor, lifecycle: "ready" }]);
    expect(decided({ desired: wanted, observation: active }).now).toEqual(goes);
  });

  it("a load balancer while the new target groups have fewer healthy targets than the old ones", () => {
    const targets = (...states: string[]) => ({ detail: { targets: states.map((state) => ({ state })) } });
    const before = observed("tg", {
      kind: "targetGroup",
      id: "tg-old",
      name: "tg-old",
      ...targets("healthy"),
    });
    const filler = { minSize: 1, targetGroups: setOf([refTo("tg", "id")]) };
    const wanted = [
      desired("tg", { kind: "targetGroup", name: "tg-new" }),
      desired("group", { kind: "autoScalingGroup", fields: filler }),
    ];
    const at = (state: string) =>
      observation([
        orphan,
        observed("group", {
          kind: "autoScalingGroup",
          fields: { minSize: 1, targetGroups: ["id-of-tg"] },
          detail: { group: { DesiredCapacity: 1, Instances: [] } },
        }),
        { ...before, refersTo: [] },
        observed("tg", { kind: "targetGroup", id: "tg-new", name: "tg-new", ...targets(state) }),
      ]);
    expect(decided({ desired: wanted, observation: at("initial") }).now).not.toContain(goes[0]);
    expect(decided({ desired: wanted, observation: at("healthy") }).now).toContain(goes[0]);
  });

  it("when its own deletion has failed in this pass", () => {
    const failed = new Set([`orphan ${orphan.id}`]);
    expect(decided({ observation: observation([orphan]), failed, goal: "Delete" }).now).toEqual([]);
  });

  it("by a call of its own when what it sits on takes it along", () => {
    const child = observed("child", { parent: orphan.id, refersTo: [orphan.id] });
    expect(decided({ observation: observation([orphan, child]), goal: "Delete" }).now).toEqual(goes);
  });

  it("with deletion protection; and a service that may not go whole does not go in parts", () => {
    const fields = { "attributes.deletion_protection.enabled": "true" };
    const guarded = observation([{ ...orphan, fields }, observed("other")]);
    const whole = decided({ observation: guarded, goal: "Delete" });
    expect(whole).toEqual({ now: [], waiting: [], obstacles: ["DeletionProtected"] });
    // Of a service that stays, the other orphan may still go; the protected one may not.
    expect(decided({ observation: guarded }).now).toEqual(["delete orphan id-of-other"]);
  });

  it("under Retain: our tags are taken away, and nothing is deleted", () => {
    const tagged = { ...orphan, fields: { "tags.holdfast.dev/owner": "o", "tags.theirs": "x" } };
    const { actions } = decide(
      planInput({ observation: observation([tagged, observed("bare")]), goal: "Retain" }),
    );
    expect(actions.map(({ verb, calls }) => [verb, calls[0]?.input])).toEqual([
      ["release", { write: {}, remove: ["holdfast.dev/owner"] }],
    ]);
  });
});
