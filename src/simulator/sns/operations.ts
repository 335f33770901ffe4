/** Simple Notification Service: topics as targets of alarms and groups. Nobody subscribes here: what is published is kept. */
import type {
  CreateTopicCommandInput,
  DeleteTopicCommandInput,
  GetTopicAttributesCommandInput,
  ListTopicsCommandInput,
} from "@aws-sdk/client-sns";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { pageOf } from "../account/paging.ts";
import { TOPICS } from "../account/seed.ts";
import type { Service, SnsPart } from "../services.ts";
import { buildPublications, type Publication } from "./publications.ts";

/** sns/pages */
const PAGE = 100;

interface Sns extends Service<SnsPart> {
  /** What was published, oldest first. */
  publications(): readonly Publication[];
}

export function buildSns(context: AccountContext): Sns {
  const { region, accountId } = context;
  const arnOf = (name: string) => `arn:aws:sns:${region}:${accountId}:${name}`;
  const topics = new Map<string, Record<string, string>>(TOPICS.map((name) => [arnOf(name), {}]));
  const published = buildPublications();
  return {
    publications: published.list,
    part: {
      hasTopic: (arn) => topics.has(arn),
      publish: (topicArn, subject, message) => {
        if (topics.has(topicArn)) {
          published.add({ topicArn, atMs: context.clock.nowMs(), subject, message: JSON.stringify(message) });
        }
      },
    },
    operations: {
      CreateTopic: ({ Name: name = "", Attributes: attributes = {} }: CreateTopicCommandInput) => {
        // sns/names
        const isFifo = attributes.FifoTopic === "true";
        if (!(isFifo ? /^[A-Za-z0-9_-]{1,251}\.fifo$/ : /^[A-Za-z0-9_-]{1,256}$/).test(name)) {
          throw new AwsError("InvalidParameter", "Invalid parameter: Topic Name");
        }
        // sns/create-again
        const before = topics.get(arnOf(name));
        const isOther = Object.entries(attributes).some(([key, value]) => before?.[key] !== value);
        if (before !== undefined && isOther) {
          throw new AwsError(
            "InvalidParameter",
            "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
          );
        }
        topics.set(arnOf(name), before ?? { ...attributes });
        return { TopicArn: arnOf(name) };
      },
      GetTopicAttributes: ({ TopicArn: arn = "" }: GetTopicAttributesCommandInput) => {
        if (!/^arn:aws:sns:[^:]+:\d{12}:[^:]+$/.test(arn)) {
          throw new AwsError("InvalidParameter", "Invalid parameter: TopicArn");
        }
        const attributes = topics.get(arn);
        if (attributes === undefined) throw new AwsError("NotFound", "Topic does not exist");
        return {
          Attributes: {
            TopicArn: arn,
            Owner: accountId,
            DisplayName: "",
            SubscriptionsConfirmed: "0",
            SubscriptionsPending: "0",
            SubscriptionsDeleted: "0",
            ...attributes,
          },
        };
      },
      ListTopics: ({ NextToken: token }: ListTopicsCommandInput) => {
        const all = [...topics.keys()].map((TopicArn) => ({ TopicArn }));
        const page = pageOf(all, (one) => one.TopicArn, { token, size: PAGE }, "InvalidParameter");
        return { Topics: page.items, NextToken: page.next };
      },
      // sns/delete-again
      DeleteTopic: ({ TopicArn: arn = "" }: DeleteTopicCommandInput) => {
        topics.delete(arn);
        return {};
      },
    },
  };
}
