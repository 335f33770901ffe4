import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AUTO_SCALING_BEHAVIOURS } from "../../src/simulator/autoscaling/behaviours.ts";
import { BEHAVIOURS } from "../../src/simulator/behaviours.ts";
import { CLOUDWATCH_BEHAVIOURS } from "../../src/simulator/cloudwatch/behaviours.ts";

const FOLDER = new URL("../../src/simulator/", import.meta.url);

/** Files of the services' folders and what is in them, from the simulator's own. */
function filesOf(...services: string[]): string[] {
  return services.flatMap((service) =>
    readdirSync(new URL(`${service}/`, FOLDER), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${service}/${name}`),
  );
}

function textOf(file: string): string {
  return readFileSync(new URL(file, FOLDER), "utf8");
}

describe("the table of behaviours", () => {
  const comments = filesOf("ec2", "elb").flatMap((file) =>
    textOf(file)
      .split("\n")
      .filter((line) => /^\s*(\/\/|\/\*\*|\*)/.test(line)),
  );
  const named = comments.flatMap((line) =>
    [...line.matchAll(/(?<![/\w])(?:ec2|elb)\/[a-z0-9-]+/g)].map(([id]) => id),
  );

  it("has each id once, with a sentence and a page of AWS's documentation", () => {
    expect(new Set(BEHAVIOURS.map((one) => one.id)).size).toBe(BEHAVIOURS.length);
    for (const one of BEHAVIOURS) {
      expect(one.statement).toMatch(/^[^\s].*\.$/);
      expect(one.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("holds every id that the code of EC2 and load balancing names", () => {
    const known = new Set(BEHAVIOURS.map((one) => one.id));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe("the tables of Auto Scaling and CloudWatch", () => {
  const all = [...AUTO_SCALING_BEHAVIOURS, ...CLOUDWATCH_BEHAVIOURS];
  const files = [...filesOf("autoscaling", "cloudwatch"), "load.ts"];
  const named = new Set(
    files
      .filter((file) => !file.includes("behaviours"))
      .flatMap(
        (file) =>
          textOf(file).match(/(?<![/\w])(?:autoscaling|cloudwatch)\/[a-z0-9]+(?:-[a-z0-9]+)*\b/g) ?? [],
      ),
  );

  it("name each rule once, with a sentence and a page of AWS's documentation", () => {
    expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
    for (const { statement, source } of all) {
      expect(statement).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("and the code name the same rules", () => {
    expect([...named].sort()).toEqual(all.map((one) => one.id).sort());
  });
});
