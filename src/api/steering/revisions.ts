/** What was wanted when, by whom and why; and in what two of them differ. */
import { API_VERSION, type ObjectKey, textOfKey } from "../../model/object.ts";
import type { Revision, RevisionDifference, RevisionHead } from "../../model/revision.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError } from "../error.ts";
import { existing } from "../writer.ts";
import { differencesBetween } from "./revision-differences.ts";

type Reading = Pick<Dependencies, "store" | "withoutSecrets">;

export interface RevisionView extends RevisionHead {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: "Revision";
  /** Name of the WebService. */
  readonly service: string;
  readonly namespace: string;
  /** Whether it is what is wanted now. */
  readonly isCurrent: boolean;
}

export interface RevisionListView {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: "RevisionList";
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly RevisionView[];
}

export interface RevisionDiffView {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: "RevisionDiff";
  readonly service: string;
  readonly namespace: string;
  /** Generations: what changed from the one to the other. */
  readonly from: number;
  readonly to: number;
  readonly differences: readonly RevisionDifference[];
}

/** Newest first, without their specs. @throws ApiError 404 */
export function listRevisions({ store }: Pick<Reading, "store">, key: ObjectKey): RevisionListView {
  const { metadata } = existing(store, key);
  return {
    apiVersion: API_VERSION,
    kind: "RevisionList",
    metadata: { resourceVersion: store.resourceVersion() },
    items: store.revisions(key).map((head) => viewOf(key, metadata.generation, head)),
  };
}

/** @param hidesSecrets whoever asks may only look @throws ApiError 404 that says which are kept */
export function readRevision(
  { store, withoutSecrets }: Reading,
  key: ObjectKey,
  generation: number,
  hidesSecrets: boolean,
): RevisionView & Pick<Revision, "spec" | "lookups"> {
  const { metadata } = existing(store, key);
  const { spec, lookups, ...head } = revisionOf(store, key, generation);
  return {
    ...viewOf(key, metadata.generation, head),
    spec: hidesSecrets ? withoutSecrets(spec) : spec,
    lookups,
  };
}

/**
 * What a revision changed.
 * @param before the generation that it is compared with; left out, the one before it
 * @throws ApiError 404 that says which are kept
 */
export function diffRevisions(
  { store, withoutSecrets }: Reading,
  key: ObjectKey,
  generation: number,
  before = generation - 1,
): RevisionDiffView {
  existing(store, key);
  const to = revisionOf(store, key, generation);
  const from = revisionOf(store, key, before);
  return {
    apiVersion: API_VERSION,
    kind: "RevisionDiff",
    service: key.name,
    namespace: key.namespace,
    from: from.generation,
    to: to.generation,
    differences: differencesBetween(from, to, withoutSecrets),
  };
}

/** @throws ApiError 404 that says which are kept */
export function revisionOf(store: Dependencies["store"], key: ObjectKey, generation: number): Revision {
  const revision = store.revision(key, generation);
  if (revision !== undefined) return revision;
  const kept = store.revisions(key).map((head) => head.generation);
  const which = kept.length === 1 ? `${kept[0]} is` : `${kept.at(-1)} to ${kept[0]} are`;
  throw new ApiError(404, `generation ${generation} of WebService ${textOfKey(key)} is not kept; ${which}`);
}

function viewOf({ namespace, name }: ObjectKey, current: number, head: RevisionHead): RevisionView {
  return {
    apiVersion: API_VERSION,
    kind: "Revision",
    service: name,
    namespace,
    ...head,
    isCurrent: head.generation === current,
  };
}
