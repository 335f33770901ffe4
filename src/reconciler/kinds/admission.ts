/** Admission: a spec is whole and possible, or every fault is told at once and nothing is stored. */

import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import { Settings } from "typebox/system";
import { type Fault, InvalidSpecError } from "../../model/errors.ts";
import { nearest } from "../../model/nearest.ts";
import type { WebService } from "../../model/object.ts";
import { withDefaults } from "./defaults.ts";
import { givenAt, shown } from "./shown.ts";
import { brokenRules } from "./validation.ts";
import { type WebServiceSpec, webServiceSpecSchema } from "./web-service.ts";

// Eight are reported otherwise; the promise is every fault at once.
Settings.Set({ maxErrors: 1000 });

const validator = Compile(webServiceSpecSchema);

/**
 * The spec as it is stored: defaults filled in, checked for form and meaning.
 * @throws InvalidSpecError with every fault, its field path, what was given and what is allowed
 */
export function admit(given: unknown, previous?: WebService): WebServiceSpec {
  const spec = withDefaults(given);
  const errors = validator.Errors(spec);
  const form = withoutEchoes(errors.flatMap((error) => faultOfForm(error, spec)));
  // Meaning can be asked for as long as everything is there and of its type; values may be out of range.
  const isShaped = errors.every((error) => !SHAPE_KEYWORDS.includes(error.keyword));
  const stored = previous?.spec as WebServiceSpec | undefined;
  const broken = isShaped ? brokenRules(spec as WebServiceSpec, stored, unknownMembers(errors)) : [];
  const meaning = broken.map(({ fault }) => fault);
  if (form.length + meaning.length > 0) throw new InvalidSpecError([...form, ...meaning]);
  return spec as WebServiceSpec;
}

const SHAPE_KEYWORDS = ["required", "type", "anyOf"];

/** One sentence for one error of the validator: what was given, what is allowed. */
function faultOfForm(error: TLocalizedValidationError, spec: unknown): Fault[] {
  const path = pathOf(error.instancePath);
  const value = valueAt(spec, error.instancePath);
  const given = givenAt(path, value);
  const invalid = (message: string): Fault[] => [
    { path, message: `${message}; ${given}`, reason: "FieldValueInvalid" },
  ];
  switch (error.keyword) {
    case "required":
      return error.params.requiredProperties.map((name) => ({
        path: `${path}.${name}`,
        message: "is required",
        reason: "FieldValueRequired" as const,
      }));
    case "additionalProperties":
      return error.params.additionalProperties.map((name) =>
        unknownField(path, String(name), error.schemaPath),
      );
    case "enum":
      return [
        {
          path,
          message: `must be one of ${error.params.allowedValues.map(shown).join(", ")}; ${given}`,
          reason: "FieldValueNotSupported",
        },
      ];
    case "const":
      return [
        {
          path,
          message: `must be ${shown(error.params.allowedValue)}; ${given}`,
          reason: "FieldValueNotSupported",
        },
      ];
    case "type":
      return invalid(`must be ${article([error.params.type].flat().join(" or "))}`);
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return invalid(`must be ${error.params.comparison} ${error.params.limit}`);
    case "pattern":
      return invalid(`must match ${error.params.pattern}`);
    case "minLength":
    case "maxLength":
    case "minItems":
    case "maxItems":
    case "minProperties":
    case "maxProperties":
      return invalid(error.message);
    case "uniqueItems":
      return [
        { path, message: `must not hold the same item twice; ${given}`, reason: "FieldValueDuplicate" },
      ];
    case "anyOf":
      return invalid("has none of the allowed forms");
    default:
      // `boolean` errors repeat what additionalProperties has said by name.
      return error.keyword === "boolean" ? [] : invalid(error.message);
  }
}

/** Paths of what no schema knows: children with a name that is not allowed, and fields that there are not. */
function unknownMembers(errors: readonly TLocalizedValidationError[]): Set<string> {
  const paths = errors.flatMap((error) =>
    error.keyword === "additionalProperties"
      ? error.params.additionalProperties.map((name) => `${pathOf(error.instancePath)}.${name}`)
      : [],
  );
  return new Set(paths);
}

function unknownField(path: string, name: string, schemaPath: string): Fault {
  const known = knownNames(schemaPath);
  const near = nearest(name, known);
  const hint =
    near === undefined
      ? known.length > 0
        ? `; known are ${known.join(", ")}`
        : ""
      : `; did you mean ${near}?`;
  const isMapOfNames = known.length === 0;
  return {
    path: `${path}.${name}`,
    message: isMapOfNames
      ? `is not a name that is allowed here (${patternOf(schemaPath)})`
      : `is not a known field${hint}`,
    reason: isMapOfNames ? "FieldValueInvalid" : "FieldUnknown",
  };
}

function schemaAt(schemaPath: string): Record<string, unknown> {
  let node: unknown = webServiceSpecSchema;
  for (const part of schemaPath.split("/").slice(1)) {
    if (part === "") continue;
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    node = (node as Record<string, unknown>)[name];
  }
  return (node ?? {}) as Record<string, unknown>;
}

function knownNames(schemaPath: string): string[] {
  return Object.keys((schemaAt(schemaPath).properties as object | undefined) ?? {});
}

function patternOf(schemaPath: string): string {
  return Object.keys((schemaAt(schemaPath).patternProperties as object | undefined) ?? {}).join(", ");
}

/** A union reports every branch that did not fit as well: the union's own sentence is enough. */
function withoutEchoes(faults: readonly Fault[]): Fault[] {
  const unions = new Set(
    faults.filter((fault) => fault.message.startsWith("has none")).map((fault) => fault.path),
  );
  const kept = faults.filter((fault) => !unions.has(fault.path) || fault.message.startsWith("has none"));
  return [...new Map(kept.map((fault) => [`${fault.path} ${fault.message}`, fault])).values()];
}

function pathOf(instancePath: string): string {
  const parts = instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return parts.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`), "spec");
}

function valueAt(spec: unknown, instancePath: string): unknown {
  let value = spec;
  for (const part of instancePath.split("/").slice(1)) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return value;
}

function article(noun: string): string {
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
