/** What the simulated account promises to do with the calls of SNS as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/sns/latest/api";

export const SNS_BEHAVIOURS: readonly Behaviour[] = documented("sns", "sns", [
  [
    "names",
    "The name of a topic has 1 to 256 letters, digits, hyphens and underscores, and ends in .fifo when it is a FIFO topic.",
    `${API}/API_CreateTopic.html`,
  ],
  [
    "create-again",
    "A topic that is there is answered with its ARN, unless it is asked for with other attributes.",
    `${API}/API_CreateTopic.html`,
  ],
  ["delete-again", "To delete a topic that is not there is no error.", `${API}/API_DeleteTopic.html`],
  ["pages", "Topics are listed 100 at a time.", `${API}/API_ListTopics.html`],
  [
    "not-found",
    "The attributes of a topic that does not exist are NotFound.",
    `${API}/API_GetTopicAttributes.html`,
  ],
]);
