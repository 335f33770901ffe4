/** Events as AWS documents them, to be changed by what a test says of them. */

export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";
export const ORIGIN = { account: ACCOUNT, region: REGION };

const ELB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
export const LOAD_BALANCER = `${ELB}:loadbalancer/app/web/50dc6c495c0c9188`;
export const LISTENER = `${ELB}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;
export const RULE = `${ELB}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
export const TARGET_GROUP = `${ELB}:targetgroup/web/73e2d6bc24d8a067`;

export const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
export const BOB = `arn:aws:iam::${ACCOUNT}:user/bob`;

type Members = Record<string, unknown>;

let last = 0;
function newId(): string {
  last += 1;
  return `00000000-0000-4000-9000-${String(last).padStart(12, "0")}`;
}

/** docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export function envelope(source: string, detailType: string, detail: Members, change: Members = {}): Members {
  return {
    version: "0",
    id: newId(),
    "detail-type": detailType,
    source,
    account: ACCOUNT,
    time: "2026-01-01T12:00:00Z",
    region: REGION,
    resources: [],
    detail,
    ...change,
  };
}

/** docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function record(
  api: string,
  eventName: string,
  requestParameters: Members | null,
  change: Members = {},
): Members {
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      principalId: "AIDAEXAMPLE",
      arn: ALICE,
      accountId: ACCOUNT,
      userName: "alice",
    },
    eventTime: "2026-01-01T12:00:00Z",
    eventSource: `${api}.amazonaws.com`,
    eventName,
    awsRegion: REGION,
    sourceIPAddress: "203.0.113.7",
    userAgent: "aws-cli/2.15.30 Python/3.11.8 Linux/6.1",
    requestParameters,
    responseElements: null,
    requestID: newId(),
    eventID: newId(),
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    ...change,
  };
}

/** The message that a call's event is, in the queue. */
export function callMessage(
  api: string,
  eventName: string,
  parameters: Members | null,
  change: Members = {},
): string {
  const source = `aws.${api}`;
  return JSON.stringify(
    envelope(source, "AWS API Call via CloudTrail", record(api, eventName, parameters, change)),
  );
}

/** Somebody changes the path of a target group's health check. */
export function pathChanged(change: Members = {}, targetGroupArn = TARGET_GROUP): string {
  const parameters = { targetGroupArn, healthCheckPath: "/secret-path" };
  return callMessage("elasticloadbalancing", "ModifyTargetGroup", parameters, change);
}

/** A role's session, as CloudTrail records it. */
export const IN_A_ROLE = {
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROAEXAMPLE:alice@example.com",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/admin/alice@example.com`,
    accountId: ACCOUNT,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROAEXAMPLE",
        arn: `arn:aws:iam::${ACCOUNT}:role/admin`,
        userName: "admin",
      },
    },
  },
};
