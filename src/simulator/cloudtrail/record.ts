/**
 * What CloudTrail writes of one call:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import type { AccountContext } from "../account/context.ts";
import { derivedUuid } from "../account/ids.ts";
import { isMutating } from "../account/mutating.ts";
import type { ServiceName } from "../services.ts";
import { autoScalingIdentity, type Identity, identityOf } from "./identity.ts";
import { membersOf } from "./members.ts";

/** One call, as it is kept until somebody asks for it. */
export interface TrailCall {
  readonly service: ServiceName;
  readonly operation: string;
  readonly requestId: string;
  readonly atMs: number;
  readonly input: object;
  /** Of a change that was made. */
  readonly output?: object | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Auto Scaling's own call; else somebody's. */
  readonly by: "autoscaling" | Caller;
}

interface Caller {
  /** ARN. */
  readonly principal: string;
  readonly accessKeyId: string | undefined;
  readonly userAgent: string | undefined;
  readonly sourceAddress: string | undefined;
}

/** IAM's names of services are not always those of their endpoints. */
const SOURCES: Readonly<Partial<Record<ServiceName, string>>> = { cloudwatch: "monitoring" };

export function eventSourceOf(service: ServiceName): string {
  return `${SOURCES[service] ?? service}.amazonaws.com`;
}

/** The source of the event in EventBridge's envelope. */
export function envelopeSourceOf(service: ServiceName): string {
  return `aws.${SOURCES[service] ?? service}`;
}

export function identityOfCall(call: TrailCall, accountId: string): Identity {
  if (call.by === "autoscaling") return autoScalingIdentity(accountId, call.atMs);
  return identityOf(call.by.principal, call.by.accessKeyId, call.atMs);
}

/** The id of the record follows from the call's, so that nothing is drawn for what nobody may ask for. */
export function eventIdOf({ requestId, operation }: TrailCall): string {
  return derivedUuid(`${requestId}/${operation}`);
}

/** cloudtrail/record */
export function recordOf(call: TrailCall, { accountId, region }: AccountContext): Record<string, unknown> {
  const { service, operation, error, by } = call;
  const isService = by === "autoscaling";
  const own = "autoscaling.amazonaws.com";
  return {
    eventVersion: "1.11",
    userIdentity: identityOfCall(call, accountId).userIdentity,
    eventTime: `${new Date(call.atMs).toISOString().slice(0, 19)}Z`,
    eventSource: eventSourceOf(service),
    eventName: operation,
    awsRegion: region,
    sourceIPAddress: isService ? own : (by.sourceAddress ?? "127.0.0.1"),
    userAgent: isService ? own : (by.userAgent ?? "aws-sdk"),
    ...(error !== undefined && { errorCode: errorCodeOf(service, error.code), errorMessage: error.message }),
    requestParameters: membersOf(service, operation, call.input, false),
    responseElements: membersOf(service, operation, call.output, true),
    requestID: call.requestId,
    eventID: eventIdOf(call),
    readOnly: !isMutating(operation),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: "Management",
  };
}

/** EC2 says whose fault it is: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
function errorCodeOf(service: ServiceName, code: string): string {
  if (service !== "ec2") return code;
  const isServer = /^(Insufficient|Internal|Unavailable|ServiceUnavailable|RequestLimitExceeded$)/.test(code);
  return `${isServer && code !== "RequestLimitExceeded" ? "Server" : "Client"}.${code}`;
}
