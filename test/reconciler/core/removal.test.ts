import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { KindName } from "../../../src/model/kind-name.ts";
import { type Action, callsOf } from "../../../src/reconciler/core/actions.ts";
import { type HoldReason, holdsFrom } from "../../../src/reconciler/core/holds.ts";
import type { KindRules } from "../../../src/reconciler/core/kind-rules.ts";
import { type RemovalInput, removalsOf } from "../../../src/reconciler/core/removal.ts";
import type { ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { hold, observation, observed, THING, thing, unreadable } from "./fixtures.ts";

const DOOR = "door" as KindName;
const FILLER = "filler" as KindName;
const LOCK = {
  field: "locked",
  locked: "true",
  unlocked: "false",
  says: (name: string) => `Unlock ${name}.`,
};
const old = observed("old");
const AT = { address: "surplus id-of-old", kind: THING, name: "name-of-old", id: "id-of-old" };
const DELETED = {
  ...{ verb: "delete", ...AT, reason: "the spec does not ask for it", isLast: true },
  calls: [{ operation: "x:Delete", input: { id: "id-of-old" } }],
};

function planned(
  surplus: readonly ObservedResource[],
  more: Partial<RemovalInput> = {},
  rules: Partial<KindRules> = {},
) {
  return removalsOf({
    kindNamed: (name) =>
      thing({
        name,
        family: name === "alarm" ? "alarms" : "traffic",
        traits: {
          deletionLock: LOCK,
          ...(name === DOOR ? { isEntrance: true as const } : {}),
          ...(name === FILLER ? { registersIn: "x" } : {}),
        },
        ...rules,
      }),
    observation: observation(surplus),
    matching: { current: new Map(), surplus, nameConflicts: new Map() },
    ...{ unreadyReplacements: [], handover: () => [], pending: [], obstacles: [], listLacks: [] },
    ...{ holds: holdsFrom([]), hasFailures: false, goal: "Converge" },
    ...more,
  });
}

/** Why `old` does not go yet; nothing where it goes. */
function until(more: Partial<RemovalInput>, resource = old): readonly HoldReason[] {
  const [action] = planned([resource], more).actions;
  return action?.verb === "wait" ? action.until : [];
}

describe("what the spec does not ask for", () => {
  it("goes", () => {
    expect(planned([old])).toEqual({ actions: [DELETED], obstacles: [] });
    const [whole] = planned([old], { goal: "Delete" }).actions;
    expect(whole?.reason).toBe("the service is being deleted");
  });

  it("waits, with all that it waits for", () => {
    expect(planned([old], { hasFailures: true }).actions).toEqual([
      {
        ...{ verb: "wait", to: "delete", ...AT, reason: "the spec does not ask for it", differences: [] },
        until: [{ because: "something failed" }],
      },
    ]);
  });

  it("goes by itself with what it sits on, and by a call of its own where that stays", () => {
    const child = observed("child", { parent: "id-of-old" });
    const ids = (...surplus: ObservedResource[]) => planned(surplus).actions.map(({ address }) => address);
    expect(ids(old, child)).toEqual(["surplus id-of-old"]);
    expect(ids(child)).toEqual(["surplus id-of-child"]);
    expect(ids(old, observed("other"))).toEqual(["surplus id-of-old", "surplus id-of-other"]);
  });

  it("is asked to go at once only where a person has forced the deletion of the whole", () => {
    const forced = (more: Partial<RemovalInput>) => {
      const seen: boolean[] = [];
      planned([old], more, {
        remove: (_observed, isForced) => {
          seen.push(isForced);
          return { calls: [], isLast: false };
        },
      });
      return seen;
    };
    expect(forced({ goal: "Delete", isForced: true })).toEqual([true]);
    expect(forced({ goal: "Delete", isForced: false })).toEqual([false]);
    expect(forced({ goal: "Delete" })).toEqual([false]);
    expect(forced({ isForced: true })).toEqual([false]);
  });

  it("waits while AWS is at it, and says what AWS waits for", () => {
    const doing = (heldUpBy?: string) => {
      const [action] = planned(
        [old],
        {},
        {
          remove: () => ({ calls: [], isLast: false, ...(heldUpBy === undefined ? {} : { heldUpBy }) }),
        },
      ).actions;
      return action?.verb === "wait" ? action.until : undefined;
    };
    expect(doing()).toEqual([{ because: "AWS at work", doing: "AWS is removing name-of-old" }]);
    expect(doing("a hook")).toEqual([
      { because: "AWS at work", doing: "AWS is removing name-of-old; a hook" },
    ]);
  });
});

/** Each is a guard. */
describe("what the spec does not ask for waits", () => {
  it("for what could not be read, a list and a resource", () => {
    const seen = observation([old], {
      unknownKinds: new Map([["rule", "it failed"]]),
      unreadable: [unreadable("rule")],
    });
    expect(until({ observation: seen })).toEqual([
      { because: "unread", what: "the rule list" },
      { because: "unread", what: "a resource" },
    ]);
    expect(until({ observation: seen, goal: "Delete" })).toHaveLength(2);
  });

  it("for what a list ought to show", () => {
    const listLacks = [{ kind: THING, name: "n" }];
    const lacks = [{ because: "stale list", kind: THING, name: "n" }];
    expect(until({ listLacks })).toEqual(lacks);
    expect(until({ listLacks, goal: "Delete" })).toEqual(lacks);
  });

  it("for what uses it, unless that is itself, sits on it, or is a group of somebody else", () => {
    const user = (more: Partial<ObservedResource> = {}) => ({
      observation: observation([old, observed("user", { refersTo: ["id-of-old"], ...more })]),
    });
    const inUse = [{ because: "in use", by: "name-of-user" }];
    expect(until(user())).toEqual(inUse);
    expect(until({ ...user(), goal: "Delete" })).toEqual(inUse);
    expect(until(user({ owned: false }))).toEqual(inUse);
    expect(until(user({ kind: FILLER }))).toEqual(inUse);
    expect(until(user({ kind: FILLER, owned: false }))).toEqual([]);
    expect(until(user({ parent: "id-of-old" }))).toEqual([]);
    expect(until(user({ refersTo: ["another"] }))).toEqual([]);
    expect(until({ observation: observation([{ ...old, refersTo: ["id-of-old"] }]) })).toEqual([]);
  });

  it("for what has yet to take over from it", () => {
    const handover = (id: string): HoldReason[] => [{ because: "requests not moved", from: id }];
    expect(until({ handover })).toEqual([{ because: "requests not moved", from: "id-of-old" }]);
    expect(until({ handover, goal: "Delete" })).toEqual([]);
  });

  it("for what is still to be made or changed in its family", () => {
    const pending = (kind: KindName) => [{ verb: "create", address: addressFrom("new"), kind }] as Action[];
    expect(until({ pending: pending(THING) })).toEqual([{ because: "comes later", than: "new" }]);
    expect(until({ pending: pending("alarm") })).toEqual([]);
    expect(until({ pending: pending(THING), goal: "Delete" })).toEqual([]);
  });

  it("for what could not be done, and for what only a person can change", () => {
    const failed = [{ because: "something failed" }];
    const obstacles = [{ address: addressFrom("a"), reason: "NotOurs", message: "" }] as const;
    expect(until({ hasFailures: true })).toEqual(failed);
    expect(until({ obstacles })).toEqual(failed);
    expect(until({ obstacles, hasFailures: true, goal: "Delete" })).toEqual([]);
  });

  it("where clients come in: for its successor to be active, and for what is behind that", () => {
    const door = { ...old, kind: DOOR };
    const heir = (lifecycle: ObservedResource["lifecycle"]) => ({
      matching: {
        current: new Map([[addressFrom("old"), observed("heir", { name: "heir", lifecycle })]]),
        surplus: [door],
        nameConflicts: new Map(),
      },
    });
    const notActive = [{ because: "replacement not active", name: "heir" }];
    expect(until(heir("provisioning"), door)).toEqual(notActive);
    expect(until(heir("ready"), door)).toEqual([]);
    expect(until({ ...heir("provisioning"), goal: "Delete" }, door)).toEqual([]);
    const nowhere = { ...heir("provisioning").matching, surplus: [{ ...door, address: undefined }] };
    expect(until({ matching: nowhere }, door)).toEqual([]);
    const elsewhere = { ...heir("provisioning").matching, surplus: [old] };
    expect(until({ matching: elsewhere })).toEqual([]);
    const unreadyReplacements = [addressFrom("tg")];
    expect(until({ unreadyReplacements }, door)).toEqual([{ because: "unready targets", targetGroup: "tg" }]);
    expect(until({ unreadyReplacements })).toEqual([]);
  });

  it("where its own deletion was tried a moment ago, in silence", () => {
    expect(planned([old], { holds: holdsFrom([hold("surplus id-of-old", "tried")]) }).actions).toEqual([]);
    expect(planned([old], { holds: holdsFrom([hold("old", "tried")]) }).actions).toHaveLength(1);
  });
});

describe("what AWS locks against deletion", () => {
  const locked = { ...old, fields: { locked: "true" } };
  const other = observed("other");
  const stop = { address: "old", reason: "DeletionProtected", message: "Unlock name-of-old." };

  it("stays and says how to let it go; a service that may not go whole does not go in parts", () => {
    expect(planned([locked])).toEqual({ actions: [], obstacles: [stop] });
    expect(planned([locked, other]).actions.map(({ address }) => address)).toEqual(["surplus id-of-other"]);
    expect(planned([locked, other], { goal: "Delete" })).toEqual({ actions: [], obstacles: [stop] });
    const nowhere = planned([{ ...locked, address: undefined }]);
    expect(nowhere.obstacles[0]?.address).toBe("id-of-old");
  });

  it("is what has the lock on, and a kind that knows of locks", () => {
    expect(planned([{ ...old, fields: { locked: "false" } }]).obstacles).toEqual([]);
    expect(planned([{ ...old, fields: { locked: "false" } }], { goal: "Delete" }).actions).toHaveLength(1);
    expect(planned([locked], {}, { traits: {} })).toEqual({ actions: [DELETED], obstacles: [] });
  });

  it("is unlocked first where the spec says that it is not to be locked, and nothing else is done", () => {
    const differences = [{ field: "locked", desired: "false", observed: "true" }];
    const seen: unknown[] = [];
    const update: KindRules["update"] = ({ desired, fields, observed: there, differences: differing }) => {
      seen.push([desired, fields, there.id, differing]);
      return [];
    };
    const { actions, obstacles } = planned([locked, other], { isUnlocked: () => true }, { update });
    expect(obstacles).toEqual([]);
    expect(actions).toEqual([
      {
        ...{ verb: "update", ...AT, reason: "the spec no longer asks for deletion protection" },
        ...{ differences, calls: [] },
      },
    ]);
    const former = { address: "old", kind: THING, name: "name-of-old", fields: {} };
    expect(seen).toEqual([[former, { locked: "false" }, "id-of-old", differences]]);
    expect(planned([old], { isUnlocked: () => true }).actions).toEqual([DELETED]);
    const tried = { isUnlocked: () => true, holds: holdsFrom([hold("surplus id-of-old", "tried")]) };
    expect(planned([locked], tried)).toEqual({ actions: [], obstacles: [] });
  });

  it("keeps its lock, and so does everything, where the spec lets another one alone go", () => {
    const second = { ...locked, id: "id-of-second" };
    const isUnlocked = ({ id }: ObservedResource) => id === "id-of-second";
    const { actions, obstacles } = planned([locked, second], { isUnlocked, goal: "Delete" });
    expect(actions).toEqual([]);
    expect(obstacles).toMatchObject([{ address: "old" }]);
  });
});

describe("what is retained", () => {
  const tagged = { ...old, fields: { "tags.holdfast.dev/owner": "o", "tags.theirs": "x", locked: "true" } };
  const retain = (resource: ObservedResource, more: Partial<RemovalInput> = {}, rules?: Partial<KindRules>) =>
    planned([resource], { goal: "Retain", ...more }, rules);

  it("loses our tags, and keeps everything else", () => {
    expect(retain(tagged)).toEqual({
      actions: [
        {
          ...{ verb: "release", ...AT, reason: "the service is deleted with deletionPolicy Retain" },
          calls: [{ operation: "x:Tag", input: { write: {}, remove: ["holdfast.dev/owner"] } }],
        },
      ],
      obstacles: [],
    });
    const both = { ...tagged, fields: { ...tagged.fields, "tags.holdfast.dev/resource": "old" } };
    const [call] = retain(both).actions.flatMap(callsOf);
    expect((call!.input as unknown as { remove: string[] }).remove).toEqual([
      "holdfast.dev/owner",
      "holdfast.dev/resource",
    ]);
  });

  it("without a tag of ours, or where AWS knows no tags, or tried a moment ago, is let alone", () => {
    const nothing = { actions: [], obstacles: [] };
    const calls = () => [DELETED.calls[0] as never];
    expect(retain({ ...old, fields: { "tags.theirs": "x" } }, {}, { tag: calls })).toEqual(nothing);
    const untaggable = thing();
    delete (untaggable as { tag?: unknown }).tag;
    expect(retain(tagged, { kindNamed: () => untaggable })).toEqual(nothing);
    expect(retain(tagged, { holds: holdsFrom([hold("surplus id-of-old", "tried")]) })).toEqual(nothing);
  });
});
