/** What the lookups of a spec stand for: asked of AWS before a spec is stored, and never by a pass. */
import { accountText, isSameAccount } from "../model/account.ts";
import { CloudError, type Fault, InvalidSpecError, UnreadLookupError } from "../model/errors.ts";
import { isSameLookup, type ResolvedLookup } from "../model/lookups.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import { iso } from "../model/time.ts";
import { isRecord } from "../model/value.ts";
import { accountOf } from "./account-binding.ts";
import { ownerOf } from "./core/names.ts";
import { admit } from "./kinds/admission.ts";
import { answerTo, type LookupGround } from "./kinds/lookups/answers.ts";
import type { Choice } from "./kinds/lookups/choices.ts";
import { type Lookup, lookupsIn } from "./kinds/lookups/places.ts";
import { webServiceSpecSchema } from "./kinds/web-service.ts";
import { readingOnly } from "./narrow-clouds.ts";
import { readerOf } from "./observe.ts";
import type { PassDependencies } from "./pass.ts";

export type LookupDependencies = Pick<
  PassDependencies,
  "store" | "cloudFor" | "accounts" | "clock" | "installation"
>;

/** A spec that was admitted, and is about to be stored. */
export interface SpecToResolve {
  readonly key: ObjectKey;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly previous: WebService | undefined;
  /** Whether what is known already is asked for again. */
  readonly isRequested: boolean;
}

/** A lookup, and what AWS says of it. */
export interface Answered {
  readonly lookup: Lookup;
  readonly within: string;
  readonly choice: Choice | UnreadLookupError;
  /** What it stands for already; AWS was not asked. */
  readonly known?: ResolvedLookup;
}

/**
 * What the lookups of a spec stand for; a lookup that the stored revision has as well keeps what it stands for there, unless
 * it is requested anew. Nothing is read for a spec without one.
 * @throws InvalidSpecError when one finds nothing or more than one thing, or what they find makes no possible spec;
 *   UnreadLookupError when AWS could not be asked
 */
export async function resolveLookups(
  deps: LookupDependencies,
  { key, spec, previous, isRequested }: SpecToResolve,
  signal: AbortSignal,
): Promise<readonly ResolvedLookup[]> {
  const lookups = lookupsIn(webServiceSpecSchema, spec);
  if (lookups.length === 0) return [];
  const stored = previous === undefined ? [] : deps.store.lookups(previous.metadata);
  const answers = await askAll(deps, { key, spec, kept: isRequested ? [] : stored }, signal);
  const faults = answers.flatMap(faultIn);
  if (faults.length > 0) throw new InvalidSpecError(faults);
  const unread = answers.find(({ choice }) => choice instanceof UnreadLookupError);
  if (unread !== undefined) throw unread.choice;
  const resolvedAt = iso(deps.clock.nowMs());
  const resolved = answers.map((answer) => resolvedOf(answer, resolvedAt));
  admit(spec, previous, { key, owner: ownerOf(deps.installation, key), stored, resolved });
  return resolved;
}

/** What a lookup has been found to stand for. */
function resolvedOf({ lookup, within, choice, known }: Answered, resolvedAt: string): ResolvedLookup {
  if (known !== undefined) return { ...known, path: lookup.path };
  if (choice instanceof UnreadLookupError || "fault" in choice)
    throw new Error(`${lookup.path} was not found`);
  const { path, kind, asked } = lookup;
  return { path, kind, asked: { ...asked }, within, ...choice, resolvedAt };
}

function knownIn(
  stored: readonly ResolvedLookup[],
  lookup: Lookup,
  within: string,
): ResolvedLookup | undefined {
  return stored.find(
    (one) => one.within === within && isSameLookup(one, { ...lookup, asked: { ...lookup.asked } }),
  );
}

function faultIn({ lookup: { path }, choice }: Answered): Fault[] {
  if (choice instanceof UnreadLookupError || !("fault" in choice)) return [];
  return [{ path, message: choice.fault, reason: "FieldValueNotFound" }];
}

interface Asking {
  readonly key: ObjectKey;
  readonly spec: Readonly<Record<string, unknown>>;
  /** What is known of lookups that are not asked again. */
  readonly kept: readonly ResolvedLookup[];
}

/** Asks for all lookups of a spec: the VPC first, in which the others are looked for. Never throws a `CloudError`. */
export async function askAll(
  deps: LookupDependencies,
  { key, spec, kept }: Asking,
  signal: AbortSignal,
): Promise<Answered[]> {
  const region = String(spec.region);
  const lookups = lookupsIn(webServiceSpecSchema, spec);
  const reader = readerOf(readingOnly(deps.cloudFor(region)), () => deps.clock.nowMs(), signal);
  const ground = { reader, region, isOfLoadBalancer: (path: string) => isOfLoadBalancer(spec, path) };
  // Asked only where something else is: who pauses a service need not wait for AWS.
  let asking: ReturnType<typeof accountFor> | undefined;
  const ask = async (lookup: Lookup, vpcId: string): Promise<Answered> => {
    const within = IN_VPC.includes(lookup.kind) ? `${region}/${vpcId}` : region;
    const known = knownIn(kept, lookup, within);
    if (known !== undefined) return { lookup, within, choice: known, known };
    asking ??= accountFor(deps, key, region, signal);
    const account = await asking;
    if (typeof account === "string") {
      return { lookup, within, choice: new UnreadLookupError(lookup.path, account, false) };
    }
    return { lookup, within, choice: await tried(lookup, { ...ground, account, vpcId }) };
  };
  const ofVpc = lookups.find(({ kind }) => kind === "vpc");
  const vpc = ofVpc === undefined ? undefined : await ask(ofVpc, "");
  const others = lookups.filter((lookup) => lookup !== ofVpc);
  const vpcId = vpc === undefined ? String(spec.vpcId) : foundIn(vpc);
  const answers = await Promise.all(
    others
      .filter(({ kind }) => vpcId !== undefined || !IN_VPC.includes(kind))
      .map((lookup) => ask(lookup, vpcId ?? "")),
  );
  return vpc === undefined ? answers : [vpc, ...answers];
}

const IN_VPC: readonly string[] = ["subnets", "securityGroups"];

function foundIn({ choice }: Answered): string | undefined {
  return choice instanceof UnreadLookupError || "fault" in choice ? undefined : String(choice.value);
}

/** The load balancer takes the subnets of the spec, unless it has its own. */
function isOfLoadBalancer({ loadBalancer }: Readonly<Record<string, unknown>>, path: string): boolean {
  if (path === "spec.loadBalancer.subnetIds") return true;
  const hasOwn = isRecord(loadBalancer) && ("subnetIds" in loadBalancer || "subnetMappings" in loadBalancer);
  return path === "spec.subnetIds" && !hasOwn;
}

async function tried(lookup: Lookup, ground: LookupGround): Promise<Choice | UnreadLookupError> {
  try {
    return await answerTo(lookup, ground);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const { operation, code, category, message } = error;
    const isWorthRepeating = category === "throttled" || category === "transient";
    const reason = `${operation} answered ${code} (${category}): ${message}`;
    return new UnreadLookupError(lookup.path, reason, isWorthRepeating, error);
  }
}

/** In which account AWS is asked; or why it must not be. */
async function accountFor(
  { store, accounts }: LookupDependencies,
  key: ObjectKey,
  region: string,
  signal: AbortSignal,
) {
  const answer = await accounts.of(region, signal);
  if ("reason" in answer) return answer.reason;
  const own = accountOf(store, key);
  if (own === undefined || isSameAccount(own, answer.account)) return answer.account;
  return `the service lives in account ${accountText(own)}, and the credentials in use are of account ${accountText(answer.account)}`;
}
