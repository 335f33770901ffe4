/** EventBridge: rules on the default bus that send what services tell to queues. */
import type * as eb from "@aws-sdk/client-eventbridge";
import { AwsError } from "../account/aws-error.ts";
import type { AccountContext } from "../account/context.ts";
import { pageOf } from "../account/paging.ts";
import type { Troubles } from "../account/troubles.ts";
import type { EventsPart, Parts, Service } from "../services.ts";
import { type BusState, busPart, type Rule, type RuleState } from "./bus.ts";
import { matches, parsePattern } from "./pattern.ts";

const BUS = "default";
/** events/quotas */
const MOST_RULES = 300;
const MOST_TARGETS = 5;
const MOST_TAGS = 50;
const PAGE = 100;
const STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

export function buildEvents(context: AccountContext, parts: Parts, troubles: Troubles): Service<EventsPart> {
  const state: BusState = { context, parts, troubles, rules: new Map(), onTheWay: 0 };
  return {
    operations: { ...ruleOperations(state), ...targetOperations(state), ...tagOperations(state) },
    part: busPart(state),
  };
}

function ruleOperations(state: BusState) {
  return {
    PutRule(input: eb.PutRuleRequest): eb.PutRuleResponse {
      checkBus(input.EventBusName);
      const { Name: name = "", State = "ENABLED", EventPattern: text } = input;
      if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw invalid("Parameter(s) Name not valid.");
      if (!STATES.includes(State)) throw invalid("Parameter(s) State not valid.");
      if (input.ScheduleExpression) throw invalid("The simulated account does not model scheduled rules.");
      if (!text) throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
      const pattern = parsePattern(text);
      const present = state.rules.get(name);
      if (present === undefined && state.rules.size >= MOST_RULES) {
        throw new AwsError(
          "LimitExceededException",
          "The requested resource exceeds the maximum number allowed.",
        );
      }
      // What is left out is not kept; targets and tags are. events/put-overwrites
      const rule: Rule = {
        name,
        arn: arnOf(state, name),
        pattern,
        patternText: text,
        state: State as RuleState,
        description: input.Description,
        targets: present?.targets ?? new Map(),
        tags: present?.tags ?? new Map(),
      };
      if (present === undefined) setTags(rule, input.Tags ?? []);
      state.rules.set(name, rule);
      return { RuleArn: rule.arn };
    },
    DescribeRule(input: eb.DescribeRuleRequest): eb.DescribeRuleResponse {
      const rule = ruleNamed(state, input.Name, input.EventBusName);
      return { ...shown(rule), CreatedBy: state.context.accountId };
    },
    ListRules(input: eb.ListRulesRequest): eb.ListRulesResponse {
      checkBus(input.EventBusName);
      const rules = [...state.rules.values()]
        .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = paged(rules, ({ name }) => name, input);
      return { Rules: page.items.map(shown), NextToken: page.next };
    },
    EnableRule(input: eb.EnableRuleRequest): object {
      ruleNamed(state, input.Name, input.EventBusName).state = "ENABLED";
      return {};
    },
    DisableRule(input: eb.DisableRuleRequest): object {
      ruleNamed(state, input.Name, input.EventBusName).state = "DISABLED";
      return {};
    },
    // events/delete-rule
    DeleteRule(input: eb.DeleteRuleRequest): object {
      checkBus(input.EventBusName);
      const rule = state.rules.get(input.Name ?? "");
      if (rule !== undefined && rule.targets.size > 0) {
        throw invalid("Rule can't be deleted since it has targets.");
      }
      state.rules.delete(input.Name ?? "");
      return {};
    },
    TestEventPattern(input: eb.TestEventPatternRequest): eb.TestEventPatternResponse {
      let event: unknown;
      try {
        event = JSON.parse(input.Event ?? "");
      } catch {
        throw invalid("Parameter Event is not valid.");
      }
      return { Result: matches(parsePattern(input.EventPattern ?? ""), event) };
    },
  };
}

function targetOperations(state: BusState) {
  return {
    PutTargets(input: eb.PutTargetsRequest): eb.PutTargetsResponse {
      const rule = ruleNamed(state, input.Rule, input.EventBusName);
      const targets = input.Targets ?? [];
      for (const target of targets) checkTarget(target);
      const ids = new Set([...rule.targets.keys(), ...targets.map(({ Id }) => Id ?? "")]);
      if (ids.size > MOST_TARGETS) {
        throw new AwsError(
          "LimitExceededException",
          "The requested resource exceeds the maximum number allowed.",
        );
      }
      for (const target of targets) rule.targets.set(target.Id ?? "", target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets(input: eb.RemoveTargetsRequest): eb.RemoveTargetsResponse {
      const rule = ruleNamed(state, input.Rule, input.EventBusName);
      for (const id of input.Ids ?? []) rule.targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule(input: eb.ListTargetsByRuleRequest): eb.ListTargetsByRuleResponse {
      const rule = ruleNamed(state, input.Rule, input.EventBusName);
      const page = paged([...rule.targets.values()], ({ Id }) => Id ?? "", input);
      return { Targets: [...page.items], NextToken: page.next };
    },
    ListRuleNamesByTarget(input: eb.ListRuleNamesByTargetRequest): eb.ListRuleNamesByTargetResponse {
      checkBus(input.EventBusName);
      const names = [...state.rules.values()]
        .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
        .map(({ name }) => name)
        .sort();
      const page = paged(names, (name) => name, input);
      return { RuleNames: [...page.items], NextToken: page.next };
    },
  };
}

function tagOperations(state: BusState) {
  return {
    TagResource(input: eb.TagResourceRequest): object {
      setTags(ruleByArn(state, input.ResourceARN), input.Tags ?? []);
      return {};
    },
    UntagResource(input: eb.UntagResourceRequest): object {
      const rule = ruleByArn(state, input.ResourceARN);
      for (const key of input.TagKeys ?? []) rule.tags.delete(key);
      return {};
    },
    ListTagsForResource(input: eb.ListTagsForResourceRequest): eb.ListTagsForResourceResponse {
      return { Tags: [...ruleByArn(state, input.ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function checkTarget(target: eb.Target): void {
  if (!/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+$/.test(target.Arn ?? "")) {
    throw invalid("The simulated account delivers to standard queues of SQS only.");
  }
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(target.Id ?? "")) throw invalid("Parameter(s) Id not valid.");
  const { Id: _id, Arn: _arn, Input: _input, ...others } = target;
  const [other] = Object.keys(others).filter((name) => others[name as keyof typeof others] !== undefined);
  if (other !== undefined) throw invalid(`The simulated account does not model ${other} of a target.`);
}

function paged<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { NextToken: token, Limit: size = PAGE }: { NextToken?: string | undefined; Limit?: number | undefined },
) {
  if (size < 1 || size > PAGE) throw invalid(`Limit must be between 1 and ${PAGE}.`);
  return pageOf(items, keyOf, { token, size }, "ValidationException");
}

function shown(rule: Rule): eb.Rule {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.patternText,
    State: rule.state,
    ...(rule.description !== undefined && { Description: rule.description }),
    EventBusName: BUS,
  };
}

function setTags(rule: Rule, tags: readonly eb.Tag[]): void {
  if (new Set([...rule.tags.keys(), ...tags.map(({ Key }) => Key ?? "")]).size > MOST_TAGS) {
    throw invalid(`A rule has at most ${MOST_TAGS} tags.`);
  }
  for (const { Key = "", Value = "" } of tags) rule.tags.set(Key, Value);
}

function ruleNamed(state: BusState, name: string | undefined, bus: string | undefined): Rule {
  checkBus(bus);
  const rule = state.rules.get(name ?? "");
  if (rule === undefined) throw notFound(`Rule ${name} does not exist on EventBus ${BUS}.`);
  return rule;
}

function ruleByArn(state: BusState, arn: string | undefined): Rule {
  const rule = [...state.rules.values()].find((one) => one.arn === arn);
  if (rule === undefined) throw notFound(`Resource ${arn} does not exist.`);
  return rule;
}

/** By name or ARN; the account has no other. */
function checkBus(bus: string | undefined): void {
  if (bus === undefined || bus === BUS || bus.endsWith(`:event-bus/${BUS}`)) return;
  throw notFound(`Event bus ${bus} does not exist.`);
}

function arnOf({ context }: BusState, name: string): string {
  return `arn:aws:events:${context.region}:${context.accountId}:rule/${name}`;
}

function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
