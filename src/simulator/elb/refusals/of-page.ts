/** What load balancing's tables of refusals share: how they begin, and the rows that hold of several resources. */
import { firstOf, hasTwice, type RefusalRule, type Row, refusals } from "../../account/refusals.ts";
import { type AttributeTable, attributeFault } from "../attributes.ts";
import type { ElbState } from "../state.ts";

const SITE = "https://docs.aws.amazon.com/elasticloadbalancing/latest";

/** A page of the API reference, by its operation or type. */
export const apiPage = (name: string): string => `${SITE}/APIReference/API_${name}.html`;

/** A page of the guide to Application Load Balancers. */
export const guidePage = (name: string): string => `${SITE}/application/${name}.html`;

/** The rows of one page for the operations that share it; `code` is of those that give none themselves. */
export function ofPage<Input>(
  page: string,
  operations: readonly string[],
  rows: readonly Row<Input, ElbState>[],
  code = "ValidationError",
): readonly RefusalRule<ElbState>[] {
  return refusals<Input, ElbState>({ prefix: "elb", operations, code, page }, rows);
}

interface AttributesInput {
  readonly Attributes?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
}

/** The attributes as they would be after the call. */
export function attributesAfter(
  before: ReadonlyMap<string, string> | undefined,
  { Attributes = [] }: AttributesInput,
): ReadonlyMap<string, string> {
  const after = new Map(before);
  for (const { Key = "", Value = "" } of Attributes) after.set(Key, Value);
  return after;
}

/** One call modifies so many attributes, each once. */
export function attributeCountRows<Input extends AttributesInput>(what: string): Row<Input, ElbState>[] {
  const name = what.replace(" ", "-");
  return [
    [
      `${name}-attribute-count`,
      "One call modifies at most 20 attributes.",
      ({ Attributes = [] }) => Attributes.length > 20,
    ],
    [
      `${name}-attribute-twice`,
      "An attribute is given once.",
      ({ Attributes = [] }) => hasTwice(Attributes.map(({ Key }) => Key)),
    ],
  ];
}

/** The attributes that there are. @param tableOf undefined for a resource that there is not */
export function attributeKeyRow<Input extends AttributesInput>(
  what: string,
  statement: string,
  tableOf: (input: Input, state: ElbState) => AttributeTable | undefined,
): Row<Input, ElbState> {
  const begin = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  return [
    `${what.replace(" ", "-")}-attribute-key`,
    statement,
    (input, state) => {
      const table = tableOf(input, state);
      return (
        table !== undefined &&
        firstOf(
          input.Attributes,
          ({ Key = "" }) => !Object.hasOwn(table, Key) && `${begin} attribute key '${Key}' is not recognized`,
        )
      );
    },
  ];
}

/** The values that they take. @param tableOf undefined for a resource that there is not */
export function attributeValueRow<Input extends AttributesInput>(
  what: string,
  tableOf: (input: Input, state: ElbState) => AttributeTable | undefined,
): Row<Input, ElbState> {
  return [
    `${what.replace(" ", "-")}-attribute-value`,
    `The value of an attribute of a ${what} is one that the reference allows.`,
    (input, state) => {
      const table = tableOf(input, state);
      return (
        table !== undefined &&
        firstOf(input.Attributes, ({ Key = "", Value = "" }) => attributeFault(table, Key, Value))
      );
    },
  ];
}
