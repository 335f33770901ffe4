import { describe, expect, it } from "vitest";
import {
  isOurs,
  isStill,
  type Mandate,
  type MandateInput,
  mandateOf,
} from "../../../../src/reconciler/core/belonging/mandate.ts";
import { decide } from "../../../../src/reconciler/decide.ts";
import { decided, decisionInput, desired, observation, observed } from "../fixtures.ts";

describe("who may write:", () => {
  const of = (more: Partial<MandateInput>) =>
    mandateOf({ isObserved: false, isDeleting: false, made: [], isAdopting: false, ...more });
  const made = [{ origin: "made" }] as const;
  const seen = [{ origin: "observed" }] as const;
  const ADOPTED = [{ origin: "adopted" }] as const;

  it.each<[mandate: Mandate, what: string, given: Partial<MandateInput>]>([
    ["manage", "a service that is managed", { made }],
    ["adopt", "one that has found what is to be its own", { isAdopting: true }],
    ["manage", "one that is deleted meanwhile", { isAdopting: true, isDeleting: true }],
    ["observe", "one that is only observed", { isObserved: true }],
    ["observe", "one that has only seen something", { isObserved: true, made: seen, isAdopting: true }],
    ["release", "one that is only observed from now on", { isObserved: true, made: [...seen, ...made] }],
    ["release", "one that had adopted something", { isObserved: true, made: ADOPTED }],
  ])("%s is the mandate of %s", (mandate, _what, given) => {
    expect(of(given)).toBe(mandate);
  });

  it("what was only seen is not ours", () => {
    expect([...made, ...ADOPTED, ...seen].map(isOurs)).toEqual([true, true, false]);
  });

  it("AWS's settings are left as they are under every mandate but one", () => {
    const mandates: Mandate[] = ["manage", "adopt", "observe", "release"];
    expect(mandates.filter(isStill)).toEqual(["adopt", "observe", "release"]);
  });
});

describe("under a mandate that leaves AWS's settings as they are", () => {
  const given = {
    desired: [desired("a", { fields: { x: 2 } }), desired("b")],
    observation: observation([observed("a", { fields: { x: 1 } }), observed("old")]),
  };

  it("nothing that is not wanted goes, and nothing that differs is written before all is adopted", () => {
    expect(decided({ ...given, mandate: "manage" })).toMatchObject({ now: ["update a", "create b"] });
    expect(decided({ ...given, observation: observation([observed("old")]), desired: [] }).now).toEqual([
      "delete surplus id-of-old",
    ]);
    expect(decided({ ...given, mandate: "adopt" })).toMatchObject({
      ...{ now: [], waiting: ["update a", "create b"] },
    });
    for (const mandate of ["adopt", "observe", "release"] as const) {
      const verbs = decide(decisionInput({ ...given, desired: [], mandate })).actions.map(({ verb }) => verb);
      expect(verbs.filter((verb) => verb === "delete" || verb === "update")).toEqual([]);
    }
  });
});
