/** Tags that everything carries: what `spec.tags` is for. */
import type { Tags } from "../kinds/tags.ts";

/** Of those who say by their tags that a resource is theirs, and of AWS itself: nothing that we make is to carry them. */
const OF_MANAGERS =
  /^(aws:|AmazonECSManaged$|eks:|elasticbeanstalk:|holdfast\.dev\/|([a-z0-9.-]+\.)?k8s\.(io|aws)\/|kubernetes\.io\/)/i;
/** What every service takes: docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Tag.html */
const PLAIN = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** The names of single resources. */
const NAME = "Name";

/** @param all the tags of each resource that can carry some */
export function sharedTags(all: readonly Tags[]): Tags {
  const [first = {}, ...others] = all;
  const common = Object.entries(first).filter(
    ([key, value]) =>
      key !== NAME &&
      !OF_MANAGERS.test(key) &&
      PLAIN.test(key + value) &&
      others.every((tags) => tags[key] === value),
  );
  return Object.fromEntries(common.sort());
}
