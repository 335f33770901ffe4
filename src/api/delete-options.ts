import type { FastifyRequest } from "fastify";
import type { Fault } from "../model/errors.ts";
import { hasBody, JSON_TYPES, mediaTypeOf, readJson, unsupportedType } from "./body/read.ts";
import { ApiError, invalidError } from "./error.ts";
import { isMap } from "./manifest.ts";
import { textOf } from "./metadata-rules.ts";

/** What may stand in the body of a DELETE. */
export interface DeleteOptions {
  uid?: string;
  resourceVersion?: string;
  dryRun: boolean;
}

const KNOWN = ["kind", "apiVersion", "preconditions", "dryRun", "gracePeriodSeconds", "propagationPolicy"];

/** @throws ApiError when the options ask for what a deletion here does not do */
export function readDeleteOptions(request: FastifyRequest): DeleteOptions {
  if (!hasBody(request)) return { dryRun: false };
  const type = mediaTypeOf(request);
  if (type !== "" && !JSON_TYPES.includes(type)) throw unsupportedType(type, JSON_TYPES);
  const options = readJson(request);
  if (!isMap(options)) throw new ApiError(400, `DeleteOptions must be a map, not ${textOf(options)}`);
  const { preconditions = {}, dryRun = [], propagationPolicy = "Foreground" } = options;
  const faults: Fault[] = Object.keys(options)
    .filter((name) => !KNOWN.includes(name))
    .map((name) => ({
      path: name,
      message: "is not a known field of DeleteOptions",
      reason: "FieldUnknown",
    }));
  if (propagationPolicy !== "Foreground" && propagationPolicy !== "Background") {
    faults.push({
      path: "propagationPolicy",
      message: `is ${textOf(propagationPolicy)}; to leave the AWS resources, set spec.deletionPolicy to Retain before deleting`,
      reason: "FieldValueNotSupported",
    });
  }
  if (!Array.isArray(dryRun) || dryRun.some((one) => one !== "All")) {
    faults.push({ path: "dryRun", message: 'must be ["All"] or left out', reason: "FieldValueNotSupported" });
  }
  faults.push(...preconditionFaults(preconditions));
  if (faults.length > 0) throw invalidError("DeleteOptions", faults);
  const { uid, resourceVersion } = preconditions as Partial<Record<string, string>>;
  return {
    dryRun: (dryRun as string[]).length > 0,
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

function preconditionFaults(preconditions: unknown): Fault[] {
  if (!isMap(preconditions)) {
    return [{ path: "preconditions", message: "must be a map", reason: "FieldValueInvalid" }];
  }
  return Object.entries(preconditions).flatMap(([name, value]): Fault[] => {
    const path = `preconditions.${name}`;
    if (name !== "uid" && name !== "resourceVersion") {
      return [{ path, message: "is not known; known are uid and resourceVersion", reason: "FieldUnknown" }];
    }
    return typeof value === "string"
      ? []
      : [{ path, message: "must be a text", reason: "FieldValueInvalid" }];
  });
}
