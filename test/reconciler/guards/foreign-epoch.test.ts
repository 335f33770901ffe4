import { expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Doable } from "../../../src/reconciler/core/actions.ts";
import { foreignEpoch } from "../../../src/reconciler/guards/foreign-epoch.ts";
import { THING } from "../core/fixtures.ts";

const SUBJECT = { address: addressFrom("a"), kind: THING, name: "a", reason: "differs", id: "id-of-a" };
const ACTIONS: readonly Doable[] = [
  { verb: "update", ...SUBJECT, differences: [], calls: [] },
  { verb: "delete", ...SUBJECT, calls: [], isLast: true },
];

const reasons = (verdict: Parameters<typeof foreignEpoch>[0]) =>
  ACTIONS.map((action) => foreignEpoch(verdict).map(({ stops }) => stops(action)));

it("stops nothing of the database that has written last", () => {
  expect(foreignEpoch({ is: "own" })).toEqual([]);
});

it("stops everything, and says which epoch a person may confirm, where another database has written last", () => {
  const epoch = "c0ffee/7";
  const reason = { because: "foreign epoch", epoch };
  expect(reasons({ is: "OlderDatabase", epoch })).toEqual([[reason], [reason]]);
  expect(reasons({ is: "AnotherDatabase", epoch })).toEqual([[reason], [reason]]);
});

it("stops everything while nobody knows which one that was", () => {
  const reason = { because: "unread", what: "the epoch on the load balancer" };
  expect(reasons({ is: "unread" })).toEqual([[reason], [reason]]);
});
