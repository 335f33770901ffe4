/** Back to what was wanted earlier: a write like any other, and a revision of its own. */
import { areSameLookups } from "../../model/lookups.ts";
import { API_VERSION, type ObjectKey, textOfKey, type WebService } from "../../model/object.ts";
import type { RevisionDifference } from "../../model/revision.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Dependencies } from "../dependencies.ts";
import { existing, type Writer } from "../writer.ts";
import { type By, causeOf, whoIs } from "./by.ts";
import { differencesBetween } from "./revision-differences.ts";
import { revisionOf } from "./revisions.ts";

/** What a rollback leaves as it is: who decides, what becomes of AWS's resources, and what a field means that is not given. */
const KEPT = ["management", "deletionPolicy", "approval", "defaults"] as const;

export interface RollbackAsked extends By {
  readonly generation: number;
  /** Precondition: the stored one. */
  readonly resourceVersion?: string;
  /** Answer with the plan, and store nothing. */
  readonly isDryRun?: boolean;
}

/** A field that stays as it is although the earlier revision has another value. */
interface KeptField {
  readonly path: string;
  readonly value: Value;
  /** What the earlier revision has. */
  readonly was: Value;
}

export interface RolledBack {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: "Rollback";
  /** The generation that was gone back to. */
  readonly to: number;
  /** Whether there was anything to change. */
  readonly isRevised: boolean;
  readonly kept: readonly KeptField[];
  readonly differences: readonly RevisionDifference[];
  /** With the plan in its status, in a dry run. */
  readonly object: WebService;
}

type RollbackDependencies = Pick<Dependencies, "store" | "log" | "withoutSecrets"> & {
  readonly writer: Writer;
};

/** @throws ApiError 404 (not kept), 409 (stale, or being deleted), 422 (what admission refuses today) */
export async function rollBack(
  { store, log, writer, withoutSecrets }: RollbackDependencies,
  key: ObjectKey,
  asked: RollbackAsked,
): Promise<RolledBack> {
  const { generation, resourceVersion, actor, reason, isDryRun = false } = asked;
  const stored = existing(store, key);
  const { labels = {}, annotations = {}, uid } = stored.metadata;
  const revision = revisionOf(store, key, generation);
  const { spec, kept } = withKept(revision.spec, stored.spec);
  const before = { spec: stored.spec, lookups: store.lookups(key) };
  const incoming = {
    key: { namespace: key.namespace, name: key.name },
    labels,
    annotations,
    spec,
    uid,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const admitted = writer.admitOne({ ok: true, incoming }, "existing", revision.lookups);
  const isRevised =
    !valuesEqual(before.spec as Value, admitted.spec as Value) ||
    !areSameLookups(before.lookups, revision.lookups);
  const cause = causeOf(`rollback to generation ${generation}`, reason);
  const together = ([written]: readonly WebService[]) => {
    if (written === undefined || !isRevised) return;
    store.record(written, {
      type: "Normal",
      reason: "RolledBack",
      message: `${whoIs(actor)} has made generation ${written.metadata.generation} by a ${cause}`,
    });
  };
  const [object = stored] = isDryRun
    ? await writer.dryRunAll([admitted], true)
    : writer.write([admitted], actor, { cause, together });
  if (!isDryRun && isRevised)
    log.info({ service: textOfKey(key), generation, actor: actor?.name, reason }, "rolled back");
  const after = { spec: admitted.spec, lookups: revision.lookups };
  return {
    apiVersion: API_VERSION,
    kind: "Rollback",
    to: generation,
    isRevised,
    kept,
    differences: differencesBetween(before, after, withoutSecrets),
    object,
  };
}

/** The earlier spec with what is kept of the present one. */
function withKept(
  earlier: Record<string, unknown>,
  now: Record<string, unknown>,
): { spec: Record<string, unknown>; kept: KeptField[] } {
  const spec = { ...earlier };
  const kept: KeptField[] = [];
  for (const name of KEPT) {
    const [was, is] = [earlier[name] as Value | undefined, now[name] as Value | undefined];
    if (is === undefined) delete spec[name];
    else spec[name] = is;
    if (!valuesEqual(was, is)) kept.push({ path: `spec.${name}`, value: is ?? null, was: was ?? null });
  }
  return { spec, kept };
}
