import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Action, Call, Delete, Update, Wait } from "../../../src/reconciler/core/actions.ts";
import type { Difference } from "../../../src/reconciler/core/resource.ts";
import { type Guard, heldByGuards } from "../../../src/reconciler/guards/guard.ts";

const subject = { kind: "targetGroup", name: "web", reason: "not wanted", id: "arn:web", calls: [] } as const;
const removal: Delete = {
  ...subject,
  verb: "delete",
  address: addressFrom("targetGroups.web"),
  isLast: true,
};
const edit: Update = {
  ...subject,
  verb: "update",
  address: addressFrom("targetGroups.api"),
  differences: [{ field: "port", desired: 80, observed: 81 }],
};
const waiting: Wait = {
  ...{ verb: "wait", to: "create", kind: "listener", name: "443", reason: "missing", differences: [] },
  address: addressFrom("loadBalancer.listeners.443"),
  until: [{ because: "rule order" }],
};
const noDeletions: Guard = {
  stops: ({ verb }) => (verb === "delete" ? { because: "something failed" } : undefined),
  obstacle: (stopped) => ({
    ...{ address: addressFrom("loadBalancer"), reason: "NotOurs" },
    message: `${stopped.length} stopped`,
  }),
};

describe("a guard", () => {
  it("makes what it stops wait, with what it would be, and leaves the rest", () => {
    const { actions, obstacles } = heldByGuards({ actions: [removal, edit, waiting], obstacles: [] }, [
      noDeletions,
    ]);
    expect(actions).toEqual([
      expect.objectContaining({
        verb: "wait",
        to: "delete",
        held: removal,
        until: [{ because: "something failed" }],
      }),
      edit,
      waiting,
    ]);
    expect(obstacles.map(({ message }) => message)).toEqual(["1 stopped"]);
  });

  it("says nothing where it stops nothing", () => {
    const plan = { actions: [edit, waiting], obstacles: [] };
    expect(heldByGuards(plan, [noDeletions])).toEqual(plan);
  });

  it("is not asked of what another one has stopped", () => {
    const asked: string[] = [];
    const second: Guard = {
      stops: ({ address }) => {
        asked.push(address);
        return undefined;
      },
    };
    heldByGuards({ actions: [removal, edit], obstacles: [] }, [noDeletions, second]);
    expect(asked).toEqual([edit.address]);
  });

  it("leaves the obstacles that there were, and adds its own once for all that it stops", () => {
    const other = { ...removal, address: addressFrom("targetGroups.other") };
    const before = { address: addressFrom("alarms.cpu"), reason: "NotOurs", message: "before" } as const;
    const { obstacles } = heldByGuards({ actions: [removal, other], obstacles: [before] }, [noDeletions]);
    expect(obstacles.map(({ message }) => message)).toEqual(["before", "2 stopped"]);
    const silent: Guard = { stops: noDeletions.stops };
    expect(heldByGuards({ actions: [removal], obstacles: [before] }, [silent]).obstacles).toEqual([before]);
  });

  it("no guard at all holds nothing", () => {
    const plan = { actions: [removal, edit, waiting], obstacles: [] };
    expect(heldByGuards(plan)).toEqual(plan);
  });
});

describe("a guard that has something against a part of a change", () => {
  const [PORT, PATH] = ["port", "path"].map((field) => ({ field, desired: 1, observed: 2 })) as [
    Difference,
    Difference,
  ];
  const both: Update = { ...edit, differences: [PORT, PATH], calls: [callOfField("both")] };
  function callOfField(field: string): Call {
    return { operation: `x:${field}`, input: {} } as unknown as Call;
  }
  const callsFor = (_: Update, differences: readonly Difference[]) =>
    differences.map(({ field }) => callOfField(field));
  const lets = (...fields: string[]): Guard => ({
    stops: () => ({ because: "something failed" }),
    lets: ({ differences }) => differences.filter(({ field }) => fields.includes(field)),
    obstacle: ([first]) => ({
      ...{ address: addressFrom("x"), reason: "NotOurs" },
      message: first?.verb === "update" ? first.differences.map(({ field }) => field).join() : "whole",
    }),
  });
  const held = (guard: Guard, action: Action = both, calls?: typeof callsFor) =>
    heldByGuards({ actions: [action], obstacles: [] }, [guard], calls);

  it("lets the rest be made by calls of its own, and what it stops waits with its own", () => {
    const { actions, obstacles } = held(lets("port"), both, callsFor);
    expect(actions).toMatchObject([
      { verb: "update", differences: [PORT], calls: [callOfField("port")] },
      { verb: "wait", differences: [PATH], held: { differences: [PATH], calls: [callOfField("path")] } },
    ]);
    expect(obstacles.map(({ message }) => message)).toEqual(["path"]);
  });

  it.each<[what: string, guard: Guard, action: Action, calls: typeof callsFor | undefined]>([
    ["it has something against all of it", lets(), both, callsFor],
    ["it has nothing against any of it", lets("port", "path"), both, callsFor],
    ["it does not say what it lets", { stops: lets().stops }, both, callsFor],
    ["nobody knows the calls of a part", lets("port"), both, undefined],
    ["a part needs no call", lets("port"), both, () => []],
    ["it makes one resource of another", lets("port"), { ...both, renames: true }, callsFor],
  ])("stops the whole where %s", (_, guard, action, calls) => {
    expect(held(guard, action, calls).actions).toMatchObject([
      { verb: "wait", held: action, differences: [PORT, PATH] },
    ]);
  });

  it("stops as a whole what is no change", () => {
    expect(held(lets("port"), removal, callsFor).actions).toMatchObject([{ verb: "wait", held: removal }]);
  });
});
