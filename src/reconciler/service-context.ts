/** For what service a pass works. Pure. */
import type { ResolvedLookup } from "../model/lookups.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import type { RevisionHead } from "../model/revision.ts";
import { type Value, valuesEqual } from "../model/value.ts";
import { ownerOf } from "./core/names.ts";
import type { DesiredResource } from "./core/resource.ts";
import type { ServiceContext } from "./kinds/kind.ts";
import { desiredOf } from "./kinds/registry.ts";
import { specIn, type WebServiceSpec } from "./kinds/web-service.ts";

/**
 * @param installation tells two installations in one account apart
 * @param spec with what its lookups stand for
 */
export function contextOf(
  installation: string,
  { namespace, name }: ObjectKey,
  spec: WebServiceSpec,
): ServiceContext {
  const key = { namespace, name };
  return { key, owner: ownerOf(installation, key), spec };
}

/** What follows from a stored object alone. */
interface Meaning {
  readonly service: ServiceContext;
  /** All that its spec asks for. */
  readonly desired: readonly DesiredResource[];
}

interface Found extends Meaning {
  readonly resolved: readonly ResolvedLookup[];
}

/** A spec as the store hands it out → what it was last found to mean. It is the same one until somebody writes another. */
const FOUND = new WeakMap<object, Found>();

/**
 * For what service a pass for this object works, and what it asks for: worked out once for each spec, and not in every
 * pass.
 * @param resolved what its lookups stand for
 */
export function meaningOf(
  installation: string,
  { metadata, spec }: WebService,
  resolved: readonly ResolvedLookup[],
): Meaning {
  const known = FOUND.get(spec);
  const isKnown =
    known?.service.owner === ownerOf(installation, metadata) &&
    valuesEqual(known.resolved as unknown as Value, resolved as unknown as Value);
  if (known !== undefined && isKnown) return known;
  const service = contextOf(installation, metadata, specIn({ spec }, resolved));
  const found = { service, desired: desiredOf(service), resolved };
  FOUND.set(spec, found);
  return found;
}

/** With when its spec was written, where that revision is kept. */
export function editedWith(
  service: ServiceContext,
  { metadata: { generation } }: Pick<WebService, "metadata">,
  revisions: readonly RevisionHead[],
): ServiceContext {
  const head = revisions.find((one) => one.generation === generation);
  return head === undefined ? service : { ...service, editedAtMs: Date.parse(head.time) };
}
