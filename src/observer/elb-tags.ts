/**
 * Tags of Elastic Load Balancing's resources. AWS describes those of twenty in one call, of whatever service: what is left
 * of a routine call is filled with those that were asked for longest ago.
 */
import { CloudError } from "../model/errors.ts";
import { ARNS_PER_TAG_CALL, keepNewest, LIMITS } from "../model/limits.ts";
import type { CallOptions, Output, ReadingCloud } from "../ports.ts";
import { type Answer, isWithin, type Want } from "./known-answers.ts";

const OPERATION = "elasticloadbalancing:DescribeTags";

type Description = NonNullable<Output<typeof OPERATION>["TagDescriptions"]>[number];

interface KnownTags {
  readonly description: Description;
  readonly askedAtMs: number;
}

export class ElbTags {
  readonly #cloud: ReadingCloud;
  readonly #nowMs: () => number;
  /** By ARN, in the order in which they were asked for. */
  readonly #known = new Map<string, KnownTags>();

  constructor(cloud: ReadingCloud, nowMs: () => number) {
    this.#cloud = cloud;
    this.#nowMs = nowMs;
  }

  /** As AWS would answer, of what is known and fresh enough and of what it is asked for. The answer is as old as its oldest. */
  async describe(arns: readonly string[], want: Want, options: CallOptions): Promise<Answer> {
    const isKnown = (arn: string) => {
      const known = this.#known.get(arn);
      return known !== undefined && isWithin(known.askedAtMs, want.notBeforeMs, this.#nowMs());
    };
    const known = arns.filter(isKnown).flatMap((arn) => this.#known.get(arn) ?? []);
    const missing = arns.filter((arn) => !isKnown(arn));
    if (missing.length === 0) return answerOf(known, known);
    const asked = await this.#ask(missing, want, options);
    const own = asked.filter(({ description }) => missing.includes(description.ResourceArn ?? ""));
    return answerOf([...known, ...own], [...known, ...asked]);
  }

  async #ask(arns: readonly string[], { urgency }: Want, options: CallOptions): Promise<KnownTags[]> {
    const along = urgency === "routine" ? this.#oldestBeside(arns) : [];
    try {
      return await this.#call([...arns, ...along], options);
    } catch (error) {
      // AWS refuses them all when one of them is gone.
      const isGone = error instanceof CloudError && error.category === "notFound";
      if (!isGone || along.length === 0) throw error;
      for (const arn of along) this.#known.delete(arn);
      return this.#call(arns, options);
    }
  }

  #oldestBeside(arns: readonly string[]): string[] {
    const oldest: string[] = [];
    for (const arn of this.#known.keys()) {
      if (arns.length + oldest.length >= ARNS_PER_TAG_CALL) break;
      if (!arns.includes(arn)) oldest.push(arn);
    }
    return oldest;
  }

  async #call(arns: readonly string[], options: CallOptions): Promise<KnownTags[]> {
    const askedAtMs = this.#nowMs();
    const { TagDescriptions = [] } = await this.#cloud.call(OPERATION, { ResourceArns: [...arns] }, options);
    const told = TagDescriptions.map((description) => ({ description, askedAtMs }));
    for (const one of told) this.#remember(one);
    return told;
  }

  #remember(one: KnownTags): void {
    const arn = one.description.ResourceArn;
    if (arn === undefined) return;
    const before = this.#known.get(arn);
    if (before !== undefined && isWithin(before.askedAtMs, one.askedAtMs + 1, this.#nowMs())) return;
    this.#known.delete(arn);
    this.#known.set(arn, one);
    keepNewest(this.#known, LIMITS.sharedAnswers);
  }
}

function answerOf(told: readonly KnownTags[], asked: readonly KnownTags[]): Answer {
  return {
    output: { TagDescriptions: told.map(({ description }) => description), $metadata: {} },
    askedAtMs: Math.min(...asked.map(({ askedAtMs }) => askedAtMs)),
  };
}
