/** What is to be replaced is put right while it stands, and not while it goes. */
import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Action, Call, Delete, Reorder, Update, Wait } from "../../../src/reconciler/core/actions.ts";
import { keepingOf, movesAmong, type Predecessor } from "../../../src/reconciler/core/predecessors.ts";
import { desired, observed, THING } from "./fixtures.ts";

function predecessor(id: string, parent?: string): Predecessor {
  const there = observed(id, { id, name: `old-${id}`, ...(parent === undefined ? {} : { parent }) });
  return {
    desired: { ...desired(id, { name: there.name }), address: addressFrom(`surplus ${id}`) },
    ...{ observed: there, standsAt: addressFrom(id), fields: {} },
    ...{ differences: [], immutable: [], waitsFor: [] },
  };
}

const PREDECESSORS = [predecessor("top"), predecessor("middle", "top"), predecessor("leaf", "middle")];
const REASON = "differs from what was applied to it, and stands until it is replaced";
const call = { operation: "x:Modify", input: {} } as unknown as Call<never>;

function subject(id: string) {
  return { address: addressFrom(`surplus ${id}`), kind: THING, name: `old-${id}`, id, reason: "differs" };
}

const update = (id: string): Update => ({ verb: "update", ...subject(id), differences: [], calls: [call] });
const removal = (id: string): Delete => ({ verb: "delete", ...subject(id), calls: [call], isLast: true });
const kept = (corrections: readonly Action[], removals: readonly Action[] = []) =>
  keepingOf(corrections, removals, PREDECESSORS);

describe("what puts right what is to be replaced", () => {
  it("says that it does so until then", () => {
    expect(kept([update("leaf")])).toEqual([{ ...update("leaf"), reason: REASON, keeps: true }]);
  });

  it("says so of the order of rules in the words of the order", () => {
    const reorder: Reorder = { verb: "reorder", ...subject("top"), field: "x", moves: [], calls: [call] };
    expect(kept([reorder])).toEqual([{ ...reorder, keeps: true }]);
  });

  it("says what waits, with or without an id", () => {
    const { id: _, ...nameless } = subject("top");
    const wait = { verb: "wait", to: "update", differences: [], until: [] } as const;
    const waits: readonly Wait[] = [
      { ...wait, ...subject("leaf") },
      { ...wait, ...nameless },
    ];
    expect(kept(waits)).toEqual(waits.map((one) => ({ ...one, reason: REASON })));
  });

  it("makes nothing anew", () => {
    expect(kept([{ verb: "create", ...subject("leaf"), calls: [call] }])).toEqual([]);
  });

  it.each(["leaf", "middle", "top"])("leaves alone what goes, with %s", (going) => {
    expect(kept([update("leaf")], [removal(going)])).toEqual([]);
  });

  it("does not stop while another one goes, nor while its own removal waits", () => {
    const wait: Wait = { verb: "wait", to: "delete", ...subject("middle"), differences: [], until: [] };
    expect(kept([update("middle")], [removal("leaf")])).toHaveLength(1);
    expect(kept([update("middle")], [wait])).toHaveLength(1);
  });
});

describe("the rules of what is to be replaced", () => {
  const reorder: Reorder = {
    ...{ verb: "reorder", ...subject("top"), address: addressFrom("top"), name: "new-top", field: "x" },
    moves: ["leaf", "stranger"].map((arn) => ({ rule: addressFrom(arn), arn, from: 1, to: 2 })),
    calls: [call],
  };

  it("are moved under their own addresses, and those of others under theirs", () => {
    expect(movesAmong(PREDECESSORS, [reorder])).toEqual([
      {
        ...reorder,
        ...{ address: "surplus top", name: "old-top" },
        moves: [
          { rule: "surplus leaf", arn: "leaf", from: 1, to: 2 },
          { rule: "stranger", arn: "stranger", from: 1, to: 2 },
        ],
      },
    ]);
  });

  it("are not moved where the listener is none of them", () => {
    expect(movesAmong(PREDECESSORS, [{ ...reorder, id: "another" }])).toEqual([]);
  });
});
