import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AUTO_SCALING_BEHAVIOURS } from "../../src/simulator/autoscaling/behaviours.ts";
import { BEHAVIOURS } from "../../src/simulator/behaviours.ts";
import { CLOUDWATCH_BEHAVIOURS } from "../../src/simulator/cloudwatch/behaviours.ts";

const ALL = [...BEHAVIOURS, ...AUTO_SCALING_BEHAVIOURS, ...CLOUDWATCH_BEHAVIOURS];

const folder = new URL("../../src/simulator/", import.meta.url);
const files = ["ec2", "elb"].flatMap((service) =>
  readdirSync(new URL(`${service}/`, folder)).map((name) => `${service}/${name}`),
);
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
    expect(new Set(ALL.map((one) => one.id)).size).toBe(ALL.length);
    for (const one of ALL) {
      expect(one.statement).toMatch(/^[^\s].*\.$/);
      expect(one.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("holds every id that the code of EC2 and load balancing names", () => {
    const known = new Set(ALL.map((one) => one.id));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});
