import { HOLDFAST, type SpecRule } from "./spec-rule.ts";
import type { WebServiceSpec } from "./web-service.ts";

export const webServiceRules: readonly SpecRule<WebServiceSpec>[] = [
  {
    at: "region",
    must: "not change",
    when: ({ region }, { stored }) => stored !== undefined && stored.region !== region,
    says: (_spec, { stored }) =>
      `cannot change (stored: ${stored?.region}); make a second service for the other Region`,
    source: HOLDFAST,
  },
];
