import type { FastifyRequest } from "fastify";
import { ApiError } from "../error.ts";
import { parseJson } from "./parse-json.ts";
import { parseYaml } from "./parse-yaml.ts";

export const JSON_TYPES = ["application/json"];
export const YAML_TYPES = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];
export const MERGE_PATCH = "application/merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";
/** What curl calls everything: taken for YAML at the front door, so that `curl --data-binary @spec.yaml` works. */
const CURL_TYPE = "application/x-www-form-urlencoded";

/** The type of a body without its parameters, in lower case; empty when none is given. */
export function mediaTypeOf(request: FastifyRequest): string {
  const [type = "", ...parameters] = (request.headers["content-type"] ?? "").split(";");
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.trim().split("=");
    if (name.toLowerCase() === "charset" && !/^"?utf-?8"?$/i.test(value)) {
      throw new ApiError(415, `the charset ${value} is not accepted; send UTF-8`);
    }
  }
  return type.trim().toLowerCase();
}

/** 415 that names what is accepted. */
export function unsupportedType(type: string, accepted: readonly string[]): ApiError {
  const given = type === "" ? "a body without a content type" : `a body of type ${type}`;
  return new ApiError(415, `${given} is not accepted here; send ${accepted.join(" or ")}`, {
    headers: { accept: accepted.join(", ") },
  });
}

/** The documents of a body in JSON (one) or YAML (any number). @throws ApiError 400 or 415 */
export function readDocuments(request: FastifyRequest, frontDoor = false): unknown[] {
  const type = mediaTypeOf(request);
  const isJson = JSON_TYPES.includes(type);
  if (!isJson && !YAML_TYPES.includes(type) && !(frontDoor && (type === CURL_TYPE || type === ""))) {
    throw unsupportedType(type, [...JSON_TYPES, ...YAML_TYPES.slice(0, 1)]);
  }
  const text = textOf(request);
  if (isJson) return [parseJson(text)];
  const documents = parseYaml(text);
  if (documents.length === 0) throw new ApiError(400, "the body holds no document, only blanks and comments");
  return documents;
}

/** The one value of a JSON body. @throws ApiError 400 */
export function readJson(request: FastifyRequest): unknown {
  return parseJson(textOf(request));
}

export function hasBody(request: FastifyRequest): boolean {
  return Buffer.isBuffer(request.body) && request.body.length > 0;
}

function textOf(request: FastifyRequest): string {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new ApiError(415, `a body encoded as ${encoding} is not accepted; send it as it is`);
  }
  if (!Buffer.isBuffer(request.body) || request.body.length === 0)
    throw new ApiError(400, "the body is empty");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(request.body);
  } catch {
    throw new ApiError(400, "the body is not UTF-8 text");
  }
  if (text.includes("\u0000")) throw new ApiError(400, "the body is not text: it holds a NUL character");
  return text;
}
