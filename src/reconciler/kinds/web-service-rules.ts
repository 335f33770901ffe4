import { ELB_API, HOLDFAST, type SpecRule } from "./spec-rule.ts";
import { sharedTagRules, TAGS_PER_RESOURCE, tagCount } from "./tag-rules.ts";
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
  {
    at: "tags",
    must: `be at most ${TAGS_PER_RESOURCE} together with Holdfast's own two`,
    when: ({ tags }) => tagCount(tags) > TAGS_PER_RESOURCE,
    says: ({ tags }) =>
      `takes ${TAGS_PER_RESOURCE - 2} tags, for Holdfast adds two and AWS takes ${TAGS_PER_RESOURCE}; was ${Object.keys(tags).length}`,
    source: `${ELB_API}/API_AddTags.html`,
  },
  ...sharedTagRules,
];
