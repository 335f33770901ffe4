/** What the value of a setting may be: each reads a text, and says what is allowed where it cannot. */
import { type ManagerTag, managerTagsIn } from "../model/managed-by.ts";

export interface Address {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Its message says what is allowed. */
export class NotAllowed extends Error {}

export function oneOf<const T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) throw new NotAllowed(`it is one of ${values.join(", ")}`);
    return value;
  };
}

export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) throw new NotAllowed(`it is a number from ${least} to ${most}`);
    return number;
  };
}

export function wholeNumberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new NotAllowed(`it is a whole number from ${least} to ${most}`);
    }
    return number;
  };
}

export function dnsLabel(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) {
    throw new NotAllowed(
      "it is up to 63 small letters, digits and hyphens, with a letter or digit at both ends",
    );
  }
  return text;
}

export function managerTags(text: string): readonly ManagerTag[] {
  const tags = managerTagsIn(text);
  if (tags === undefined)
    throw new NotAllowed("it is manager=tag or manager=tag=value, with commas between them");
  return tags;
}

export function nonEmpty(text: string): string {
  return text;
}

export function address(text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65_535) {
    throw new NotAllowed("it is host:port, for example 127.0.0.1:8080 or [::1]:8080");
  }
  return { host, port };
}

/** The queue that AWS's events come to. */
export interface QueueUrl {
  readonly url: string;
  readonly name: string;
  readonly account: string;
  /** Absent where the URL does not say it, as of the simulated account. */
  readonly region: string | undefined;
}

/** docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
export function queueUrl(text: string): QueueUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, account, name] = /^\/(\d{12})\/([\w-]{1,80})$/.exec(url?.pathname ?? "") ?? [];
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url === undefined || !isWeb || !isPlain || account === undefined || name === undefined) {
    throw new NotAllowed(
      "it is the URL of a standard queue, for example https://sqs.eu-central-1.amazonaws.com/123456789012/holdfast-events",
    );
  }
  const region = url.hostname.split(".").find((label) => /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/.test(label));
  return { url: text, name, account, region };
}
