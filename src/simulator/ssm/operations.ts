/** Systems Manager, as far as Parameter Store names images: public parameters of Amazon's, and the account's own. */
import type {
  DeleteParameterCommandInput,
  GetParameterCommandInput,
  GetParametersCommandInput,
  Parameter,
  PutParameterCommandInput,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { IMAGE_PARAMETERS } from "../account/image-parameters.ts";
import type { OperationTable, Service, SsmPart } from "../services.ts";

/** The versions of a parameter, oldest first. */
interface Stored {
  readonly arn: string;
  readonly type: "String" | "StringList";
  readonly dataType: string;
  readonly versions: { readonly value: string; readonly atMs: number }[];
}

/** ssm/versions */
const VERSIONS_KEPT = 100;
const STANDARD_BYTES = 4_096;
const NAME = /^[a-zA-Z0-9_.\-/]{1,1011}$/;

export function buildSsm(context: AccountContext): Service<SsmPart> {
  const stored = new Map<string, Stored>(
    Object.entries(IMAGE_PARAMETERS).map(([name, value]) => [
      name,
      {
        arn: arnOf(context, name),
        type: "String",
        dataType: name.startsWith("/aws/") ? "text" : "aws:ec2:image",
        versions: [{ value, atMs: context.clock.nowMs() }],
      },
    ]),
  );
  const find = (given: string): Parameter | undefined => {
    const { name, selector } = selected(given);
    const parameter = stored.get(name);
    if (parameter === undefined) return undefined;
    const version = selector === "" ? parameter.versions.length : Number(selector.slice(1));
    const held = parameter.versions[version - 1];
    if (held === undefined) {
      throw new AwsError(
        "ParameterVersionNotFound",
        `Systems Manager could not find version ${selector.slice(1)} of ${name}. Verify the version and try again.`,
      );
    }
    return {
      Name: name,
      Type: parameter.type,
      Value: held.value,
      Version: version,
      ...(selector === "" ? {} : { Selector: selector }),
      LastModifiedDate: new Date(held.atMs),
      ARN: parameter.arn,
      DataType: parameter.dataType,
    };
  };
  return { operations: operationsOf(context, stored, find), part: { imageNamedBy: imageNamedBy(find) } };
}

function operationsOf(
  context: AccountContext,
  stored: Map<string, Stored>,
  find: (name: string) => Parameter | undefined,
): OperationTable {
  return {
    GetParameter: ({ Name: name = "" }: GetParameterCommandInput) => {
      const parameter = find(name);
      if (parameter === undefined) throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
      return { Parameter: parameter };
    },
    GetParameters: ({ Names: names = [] }: GetParametersCommandInput) => {
      if (names.length > 10) throw invalid("names: Member must have length less than or equal to 10");
      const found = names.flatMap((name) => known(find, name) ?? []);
      return {
        Parameters: found,
        InvalidParameters: names.filter((name) => known(find, name) === undefined),
      };
    },
    PutParameter: (input: PutParameterCommandInput) => {
      const { Name: name = "", Value: value = "", Overwrite: overwrite = false } = input;
      const before = stored.get(name);
      checkPut(input, before !== undefined);
      // ssm/overwrite
      if (before !== undefined && !overwrite) {
        throw new AwsError(
          "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        );
      }
      const parameter = before ?? {
        arn: arnOf(context, name),
        type: input.Type as Stored["type"],
        dataType: input.DataType ?? "text",
        versions: [],
      };
      if (parameter.versions.length >= VERSIONS_KEPT) {
        throw new AwsError("ParameterMaxVersionLimitExceeded", `${name} has ${VERSIONS_KEPT} versions`);
      }
      parameter.versions.push({ value, atMs: context.clock.nowMs() });
      stored.set(name, parameter);
      return { Version: parameter.versions.length, Tier: "Standard" };
    },
    DeleteParameter: ({ Name: name = "" }: DeleteParameterCommandInput) => {
      if (!stored.delete(name)) throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
      return {};
    },
  };
}

/** @throws AwsError */
function checkPut(
  { Name: name = "", Type: type, Value: value = "", DataType: dataType }: PutParameterCommandInput,
  isThere: boolean,
): void {
  if (!NAME.test(name)) throw invalid(`Parameter name must match ${NAME.source}; was ${name}`);
  // ssm/reserved-names
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  if (type === undefined && !isThere) {
    throw invalid("A parameter type is required when you create a parameter.");
  }
  if (type === "SecureString")
    throw invalid("The account has no key that a SecureString could be encrypted with.");
  if (Buffer.byteLength(value) > STANDARD_BYTES) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters.`,
    );
  }
  // ssm/image-type
  if (dataType === "aws:ec2:image" && !/^ami-[0-9a-f]{8}([0-9a-f]{9})?$/.test(value)) {
    throw invalid(`${value} is not the id of an image, which the data type aws:ec2:image takes.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

function known(find: (name: string) => Parameter | undefined, name: string): Parameter | undefined {
  try {
    return find(name);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** A name or an ARN, with `:3` or without: ssm/selectors */
function selected(given: string): { name: string; selector: string } {
  const [, plain = given, selector = ""] = /^(.*?)(:[0-9]+)?$/.exec(nameIn(given)) ?? [];
  return { name: plain, selector };
}

function nameIn(given: string): string {
  const [, path] = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(given) ?? [];
  return path ?? given;
}

function arnOf({ region, accountId }: AccountContext, name: string): string {
  const owner = name.startsWith("/aws/") ? "" : accountId;
  return `arn:aws:ssm:${region}:${owner}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
}

const PREFIX = "resolve:ssm:";

/** ec2/image-parameters: `resolve:ssm:<name>`, with a version behind it or without; another text names itself. */
function imageNamedBy(find: (name: string) => Parameter | undefined): SsmPart["imageNamedBy"] {
  return (given) => (given.startsWith(PREFIX) ? known(find, given.slice(PREFIX.length))?.Value : given);
}
