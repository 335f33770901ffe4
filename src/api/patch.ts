import type { FastifyRequest } from "fastify";
import { apply as applyMergePatch } from "json-merge-patch";
import { applyPatch, type Operation } from "rfc6902";
import { LIMITS } from "../model/limits.ts";
import type { WebService } from "../model/object.ts";
import { JSON_PATCH, MERGE_PATCH, mediaTypeOf, readJson, unsupportedType } from "./body/read.ts";
import { FORBIDDEN_NAMES } from "./body/unreadable.ts";
import { ApiError } from "./error.ts";
import { isMap } from "./manifest.ts";
import { textOf } from "./metadata-rules.ts";

const OPERATIONS = ["add", "remove", "replace", "move", "copy", "test"];
const MOST_OPERATIONS = 1_000;

/**
 * The object with the patch of the request applied to it; the object itself is not touched. What the patch says
 * of `status` is ignored later, like everywhere.
 * @throws ApiError 400, 415, or 422 when the patch does not fit the object
 */
export function patched(request: FastifyRequest, object: WebService): unknown {
  const type = mediaTypeOf(request);
  if (type !== MERGE_PATCH && type !== JSON_PATCH) throw unsupportedType(type, [MERGE_PATCH, JSON_PATCH]);
  const patch = readJson(request);
  const { status: _, ...copy } = structuredClone(object);
  if (type === JSON_PATCH) return withOperations(copy, operationsOf(patch));
  if (!isMap(patch)) throw new ApiError(400, `a merge patch must be a map, not ${textOf(patch)}`);
  return applyMergePatch(copy, patch);
}

function operationsOf(patch: unknown): Operation[] {
  if (!Array.isArray(patch)) throw new ApiError(400, "a JSON patch must be a list of operations");
  if (patch.length > MOST_OPERATIONS) {
    throw new ApiError(413, `the patch has ${patch.length} operations; ${MOST_OPERATIONS} are allowed`);
  }
  for (const [index, operation] of patch.entries()) checkOperation(index, operation);
  return patch as Operation[];
}

function checkOperation(index: number, operation: unknown): void {
  const fail = (problem: string) => new ApiError(400, `operation ${index} of the patch: ${problem}`);
  if (!isMap(operation)) throw fail(`must be a map, not ${textOf(operation)}`);
  const { op, path, from } = operation;
  if (typeof op !== "string" || !OPERATIONS.includes(op)) {
    throw fail(`op is ${textOf(op)}; it must be one of ${OPERATIONS.join(", ")}`);
  }
  const pointers = op === "move" || op === "copy" ? [path, from] : [path];
  for (const pointer of pointers) {
    if (typeof pointer !== "string" || !/^\/([^~]|~[01])*$/.test(pointer)) {
      throw fail(`${textOf(pointer)} is not a JSON pointer to a member, such as /spec/region`);
    }
    if (pointer.split("/").some((token) => FORBIDDEN_NAMES.has(token))) {
      throw fail(`the path ${textOf(pointer)} is not allowed`);
    }
  }
  if (["add", "replace", "test"].includes(op) && !("value" in operation)) throw fail("has no value");
}

/** One operation at a time: copies of copies would grow without bound before anyone looked. */
function withOperations(copy: unknown, operations: Operation[]): unknown {
  for (const [index, operation] of operations.entries()) {
    const [failure] = applyPatch(copy, [operation]);
    if (failure !== null && failure !== undefined) {
      const what = failure.name === "TestError" ? "the test failed" : "there is nothing at that place";
      throw new ApiError(422, `operation ${index} of the patch, ${operation.op} ${operation.path}: ${what}`);
    }
    if (operation.op === "copy" && JSON.stringify(copy).length > LIMITS.bodyBytes) {
      throw new ApiError(413, `operation ${index} of the patch makes the object too large`);
    }
  }
  return copy;
}
