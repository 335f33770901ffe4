import { expect, it } from "vitest";
import { lateBound } from "../../../src/simulator/account/late-bound.ts";
import { buildLab } from "../support.ts";

const NAMES = ["ec2", "elb", "autoScaling", "cloudWatch", "load"] as const;

it.each(NAMES)(
  "the part %s cannot be read before the account is complete, and is the service's own then",
  (name) => {
    const { parts, bind } = lateBound();
    expect(() => parts[name]).toThrow(`'${name}' was read before the account was complete`);
    const built = buildLab().account.parts;
    bind(built);
    expect(parts[name]).toBe(built[name]);
  },
);
