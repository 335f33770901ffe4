import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BEHAVIOURS } from "../../src/simulator/behaviours.ts";

const folder = new URL("../../src/simulator/", import.meta.url);
const files = readdirSync(folder).filter((name) => /^(ec2|elb)[a-z-]*\.ts$/.test(name));
const comments = files.flatMap((name) =>
  readFileSync(new URL(name, folder), "utf8")
    .split("\n")
    .filter((line) => /^\s*(\/\/|\/\*\*|\*)/.test(line)),
);
const named = comments.flatMap((line) =>
  [...line.matchAll(/(?<![/\w])(?:ec2|elb)\/[a-z0-9-]+/g)].map(([id]) => id),
);

describe("the table of behaviours", () => {
  it("has each id once, with a sentence and a page of AWS's documentation", () => {
    expect(new Set(BEHAVIOURS.map((one) => one.id)).size).toBe(BEHAVIOURS.length);
    for (const one of BEHAVIOURS) {
      expect(one.statement).toMatch(/^[A-Z].*\.$/);
      expect(one.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("holds every id that the code names", () => {
    const known = new Set(BEHAVIOURS.map((one) => one.id));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});
