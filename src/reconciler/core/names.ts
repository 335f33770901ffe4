/**
 * Physical names and owner tags. A name follows from the installation, the service, the address in the spec and
 * whatever AWS cannot change in place: a create can be repeated, and a replacement is a new name beside a surplus one.
 */
import { hash } from "node:crypto";
import type { Address } from "../../model/address.ts";
import type { ObjectKey } from "../../model/object.ts";
import { canonicalJson, type Value } from "../../model/value.ts";

export const TAG_OWNER = "holdfast.dev/owner";
export const TAG_RESOURCE = "holdfast.dev/resource";
/** What every resource carries that takes tags. */
export const OWN_TAGS = [TAG_OWNER, TAG_RESOURCE] as const;
/** On the load balancer alone, and nothing that the spec asks for: see consistency/epochs.ts. */
export const TAG_EPOCH = "holdfast.dev/epoch";

/** What is taken off with them: also where this read does not show it yet. AWS takes it well that it is not there. */
export function withEpochTag(
  { traits }: { readonly traits: { readonly withEpoch?: unknown } },
  tags: readonly string[],
): string[] {
  return traits.withEpoch === undefined ? [...tags] : [...tags, TAG_EPOCH];
}

/** Value of the owner tag: `<installation>/<namespace>/<name>`. */
export function ownerOf(installation: string, key: ObjectKey): string {
  return `${installation}/${key.namespace}/${key.name}`;
}

/** The tags by which a later pass, even without a database, knows a resource again. */
export function ownerTags(owner: string, address: Address): Record<string, string> {
  return { [TAG_OWNER]: owner, [TAG_RESOURCE]: address };
}

/** Length of the hash in a physical name, with its hyphen. */
const SUFFIX = 9;

/**
 * `<readable>-<8 hex digits>`: letters, digits and hyphens, at most `limit` characters, never `internal-…`
 * (load balancer and target group names: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html).
 */
export function physicalName(parts: {
  service: string;
  child?: string;
  limit: number;
  owner: string;
  address: Address;
  immutable?: Value;
}): string {
  const readable = `${readableStem(parts.service)}-${parts.child ?? ""}`
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .slice(0, parts.limit - SUFFIX)
    .replace(/^-+|-+$/g, "");
  const suffix = digestOf([parts.owner, parts.address, parts.immutable ?? null]).slice(0, 8);
  return `${readable}-${suffix}`;
}

/** How the names of all resources of a service begin: what a list is searched for, before tags decide. */
export function nameStem(service: string, limit: number): string {
  const readable = readableStem(service)
    .slice(0, limit - SUFFIX)
    .replace(/-+$/, "");
  return `${readable}-`;
}

/** AWS refuses names that begin with `internal-`. */
function readableStem(service: string): string {
  return service.replace(/^internal-/, "internal").replaceAll(".", "");
}

/** SHA-256 of the canonical JSON, in hexadecimal. */
export function digestOf(value: Value): string {
  return hash("sha256", canonicalJson(value), "hex");
}
