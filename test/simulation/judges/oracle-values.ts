/** The comparable form of what a spec says and of what AWS answers, for the oracle alone. */
import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetGroupView } from "./account-view.ts";

export type Json = Record<string, unknown>;

export function wantedAction(action: Json, targetGroups: ReadonlyMap<string, TargetGroupView>): unknown {
  if (action.redirect !== undefined) {
    const { protocol, host, port, path, query, statusCode } = mapOf(action.redirect);
    return ["redirect", protocol, host, port, path, query, statusCode];
  }
  if (action.fixedResponse !== undefined) {
    const { statusCode, contentType, messageBody } = mapOf(action.fixedResponse);
    return ["fixed-response", statusCode, contentType, messageBody ?? ""];
  }
  const forward = mapOf(action.forward);
  const arn = (name: unknown) => targetGroups.get(String(name))?.it.TargetGroupArn;
  const many = listOf(forward.targetGroups).map(mapOf);
  const tuples =
    many.length > 0
      ? many.map((entry) => [arn(entry.targetGroup), entry.weight])
      : [[arn(forward.targetGroup), 1]];
  return ["forward", sorted(tuples.length === 1 ? tuples.map(([target]) => [target, 1]) : tuples)];
}

export function foundAction(actions: readonly Action[] | undefined): unknown {
  if (actions?.length !== 1) return ["several", actions];
  const [{ Type, RedirectConfig: to, FixedResponseConfig: fixed, ForwardConfig: forward, TargetGroupArn }] =
    actions as [Action];
  if (Type === "redirect")
    return [Type, to?.Protocol, to?.Host, to?.Port, to?.Path, to?.Query, to?.StatusCode];
  if (Type === "fixed-response")
    // Whoever leaves the type out gets the first of the documented ones.
    return [Type, fixed?.StatusCode, fixed?.ContentType ?? "text/plain", fixed?.MessageBody ?? ""];
  const tuples = forward?.TargetGroups ?? [{ TargetGroupArn }];
  return [
    Type,
    sorted(tuples.map((entry) => [entry.TargetGroupArn, tuples.length === 1 ? 1 : entry.Weight])),
  ];
}

export function wantedCondition(condition: Json): unknown {
  const [[kind, values]] = Object.entries(condition) as [[string, unknown]];
  if (kind === "httpHeader") {
    const header = mapOf(values);
    return ["http-header", header.name, sorted(header.values)];
  }
  if (kind === "queryString")
    return [
      "query-string",
      sorted(
        listOf(values)
          .map(mapOf)
          .map(({ key, value }) => `${key}=${value}`),
      ),
    ];
  return [kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), sorted(values)];
}

export function foundCondition(condition: RuleCondition): unknown {
  const { HttpHeaderConfig: header, QueryStringConfig: query } = condition;
  if (header !== undefined) return [condition.Field, header.HttpHeaderName, sorted(header.Values)];
  if (query !== undefined)
    return [condition.Field, sorted((query.Values ?? []).map(({ Key, Value }) => `${Key}=${Value}`))];
  const values =
    condition.PathPatternConfig?.Values ??
    condition.HostHeaderConfig?.Values ??
    condition.HttpRequestMethodConfig?.Values ??
    condition.SourceIpConfig?.Values ??
    condition.Values;
  return [condition.Field, sorted(values)];
}

export function stepsOf(steps: unknown): unknown {
  return listOf(steps)
    .map(mapOf)
    .map((item) => [item.metricIntervalLowerBound, item.metricIntervalUpperBound, item.scalingAdjustment]);
}

export function mapOf(value: unknown): Json {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Json) : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function sorted(value: unknown): string[] {
  return listOf(value).map(text).sort();
}

export function text(value: unknown): string {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${name}:${text(member)}`).join(",")}}`;
  }
  return Array.isArray(value) ? `[${value.map(text).join(",")}]` : String(value ?? "nothing");
}

/** Where what is kept is not what was written: a path, or nothing. What was not written may be filled in. */
export function lossIn(written: unknown, kept: unknown, path = "spec"): string | undefined {
  if (Array.isArray(written)) {
    const list = listOf(kept);
    if (list.length !== written.length) return path;
    return firstOf(written.map((item, index) => () => lossIn(item, list[index], `${path}[${index}]`)));
  }
  if (written !== null && typeof written === "object")
    return firstOf(
      Object.entries(written).map(
        ([name, value]) =>
          () =>
            lossIn(value, mapOf(kept)[name], `${path}.${name}`),
      ),
    );
  return text(written) === text(kept) ? undefined : path;
}

function firstOf(questions: readonly (() => string | undefined)[]): string | undefined {
  for (const ask of questions) {
    const answer = ask();
    if (answer !== undefined) return answer;
  }
  return undefined;
}
