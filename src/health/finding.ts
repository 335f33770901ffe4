/** How a check of the scorecard decides: over every resource of a kind, or over the load balancer's attributes. */
import type { TierFacts } from "../model/health.ts";
import type { ScorecardCheck } from "../model/status.ts";
import { isRecord, type Value } from "../model/value.ts";

export type Finding = Pick<ScorecardCheck, "result" | "evidence" | "remedy"> & {
  /** What to lay over `spec` so that the check passes, where there is one answer. */
  readonly patch?: Patch | undefined;
};

interface Patch {
  readonly [field: string]: Value;
}

export interface Check {
  id: string;
  title: string;
  of: (tier: TierFacts) => Finding;
}

export const pass = (evidence: string): Finding => ({ result: "pass", evidence });
export const fail = (evidence: string, remedy: string, patch?: Patch): Finding => ({
  result: "fail",
  evidence,
  remedy,
  patch,
});
export const unknown = (evidence: string): Finding => ({ result: "unknown", evidence });

/** Resources named in the evidence of one check; the page is not a report. */
const NAMED_RESOURCES = 4;

/**
 * One finding for many resources: any failure fails, else any unknown is unknown, else it passes. `undefined` (not
 * read) is unknown, and so is an empty list: nothing was seen, so nothing is claimed.
 */
export function everyOne<T extends { key: string }>(
  resources: readonly T[] | undefined,
  what: string,
  of: (resource: T) => Finding,
): Finding {
  if (resources === undefined) return unknown(`The ${what} could not be read.`);
  if (resources.length === 0) return unknown(`There are no ${what} yet.`);
  const findings = resources.map((resource) => ({ key: resource.key, ...of(resource) }));
  const result = (["fail", "unknown"] as const).find((each) => findings.some((one) => one.result === each));
  const decisive = findings.filter((finding) => finding.result === (result ?? "pass"));
  const named = decisive.slice(0, NAMED_RESOURCES).map((finding) => `${finding.key}: ${finding.evidence}`);
  const more = decisive.length > named.length ? `; and ${decisive.length - named.length} more` : "";
  const remedies = [...new Set(decisive.slice(0, NAMED_RESOURCES).map((finding) => finding.remedy))];
  const patches = decisive.slice(0, NAMED_RESOURCES).map(({ patch }) => patch);
  return {
    result: result ?? "pass",
    evidence: `${named.join("; ")}${more}`,
    ...(result === "fail" && { remedy: remedies.filter((remedy) => remedy !== undefined).join(" ") }),
    // Half an answer would look like a whole one.
    ...(patches.includes(undefined) ? {} : { patch: patches.reduce(laidOver, {}) }),
  };
}

/** Fields of the resource at an address, as a patch of the spec. */
export function patchAt(address: string, fields: Patch): Patch {
  return address.split(".").reduceRight<Patch>((inner, name) => ({ [name]: inner }), fields);
}

function laidOver(below: Patch | undefined, above: Patch | undefined): Patch {
  const merged: Record<string, Value> = { ...below };
  for (const [name, value] of Object.entries(above ?? {})) {
    const under = merged[name];
    merged[name] = isRecord(under) && isRecord(value) ? laidOver(under as Patch, value as Patch) : value;
  }
  return merged;
}

/** A finding about one attribute of the load balancer; `wanted` are the values that pass. */
export function attribute(
  tier: TierFacts,
  name: string,
  wanted: readonly string[],
  remedy?: string,
): Finding {
  const loadBalancer = tier.loadBalancer;
  if (loadBalancer === undefined) return unknown("The load balancer could not be read.");
  if (loadBalancer.state === "absent") return unknown("There is no load balancer yet.");
  const value = loadBalancer.attributes[name];
  if (value === undefined) return unknown(`Attribute ${name} was not read.`);
  if (wanted.includes(value)) return pass(`${name} is ${value}.`);
  return fail(
    `${name} is ${value}.`,
    remedy ??
      `Set spec.loadBalancer.attributes["${name}"] to ${wanted.map((each) => `"${each}"`).join(" or ")}.`,
    // What needs more than the attribute has words of its own.
    remedy === undefined && wanted[0] !== undefined
      ? patchAt("loadBalancer", { attributes: { [name]: wanted[0] } })
      : undefined,
  );
}
