/**
 * What the wire needs to know of each service: its protocol, and the schemas that the SDK's own client exports.
 * A schema is a tuple: operations `[9, namespace, name, traits, input, output]`, errors `[-3, namespace, name, traits, …]`.
 */
import { createRequire } from "node:module";
import type * as Acm from "@aws-sdk/client-acm";
import * as autoScaling from "@aws-sdk/client-auto-scaling";
import type * as CloudTrail from "@aws-sdk/client-cloudtrail";
import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as Events from "@aws-sdk/client-eventbridge";
import type * as Iam from "@aws-sdk/client-iam";
import type * as Sns from "@aws-sdk/client-sns";
import type * as Sqs from "@aws-sdk/client-sqs";
import type * as Ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceName } from "../services.ts";

export interface WireOperation {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

interface WireError {
  readonly namespace: string;
  readonly shape: string;
  readonly code: string;
  readonly status: number | undefined;
}

export interface WireService {
  readonly name: ServiceName;
  /** The name in SigV4's credential scope. */
  readonly scope: string;
  /** The API version that Query requests carry. */
  readonly version: string;
  readonly xmlns: string;
  /** The JSON and CBOR protocols' name of the service, where it has one. */
  readonly target: string | undefined;
  readonly operations: ReadonlyMap<string, WireOperation>;
  /** By the code on the wire. */
  readonly errors: ReadonlyMap<string, WireError>;
}

/** At once and only when needed, which `import` cannot. */
const require = createRequire(import.meta.url);

const OPERATION = 9;
const ERROR = -3;

type Tuple = readonly [kind: number, namespace: string, name: string, traits: unknown, ...rest: unknown[]];

/** @param load the client's schemas: few are ever asked for those of a service that lookups alone know */
function service(
  facts: Pick<WireService, "name" | "scope" | "version" | "xmlns" | "target">,
  load: () => Readonly<Record<string, unknown>>,
): WireService {
  let read: Pick<WireService, "operations" | "errors"> | undefined;
  const schemas = () => {
    read ??= schemasIn(load(), !JSON_ALONE.includes(facts.name));
    return read;
  };
  return {
    ...facts,
    get operations() {
      return schemas().operations;
    },
    get errors() {
      return schemas().errors;
    },
  };
}

/** They have never spoken the Query protocol: their errors are called as their shapes are. */
const JSON_ALONE: readonly ServiceName[] = ["ssm", "acm", "events", "cloudtrail"];

function schemasIn(
  client: Readonly<Record<string, unknown>>,
  hasQueryCodes: boolean,
): Pick<WireService, "operations" | "errors"> {
  const tuples = Object.values(client).filter((value): value is Tuple => Array.isArray(value));
  const operations = new Map<string, WireOperation>();
  const errors = new Map<string, WireError>();
  for (const tuple of tuples) {
    if (tuple[0] === OPERATION) {
      const [, , name, , input, output] = tuple;
      operations.set(name, { name, input: normalized(input), output: normalized(output) });
    }
    if (tuple[0] === ERROR && !tuple[1].startsWith("smithy.ts.sdk.synthetic")) {
      const error = errorOf(tuple, hasQueryCodes);
      errors.set(error.code, error);
    }
  }
  return { operations, errors };
}

function normalized(schema: unknown): NormalizedSchema {
  return NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
}

function errorOf([, namespace, shape, traits]: Tuple, hasQueryCodes: boolean): WireError {
  const { awsQueryError, httpError } = (typeof traits === "object" ? traits : {}) as {
    awsQueryError?: [code: string, status: number];
    httpError?: number;
  };
  const code = hasQueryCodes ? (awsQueryError?.[0] ?? shape) : shape;
  return { namespace, shape, code, status: awsQueryError?.[1] ?? httpError };
}

export const WIRE_SERVICES: readonly WireService[] = [
  service(
    {
      name: "elasticloadbalancing",
      scope: "elasticloadbalancing",
      version: "2015-12-01",
      xmlns: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
      target: undefined,
    },
    () => elb,
  ),
  service(
    {
      name: "autoscaling",
      scope: "autoscaling",
      version: "2011-01-01",
      xmlns: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
      target: undefined,
    },
    () => autoScaling,
  ),
  service(
    {
      name: "ec2",
      scope: "ec2",
      version: "2016-11-15",
      xmlns: "http://ec2.amazonaws.com/doc/2016-11-15/",
      target: undefined,
    },
    () => ec2,
  ),
  service(
    {
      name: "cloudwatch",
      scope: "monitoring",
      version: "2010-08-01",
      xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/",
      target: "GraniteServiceVersion20100801",
    },
    () => cloudWatch,
  ),
  service(
    {
      name: "sts",
      scope: "sts",
      version: "2011-06-15",
      xmlns: "https://sts.amazonaws.com/doc/2011-06-15/",
      target: undefined,
    },
    () => sts,
  ),
  service(
    {
      name: "ssm",
      scope: "ssm",
      version: "2014-11-06",
      xmlns: "http://ssm.amazonaws.com/doc/2014-11-06/",
      target: "AmazonSSM",
    },
    () => require("@aws-sdk/client-ssm") as typeof Ssm,
  ),
  service(
    {
      name: "acm",
      scope: "acm",
      version: "2015-12-08",
      xmlns: "http://acm.amazonaws.com/doc/2015-12-08/",
      target: "CertificateManager",
    },
    () => require("@aws-sdk/client-acm") as typeof Acm,
  ),
  service(
    {
      name: "sns",
      scope: "sns",
      version: "2010-03-31",
      xmlns: "http://sns.amazonaws.com/doc/2010-03-31/",
      target: undefined,
    },
    () => require("@aws-sdk/client-sns") as typeof Sns,
  ),
  service(
    {
      name: "iam",
      scope: "iam",
      version: "2010-05-08",
      xmlns: "https://iam.amazonaws.com/doc/2010-05-08/",
      target: undefined,
    },
    () => require("@aws-sdk/client-iam") as typeof Iam,
  ),
  service(
    {
      name: "sqs",
      scope: "sqs",
      version: "2012-11-05",
      xmlns: "http://queue.amazonaws.com/doc/2012-11-05/",
      target: "AmazonSQS",
    },
    () => require("@aws-sdk/client-sqs") as typeof Sqs,
  ),
  service(
    {
      name: "events",
      scope: "events",
      version: "2015-10-07",
      xmlns: "http://events.amazonaws.com/doc/2015-10-07",
      target: "AWSEvents",
    },
    () => require("@aws-sdk/client-eventbridge") as typeof Events,
  ),
  service(
    {
      name: "cloudtrail",
      scope: "cloudtrail",
      version: "2013-11-01",
      xmlns: "http://cloudtrail.amazonaws.com/doc/2013-11-01/",
      target: "CloudTrail_20131101",
    },
    () => require("@aws-sdk/client-cloudtrail") as typeof CloudTrail,
  ),
];

/** Traits of a schema that change how it looks on the wire. */
export interface WireTraits {
  readonly xmlName?: string;
  readonly xmlFlattened?: unknown;
  readonly ec2QueryName?: string;
}

export function traitsOf(schema: NormalizedSchema): WireTraits {
  return schema.getMergedTraits() as WireTraits;
}

/**
 * The path of the first required member that is not there, anywhere inside. A schema tuple lists the required
 * members first and says how many they are.
 */
export function missingMember(schema: NormalizedSchema, value: unknown, path = ""): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return undefined;
    return firstOf(value, (item, index) =>
      missingMember(schema.getValueSchema(), item, `${path}.${index + 1}.member`),
    );
  }
  if (!schema.isStructSchema()) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  const tuple = schema.getSchema() as unknown as readonly unknown[];
  const names = (Array.isArray(tuple) ? tuple[4] : []) as string[];
  const required = names.slice(0, ((Array.isArray(tuple) ? tuple[6] : undefined) as number | undefined) ?? 0);
  const missing = required.find((name) => members[name] === undefined || members[name] === null);
  if (missing !== undefined) return joined(path, missing);
  return firstOf([...schema.structIterator()], ([name, member]) =>
    missingMember(member, members[name], joined(path, name)),
  );
}

function joined(path: string, name: string): string {
  const member = name[0] === undefined ? name : name[0].toLowerCase() + name.slice(1);
  return path === "" ? member : `${path}.${member}`;
}

function firstOf<T, R>(items: readonly T[], ask: (item: T, index: number) => R | undefined): R | undefined {
  for (const [index, item] of items.entries()) {
    const answer = ask(item, index);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
