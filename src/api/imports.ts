import type { FastifyInstance } from "fastify";
import { CloudError, type Fault, InvalidSpecError, NothingToImportError } from "../model/errors.ts";
import type { ImportRequest } from "../model/import.ts";
import type { ObjectKey } from "../model/object.ts";
import { JSON_TYPES, readDocuments, YAML_TYPES } from "./body/read.ts";
import { yamlOf } from "./body/write-yaml.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, cloudFailure, invalidError } from "./error.ts";
import { isMap } from "./manifest.ts";
import { nameFault, textOf } from "./metadata-rules.ts";
import type { RouteDocument } from "./route-document.ts";

const YAML = "application/yaml";

const DOCUMENT: RouteDocument = {
  id: "importTier",
  summary:
    "Read a tier that runs, from its load balancer or one of its groups, and answer with its manifest; nothing is stored",
  tag: "webservices",
  body: { types: [...YAML_TYPES.slice(0, 1), ...JSON_TYPES], schema: "ImportRequest" },
  answer: "ImportedManifest",
  answerTypes: [YAML, ...JSON_TYPES],
  isRead: true,
};

type Importing = Pick<Dependencies, "parseImport" | "importTier">;

/** `POST /specs/import`. */
export function registerImports(app: FastifyInstance, deps: Importing): void {
  app.post("/specs/import", { config: { document: DOCUMENT } }, async (request, reply) => {
    const type = answerTypeOf(request.headers.accept);
    const [body, ...others] = readDocuments(request, true);
    if (others.length > 0)
      throw new ApiError(400, "the body holds several documents; an import reads one tier");
    const manifest = await deps.importTier(requestOf(body, deps.parseImport)).catch(asApiError);
    reply.type(`${type}; charset=utf-8`).header("vary", "accept");
    return type === YAML ? yamlOf(manifest) : manifest;
  });
}

/** YAML is for whoever edits the manifest before posting it; programs ask for JSON by its name. */
function answerTypeOf(accept = "*/*"): typeof YAML | "application/json" {
  const types = accept.split(",").map((entry) => entry.split(";")[0]?.trim().toLowerCase() ?? "");
  for (const type of types) {
    if (type === "application/json") return type;
    if (["*/*", "application/*", ...YAML_TYPES].includes(type)) return YAML;
  }
  throw new ApiError(406, "a manifest comes as application/yaml or application/json");
}

/** @throws ApiError 422 with every fault, of the metadata as of the rest */
function requestOf(body: unknown, parse: Dependencies["parseImport"]): ImportRequest {
  if (!isMap(body)) throw new ApiError(400, `the body must be a map, not ${textOf(body)}`);
  const { metadata = {} } = body;
  const { namespace = "default", name, ...rest } = isMap(metadata) ? metadata : {};
  const faults: Fault[] = isMap(metadata)
    ? [nameFault("metadata.name", name), nameFault("metadata.namespace", namespace)].filter(
        (fault) => fault !== undefined,
      )
    : [{ path: "metadata", message: `must be a map, not ${textOf(metadata)}`, reason: "FieldValueInvalid" }];
  for (const field of Object.keys(rest)) {
    const message = "is not a field of an import; the manifest can be given it before it is posted";
    faults.push({ path: `metadata.${field}`, message, reason: "FieldUnknown" });
  }
  const key: ObjectKey = { namespace: String(namespace), name: String(name) };
  try {
    const request = parse(body, key);
    if (faults.length === 0) return request;
  } catch (error) {
    if (!(error instanceof InvalidSpecError)) throw error;
    faults.push(...error.faults);
  }
  throw invalidError("The import", faults);
}

/** Here AWS is all that is asked for: that it cannot be read, and why, is the answer. */
function asApiError(error: unknown): never {
  if (error instanceof NothingToImportError) throw new ApiError(404, error.message);
  if (error instanceof InvalidSpecError) throw invalidError("The import", error.faults);
  if (!(error instanceof CloudError)) throw error;
  throw cloudFailure("The import could not be read to its end, and nothing is said of the rest: ", error);
}
