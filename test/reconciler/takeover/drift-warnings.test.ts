import { describe, expect, it } from "vitest";
import { InvalidSpecError } from "../../../src/model/errors.ts";
import { driftWarnings } from "../../../src/reconciler/drift-warnings.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { example } from "../../support/example.ts";

/** Warnings about one rule of the worked example's `spec.drift`. */
function warningsOf(resource: string, field?: string): string[] {
  const rule = { resource, policy: "Ignore" as const, ...(field === undefined ? {} : { field }) };
  const spec = admit(
    example()
      .with({ drift: { policy: "Correct", rules: [rule] } })
      .spec(),
  );
  return driftWarnings("holdfast", {
    metadata: { namespace: "default", name: "web-api" },
    spec,
  } as unknown as Parameters<typeof driftWarnings>[1]);
}

describe("a rule that speaks of something gives no warning", () => {
  it.each<[resource: string, field?: string]>([
    ["*"],
    ["loadBalancer", "subnetIds"],
    ["loadBalancer", 'attributes["idle_timeout.timeout_seconds"]'],
    ["loadBalancer.listeners.443", "defaultAction"],
    ["loadBalancer.listeners.*", "certificates"],
    ["loadBalancer.listeners.*.rules.*", "action"],
    ["targetGroups.*", "healthCheck"],
    ["targetGroups.web", "tags.Environment"],
    ["autoScalingGroups.web", "desiredCapacity"],
    ["autoScalingGroups.*.launchTemplate", "imageId"],
    // The spec does not declare it, and could.
    ["autoScalingGroups.*.launchTemplate", "keyName"],
    ["autoScalingGroups.web.scalingPolicies.cpu", "targetTracking.targetValue"],
    ["alarms.*", "threshold"],
  ])("%s %s", (resource, field) => {
    expect(warningsOf(resource, field)).toEqual([]);
  });
});

describe("a rule that matches nothing", () => {
  it.each<[resource: string, field: string | undefined, says: string]>([
    ["targetGroup.web", undefined, "the spec has no resource targetGroup.web"],
    ["targetGroups.green", "port", "the spec has no resource targetGroups.green"],
    ["alarms.*", "treshold", "no field of alarms.* is called treshold"],
    [
      "loadBalancer.listeners.443",
      "defaultAction.targetGroup",
      "defaultAction of loadBalancer.listeners.443 is compared and written as a whole; name that",
    ],
  ])("%s %s: %s", (resource, field, says) => {
    expect(warningsOf(resource, field)).toEqual([
      `WebService default/web-api: spec.drift.rules[0] matches nothing: ${says}`,
    ]);
  });
});

describe("what a rule cannot be is refused", () => {
  it.each([
    [
      "an unknown policy of a rule",
      { rules: [{ resource: "*", policy: "Observe" }] },
      "spec.drift.rules[0].policy",
    ],
    ["Ignore for everything", { policy: "Ignore" }, "spec.drift.policy"],
    ["no resource", { rules: [{ policy: "Ignore" }] }, "spec.drift.rules[0].resource"],
    [
      "an address with a space",
      { rules: [{ resource: "a b", policy: "Ignore" }] },
      "spec.drift.rules[0].resource",
    ],
    [
      "an empty field",
      { rules: [{ resource: "*", field: "", policy: "Ignore" }] },
      "spec.drift.rules[0].field",
    ],
    [
      "a field of its own",
      { rules: [{ resource: "*", policy: "Ignore", why: "x" }] },
      "spec.drift.rules[0].why",
    ],
  ])("%s", (_what, drift, path) => {
    const spec = { ...example().spec(), drift };
    const paths = (): string[] => {
      try {
        admit(spec);
        return [];
      } catch (error) {
        if (error instanceof InvalidSpecError) return error.faults.map((fault) => fault.path);
        throw error;
      }
    };
    expect(paths()).toEqual([path]);
  });
});
