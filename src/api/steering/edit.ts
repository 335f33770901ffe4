/** The spec as a text that a person edits: the same write as any other, with the same checks, shown before it is made. */
import { hash } from "node:crypto";
import { generate as mergePatchBetween } from "json-merge-patch";
import type { Fault } from "../../model/errors.ts";
import { ANNOTATION_CHANGE_CAUSE, API_VERSION, type ObjectKey, type WebService } from "../../model/object.ts";
import type { RevisionDifference } from "../../model/revision.ts";
import { withSecretsOf } from "../../model/secrets.ts";
import type { EditPreview } from "../../model/status-page.ts";
import { parseYaml } from "../body/parse-yaml.ts";
import { yamlOf } from "../body/write-yaml.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError, invalidError } from "../error.ts";
import { isMap, readManifest } from "../manifest.ts";
import { textOf } from "../metadata-rules.ts";
import { type Admitted, existing, type Writer } from "../writer.ts";
import type { By } from "./by.ts";
import { differencesBetween } from "./revision-differences.ts";

export type EditDependencies = Pick<Dependencies, "store" | "withoutSecrets" | "warnings"> & {
  readonly writer: Writer;
};

/** A text, and from which spec it was made. */
export interface EditAsked extends By {
  readonly text: string;
  readonly uid: string;
  /**
   * It moves when the spec is edited. The resourceVersion of the moment moves with every pass as well, and whoever types
   * would never be done; from the check of it to the commit, that is what counts.
   */
  readonly generation: number;
}

/** The spec has moved on since the text was made of it. */
export class EditedMeanwhile extends ApiError {
  readonly differences: readonly RevisionDifference[];
  readonly now: WebService;

  constructor(message: string, now: WebService, differences: readonly RevisionDifference[]) {
    super(409, message);
    this.now = now;
    this.differences = differences;
  }
}

/** The stored spec in YAML, with digests in place of its secrets. */
export function textOfSpec({ withoutSecrets }: EditDependencies, { spec }: WebService): string {
  return yamlOf(withoutSecrets(spec));
}

/**
 * What would happen, and nothing is stored.
 * @throws ApiError 400 (no YAML), 404, 409 (edited meanwhile: EditedMeanwhile), 422 with every fault; CloudError
 */
export async function previewEdit(
  deps: EditDependencies,
  key: ObjectKey,
  asked: EditAsked,
): Promise<EditPreview> {
  const { stored, admitted } = await admittedEdit(deps, key, asked);
  const { store, writer, withoutSecrets, warnings } = deps;
  const lookups = admitted.lookups ?? [];
  const [object] = await writer.dryRunAll([admitted], true);
  if (object?.status?.plan === undefined) throw new Error("a dry run has no plan");
  const reason = asked.reason === undefined ? {} : { [ANNOTATION_CHANGE_CAUSE]: asked.reason };
  const edited = { spec: withoutSecrets(admitted.spec), metadata: { annotations: reason } };
  const before = { spec: withoutSecrets(stored.spec), metadata: { annotations: {} } };
  return {
    differences: differencesBetween(
      { spec: stored.spec, lookups: store.lookups(key) },
      { spec: admitted.spec, lookups },
      withoutSecrets,
    ),
    plan: object.status.plan,
    warnings: warnings(object),
    patch: JSON.stringify(mergePatchBetween(before, edited) ?? {}),
    shown: shownOf(asked),
  };
}

/** Stores it as a revision. @throws as {@link previewEdit}, without CloudError where nothing is looked up */
export async function writeEdit(
  deps: EditDependencies,
  key: ObjectKey,
  asked: EditAsked,
): Promise<WebService | undefined> {
  const { admitted } = await admittedEdit(deps, key, asked);
  return deps.writer.write([admitted], asked.actor)[0];
}

/** Which text, compared with which spec. */
export function shownOf({ text, uid, generation }: EditAsked): string {
  return hash("sha256", JSON.stringify([text, uid, generation]), "hex");
}

async function admittedEdit(
  deps: EditDependencies,
  key: ObjectKey,
  asked: EditAsked,
): Promise<{ stored: WebService; admitted: Admitted }> {
  const { store, writer, withoutSecrets } = deps;
  const stored = existing(store, key);
  checkUnedited(deps, stored, asked);
  const { namespace, name } = key;
  const {
    value: spec,
    unknown,
    exposed,
  } = withSecretsOf(
    specIn(asked.text),
    { original: stored.spec, shown: withoutSecrets(stored.spec) },
    "spec",
  );
  const faults = [...unknown.map(secretFault), ...exposed.map(exposureFault)];
  if (faults.length > 0) throw invalidError("The text", faults, name);
  const { labels = {}, annotations = {}, uid } = stored.metadata;
  const why = asked.reason === undefined ? {} : { [ANNOTATION_CHANGE_CAUSE]: asked.reason };
  const manifest = {
    ...{ apiVersion: API_VERSION, kind: "WebService", spec },
    metadata: { namespace, name, uid, labels, annotations: { ...annotations, ...why } },
  };
  const reading = readManifest(manifest, { namespace, name }, writer.specFaults);
  const admitted = await writer.resolveOne(writer.admitOne(reading, "existing"));
  return { stored, admitted };
}

/** @throws ApiError 400, 413, 422 */
function specIn(text: string): Record<string, unknown> {
  const documents = parseYaml(text);
  const [spec] = documents;
  if (documents.length === 1 && isMap(spec)) return spec;
  const message =
    documents.length > 1
      ? "must be one document, without lines of --- between several"
      : `must be a map of fields, not ${documents.length === 0 ? "nothing" : textOf(spec)}`;
  throw invalidError("The text", [{ path: "spec", message, reason: "FieldValueInvalid" }]);
}

function secretFault(path: string): Fault {
  const message =
    "has the digest of a secret that the stored spec does not hold: type the secret itself, or take the field out";
  return { path, message, reason: "FieldValueInvalid" };
}

/** A digest is known to whoever looks; what it stands for must not be had by writing it elsewhere. */
function exposureFault(path: string): Fault {
  const message =
    "has the digest of a secret where everybody would be shown the secret itself: put it back where it was, or type what is meant";
  return { path, message, reason: "FieldValueInvalid" };
}

/** @throws EditedMeanwhile */
function checkUnedited(
  { store, withoutSecrets }: EditDependencies,
  stored: WebService,
  { uid, generation }: EditAsked,
): void {
  const { metadata } = stored;
  const key = { namespace: metadata.namespace, name: metadata.name };
  if (metadata.uid !== uid)
    throw new EditedMeanwhile(
      "The service was deleted and made anew since this page was opened, and nothing was written. What you typed stands " +
        "below; from now on it is compared with the spec of the new one",
      stored,
      [],
    );
  if (metadata.generation === generation) return;
  const before = store.revision(key, generation);
  const differences =
    before === undefined
      ? []
      : differencesBetween(before, { spec: stored.spec, lookups: store.lookups(key) }, withoutSecrets);
  throw new EditedMeanwhile(
    `The spec was changed since this page was opened: your text began with generation ${generation}, and generation ` +
      `${metadata.generation} is what is wanted now. Nothing was written. What you typed stands below; from now on it is ` +
      `compared with generation ${metadata.generation}, and what it does not have of that would be taken back`,
    stored,
    differences,
  );
}
