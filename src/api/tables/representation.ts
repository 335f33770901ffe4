/**
 * The forms in which Kubernetes's clients ask for objects: as they are, as a Table, or as their metadata alone.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
import type { Clock } from "../../ports.ts";
import { ApiError } from "../error.ts";
import type { Column } from "./columns.ts";

interface AnyObject {
  metadata: { name: string; resourceVersion?: string };
}

/** A kind, and what is printed of it. */
interface Printed<T> {
  kind: string;
  apiVersion: string;
  columns: readonly Column<T>[];
}

/** How objects are written. */
export interface Representation<T> {
  /** Where a list holds its entries. */
  entries: "items" | "rows";
  /** What a list holds beside its metadata and entries. */
  listHead: { kind: string; apiVersion: string; columnDefinitions?: object[] };
  entryOf(object: T): object;
  /** An object that stands alone: the answer of a GET, or a change of a watch. */
  oneOf(object: T): object;
  /** What a watch sends to say how far it has come. */
  bookmarkOf(metadata: object): object;
  /** The object is written as it is, so that its text can be kept. */
  isPlain: boolean;
}

type Included = "None" | "Metadata" | "Object";

/** What a request says of it. */
interface Wish {
  accept: string | undefined;
  includeObject: string | undefined;
}

interface Asked {
  as: string;
  apiVersion: string;
}

const META = "meta.k8s.io";
const VERSIONS = ["v1", "v1beta1"];
const FORMS = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"];
const PLAIN = { as: "", apiVersion: "" };

/**
 * The representation that the Accept header likes best of those that there are. What asks for none of them is
 * answered in JSON, as it is.
 * @throws ApiError 406 when nothing but an unknown form is asked for
 */
export function representationOf<T extends AnyObject>(
  printed: Printed<T>,
  clock: Clock,
  { accept, includeObject }: Wish,
): Representation<T> {
  const { as, apiVersion } = askedFor(accept);
  if (as === "Table") return tableOf(printed, clock, apiVersion, (includeObject || "Metadata") as Included);
  if (as !== "") return metadataOf(apiVersion);
  return {
    entries: "items",
    listHead: { kind: `${printed.kind}List`, apiVersion: printed.apiVersion },
    entryOf: (object) => object,
    oneOf: (object) => object,
    bookmarkOf: (metadata) => ({ kind: printed.kind, apiVersion: printed.apiVersion, metadata }),
    isPlain: true,
  };
}

function askedFor(accept = ""): Asked {
  const entries = accept.split(",").filter((entry) => entry.trim() !== "");
  for (const entry of entries) {
    const [type = "", ...pairs] = entry.split(";").map((part) => part.trim());
    const parameters = new Map(pairs.map((pair) => pair.split("=", 2) as [string, string]));
    const as = parameters.get("as");
    if (as === undefined) {
      if (["application/json", "application/*", "*/*"].includes(type)) return PLAIN;
      continue;
    }
    const version = parameters.get("v") ?? "";
    const isKnown = parameters.get("g") === META && VERSIONS.includes(version) && FORMS.includes(as);
    if (isKnown && type === "application/json") return { as, apiVersion: `${META}/${version}` };
  }
  const isOnlyForms = entries.length > 0 && entries.every((entry) => /;\s*as=/.test(entry));
  if (!isOnlyForms) return PLAIN;
  throw new ApiError(406, `objects come as application/json, and as=${FORMS.join(", as=")} of ${META}/v1`);
}

function tableOf<T extends AnyObject>(
  { columns }: Printed<T>,
  clock: Clock,
  apiVersion: string,
  included: Included,
): Representation<T> {
  const listHead = { kind: "Table", apiVersion, columnDefinitions: columns.map(definitionOf) };
  const entryOf = (object: T) => ({
    cells: columns.map((column) => column.cell(object, clock.nowMs())),
    ...(included !== "None" && {
      object: included === "Object" ? object : metadataAlone(object, apiVersion),
    }),
  });
  return {
    entries: "rows",
    listHead,
    entryOf,
    oneOf: (object) => ({
      ...listHead,
      metadata: { resourceVersion: object.metadata.resourceVersion },
      rows: [entryOf(object)],
    }),
    bookmarkOf: (metadata) => ({ ...listHead, metadata, rows: [] }),
    isPlain: false,
  };
}

function definitionOf<T>({ name, description, type = "string", wide }: Column<T>): object {
  return { name, type, format: name === "Name" ? "name" : "", description, priority: wide === true ? 1 : 0 };
}

function metadataOf<T extends AnyObject>(apiVersion: string): Representation<T> {
  const entryOf = (object: T) => metadataAlone(object, apiVersion);
  return {
    entries: "items",
    listHead: { kind: "PartialObjectMetadataList", apiVersion },
    entryOf,
    oneOf: entryOf,
    bookmarkOf: (metadata) => metadataAlone({ metadata }, apiVersion),
    isPlain: false,
  };
}

function metadataAlone({ metadata }: { metadata: object }, apiVersion: string): object {
  return { kind: "PartialObjectMetadata", apiVersion, metadata };
}
