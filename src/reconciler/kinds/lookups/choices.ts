/** What a lookup stands for, of all that AWS has answered: exactly what it asks for, or why that cannot be said. Pure. */
import { namesAndMore } from "../../../model/text/names-and-more.ts";

/** What a lookup stands for; or what is wrong with it, as the end of a sentence that begins with its field. */
export type Choice =
  | { readonly value: string | string[]; readonly detail?: string }
  | { readonly fault: string };

export interface ImageFacts {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

/** The newest image, unless two are equally new. */
export function newestOf(images: readonly ImageFacts[]): Choice {
  const [newest, next] = [...images].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  if (newest === undefined) return { fault: "finds no image" };
  if (next !== undefined && Date.parse(next.createdAt) === Date.parse(newest.createdAt)) {
    const equal = images.filter(({ createdAt }) => Date.parse(createdAt) === Date.parse(newest.createdAt));
    return {
      fault: `finds ${equal.length} images of the same age (${newest.createdAt}), and cannot choose: ${listed(equal.map(({ id, name }) => `${id} ${name}`))}; narrow the filter`,
    };
  }
  return { value: newest.id, detail: imageText(newest) };
}

export function imageText({ name, createdAt }: ImageFacts): string {
  return `${name}, made ${createdAt}`;
}

/** The one thing that was found. */
export function onlyOf(what: string, found: readonly { id: string; detail?: string }[]): Choice {
  const [one, ...others] = found;
  if (one === undefined) return { fault: `finds no ${what}` };
  if (others.length > 0) {
    return { fault: `finds ${found.length} instead of one ${what}: ${listed(found.map(({ id }) => id))}` };
  }
  return { value: one.id, ...(one.detail === undefined ? {} : { detail: one.detail }) };
}

export interface SubnetFacts {
  readonly id: string;
  readonly zone: string;
  readonly name?: string;
}

/** @param names each of them has to find something. @param isOfLoadBalancer it takes one subnet of a zone, of two zones at least */
export function subnetsOf(
  subnets: readonly SubnetFacts[],
  names: readonly string[],
  isOfLoadBalancer: boolean,
): Choice {
  if (subnets.length === 0) return { fault: "finds no subnet in the VPC" };
  const missing = names.filter((name) => !subnets.some((one) => one.name === name));
  if (missing.length > 0) return { fault: `finds no subnet in the VPC that is called ${listed(missing)}` };
  const zones = new Set(subnets.map(({ zone }) => zone));
  if (isOfLoadBalancer) {
    const crowded = [...zones].find((zone) => subnets.filter((one) => one.zone === zone).length > 1);
    if (crowded !== undefined) {
      const own = subnets.filter(({ zone }) => zone === crowded).map(({ id }) => id);
      return { fault: `finds ${listed(own)}, all of ${crowded}: a load balancer takes one subnet of a zone` };
    }
    if (zones.size < 2)
      return { fault: `finds subnets of ${[...zones].join()} alone: a load balancer takes two zones` };
  }
  const sorted = [...subnets].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    value: sorted.map(({ id }) => id),
    detail: sorted.map(({ id, zone }) => `${id} in ${zone}`).join(", "),
  };
}

export interface GroupFacts {
  readonly id: string;
  readonly name: string;
}

export function groupsOf(groups: readonly GroupFacts[], names: readonly string[]): Choice {
  if (groups.length === 0) return { fault: "finds no security group in the VPC" };
  const missing = names.filter((name) => !groups.some((one) => one.name === name));
  if (missing.length > 0)
    return { fault: `finds no security group in the VPC that is called ${listed(missing)}` };
  const sorted = [...groups].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    value: sorted.map(({ id }) => id),
    detail: sorted.map(({ id, name }) => `${id} ${name}`).join(", "),
  };
}

export interface CertificateFacts {
  readonly arn: string;
  /** Until when it is valid. */
  readonly notAfterMs: number;
  readonly notAfter: string;
  readonly keyAlgorithm: string;
}

/** The certificate that lasts longest, unless two last equally long. */
export function longestLasting(certificates: readonly CertificateFacts[]): Choice {
  const [longest, next] = [...certificates].sort((a, b) => b.notAfterMs - a.notAfterMs);
  if (longest === undefined) return { fault: "finds no certificate of this name that is issued" };
  if (next !== undefined && next.notAfterMs === longest.notAfterMs) {
    const equal = certificates.filter(({ notAfterMs }) => notAfterMs === longest.notAfterMs);
    return {
      fault: `finds ${equal.length} certificates that last equally long (until ${longest.notAfter}), and cannot choose: ${listed(equal.map(({ arn }) => arn))}; give the ARN of one`,
    };
  }
  return { value: longest.arn, detail: `${longest.keyAlgorithm}, until ${longest.notAfter}` };
}

const MOST_NAMED = 5;

function listed(names: readonly string[]): string {
  return namesAndMore(names, MOST_NAMED);
}
