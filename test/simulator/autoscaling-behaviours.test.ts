import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AUTO_SCALING_BEHAVIOURS } from "../../src/simulator/autoscaling/behaviours.ts";
import { CLOUDWATCH_BEHAVIOURS } from "../../src/simulator/cloudwatch/behaviours.ts";

const FOLDER = new URL("../../src/simulator/", import.meta.url);
const NAMED = /\b(?:autoscaling|cloudwatch)\/[a-z0-9]+(?:-[a-z0-9]+)*\b/g;

function namedInCode(): Set<string> {
  const files = ["autoscaling", "cloudwatch"].flatMap((service) =>
    readdirSync(new URL(`${service}/`, FOLDER)).map((name) => `${service}/${name}`),
  );
  const names = [...files, "load.ts"]
    .filter((file) => !file.includes("behaviours"))
    .flatMap((file) => readFileSync(new URL(file, FOLDER), "utf8").match(NAMED) ?? []);
  return new Set(names);
}

describe("the tables of behaviours", () => {
  const all = [...AUTO_SCALING_BEHAVIOURS, ...CLOUDWATCH_BEHAVIOURS];

  it("name each rule once, with a sentence and a page of AWS's documentation", () => {
    expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
    for (const { statement, source } of all) {
      expect(statement).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("and the code name the same rules", () => {
    expect([...namedInCode()].sort()).toEqual(all.map((one) => one.id).sort());
  });
});
