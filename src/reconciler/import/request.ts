/** What a client asks an import for, checked: every fault at once. */
import { type Fault, InvalidSpecError } from "../../model/errors.ts";
import type { ImportRequest } from "../../model/import.ts";
import type { ObjectKey } from "../../model/object.ts";
import { nearest } from "../../model/text/nearest.ts";
import { REGION_PATTERN } from "../kinds/region-pattern.ts";

const FIELDS = ["region", "loadBalancer", "autoScalingGroup", "metadata", "include", "exclude"] as const;
const NAMES = ["include", "exclude"] as const;
/** Names or ARNs in one list. */
const MOST_NAMES = 500;
const REGION = new RegExp(REGION_PATTERN);

/**
 * @param key the object's, which the API has checked
 * @throws InvalidSpecError with every fault
 */
export function importRequestOf(body: Readonly<Record<string, unknown>>, key: ObjectKey): ImportRequest {
  const faults = [
    ...unknownFaults(body),
    ...regionFaults(body),
    ...startFaults(body),
    ...NAMES.flatMap((name) => listFaults(body, name)),
  ];
  if (faults.length > 0) throw new InvalidSpecError(faults);
  const {
    region,
    loadBalancer,
    autoScalingGroup,
    include = [],
    exclude = [],
  } = body as unknown as ImportRequest;
  const request = {
    region,
    key,
    include,
    exclude,
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(autoScalingGroup === undefined ? {} : { autoScalingGroup }),
  };
  const elsewhere = arnFaults(request);
  if (elsewhere.length > 0) throw new InvalidSpecError(elsewhere);
  return request;
}

function unknownFaults(body: Readonly<Record<string, unknown>>): Fault[] {
  return Object.keys(body)
    .filter((name) => !FIELDS.some((known) => known === name))
    .map((name) => {
      const near = nearest(name, FIELDS);
      const hint = near === undefined ? `known are ${FIELDS.join(", ")}` : `did you mean ${near}?`;
      return { path: name, message: `is not a known field; ${hint}`, reason: "FieldUnknown" };
    });
}

function regionFaults({ region }: Readonly<Record<string, unknown>>): Fault[] {
  if (region === undefined) return [required("region", "is required: the AWS Region to read")];
  return typeof region === "string" && REGION.test(region)
    ? []
    : [invalid("region", `must be an AWS Region such as us-east-1; was ${JSON.stringify(region)}`)];
}

function startFaults({ loadBalancer, autoScalingGroup }: Readonly<Record<string, unknown>>): Fault[] {
  const given = Object.entries({ loadBalancer, autoScalingGroup }).filter(([, value]) => value !== undefined);
  if (given.length === 0)
    return [required("loadBalancer", "is required, or autoScalingGroup: the name or ARN to begin with")];
  if (given.length > 1)
    return [invalid("autoScalingGroup", "cannot stand beside loadBalancer; keep the one to begin with")];
  return given.flatMap(([name, value]) =>
    typeof value === "string" && value !== ""
      ? []
      : [invalid(name, `must be a name or an ARN; was ${JSON.stringify(value)}`)],
  );
}

function listFaults(body: Readonly<Record<string, unknown>>, name: (typeof NAMES)[number]): Fault[] {
  const value = body[name];
  if (value === undefined) return [];
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
  if (!isList) return [invalid(name, "must be a list of names or ARNs")];
  return value.length > MOST_NAMES
    ? [invalid(name, `takes at most ${MOST_NAMES} names; was a list of ${value.length}`)]
    : [];
}

/** `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188` */
const ARN = /^arn:[^:]*:(?<service>[^:]*):(?<region>[^:]*):[^:]*:(?<resource>.+)$/;

/** An endpoint may answer for another Region than it is asked for. */
export function otherRegionFaults(path: string, arn: string, region: string): Fault[] {
  const own = ARN.exec(arn)?.groups?.region;
  if (own === region) return [];
  return [invalid(path, `is of ${own || "no Region"}, and region says ${region}; a service has one Region`)];
}

/** ARNs of another Region, and of what is no Application Load Balancer and no group. */
function arnFaults(request: ImportRequest): Fault[] {
  const { region, loadBalancer, autoScalingGroup, include, exclude } = request;
  const lists = NAMES.flatMap((name) =>
    ({ include, exclude })[name].map((arn, index) => ({ path: `${name}[${index}]`, arn })),
  );
  const all = [
    { path: "loadBalancer", arn: loadBalancer },
    { path: "autoScalingGroup", arn: autoScalingGroup },
    ...lists,
  ];
  return all.flatMap(({ path, arn }) => {
    if (arn === undefined || !arn.startsWith("arn:")) return [];
    const { service, resource = "" } = ARN.exec(arn)?.groups ?? {};
    const elsewhere = otherRegionFaults(path, arn, region);
    if (elsewhere.length > 0) return elsewhere;
    if (path === "loadBalancer") return loadBalancerFaults(path, service, resource);
    if (
      path === "autoScalingGroup" &&
      !(service === "autoscaling" && resource.startsWith("autoScalingGroup:"))
    )
      return [invalid(path, "is no ARN of an Auto Scaling group")];
    return [];
  });
}

/** What a load balancer is called that is none for the web: docs.aws.amazon.com/IAM/latest/UserGuide/list_awselasticloadbalancingv2.html */
const OTHERS: Readonly<Record<string, string>> = {
  net: "a Network Load Balancer",
  gwy: "a Gateway Load Balancer",
};

function loadBalancerFaults(path: string, service: string | undefined, resource: string): Fault[] {
  const [head, type = "", name] = resource.split("/");
  if (service !== "elasticloadbalancing" || head !== "loadbalancer")
    return [invalid(path, "is no ARN of a load balancer")];
  if (type === "app" && name !== undefined) return [];
  const what =
    name === undefined ? "a Classic Load Balancer" : (OTHERS[type] ?? `a load balancer of the type ${type}`);
  return [invalid(path, `is ${what}; Holdfast holds Application Load Balancers alone`)];
}

export function invalid(path: string, message: string): Fault {
  return { path, message, reason: "FieldValueInvalid" };
}

function required(path: string, message: string): Fault {
  return { path, message, reason: "FieldValueRequired" };
}
