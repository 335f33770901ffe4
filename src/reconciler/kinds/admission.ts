/** Admission: a spec is whole and possible, or every fault is told at once and nothing is stored. */

import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import { Settings } from "typebox/system";
import { type Fault, InvalidSpecError } from "../../model/errors.ts";
import { LIMITS } from "../../model/limits.ts";
import type { ResolvedLookup } from "../../model/lookups.ts";
import type { WebService } from "../../model/object.ts";
import { withDefaults } from "./defaults.ts";
import { memberPath } from "./field-path.ts";
import { faultsOfLookup } from "./lookups/forms.ts";
import { lookupsIn } from "./lookups/places.ts";
import { presumedSpec } from "./lookups/substitution.ts";
import { type Named, nameFaults } from "./names/faults.ts";
import { givenAt, shown } from "./shown.ts";
import { unknownField } from "./unknown-field.ts";
import { brokenRules } from "./validation.ts";
import { presumedSpecIn, type WebServiceSpec, webServiceSpecSchema } from "./web-service.ts";
import { normalForm } from "./written-forms.ts";

// Eight are reported otherwise; the promise is every fault at once. A manifest has no more members than this, and each
// is reported twice at the most.
Settings.Set({ maxErrors: 2 * LIMITS.manifestNodes });

const validator = Compile(webServiceSpecSchema);

/** What is known of a spec beside itself: whose it is, and what lookups stand for. */
interface Known extends Partial<Named> {
  /** Those of the stored revision. */
  readonly stored?: readonly ResolvedLookup[];
  /** Those of the spec at hand, once AWS was asked. */
  readonly resolved?: readonly ResolvedLookup[];
}

/**
/**
 * The spec as it is stored: as it was written, with defaults filled in, checked for form and meaning. Its lookups are
 * judged by what they are known to stand for; before they are resolved, by their form.
 * @throws InvalidSpecError with every fault, its field path, what was given and what is allowed
 */
export function admit(
  given: unknown,
  previous?: WebService,
  { key = NOBODY.key, owner = NOBODY.owner, stored = [], resolved = stored }: Known = {},
): WebServiceSpec {
  const endless = endlessLists(given, "spec");
  if (endless.length > 0) throw new InvalidSpecError(endless);
  const written = withDefaults(given);
  const before = previous && { object: previous, spec: presumedSpecIn(previous, stored) };
  const normal = normalForm(webServiceSpecSchema, written);
  const lookups = lookupsIn(webServiceSpecSchema, normal);
  const spec = presumedSpec(normal, lookups, resolved, before?.spec);
  const errors = validator.Errors(spec);
  const form = withoutEchoes([
    ...lookups.flatMap(faultsOfLookup),
    ...errors.flatMap((error) => faultOfForm(error, spec)),
  ]);
  // Meaning can be asked for as long as everything is there and of its type; values may be out of range.
  const isShaped = errors.every((error) => !SHAPE_KEYWORDS.includes(error.keyword));
  const broken = isShaped ? brokenRules(spec as WebServiceSpec, before?.spec, unknownMembers(errors)) : [];
  const names = form.length === 0 ? nameFaults({ key, owner }, spec as WebServiceSpec, before) : [];
  const meaning = [...broken.map(({ fault }) => fault), ...names];
  if (form.length + meaning.length > 0) throw new InvalidSpecError([...form, ...meaning]);
  // Whatever the validator objects to is refused, whether or not there is a sentence for it.
  if (!validator.Check(spec)) throw new InvalidSpecError([NOT_OF_THE_SCHEMA]);
  return written as WebServiceSpec;
}

/** Then no name is equal to one that we give. */
const NOBODY: Named = { key: { namespace: "", name: "" }, owner: "" };

const NOT_OF_THE_SCHEMA: Fault = {
  path: "spec",
  message: "is not what the schema of GET /openapi/v3 asks for",
  reason: "FieldValueInvalid",
};

/** Lists so long that comparing their items with each other would take seconds. */
function endlessLists(value: unknown, path: string): Fault[] {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value) && value.length > LIMITS.specListItems) {
    const message = `takes at most ${LIMITS.specListItems} items; was a list of ${value.length}`;
    return [{ path, message, reason: "FieldValueInvalid" }];
  }
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([name, member]) =>
    endlessLists(member, isList ? `${path}[${name}]` : `${path}.${name}`),
  );
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
        path: memberPath(path, name),
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
      ? error.params.additionalProperties.map((name) => memberPath(pathOf(error.instancePath), String(name)))
      : [],
  );
  return new Set(paths);
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
  return parts.reduce(
    (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : memberPath(path, part)),
    "spec",
  );
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
