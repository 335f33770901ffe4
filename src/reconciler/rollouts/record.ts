/** The rows of rollouts: written before a refresh is begun, and after a read has shown what became of it. */
import { recoveredIn, rolloutEvidence } from "../../health/rollout.ts";
import type { Address } from "../../model/address.ts";
import type { TierFacts } from "../../model/health.ts";
import { type Evidence, isRejected, type Rollout } from "../../model/ledger/rollout.ts";
import { LIMITS } from "../../model/limits.ts";
import type { ObjectKey } from "../../model/object.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Input, Store } from "../../ports.ts";
import type { Call, Doable } from "../core/actions.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import type { DesiredResource, Fields, ObservedResource, TemplateVersion } from "../core/resource.ts";
import { isSameVersion, rolledVersion, templateWanted, withPolicy } from "../core/rollout/wanted.ts";
import type { Pass, PassDependencies } from "../pass.ts";

/** Generation of the spec that asked for it, and what was seen of its instances so far. */
export type RememberedRollout = Pick<Rollout, "generation"> & { readonly evidence: readonly Evidence[] };

const START = "autoscaling:StartInstanceRefresh";
const UPDATE = "autoscaling:UpdateAutoScalingGroup";

/** What the read of a pass has shown, in one commit with everything else that it has. */
export function rememberRollouts(store: Store, { service, decisionInput }: Pass): void {
  const known = store.rollouts(service.key);
  for (const row of decisionInput.rollouts ?? [])
    if (!known.some((one) => isSameRow(one, row))) store.putRollout(service.key, row);
}

function isSameRow(one: Rollout, other: Rollout): boolean {
  return one === other || valuesEqual(one as unknown as Value, other as unknown as Value);
}

/**
 * Before a call that brings a group to a version is sent: forward a row of its own, back the row of what has failed. A group
 * without instances is brought there without a refresh: what is gone back to later is that version, all the same.
 */
export function rememberBegun(
  { store, clock }: Pick<PassDependencies, "store" | "clock">,
  { object, service, decisionInput }: Pick<Pass, "object" | "service" | "decisionInput">,
  current: ReadonlyMap<Address, ObservedResource>,
  { address }: Doable,
  call: Call,
): void {
  const to = versionIn(call);
  const group = decisionInput.desired.find((one) => one.address === address);
  const now = current.get(address);
  if (to === undefined || group === undefined || now?.fleet === undefined) return;
  const { kindNamed, desired } = decisionInput;
  const wanted = templateWanted({ kindNamed, desired, current }, group);
  if (wanted === undefined) return;
  const row = store
    .rollouts(service.key)
    .find((one) => one.address === address && one.digest === wanted.digest);
  const { template: from, refresh, policy } = now.fleet;
  // AWS is not asked for refreshes where all runs what it did: then the last one that is known is the one before.
  const newest = refresh?.id ?? row?.refreshId ?? row?.refreshBefore;
  const before = newest === undefined ? {} : { refreshBefore: newest };
  if (call.goesBack === true && row !== undefined && isRejected(row)) {
    const { refreshId: _forward, ...failed } = row;
    store.putRollout(service.key, { ...failed, state: "RollingBack", isBack: true, ...before });
    return;
  }
  const begun: Rollout = {
    address,
    digest: wanted.digest,
    state: "Running",
    generation: object.metadata.generation,
    begunAtMs: clock.nowMs(),
    ...(from === undefined ? {} : { from: withPolicy(rolledVersion(from, wanted.template), policy) }),
    to: withPolicy(wanted.version ?? { ...to, digest: wanted.digest }, policyWanted(kindNamed, group)),
    ...before,
    ...(row?.askedBy === undefined ? {} : { askedBy: row.askedBy }),
  };
  if (!isSameVersion(begun.to, to)) return;
  // What is named by its number now, or is rejected and runs already, is brought to nobody.
  const isRejectedStill = row !== undefined && isRejected(row);
  if (call.operation === UPDATE && (isRejectedStill || isSameVersion(from, to))) return;
  store.putRollout(service.key, begun);
}

/** Address of a group → what is remembered of the rollout that was begun last. */
export function rememberedOf(rows: readonly Rollout[]): ReadonlyMap<string, RememberedRollout> {
  const begun = rows.filter(({ generation }) => generation !== undefined);
  return new Map(
    begun.map(({ address, generation, state, evidence = [] }) => [
      address as string,
      {
        ...(generation === undefined ? {} : { generation }),
        evidence: state === "Running" ? evidence : [],
      },
    ]),
  );
}

/** What is seen of the new instances while they fail: when the refresh is over, they are gone. What was seen before is kept. */
export function rememberEvidence(store: Store, service: ObjectKey, facts: TierFacts): void {
  for (const group of facts.groups ?? []) {
    const seen = rolloutEvidence(group, facts);
    const row = store
      .rollouts(service)
      .findLast(({ address, state }) => address === group.key && state === "Running");
    if (row === undefined) continue;
    const known = without(row.evidence ?? [], recoveredIn(group, facts));
    const evidence = merged(known, seen);
    const { evidence: _before, ...rest } = row;
    const next = evidence.length === 0 ? rest : { ...rest, evidence };
    if (!isSameRow(row, next)) store.putRollout(service, next);
  }
}

function without(known: readonly Evidence[], recovered: ReadonlySet<string>): Evidence[] {
  return known.flatMap(({ why, instances }) => {
    const left = instances.filter((id) => !recovered.has(id));
    return left.length === 0 && instances.length > 0 ? [] : [{ why, instances: left }];
  });
}

function merged(known: readonly Evidence[], seen: readonly Evidence[]): readonly Evidence[] {
  const all = Map.groupBy([...known, ...seen], ({ why }) => why);
  return [...all].slice(0, LIMITS.rolloutEvidence).map(([why, same]) => ({
    why,
    instances: [...new Set(same.flatMap(({ instances }) => instances))].slice(0, LIMITS.behindShown),
  }));
}

/** What the spec says beside the template. */
function policyWanted(kindNamed: KindNamed, { kind, fields }: DesiredResource): Fields {
  const { rolledAlong } = kindNamed(kind);
  return Object.fromEntries(
    Object.entries(fields).filter(([field]) => rolledAlong?.isOne(field) === true),
  ) as Fields;
}

/** The version that a call brings to a group; `undefined` of a call that brings none. */
function versionIn({
  operation,
  input,
  settles = [],
  undoneBy,
  goesBack,
}: Call): TemplateVersion | undefined {
  const isBringing = settles.length > 0 || undoneBy !== undefined || goesBack === true;
  const { LaunchTemplate, MixedInstancesPolicy } =
    operation === START
      ? ((input as Input<typeof START>).DesiredConfiguration ?? {})
      : operation === UPDATE && isBringing
        ? (input as Input<typeof UPDATE>)
        : {};
  const named = LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  const { LaunchTemplateId: id, Version: version } = named ?? {};
  return id === undefined || version === undefined ? undefined : { id, version };
}
