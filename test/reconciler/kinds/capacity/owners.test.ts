/**
 * Who owns which of the sizes of a group, and what comes of it: from the spec, what AWS has, what has fired, and what was
 * applied, to what is written and what waits for a person.
 */
import { describe, expect, it } from "vitest";
import type { SizeName } from "../../../../src/reconciler/kinds/auto-scaling-group/capacity/sizes.ts";
import { BOUNDS } from "./bounds.ts";
import { DESIRED } from "./desired.ts";
import { outcomeOf } from "./situation.ts";

describe.each([
  ["the bounds", BOUNDS],
  ["the desired capacity", DESIRED],
])("who owns %s", (_, table) => {
  it.each(table)("%s", (_what, situation, min, max, wanted, why = {}) => {
    const told = outcomeOf(situation);
    expect(told.owners).toEqual({ minSize: min, maxSize: max, desiredCapacity: wanted });
    for (const [size, text] of Object.entries(why)) expect(told.why[size as SizeName]).toMatch(text);
  });
});

it("the table has situations enough to tell the owners apart", () => {
  expect(BOUNDS.length + DESIRED.length).toBeGreaterThanOrEqual(60);
});
