import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { STSClient } from "@aws-sdk/client-sts";
import { LIMITS } from "../model/limits.ts";
import { boundAnswers, type WithMiddleware } from "./bounded-answer.ts";
import type { ApiName } from "./operations.ts";

/** Where the API is and who calls. Left out: the SDK's own chains, and `AWS_ENDPOINT_URL`. */
export interface Endpoint {
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What the clients of the services have in common. */
export interface SdkClient {
  send(command: object, options: { abortSignal?: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/** Real time. Only for a network that lost a packet for good: a call has its own limit, on the clock of the account. */
const SOCKET = { connectionTimeout: 5_000, requestTimeout: 120_000, throwOnRequestTimeout: true };

/** As many as there can be calls of all passes, so that none waits for a socket while its time runs. */
const AGENT = { keepAlive: true, maxSockets: LIMITS.concurrentPasses * LIMITS.concurrentCallsPerPass };

/** The clients of one Region. They never retry: that is decided in one place, outside of them. */
export function buildClients(region: string, where: Endpoint): Record<ApiName, SdkClient> {
  const config = {
    region,
    maxAttempts: 1,
    requestHandler: { ...SOCKET, httpAgent: AGENT, httpsAgent: AGENT },
    ...(where.endpoint === undefined ? {} : { endpoint: where.endpoint }),
    ...(where.credentials === undefined ? {} : { credentials: where.credentials }),
  };
  return {
    elasticloadbalancing: toSdkClient(new ElasticLoadBalancingV2Client(config)),
    ec2: toSdkClient(new EC2Client(config)),
    autoscaling: toSdkClient(new AutoScalingClient(config)),
    cloudwatch: toSdkClient(new CloudWatchClient(config)),
    sts: toSdkClient(new STSClient(config)),
    cloudtrail: lazily(async () => new (await import("@aws-sdk/client-cloudtrail")).CloudTrailClient(config)),
    sqs: lazily(async () => new (await import("@aws-sdk/client-sqs")).SQSClient(config)),
    acm: lazily(async () => new (await import("@aws-sdk/client-acm")).ACMClient(config)),
    // One for the whole partition: the SDK finds its endpoint, and the Region that its signature names.
    iam: lazily(async () => new (await import("@aws-sdk/client-iam")).IAMClient(config)),
    sns: lazily(async () => new (await import("@aws-sdk/client-sns")).SNSClient(config)),
    ssm: lazily(async () => new (await import("@aws-sdk/client-ssm")).SSMClient(config)),
  };
}

/** A client that is loaded when it is first used. */
function lazily(load: () => Promise<Parameters<typeof toSdkClient>[0]>): SdkClient {
  let loaded: Promise<SdkClient> | undefined;
  return {
    async send(command, options) {
      loaded ??= load().then(toSdkClient);
      return (await loaded).send(command, options);
    },
    destroy() {
      loaded?.then(
        (client) => client.destroy(),
        () => {},
      );
    },
  };
}

/** The SDK types `send` by the commands of one service; the table of operations pairs them rightly. */
function toSdkClient(client: { send: unknown; middlewareStack: unknown; destroy(): void }): SdkClient {
  boundAnswers(client as WithMiddleware);
  return client as SdkClient;
}
