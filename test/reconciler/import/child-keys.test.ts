import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childKeys } from "../../../src/reconciler/import/child-keys.ts";

const CHILD_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

describe("keys of children", () => {
  it("are what AWS's names are, in the letters that a spec takes", () => {
    expect([...childKeys(["prod-web-tg", "Prod_Web.Blue", "app/cpu@target"]).values()]).toEqual([
      "prod-web-tg",
      "prod-web-blue",
      "app-cpu-target",
    ]);
  });

  it("stay the same whoever stands beside them, unless two come out as the same", () => {
    const alone = childKeys(["Web"]).get("Web");
    const beside = childKeys(["Web", "api", "db"]).get("Web");
    expect(beside).toBe(alone);
    const [one, other] = childKeys(["Web", "web"]).values();
    expect(one).not.toBe(other);
    expect([...childKeys(["web", "Web"]).values()].sort()).toEqual([one, other].sort());
  });

  it("are valid and different for whatever names there are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 300 }), { maxLength: 20 }), (names) => {
        const keys = [...childKeys(names).values()];
        expect(keys.filter((key) => !CHILD_NAME.test(key))).toEqual([]);
        expect(new Set(keys).size).toBe(names.length);
      }),
    );
  });
});
