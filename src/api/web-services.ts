import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../model/actor.ts";
import { FINALIZER, type ObjectKey, textOfKey, type WebService } from "../model/object.ts";
import { iso } from "../model/time.ts";
import type { ServedStores } from "./access/served-store.ts";
import { JSON_PATCH, JSON_TYPES, MERGE_PATCH, readDocuments, YAML_TYPES } from "./body/read.ts";
import { type DeleteOptions, readDeleteOptions } from "./delete-options.ts";
import type { Dependencies } from "./dependencies.ts";
import { ApiError, type StatusBody, subjectOf } from "./error.ts";
import type { Lists } from "./list.ts";
import { PATCH_PARAMETERS, WRITE_PARAMETERS } from "./list-query.ts";
import { type Incoming, readManifest } from "./manifest.ts";
import { nameFault } from "./metadata-rules.ts";
import { patched } from "./patch.ts";
import { registerReads } from "./reads.ts";
import { WEB_SERVICES } from "./resources.ts";
import type { RouteDocument } from "./route-document.ts";
import { warn } from "./warnings.ts";
import type { Watches } from "./watches.ts";
import { type Admitted, existing, type Writer } from "./writer.ts";

interface WriteRoute {
  Params: { namespace: string; name: string };
  Querystring: { dryRun?: string };
}

const COLLECTION = `${WEB_SERVICES.base}/namespaces/:namespace/${WEB_SERVICES.plural}`;
const MANIFEST_TYPES = [...JSON_TYPES, ...YAML_TYPES];
const DELETE_PARAMETERS = {
  ...WRITE_PARAMETERS,
  properties: {
    ...WRITE_PARAMETERS.properties,
    gracePeriodSeconds: { type: "string" },
    propagationPolicy: { type: "string", enum: ["Foreground", "Background", ""] },
  },
};

function documented(
  action: NonNullable<RouteDocument["action"]>,
  id: string,
  summary: string,
  types: readonly string[],
  schema: string,
  querystring: object = WRITE_PARAMETERS,
) {
  const document: RouteDocument = {
    id,
    summary,
    tag: "webservices",
    body: { types, schema },
    answer: "WebService",
    kind: "WebService",
    action,
  };
  return { schema: { querystring }, config: { document } };
}

/** `/apis/holdfast.dev/v1/…/webservices`: reads, and everything that writes one object. */
export function registerWebServices(
  app: FastifyInstance,
  deps: Dependencies & { stores: ServedStores; lists: Lists },
  writer: Writer,
  watches: Watches,
): void {
  registerReads(app, deps, watches, WEB_SERVICES);
  const { store } = deps;

  app.post<WriteRoute>(
    COLLECTION,
    documented("post", "createWebService", "Create a WebService", MANIFEST_TYPES, "WebService"),
    (request, reply) => {
      const { namespace } = request.params;
      const admitted = writer.admitOne(
        readManifest(oneDocument(request), { namespace: checked(namespace) }, writer.specFaults),
        "new",
      );
      return answer(request, reply, deps, writer, admitted, 201);
    },
  );

  app.put<WriteRoute>(
    `${COLLECTION}/:name`,
    documented("put", "replaceWebService", "Replace a WebService", MANIFEST_TYPES, "WebService"),
    (request, reply) => {
      const key = existing(store, request.params).metadata;
      const admitted = writer.admitOne(
        readManifest(oneDocument(request), keyOf(key), writer.specFaults),
        "existing",
      );
      return answer(request, reply, deps, writer, admitted, 200);
    },
  );

  app.patch<WriteRoute>(
    `${COLLECTION}/:name`,
    documented(
      "patch",
      "patchWebService",
      "Change parts of a WebService",
      [MERGE_PATCH, JSON_PATCH],
      "Patch",
      PATCH_PARAMETERS,
    ),
    (request, reply) => {
      const object = existing(store, request.params);
      const reading = readManifest(patched(request, object), keyOf(object.metadata), writer.specFaults);
      const admitted = writer.admitOne(
        reading.ok ? { ok: true, incoming: withFinalizers(reading.incoming) } : reading,
        "existing",
      );
      return answer(request, reply, deps, writer, admitted, 200);
    },
  );

  app.delete<WriteRoute>(
    `${COLLECTION}/:name`,
    documented(
      "delete",
      "deleteWebService",
      "Delete a WebService",
      JSON_TYPES,
      "DeleteOptions",
      DELETE_PARAMETERS,
    ),
    async (request) => {
      const options = readDeleteOptions(request);
      const object = existing(store, request.params);
      checkPreconditions(object, options);
      if (options.dryRun || isDryRun(request)) {
        const deletionTimestamp = object.metadata.deletionTimestamp ?? iso(deps.clock.nowMs());
        return writer.withPlan({ ...object, metadata: { ...object.metadata, deletionTimestamp } });
      }
      return deletionOf(writer.remove(object, request.actor));
    },
  );
}

/** A patch that takes the finalizers out has taken them all out. */
function withFinalizers(manifest: Incoming): Incoming {
  return { ...manifest, finalizers: manifest.finalizers ?? [] };
}

function keyOf({ namespace, name }: ObjectKey): ObjectKey {
  return { namespace, name };
}

function checked(namespace: string): string {
  const fault = nameFault("namespace", namespace);
  if (fault !== undefined) throw new ApiError(400, `the namespace in the URL ${fault.message}`);
  return namespace;
}

function oneDocument(request: FastifyRequest): unknown {
  const documents = readDocuments(request);
  if (documents.length > 1 || Array.isArray(documents[0])) {
    throw new ApiError(400, "the body holds several manifests; this route takes one, POST /specs takes many");
  }
  return documents[0];
}

function isDryRun(request: { query: { dryRun?: string } }): boolean {
  return request.query.dryRun === "All";
}

async function answer(
  request: { query: { dryRun?: string }; actor?: Actor },
  reply: FastifyReply,
  deps: Pick<Dependencies, "warnings">,
  writer: Writer,
  admitted: Admitted,
  code: number,
): Promise<WebService | undefined> {
  reply.code(code);
  const objects = isDryRun(request)
    ? await writer.dryRunAll([admitted])
    : writer.write([admitted], request.actor);
  const [object] = objects;
  if (object !== undefined) warn(reply, deps, [object]);
  return object;
}

function checkPreconditions(object: WebService, { uid, resourceVersion }: DeleteOptions): void {
  const { metadata } = object;
  for (const [field, wanted, stored] of [
    ["uid", uid, metadata.uid],
    ["resourceVersion", resourceVersion, metadata.resourceVersion],
  ] as const) {
    if (wanted === undefined || wanted === stored) continue;
    throw new ApiError(409, `WebService ${textOfKey(metadata)} has ${field} ${stored}, not ${wanted}`);
  }
}

/** The object while its finalizer holds it; once it is gone, that it is. */
function deletionOf(removed: WebService): WebService | StatusBody {
  const { name, uid, finalizers } = removed.metadata;
  if (finalizers?.includes(FINALIZER)) return removed;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    message: `WebService ${textOfKey(removed.metadata)} is deleted`,
    code: 200,
    details: { ...subjectOf("WebService", name), uid },
  };
}
