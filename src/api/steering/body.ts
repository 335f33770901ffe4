/** What a steering request says beside its path. */
import type { FastifyRequest } from "fastify";
import type { Fault } from "../../model/errors.ts";
import { LIMITS } from "../../model/limits.ts";
import { hasBody, readDocuments } from "../body/read.ts";
import { ApiError, invalidError } from "../error.ts";
import { isMap } from "../manifest.ts";
import { textOf } from "../metadata-rules.ts";

interface Members {
  text: string;
  generation: number;
}

const CHECKS: { readonly [Kind in keyof Members]: (value: unknown) => string | undefined } = {
  text: (value) => {
    if (typeof value !== "string" || value.trim() === "") return `must be a text, not ${textOf(value)}`;
    const most = LIMITS.reasonCharacters;
    return value.length > most ? `takes at most ${most} characters; was ${value.length}` : undefined;
  },
  generation: (value) =>
    Number.isSafeInteger(value) && Number(value) > 0
      ? undefined
      : `must be a whole number above 0, not ${textOf(value)}`,
};

/**
 * The members of a JSON or YAML body; nothing where there is none.
 * @throws ApiError 400, 415; 422 with every fault
 */
export function readMembers<Names extends Record<string, keyof Members>>(
  request: FastifyRequest,
  what: string,
  known: Names,
): { [Name in keyof Names]?: Members[Names[Name]] } {
  if (!hasBody(request)) return {};
  const [body, ...others] = readDocuments(request, true);
  if (others.length > 0) throw new ApiError(400, "the body holds several documents; this route takes one");
  if (!isMap(body)) throw new ApiError(400, `the body must be a map, not ${textOf(body)}`);
  const faults = Object.entries(body).flatMap(([path, value]): Fault[] => {
    const kind = known[path];
    if (kind === undefined) {
      const message = `is not known here; known are ${Object.keys(known).join(", ")}`;
      return [{ path, message, reason: "FieldUnknown" }];
    }
    const message = CHECKS[kind](value);
    return message === undefined ? [] : [{ path, message, reason: "FieldValueInvalid" }];
  });
  if (faults.length > 0) throw invalidError(what, faults);
  return body as { [Name in keyof Names]?: Members[Names[Name]] };
}
