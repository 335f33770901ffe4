import type { FastifyInstance } from "fastify";
import type { Fault } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { textOfKey } from "../model/object.ts";
import { JSON_TYPES, readDocuments, YAML_TYPES } from "./body/read.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, invalidError } from "./error.ts";
import { WRITE_PARAMETERS } from "./list-query.ts";
import { type Incoming, isMap, readManifest } from "./manifest.ts";
import type { RouteDocument } from "./route-document.ts";
import { warn } from "./warnings.ts";
import type { Admission, Admitted, Writer } from "./writer.ts";

const DOCUMENT: RouteDocument = {
  id: "applySpecs",
  summary: "Create or update every manifest of the body: all of them or none",
  tag: "webservices",
  body: { types: [...YAML_TYPES.slice(0, 1), ...JSON_TYPES], schema: "WebService" },
  answer: "WebServiceList",
};

/** `POST /specs`: the front door. */
export function registerSpecs(app: FastifyInstance, deps: Dependencies, writer: Writer): void {
  app.post<{ Querystring: { dryRun?: string } }>(
    "/specs",
    { schema: { querystring: WRITE_PARAMETERS }, config: { document: DOCUMENT } },
    async (request, reply) => {
      const { store, takeTurn } = deps;
      const admitted = await admitAll(manifestsOf(readDocuments(request, true)), writer, takeTurn);
      const isNew = admitted.some((one) => one.previous === undefined);
      const items =
        request.query.dryRun === "All"
          ? await writer.dryRunAll(admitted, true)
          : writer.write(admitted, request.actor);
      reply.code(isNew ? 201 : 200);
      warn(reply, deps, items);
      return {
        kind: "List",
        apiVersion: "v1",
        metadata: { resourceVersion: store.resourceVersion() },
        items,
      };
    },
  );
}

/** Lists, in JSON or as `kind: List`, stand for what they hold. */
function manifestsOf(documents: readonly unknown[]): unknown[] {
  const manifests = documents.flatMap((document) => {
    if (Array.isArray(document)) return document;
    if (
      isMap(document) &&
      (document.kind === "List" || document.kind === "WebServiceList") &&
      Array.isArray(document.items)
    ) {
      return document.items;
    }
    return [document];
  });
  if (manifests.length === 0) throw new ApiError(400, "the body holds no manifest, only an empty list");
  if (manifests.length > LIMITS.manifestsPerRequest) {
    throw new ApiError(
      413,
      `the body holds ${manifests.length} manifests; ${LIMITS.manifestsPerRequest} are allowed in one request`,
    );
  }
  return manifests;
}

/**
 * The faults of all manifests are told at once, each with the index of its manifest when there are several. A manifest is
 * a piece of work by itself.
 */
async function admitAll(
  manifests: readonly unknown[],
  writer: Writer,
  takeTurn: () => Promise<void>,
): Promise<Admitted[]> {
  const faults: Fault[] = [];
  const admitted: Admitted[] = [];
  const seen = new Map<string, number>();
  for (const [index, manifest] of manifests.entries()) {
    // What changes meanwhile is found when they are written: each names the version that it was checked against.
    if (index > 0) await takeTurn();
    const result = admitNext(manifest, index, seen, writer);
    if (result.ok) admitted.push(result.admitted);
    else faults.push(...result.faults.map((fault) => (manifests.length > 1 ? indexed(fault, index) : fault)));
  }
  if (faults.length > 0) {
    throw invalidError(
      manifests.length > 1
        ? `Nothing is stored: the request of ${manifests.length} manifests`
        : "The manifest",
      faults,
      manifests.length === 1 ? [...seen.keys()][0]?.split("/")[1] : undefined,
    );
  }
  return admitted;
}

function admitNext(manifest: unknown, index: number, seen: Map<string, number>, writer: Writer): Admission {
  const reading = readManifest(manifest, {}, writer.specFaults);
  if (!reading.ok) return reading;
  const faults = repeated(reading.incoming, index, seen);
  return faults.length > 0 ? { ok: false, faults } : writer.admit(reading.incoming, "either");
}

function repeated({ key }: Incoming, index: number, seen: Map<string, number>): Fault[] {
  const first = seen.get(textOfKey(key));
  seen.set(textOfKey(key), first ?? index);
  if (first === undefined) return [];
  return [
    {
      path: "metadata.name",
      message: `${textOfKey(key)} is in manifest [${first}] already; each object may come once`,
      reason: "FieldValueDuplicate",
    },
  ];
}

function indexed(fault: Fault, index: number): Fault {
  return { ...fault, path: fault.path === "" ? `[${index}]` : `[${index}].${fault.path}` };
}
