import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Delete, Update, Wait } from "../../../src/reconciler/core/actions.ts";
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
});
