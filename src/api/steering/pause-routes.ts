import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Fault } from "../../model/errors.ts";
import { API_VERSION } from "../../model/object.ts";
import type { PauseForAll } from "../../model/pause.ts";
import { JSON_TYPES, readDocuments, YAML_TYPES } from "../body/read.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError, invalidError } from "../error.ts";
import { isMap } from "../manifest.ts";
import { textOf } from "../metadata-rules.ts";
import type { RouteDocument } from "../route-document.ts";
import { type PauseRequest, pauseForAll } from "./pause-for-all.ts";

const PATH = `/apis/${API_VERSION}/pause`;
const READ: RouteDocument = {
  id: "readPause",
  summary: "Whether all services are paused, by whom and why",
  tag: "daemon",
  answer: "Pause",
};
const WRITE: RouteDocument = {
  id: "writePause",
  summary: "Pause all services, or let all write again",
  tag: "daemon",
  body: { types: [...JSON_TYPES, ...YAML_TYPES.slice(0, 1)], schema: "PauseRequest" },
  answer: "Pause",
};
/** What a body may have: what is answered can be sent back. */
const FIELDS = ["paused", "reason", "apiVersion", "kind", "actor", "since"];

type Pausing = Pick<Dependencies, "store" | "clock" | "log" | "requestReconcileOfAll">;

/** `/apis/holdfast.dev/v1/pause`: the pause for all services. */
export function registerPause(app: FastifyInstance, deps: Pausing): void {
  app.get(PATH, { config: { document: READ } }, async () => viewOf(deps.store.pause()));
  app.put(PATH, { config: { document: WRITE } }, async (request) =>
    viewOf(pauseForAll(deps, requestOf(request), request.actor)),
  );
}

function viewOf(pause: PauseForAll | undefined): object {
  return { apiVersion: API_VERSION, kind: "Pause", paused: pause !== undefined, ...pause };
}

/** @throws ApiError 422 with every fault */
function requestOf(request: FastifyRequest): PauseRequest {
  const [body, ...others] = readDocuments(request);
  if (others.length > 0 || !isMap(body))
    throw new ApiError(
      400,
      `the body must be a map like {"paused": true, "reason": "…"}, not ${textOf(body)}`,
    );
  const { paused, reason } = body;
  const invalid = (path: string, message: string): Fault => ({
    path,
    message,
    reason: "FieldValueInvalid",
  });
  const faults: Fault[] = [
    ...Object.keys(body)
      .filter((name) => !FIELDS.includes(name))
      .map((name): Fault => ({ path: name, message: "is not known here", reason: "FieldUnknown" })),
    ...(typeof paused === "boolean"
      ? []
      : [invalid("paused", `must be true or false; was ${textOf(paused)}`)]),
    ...(reason === undefined || typeof reason === "string"
      ? []
      : [invalid("reason", `must be a text; was ${textOf(reason)}`)]),
  ];
  if (faults.length > 0) throw invalidError("The pause", faults);
  return { paused: paused === true, ...(typeof reason === "string" && { reason }) };
}
