import { describe, expect, it } from "vitest";
import {
  foreignAmong,
  foreignField,
  foreignPath,
  isForeign,
} from "../../../src/reconciler/core/foreign-fields.ts";
import {
  isTag,
  tagChanges,
  tagField,
  tagName,
  tagsAmong,
  withoutTags,
} from "../../../src/reconciler/core/tags.ts";

const FIELDS = { "tags.team": "a", port: 80, "attributes.tags.x": "b", "unknown.CreditSpecification": 1 };

describe("a field that stands for a tag", () => {
  it("has the tag's name below `tags`, whatever that name is", () => {
    expect(tagField("team")).toBe("tags.team");
    for (const name of ["team", "tags.team", "holdfast.dev/owner", ""])
      expect([isTag(tagField(name)), tagName(tagField(name))]).toEqual([true, name]);
  });

  it("is told from all others, also from one that has `tags` further down", () => {
    expect(tagsAmong(FIELDS)).toEqual({ team: "a" });
    expect(Object.keys(withoutTags(FIELDS))).toEqual([
      "port",
      "attributes.tags.x",
      "unknown.CreditSpecification",
    ]);
  });

  it("is written where something is wanted of it, removed where nothing is, and no other field is either", () => {
    expect(
      tagChanges([
        { field: "tags.new", desired: "1", observed: null },
        { field: "tags.gone", desired: null, observed: "2" },
        { field: "port", desired: 80, observed: null },
        { field: "subnets", desired: null, observed: 3 },
      ]),
    ).toEqual({ write: { new: "1" }, remove: ["gone"] });
  });
});

describe("a field that stands for a member of AWS's that the spec does not know", () => {
  it("has AWS's path, and is told from all others", () => {
    expect(foreignField("CreditSpecification.CpuCredits")).toBe("unknown.CreditSpecification.CpuCredits");
    expect(foreignPath(foreignField("A.unknown.B"))).toBe("A.unknown.B");
    expect([isForeign("unknown.A"), isForeign("A.unknown.B"), isForeign("unknownA")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(foreignAmong(FIELDS)).toEqual({ "unknown.CreditSpecification": 1 });
  });
});
