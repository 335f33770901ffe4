import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batches } from "../../../src/reconciler/core/batches.ts";

describe("batches", () => {
  it("hold everything once and in order, none of them is empty, and all but the last are full", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), (items, size) => {
        const found = batches(items, size);
        expect(found.flat()).toEqual(items);
        expect(found).toHaveLength(Math.ceil(items.length / size));
        expect(found.slice(0, -1).every((batch) => batch.length === size)).toBe(true);
        expect(found.every((batch) => batch.length > 0 && batch.length <= size)).toBe(true);
      }),
    );
  });
});
