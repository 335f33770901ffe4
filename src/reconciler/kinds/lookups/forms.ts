/** What a lookup may ask for, by what is looked up. */
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { Fault } from "../../../model/errors.ts";
import type { LookupKind } from "../../../model/lookups.ts";
import { memberPath } from "../field-path.ts";
import { givenAt } from "../shown.ts";
import type { Lookup } from "./places.ts";

interface Form {
  /** The member by which it is known among the forms of its kind. */
  readonly by: string;
  readonly schema: { readonly properties: Readonly<Record<string, object>> };
}

const closed = { additionalProperties: false } as const;

const follow = Type.Optional(
  Type.Boolean({
    description: "Whether a newer image is rolled out by itself, as a revision of its own. Wants `owner`.",
  }),
);
/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
const OWNER = {
  pattern: "^([0-9]{12}|self|amazon|aws-marketplace|aws-backup-vault)$",
  description:
    "Whose image it is: an AWS account, `self`, `amazon`, `aws-marketplace` or `aws-backup-vault`.",
};

const tags = Type.Record(Type.String({ minLength: 1, maxLength: 128 }), Type.String({ maxLength: 256 }), {
  minProperties: 1,
  maxProperties: 10,
  description: "Tags that it has, each with this very value.",
});

const name = (what: string) => Type.String({ minLength: 1, maxLength: 255, description: what });

const byTags: Form = { by: "tags", schema: Type.Object({ tags }, closed) };
const byName = (what: string): Form => ({ by: "name", schema: Type.Object({ name: name(what) }, closed) });
const byNames = (what: string): Form => ({
  by: "names",
  schema: Type.Object(
    {
      names: Type.Array(name(what), {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description: `${what} Each of them finds something.`,
      }),
    },
    closed,
  ),
});
const SUBNET = "Value of the tag `Name`; every subnet of the VPC that has it.";
const GROUP = "Name of the security group, in the VPC.";

/** The forms of a lookup, for the OpenAPI document and for those who check one. */
export const LOOKUP_FORMS: Readonly<Record<LookupKind, readonly Form[]>> = {
  image: [
    {
      by: "ssmParameter",
      schema: Type.Object(
        {
          ssmParameter: Type.String({
            pattern: "^[A-Za-z0-9_.:/-]{1,1011}$",
            description: "Parameter of Systems Manager that holds the id of the image: its name or its ARN.",
          }),
          owner: Type.Optional(Type.String(OWNER)),
          follow,
        },
        closed,
      ),
    },
    {
      by: "nameFilter",
      schema: Type.Object(
        {
          owner: Type.String(OWNER),
          nameFilter: name(
            "Name of the image; `*` stands for any characters, `?` for one. The newest is taken.",
          ),
          follow,
        },
        closed,
      ),
    },
  ],
  vpc: [byTags, byName("Value of the tag `Name`.")],
  subnets: [byTags, byName(SUBNET), byNames(SUBNET)],
  securityGroups: [byTags, byName(GROUP), byNames(GROUP)],
  certificate: [
    {
      by: "domain",
      schema: Type.Object(
        {
          domain: Type.String({
            pattern: "^(\\*\\.)?([A-Za-z0-9_-]{1,63}\\.)+[A-Za-z0-9-]{2,63}$",
            description:
              "One of the certificate's names, as it is written there: `www.example.com`, `*.example.com`. Of those that are issued, the one that lasts longest is taken.",
          }),
        },
        closed,
      ),
    },
  ],
  instanceProfile: [byName("Name of the instance profile.")],
  topic: [
    {
      by: "snsTopic",
      schema: Type.Object(
        {
          snsTopic: Type.String({
            pattern: "^[A-Za-z0-9_-]{1,256}(\\.fifo)?$",
            description: "Name of a topic of SNS, of this account and Region.",
          }),
        },
        closed,
      ),
    },
  ],
};

/** The forms as a person would write them: `{ tags } or { name }`. */
function formsOf(kind: LookupKind): string {
  return LOOKUP_FORMS[kind].map((form) => `{ ${membersOf(form).join(", ")} }`).join(" or ");
}

function membersOf({ schema }: Form): string[] {
  const { required = [] } = schema as { required?: readonly string[] };
  return Object.keys(schema.properties).map((member) => (required.includes(member) ? member : `${member}?`));
}

const checks = new Map<object, ReturnType<typeof Compile>>();

/** Every fault of a lookup's form. */
export function faultsOfLookup({ kind, path, asked }: Lookup): Fault[] {
  const form = LOOKUP_FORMS[kind].find(({ by }) => by in asked);
  if (form === undefined) {
    const message = `looks something up, and takes ${formsOf(kind)}; ${givenAt(path, asked)}`;
    return [{ path, message, reason: "FieldValueInvalid" }];
  }
  const check = checks.get(form) ?? Compile(form.schema as ReturnType<typeof Type.Object>);
  checks.set(form, check);
  const faults = check.Errors(asked).flatMap((error) => faultOf(error, path, form));
  if (kind !== "image" || asked.follow !== true || asked.owner !== undefined) return faults;
  const message =
    "is required to follow an image: whoever may write the parameter would choose the image otherwise";
  return [...faults, { path: `${path}.owner`, message, reason: "FieldValueRequired" }];
}

type FormError = ReturnType<ReturnType<typeof Compile>["Errors"]>[number];

function faultOf(error: FormError, path: string, form: Form): Fault[] {
  const at = error.instancePath
    .split("/")
    .slice(1)
    .reduce((whole, step) => (/^\d+$/.test(step) ? `${whole}[${step}]` : memberPath(whole, step)), path);
  switch (error.keyword) {
    case "required":
      return error.params.requiredProperties.map((member) => ({
        path: memberPath(at, member),
        message: "is required",
        reason: "FieldValueRequired" as const,
      }));
    case "additionalProperties":
      return error.params.additionalProperties.map((member) => ({
        path: memberPath(at, String(member)),
        message: `is not a member of this lookup, which takes { ${membersOf(form).join(", ")} }`,
        reason: "FieldUnknown" as const,
      }));
    case "pattern":
      return [{ path: at, message: `must match ${error.params.pattern}`, reason: "FieldValueInvalid" }];
    case "boolean":
      return [];
    default:
      return [{ path: at, message: error.message, reason: "FieldValueInvalid" }];
  }
}
