import { expect, it } from "vitest";
import { planText } from "../../src/dashboard/plan-text.ts";
import type { PlanView } from "../../src/model/status.ts";
import { serviceModel } from "./fixtures.ts";

const PLAN: PlanView = {
  digest: "p123",
  approval: { annotation: "holdfast.dev/approved-plan", digest: "p123", effects: [] },
  rows: [
    {
      verb: "create",
      key: "loadBalancer",
      kind: "loadBalancer",
      name: "web-2",
      reason: "AWS does not have it",
      calls: ["elasticloadbalancing:CreateLoadBalancer"],
      differences: [],
      blockedBy: [],
      consequences: [{ effect: "replaces", says: "it takes the place of load balancer web-1" }],
    },
    {
      verb: "delete",
      key: "surplus web-1",
      kind: "loadBalancer",
      name: "web-1",
      reason: "the spec does not ask for it",
      calls: ["elasticloadbalancing:DeleteLoadBalancer"],
      differences: [],
      blockedBy: ["loadBalancer comes first"],
      consequences: [{ effect: "cannotUndo", says: "its DNS name goes for good" }],
    },
  ],
  steps: [
    {
      number: 1,
      round: 1,
      call: "elasticloadbalancing:CreateLoadBalancer",
      key: "loadBalancer",
      verb: "create",
    },
    {
      number: 2,
      round: 2,
      call: "elasticloadbalancing:DeleteLoadBalancer",
      key: "surplus web-1",
      verb: "delete",
      waitsFor: "loadBalancer is ready",
    },
  ],
  summary: { create: 1, update: 0, delete: 1, blocked: 1 },
};

const lines = (plan: PlanView) => planText({ ...serviceModel(), plan }).split("\n");

it("a plan tells its calls in order, with what they wait for, and what comes of each change", () => {
  const text = lines(PLAN);
  expect(text).toContain("CALLS, IN ORDER: 2 calls");
  expect(
    text.findIndex((line) => /^1 .*CreateLoadBalancer +create +loadBalancer$/.test(line)),
  ).toBeGreaterThan(0);
  const waits = text.indexOf("Then waits until loadBalancer is ready:");
  expect(text[waits + 1]).toMatch(/^2 .*DeleteLoadBalancer +delete +surplus web-1$/);
  const whole = text.join(" ").replaceAll(/\s+/g, " ");
  expect(whole).toContain("Replaces: it takes the place of load balancer web-1.");
  expect(whole).toContain("Cannot be undone: its DNS name goes for good.");
  // A command that a shell takes as it stands.
  expect(text).toContain(
    "kubectl annotate --overwrite webservice web-api -n default holdfast.dev/approved-plan=p123",
  );
});

it("what is said of ARNs is said of what is theirs alone", () => {
  const arn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0`;
  const difference = { field: "targetGroups", observed: [arn("one")], desired: [arn("two")] };
  const whole = lines({ ...PLAN, rows: [{ ...PLAN.rows[0]!, differences: [difference] }] })
    .join(" ")
    .replaceAll(/\s+/g, " ");
  expect(whole).toContain('targetGroups: ["targetgroup/one/0"] -> ["targetgroup/two/0"].');
});

it("a plan of nothing says so, and one that is not known does not", () => {
  const { steps: _unknown, ...unknown } = PLAN;
  expect(lines({ ...PLAN, rows: [], steps: [] }).join("\n")).toContain("None: there is nothing to do.");
  expect(lines(unknown).join("\n")).toContain("Not known: what stops the plan says why.");
});
