/** CloudTrail: a record of every call with its caller, its history, and trails, without which EventBridge gets none. */
import type * as ct from "@aws-sdk/client-cloudtrail";
import { AwsError } from "../account/aws-error.ts";
import type { Caller } from "../account/call-log.ts";
import type { AccountContext } from "../account/context.ts";
import { copyOf } from "../account/copy-of.ts";
import { isMutating } from "../account/mutating.ts";
import type { Troubles } from "../account/troubles.ts";
import type { Call } from "../faults/interceptors.ts";
import type { OperationTable, Parts, ServiceName } from "../services.ts";
import { History } from "./history.ts";
import { principalOf } from "./identity.ts";
import { envelopeSourceOf, recordOf, type TrailCall } from "./record.ts";

/** cloudtrail/five-trails */
const MOST_TRAILS = 5;
/** What EventBridge leaves out unless asked for. events/reads-on-request */
const LEFT_OUT = /^(Describe|Get|List)/;

/** Of data, not of management: neither the history nor a plain trail has them. cloudtrail/data-events */
const DATA_EVENTS: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  sqs: [
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "DeleteMessage",
    "DeleteMessageBatch",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "ListMessageMoveTasks",
    "ListQueues",
    "ListQueueTags",
    "ReceiveMessage",
    "SendMessage",
    "SendMessageBatch",
  ],
  cloudwatch: ["GetMetricData", "PutMetricData", "GetMetricWidgetImage"],
  sns: ["Publish", "PublishBatch"],
  events: ["PutEvents"],
};

interface Trail {
  readonly name: string;
  readonly arn: string;
  readonly bucket: string;
  logs: boolean;
  startedAtMs: number | undefined;
  stoppedAtMs: number | undefined;
}

export interface CloudTrail {
  readonly operations: OperationTable;
  /** A call has reached AWS, and this came of it. */
  record(
    call: Pick<Call, "service" | "operation" | "input" | "requestId">,
    by: Caller | "autoscaling",
    outcome: { readonly output?: object | undefined; readonly error?: AwsError | undefined },
  ): void;
}

/** @param principals ARNs by access key id */
export function buildCloudTrail(
  context: AccountContext,
  parts: Parts,
  troubles: Troubles,
  principals: ReadonlyMap<string, string>,
): CloudTrail {
  const history = new History(context, troubles);
  const trails = new Map<string, Trail>();
  const tell = (call: TrailCall): void => {
    // events/needs-a-trail
    if (![...trails.values()].some(({ logs }) => logs)) return;
    const isRead = LEFT_OUT.test(call.operation);
    if (!parts.events.asksFor("cloudtrail", isRead)) return;
    parts.events.emit({
      kind: "cloudtrail",
      isRead,
      source: envelopeSourceOf(call.service),
      detailType: "AWS API Call via CloudTrail",
      resources: [],
      atMs: call.atMs,
      detail: () => recordOf(call, context),
    });
  };
  return {
    operations: {
      LookupEvents: (input: ct.LookupEventsRequest) => history.lookup(input),
      ...trailOperations(context, trails),
    },
    record: ({ service, operation, input, requestId }, by, { output, error }) => {
      if (DATA_EVENTS[service]?.includes(operation) || error?.code === "InvalidAction") return;
      const isChange = isMutating(operation);
      const call: TrailCall = {
        service,
        operation,
        requestId,
        atMs: context.clock.nowMs(),
        // A read's input is kept as it is, for there are many of them and few are ever looked at.
        input: isChange ? copyOf(input) : input,
        ...(isChange && output !== undefined && { output: copyOf(output) }),
        ...(error !== undefined && { error: { code: error.code, message: error.message } }),
        by:
          by === "autoscaling"
            ? by
            : {
                principal: principalOf(by.accessKeyId, principals, context.accountId),
                accessKeyId: by.accessKeyId,
                userAgent: by.userAgent,
                sourceAddress: by.sourceAddress,
              },
      };
      history.add(call);
      tell(call);
    },
  };
}

function trailOperations(context: AccountContext, trails: Map<string, Trail>) {
  const { region, accountId, clock } = context;
  const trailNamed = (name = ""): Trail => {
    const trail = trails.get(name) ?? [...trails.values()].find(({ arn }) => arn === name);
    if (trail === undefined) throw notFound(name);
    return trail;
  };
  return {
    CreateTrail(input: ct.CreateTrailRequest): ct.CreateTrailResponse {
      const { Name: name = "", S3BucketName: bucket = "" } = input;
      // cloudtrail/trail-names
      if (!/^[A-Za-z0-9]([._-]?[A-Za-z0-9])+$/.test(name) || name.length < 3 || name.length > 128) {
        throw new AwsError("InvalidTrailNameException", `Trail name ${name} is not valid.`);
      }
      const arn = `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;
      if (trails.has(name)) {
        throw new AwsError(
          "TrailAlreadyExistsException",
          `Trail ${name} already exists for customer: ${accountId}`,
        );
      }
      if (trails.size >= MOST_TRAILS) {
        throw new AwsError(
          "MaximumNumberOfTrailsExceededException",
          `User: ${accountId} already has ${MOST_TRAILS} trails in ${region}.`,
        );
      }
      // It logs only once it is started. cloudtrail/start-logging
      const trail = { name, arn, bucket, logs: false, startedAtMs: undefined, stoppedAtMs: undefined };
      trails.set(name, trail);
      return shown(trail);
    },
    StartLogging(input: ct.StartLoggingRequest): object {
      const trail = trailNamed(input.Name);
      trail.logs = true;
      trail.startedAtMs = clock.nowMs();
      return {};
    },
    StopLogging(input: ct.StopLoggingRequest): object {
      const trail = trailNamed(input.Name);
      trail.logs = false;
      trail.stoppedAtMs = clock.nowMs();
      return {};
    },
    DeleteTrail(input: ct.DeleteTrailRequest): object {
      trails.delete(trailNamed(input.Name).name);
      return {};
    },
    GetTrailStatus(input: ct.GetTrailStatusRequest): ct.GetTrailStatusResponse {
      const { logs, startedAtMs, stoppedAtMs } = trailNamed(input.Name);
      return {
        IsLogging: logs,
        ...(startedAtMs !== undefined && { StartLoggingTime: new Date(startedAtMs) }),
        ...(stoppedAtMs !== undefined && { StopLoggingTime: new Date(stoppedAtMs) }),
      };
    },
    GetTrail: (input: ct.GetTrailRequest): ct.GetTrailResponse => ({
      Trail: described(trailNamed(input.Name), region),
    }),
    DescribeTrails({ trailNameList: names = [] }: ct.DescribeTrailsRequest): ct.DescribeTrailsResponse {
      const asked = [...trails.values()].filter(
        ({ name, arn }) => names.length === 0 || names.includes(name) || names.includes(arn),
      );
      return { trailList: asked.map((trail) => described(trail, region)) };
    },
  };
}

function notFound(name: string): AwsError {
  return new AwsError("TrailNotFoundException", `Unknown trail: ${name} for the user`);
}

function shown({ name, arn, bucket }: Trail): ct.CreateTrailResponse {
  return {
    Name: name,
    S3BucketName: bucket,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: false,
    TrailARN: arn,
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
  };
}

function described(trail: Trail, region: string): ct.Trail {
  return {
    ...shown(trail),
    HomeRegion: region,
    HasCustomEventSelectors: false,
    HasInsightSelectors: false,
  };
}
