/**
 * What is wanted of a group while the content that the spec asks for is rejected: a rollout of it has failed, and it is not
 * tried again. Then what ran before is wanted, so that nothing of it is drift, and a way back is a difference like any
 * other; where nothing is to be brought back, what is there is wanted. See ADR 34. Pure.
 */
import type { Address } from "../../model/address.ts";
import { evidenceText, isRejected, type Rollout, versionText } from "../../model/ledger/rollout.ts";
import { namesAndMore } from "../../model/text/names-and-more.ts";
import { type Value, valuesEqual } from "../../model/value.ts";
import type { Obstacle } from "../core/actions.ts";
import type { KindNamed } from "../core/kind-rules.ts";
import { knows, type Observation } from "../core/observation.ts";
import type { DesiredResource, Fields, ObservedResource, TemplateVersion } from "../core/resource.ts";
import {
  isOfOthers,
  isSameVersion,
  rolledVersion,
  templateField,
  templateWanted,
} from "../core/rollout/wanted.ts";

interface State {
  readonly kindNamed: KindNamed;
  readonly observation: Observation;
  readonly desired: readonly DesiredResource[];
  readonly current: ReadonlyMap<Address, ObservedResource>;
  readonly rollouts: readonly Rollout[];
}

/** Who brings back what ran before when a rollout fails. */
type RolledBackBy = "AWS" | "Holdfast" | "nobody";

interface WithoutRejected {
  readonly desired: readonly DesiredResource[];
  readonly obstacles: readonly Obstacle[];
}

export function withoutRejected(state: State): WithoutRejected {
  const obstacles: Obstacle[] = [];
  const desired = state.desired.map((group) => {
    const field = templateField(state.kindNamed, group);
    if (field === undefined) return group;
    const now = state.current.get(group.address);
    const wanted = templateWanted(state, group);
    if (wanted === undefined) return group;
    const row = state.rollouts.find(
      (one) =>
        one.address === group.address &&
        one.digest === wanted.digest &&
        isRejected(one) &&
        (now?.fleet === undefined || !isOfOthers(one, now.fleet, wanted)),
    );
    if (now === undefined) {
      const before = row && lastGood(state.rollouts, row);
      if (row === undefined || !isKept(before, wanted)) return group;
      const fields = { ...group.fields, [field]: { id: before.id, version: before.version } };
      return { ...group, fields: withPolicyOf(state.kindNamed, { ...group, fields }, row, before.policy) };
    }
    if (now.fleet === undefined) return group;
    const by = rolledBackBy(state.kindNamed, group, now, wanted);
    const from = row && lastGood(state.rollouts, row);
    // The spec may have gone back by itself to what ran before. Where that is not what runs, there is nothing to go back to.
    const isWhatRanBefore = isSameVersion(wanted.version, from);
    if (row === undefined || (isWhatRanBefore && valuesEqual(now.fields[field], versionIn(from))))
      return { ...group, settings: { ...group.settings, rolledBackBy: by } };
    const named = now.fleet.template;
    const isLost = (version: Rollout["from"]) => isGone(state.observation, row, wanted, version);
    const lost = [from, named].find((one) => one !== undefined && isLost(one));
    obstacles.push(
      lost === undefined
        ? obstacleOf({ ...row, ...(from === undefined ? {} : { from }) }, by)
        : lostOf(row, from, isSameVersion(lost, named)),
    );
    const isToGoBack = by !== "nobody" && row.state !== "RollbackFailed" && !isWhatRanBefore && !isLost(from);
    const launchTemplate = (isToGoBack ? versionIn(from) : undefined) ?? now.fields[field];
    const fields = { ...group.fields, ...(launchTemplate === undefined ? {} : { [field]: launchTemplate }) };
    return {
      ...group,
      fields: withPolicyOf(
        state.kindNamed,
        { ...group, fields },
        row,
        by === "nobody" ? now.fleet.policy : from?.policy,
      ),
      settings: { ...group.settings, rolledBackBy: by, isGoingBack: true },
    };
  });
  return { desired, obstacles };
}

/** As a group names it. */
function versionIn(version: Rollout["from"]): Value | undefined {
  return version && { id: version.id, version: version.version };
}

/**
 * What the failed rollout brought along goes with it: each field has what it had before, as long as the spec says of it what
 * failed. An edit of it since is written.
 */
function withPolicyOf(
  kindNamed: KindNamed,
  { kind, fields }: DesiredResource,
  { to }: Rollout,
  policy: Fields | undefined,
): Fields {
  const { rolledAlong } = kindNamed(kind);
  const entries = Object.entries(fields).flatMap(([field, value]): [string, Value][] => {
    const failed = to.policy?.[field];
    if (rolledAlong?.isOne(field) !== true || failed === undefined || !valuesEqual(failed, value as Value))
      return [[field, value as Value]];
    const before = policy?.[field];
    return before === undefined ? [] : [[field, before]];
  });
  return Object.fromEntries(entries);
}

/** What is to run instead: what ran before it, or what was brought to the instances since. */
function lastGood(rollouts: readonly Rollout[], row: Rollout): Rollout["from"] {
  const since = rollouts.findLast(
    (one) =>
      one.address === row.address &&
      one.state === "Succeeded" &&
      (one.endedAtMs ?? one.begunAtMs) > (row.endedAtMs ?? row.begunAtMs),
  );
  return since?.to ?? row.from;
}

/**
 * Whether somebody has deleted a version, or its template: another one stands in its place. A template of another name is
 * another matter, and stays where a group names it.
 */
function isGone(
  observation: Observation,
  row: Rollout,
  { template }: NonNullable<ReturnType<typeof templateWanted>>,
  version: TemplateVersion | undefined,
): boolean {
  if (version === undefined || template === undefined || version.id !== row.to.id) return false;
  if (!knows(observation, template.kind)) return false;
  const found = observation.resources.find(({ kind, id }) => kind === template.kind && id === version.id);
  if (found === undefined) return true;
  const { versions = [] } = found.templateVersions ?? {};
  return versions.length > 0 && !versions.some(({ number }) => String(number) === version.version);
}

/** Whether a group that is made anew can begin with it. */
function isKept(
  before: Rollout["from"],
  { template }: NonNullable<ReturnType<typeof templateWanted>>,
): before is NonNullable<Rollout["from"]> {
  const { id, templateVersions: { versions = [] } = {} } = template ?? {};
  return (
    before !== undefined &&
    before.id === id &&
    versions.some(({ number }) => String(number) === before.version)
  );
}

/** EC2 looks such an image up at each launch: what a version stood for before is not known any more. */
const LOOKED_UP = "resolve:ssm:";

/**
 * AWS goes back to a numbered version only, to no image that each launch looks up, and not where types are chosen by their
 * attributes (docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html and
 * …/instance-refresh-overview.html, instance-refresh-limitations).
 */
function rolledBackBy(
  kindNamed: KindNamed,
  { kind, fields, settings = {} }: DesiredResource,
  { fleet }: ObservedResource,
  { version: to, template }: NonNullable<ReturnType<typeof templateWanted>>,
): RolledBackBy {
  if (settings.autoRollback !== true || fleet?.template === undefined) return "nobody";
  const from = rolledVersion(fleet.template, template);
  const isLookedUp = [from, to].some((one) => one?.imageId?.startsWith(LOOKED_UP) === true);
  const { rolledAlong } = kindNamed(kind);
  const isUndone = [fields as Fields, fleet.policy ?? {}].every(
    (policy) => rolledAlong?.isUndoneByAws(policy) !== false,
  );
  return isLookedUp || fleet.alias !== undefined || !isUndone ? "Holdfast" : "AWS";
}

/** @param isNamed the group names what is gone, and does not run anything else */
function lostOf({ address, to, reason }: Rollout, from: Rollout["from"], isNamed: boolean): Obstacle {
  const before =
    from === undefined ? "What ran before" : `${versionText(from)} of ${from.id}, which ran before,`;
  const launches = isNamed ? `: until then AWS launches no instance for ${address}` : "";
  const said = reason === undefined ? "" : ` (AWS says: ${reason.replace(/\.$/, "")})`;
  return {
    address,
    reason: "LaunchTemplateGone",
    message:
      `Somebody has deleted ${before} and ${versionText(to)}, which the spec asks for, has failed${said}. ` +
      "Post the spec with the launch template as it was, or with one that works, and it is rolled out" +
      `${launches}. Or give the annotation holdfast.dev/rollout-requested-at a new value, and the same is tried again.`,
  };
}

/** How many sentences of what was seen are told. */
const TOLD = 3;

function obstacleOf(row: Rollout, by: RolledBackBy): Obstacle {
  const { address, generation, from, to, reason, evidence = [], state } = row;
  const whose = generation === undefined ? "The rollout" : `The rollout of generation ${generation}`;
  const before = from === undefined ? "what ran before" : versionText(from);
  const said = reason === undefined ? "" : ` AWS says: ${reason.replace(/\.$/, "")}.`;
  const seen =
    evidence.length === 0
      ? ""
      : ` ${namesAndMore(
          evidence.map((one) => evidenceText(one)),
          TOLD,
        )}.`;
  const again =
    " It is not tried again, whatever else is edited, until the launch template in the spec changes or the annotation " +
    "holdfast.dev/rollout-requested-at has a new value.";
  const message = (end: string) =>
    `${whose} to ${address}, with ${versionText(to)}, has failed${end}.${said}${seen}${again}`;
  if (isSameVersion(from, to))
    return {
      address,
      reason: "InstanceRefreshFailed",
      message: message(": it ran before, and there is nothing else to go back to"),
    };
  switch (state) {
    case "RolledBack":
      return { address, reason: "RolloutRolledBack", message: message(`, and ${before} runs again`) };
    case "RollbackFailed":
      return {
        address,
        reason: "RollbackFailed",
        message: message(`, and ${before} could not be brought back either`),
      };
    default:
      return by === "nobody"
        ? {
            address,
            reason: "InstanceRefreshFailed",
            message: message(", and nothing is brought back, as the spec says (autoRollback)"),
          }
        : { address, reason: "RollingBack", message: message(`, and ${before} is brought back`) };
  }
}
