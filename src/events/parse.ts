/**
 * What a message of the queue says. Anybody who may send to the queue may have written it: it is bounded, looked at member by
 * member, and never believed. Of the parameters of a call the names are kept, and of what they name the ids; no value.
 * The envelope: docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
import { LIMITS } from "../model/limits.ts";
import { decapitalised } from "../model/text/first-letter.ts";
import type { Caller, Hint, RecordedCall, Subject } from "./hint.ts";
import { type Members, memberOf, membersOf, textOf, textsUnder, wordsOf } from "./json.ts";
import { API_OF_SOURCE, subjectsOf } from "./recorded-operations.ts";

/** Whose events are listened to. */
export interface Origin {
  readonly account: string;
  readonly region: string;
}

const RECORDED = "AWS API Call via CloudTrail";

/** The message of an event. @returns nothing of what is not from there, or cannot be understood; never throws */
export function hintIn(body: unknown, origin: Origin): Hint | undefined {
  if (typeof body !== "string" || body.length > LIMITS.eventBytes) return undefined;
  const envelope = membersOf(parsed(body));
  if (envelope.account !== origin.account || envelope.region !== origin.region) return undefined;
  const id = textOf(envelope.id);
  const atMs = timeOf(envelope.time);
  const detail = membersOf(envelope.detail);
  if (id === undefined || atMs === undefined) return undefined;
  if (envelope["detail-type"] === RECORDED) return recordedIn(detail, origin, "event");
  const source = textOf(envelope.source);
  const told = source !== undefined && Object.hasOwn(TOLD, source) ? TOLD[source]?.(detail) : undefined;
  if (told === undefined) return undefined;
  return { id, from: "event", region: origin.region, atMs, ...told, mentions: arnsIn(envelope.resources) };
}

/**
 * A record of CloudTrail's, as a lookup answers it.
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function hintOfRecord(record: unknown, origin: Origin): Hint | undefined {
  const text = typeof record === "string" && record.length <= LIMITS.eventBytes ? parsed(record) : undefined;
  return recordedIn(membersOf(text), origin, "lookup");
}

function recordedIn(record: Members, { account, region }: Origin, from: Hint["from"]): Hint | undefined {
  const eventId = textOf(record.eventID);
  const name = textOf(record.eventName);
  const atMs = timeOf(record.eventTime);
  const source = textOf(record.eventSource);
  const api =
    source === undefined || !Object.hasOwn(API_OF_SOURCE, source) ? undefined : API_OF_SOURCE[source];
  if (eventId === undefined || name === undefined || atMs === undefined || api === undefined)
    return undefined;
  if (!/^[A-Za-z0-9]+$/.test(name) || record.awsRegion !== region) return undefined;
  if (record.recipientAccountId !== undefined && record.recipientAccountId !== account) return undefined;
  const operation = `${api}:${name}`;
  const parameters = membersOf(record.requestParameters);
  const requestId = textOf(record.requestID);
  const caller = callerOf(record);
  const members = record.omitted === true ? undefined : membersWritten(parameters);
  const call: RecordedCall = {
    operation,
    eventId,
    ...(requestId === undefined ? {} : { requestId }),
    hasChanged: record.errorCode === undefined && record.readOnly !== true && !isReadName(name),
    ...(members === undefined ? {} : { members }),
    ...(caller === undefined ? {} : { caller }),
  };
  const named = [record.requestParameters, record.responseElements, record.resources];
  return {
    id: eventId,
    from,
    region,
    atMs,
    subjects: subjectsOf(operation, parameters).slice(0, LIMITS.eventNames),
    mentions: textsUnder(named, isName).slice(0, LIMITS.eventNames),
    instances: textsUnder(named, isInstance).filter(isInstanceId),
    call,
  };
}

/**
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 * Of a role the role itself is told, and its session beside it; of an AWS service its name.
 */
function callerOf(record: Members): Caller | undefined {
  const identity = record.userIdentity;
  const arn = textOf(memberOf(identity, "arn"));
  const issuer = textOf(memberOf(memberOf(memberOf(identity, "sessionContext"), "sessionIssuer"), "arn"));
  const service = textOf(memberOf(identity, "invokedBy"));
  const [, session] = /^arn:[^:]+:sts::\d{12}:assumed-role\/[^/]+\/(.+)$/.exec(arn ?? "") ?? [];
  const principal = session === undefined ? (arn ?? service) : (issuer ?? arn);
  if (principal === undefined || !isPrincipal(principal)) return undefined;
  const sourceIpAddress = textOf(record.sourceIPAddress);
  const userAgent = wordsOf(record.userAgent);
  return {
    principal,
    ...(session === undefined ? {} : { session }),
    ...(sourceIpAddress === undefined ? {} : { sourceIpAddress }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

function isPrincipal(text: string): boolean {
  return /^arn:[\w-]+:(iam|sts)::\d{12}:\S+$/.test(text) || /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(text);
}

/** What an event that is no call tells: where to look. */
type Told = Pick<Hint, "subjects" | "instances">;

const TOLD: Readonly<Record<string, (detail: Members) => Told>> = {
  // docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
  "aws.autoscaling": (detail) => ({
    subjects: named("autoScalingGroup", detail.AutoScalingGroupName),
    instances: instanceIn(detail.EC2InstanceId),
  }),
  // docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
  "aws.ec2": (detail) => ({ subjects: [], instances: instanceIn(detail["instance-id"]) }),
  // docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
  "aws.cloudwatch": (detail) => ({ subjects: named("alarm", detail.alarmName), instances: [] }),
};

function named(kind: "autoScalingGroup" | "alarm", value: unknown): Subject[] {
  const id = textOf(value);
  return id === undefined ? [] : [{ id, kind }];
}

function instanceIn(value: unknown): string[] {
  const id = textOf(value);
  return id !== undefined && isInstanceId(id) ? [id] : [];
}

function arnsIn(resources: unknown): string[] {
  return textsUnder(resources, () => true).filter((text) => text.startsWith("arn:"));
}

const NAMES =
  /arns?$|^autoscalinggroupnames?$|^launchtemplate(id|name)$|^alarmnames?$|^resourceid$|^name$|^loadbalancername$|^targetgroupname$/i;

function isName(name: string): boolean {
  return NAMES.test(name);
}

function isInstance(name: string): boolean {
  return /^(ec2)?instanceids?$/i.test(name) || name === "id";
}

function isInstanceId(text: string): boolean {
  return /^i-[0-9a-f]{8,17}$/.test(text);
}

/** A record of a read is not sent by default; where it is, it changes nothing. */
function isReadName(name: string): boolean {
  return /^(Describe|Get|List|Lookup)/.test(name);
}

/** EC2 wraps the parameters of some calls in one that is named for the request, and templates have theirs in another. */
function membersWritten(parameters: Members): string[] | undefined {
  const [[request = "", inner] = [], ...more] = Object.entries(parameters);
  const outer = more.length === 0 && request.endsWith("Request") ? membersOf(inner) : parameters;
  const data = memberOf(outer, "LaunchTemplateData") ?? memberOf(outer, "launchTemplateData");
  const names = Object.keys(outer);
  const keys = ["attributes", "tags", "tagKeys"].flatMap((list) =>
    textsUnder(memberOf(outer, list), (name) => /^key$/i.test(name) || name === "").map(
      (key) => `${list === "tagKeys" ? "tags" : list}.${key}`,
    ),
  );
  const set = textsUnder(memberOf(outer, "tagSet"), (name) => name === "key").map((key) => `tags.${key}`);
  const members = [...names, ...Object.keys(membersOf(data)).map(decapitalised), ...keys, ...set].map(
    decapitalised,
  );
  const isWhole =
    members.length > 0 &&
    members.length <= LIMITS.eventMembers &&
    members.every((name) => textOf(name) !== undefined);
  return isWhole ? members : undefined;
}

function timeOf(value: unknown): number | undefined {
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value);
  const ms = isTime ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
