import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { callsOf, differencesIn } from "../../../src/reconciler/core/actions.ts";
import { refTo as refToAddress, setOf } from "../../../src/reconciler/core/references.ts";
import type { Fields } from "../../../src/reconciler/core/resource.ts";
import { decide } from "../../../src/reconciler/decide.ts";
import {
  decided,
  decisionInput,
  desired,
  fleet,
  hold,
  observation,
  observed,
  THING,
  targetSet,
  thing,
  unreadable,
} from "./fixtures.ts";

const A = addressFrom("a");
const refTo = (address: string, attribute: string) => refToAddress(addressFrom(address), attribute);

describe("plan", () => {
  it("what refers to a resource that is not there waits for it, and is not surplus", () => {
    const wanted = [desired("a"), desired("b", { fields: { a: refTo("a", "id") } })];
    expect(decided({ desired: wanted })).toEqual({ now: ["create a"], waiting: ["create b"], obstacles: [] });
    const again = decide(decisionInput({ desired: wanted, observation: observation([observed("a")]) }));
    expect(again.actions.map((action) => [action.address, callsOf(action).length])).toEqual([["b", 1]]);
  });

  it("what AWS is removing is made again only when its name is free", () => {
    const leaving = observation([observed("a", { lifecycle: "deleting", fields: { x: 1 } })]);
    expect(decided({ desired: [desired("a", { fields: { x: 2 } })], observation: leaving }).waiting).toEqual([
      "create a",
    ]);
  });

  it("nothing is decided about a kind, or a resource, that could not be read", () => {
    const wanted = [desired("a"), desired("b", { kind: "alarm" })];
    const unlisted = observation([], { unknownKinds: new Map([[THING, "it failed"]]) });
    expect(decided({ desired: wanted, observation: unlisted }).now).toEqual(["create b"]);
    const half = observation([], { unreadable: [unreadable(THING, "name-of-a")] });
    expect(decided({ desired: wanted, observation: half }).now).toEqual(["create b"]);
    const nameless = observation([], { unreadable: [unreadable(THING)] });
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

  it("what failed in this pass, and what is held, is not tried", () => {
    const wanted = [desired("a", { fields: { x: 2 } })];
    const live = observation([observed("a", { fields: { x: 1 } })]);
    expect(decided({ desired: wanted, observation: live }).now).toEqual(["update a"]);
    expect(decided({ desired: wanted, observation: live, holds: [hold("a", "tried")] }).now).toEqual([]);
    const holds = [hold("a", "unconfirmed", "x")];
    expect(decided({ desired: wanted, observation: live, holds }).now).toEqual([]);
    expect(decided({ desired: wanted, holds: [hold("a", "unconfirmed")] }).now).toEqual([]);
  });

  it("a call that replaces a whole resource keeps what AWS has in a field that waits", () => {
    const wanted = [desired("a"), desired("b", { fields: { a: refTo("a", "id"), x: 2 } })];
    const live = observation([observed("b", { fields: { a: "old", x: 1 } })]);
    const { actions } = decide(decisionInput({ desired: wanted, observation: live }));
    const changed = actions.filter(({ address }) => address === "b").flatMap(callsOf);
    expect(changed[0]?.input).toEqual({ a: "old", x: 2 });
  });

  it("tags are written by calls of their own", () => {
    const wanted = [desired("a", { fields: { "tags.x": "1" } })];
    const live = observation([observed("a", { fields: { "tags.y": "2" } })]);
    const applied = new Map([[A, { "tags.y": "2" }]]);
    const { actions } = decide(decisionInput({ desired: wanted, observation: live, applied }));
    expect(actions.slice(0, 1).flatMap(callsOf)).toEqual([
      { operation: "x:Tag", input: { write: { x: "1" }, remove: ["y"] } },
    ]);
  });

  it("an obstacle of a kind stops the change of its field, and of no other, and is told", () => {
    const kindNamed = () =>
      thing({
        obstacles: () => [{ reason: "InstanceRefreshFailed", message: "It would fail again.", field: "x" }],
      });
    const at = (fields: Fields) => ({
      kindNamed,
      desired: [desired("a", { fields })],
      observation: observation([observed("a")]),
    });
    const obstacles = ["InstanceRefreshFailed"];
    expect(decided(at({ x: 2 }))).toEqual({ now: [], waiting: [], obstacles });
    const both = decide(decisionInput(at({ x: 2, y: 3 })));
    expect(both.actions.flatMap(differencesIn).map(({ field }) => field)).toEqual(["y"]);
    expect(both.obstacles.map(({ reason }) => reason)).toEqual(obstacles);
  });

  it("an obstacle of a kind is told while the value of the field is still to come", () => {
    const kindNamed = () =>
      thing({
        obstacles: (_change, waiting) =>
          waiting.map((field) => ({ reason: "ProtectedInstances", message: "Say what.", field })),
      });
    const wanted = [desired("b", { fields: { x: refTo(addressFrom("a"), "version") } }), desired("a")];
    const { obstacles } = decide(
      decisionInput({ kindNamed, desired: wanted, observation: observation([observed("b")]) }),
    );
    expect(obstacles.map(({ reason }) => reason)).toEqual(["ProtectedInstances"]);
  });
});

/** Each case is one guard: take it out of removal.ts and the case fails. */
describe("what is ours and not wanted goes, but not", () => {
  const surplus = observed("old", { kind: "loadBalancer" });
  const goes = ["delete surplus id-of-old"];

  it("(and it does go, when nothing speaks against it)", () => {
    expect(decided({ observation: observation([surplus]) }).now).toEqual(goes);
  });

  it("when it is not ours", () => {
    expect(decided({ observation: observation([{ ...surplus, owned: false }]) }).now).toEqual([]);
  });

  it("while a list could not be read: it might hold a user of it", () => {
    const unread = observation([surplus], { unknownKinds: new Map([["rule", "it failed"]]) });
    expect(decided({ observation: unread }).now).toEqual([]);
  });

  it("while a resource could not be read", () => {
    const half = observation([surplus], { unreadable: [unreadable("rule")] });
    expect(decided({ observation: half }).now).toEqual([]);
  });

  it("while something uses it", () => {
    const user = observed("user", { refersTo: [surplus.id] });
    expect(decided({ desired: [desired("user")], observation: observation([surplus, user]) }).now).toEqual(
      [],
    );
  });

  it("while something of its family is still to be made or changed", () => {
    const waiting = desired("new", { fields: { x: refTo("missing", "id") } });
    expect(decided({ desired: [waiting], observation: observation([surplus]) }).now).toEqual([]);
    const elsewhere = { ...waiting, kind: "alarm" } as const;
    expect(decided({ desired: [elsewhere], observation: observation([surplus]) }).now).toEqual(goes);
  });

  it("while something that is wanted has failed or cannot be done", () => {
    expect(decided({ observation: observation([surplus]), holds: [hold("a", "tried")] }).now).toEqual([]);
    const theirs = observed("a", { kind: "alarm", owned: false });
    const nameConflict = {
      desired: [desired("a", { kind: "alarm" })],
      observation: observation([surplus, theirs]),
    };
    expect(decided(nameConflict).now).toEqual([]);
  });

  it("a load balancer whose successor is not active yet", () => {
    const successor = observed("new", {
      kind: "loadBalancer",
      address: addressFrom("old"),
      lifecycle: "provisioning",
    });
    const wanted = [desired("old", { kind: "loadBalancer", name: successor.name })];
    expect(decided({ desired: wanted, observation: observation([surplus, successor]) }).now).toEqual([]);
    const active = observation([surplus, { ...successor, lifecycle: "ready" }]);
    expect(decided({ desired: wanted, observation: active }).now).toEqual(goes);
  });

  it("a load balancer while the new target groups have fewer healthy targets than the old ones", () => {
    const before = observed("tg", {
      kind: "targetGroup",
      id: "tg-old",
      name: "tg-old",
      ...targetSet(["i", "healthy"]),
    });
    const filler = { minSize: 1, targetGroups: setOf([refTo("tg", "id")]) };
    const wanted = [
      desired("tg", { kind: "targetGroup", name: "tg-new" }),
      desired("group", { kind: "autoScalingGroup", fields: filler }),
    ];
    const at = (state: string) =>
      observation([
        surplus,
        observed("group", {
          kind: "autoScalingGroup",
          fields: { minSize: 1, targetGroups: ["id-of-tg"] },
          ...fleet({ desiredCapacity: 1 }),
        }),
        { ...before, refersTo: [] },
        observed("tg", { kind: "targetGroup", id: "tg-new", name: "tg-new", ...targetSet(["i", state]) }),
      ]);
    expect(decided({ desired: wanted, observation: at("initial") }).now).not.toContain(goes[0]);
    expect(decided({ desired: wanted, observation: at("healthy") }).now).toContain(goes[0]);
  });

  it("when its own deletion has failed in this pass", () => {
    const holds = [hold(`surplus ${surplus.id}`, "tried")];
    expect(decided({ observation: observation([surplus]), holds, goal: "Delete" }).now).toEqual([]);
  });

  it("by a call of its own when what it sits on takes it along", () => {
    const child = observed("child", { parent: surplus.id, refersTo: [surplus.id] });
    expect(decided({ observation: observation([surplus, child]), goal: "Delete" }).now).toEqual(goes);
  });

  it("with deletion protection; and a service that may not go whole does not go in parts", () => {
    const fields = { "attributes.deletion_protection.enabled": "true" };
    const guarded = observation([{ ...surplus, fields }, observed("other")]);
    const whole = decided({ observation: guarded, goal: "Delete" });
    expect(whole).toEqual({ now: [], waiting: [], obstacles: ["DeletionProtected"] });
    // Of a service that stays, what else is surplus may still go; the protected one may not.
    expect(decided({ observation: guarded }).now).toEqual(["delete surplus id-of-other"]);
  });

  it("under Retain: our tags are taken away, and nothing is deleted", () => {
    const tagged = { ...surplus, fields: { "tags.holdfast.dev/owner": "o", "tags.theirs": "x" } };
    const { actions } = decide(
      decisionInput({ observation: observation([tagged, observed("bare")]), goal: "Retain" }),
    );
    expect(actions.map((action) => [action.verb, callsOf(action)[0]?.input])).toEqual([
      ["release", { write: {}, remove: ["holdfast.dev/owner", "holdfast.dev/epoch"] }],
    ]);
  });
});
