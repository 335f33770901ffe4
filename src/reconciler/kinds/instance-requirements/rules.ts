/** What AWS demands of attributes of instance types together. */
import { AUTO_SCALING_API, type SpecRule } from "../spec-rule.ts";
import type { InstanceRequirementsSpec } from "./schema.ts";

const REQUIREMENTS = `${AUTO_SCALING_API}/API_InstanceRequirements.html` as const;

const isRange = (value: unknown): value is { min?: number; max?: number } =>
  value !== null && typeof value === "object" && !Array.isArray(value);

export const requirementRules: readonly SpecRule<InstanceRequirementsSpec>[] = [
  {
    at: "",
    must: "have no `min` above its `max`",
    each: (requirements) =>
      Object.entries(requirements).flatMap(([name, range]) =>
        isRange(range) && range.min !== undefined && range.max !== undefined && range.min > range.max
          ? [{ at: `${name}.min`, says: `must not be above max (${range.max}); was ${range.min}` }]
          : [],
      ),
    source: REQUIREMENTS,
  },
  {
    at: "excludedInstanceTypes",
    must: "not stand beside `allowedInstanceTypes`",
    when: ({ excludedInstanceTypes: excluded, allowedInstanceTypes: allowed }) =>
      excluded !== undefined && allowed !== undefined,
    says: "cannot stand beside allowedInstanceTypes: keep one of the two",
    source: REQUIREMENTS,
  },
  {
    at: "maxSpotPriceAsPercentageOfOptimalOnDemandPrice",
    must: "not stand beside `spotMaxPricePercentageOverLowestPrice`",
    when: ({
      maxSpotPriceAsPercentageOfOptimalOnDemandPrice: one,
      spotMaxPricePercentageOverLowestPrice: other,
    }) => one !== undefined && other !== undefined,
    says: "cannot stand beside spotMaxPricePercentageOverLowestPrice: keep one of the two",
    source: REQUIREMENTS,
  },
];
