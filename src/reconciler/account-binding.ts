/**
 * In which AWS account a service lives. It is the one that it was first reconciled in, and remembered with the object:
 * in another one (a wrong profile, real AWS on the file of the simulated account) everything of it would seem to be
 * missing, and be built anew.
 */
import { accountInArn, accountText, type CallerAccount, isSameAccount } from "../model/account.ts";
import { addressFrom } from "../model/address.ts";
import { answerText, CloudError } from "../model/errors.ts";
import type { ObjectKey, WebService } from "../model/object.ts";
import { isRecent } from "../model/time.ts";
import type { Clock, CloudForRegion, Store } from "../ports.ts";
import type { Obstacle } from "./core/actions.ts";
import type { Observation } from "./core/observation.ts";
import type { Kind } from "./kinds/kind.ts";

const IDENTITY = "sts:GetCallerIdentity";
/** The credentials of a process change when they expire or somebody edits them, which is not between two passes. */
const ASKED_EVERY_MS = 300_000;

/** What a pass may do: everything, or nothing because it is not known where it is, or because it is elsewhere. */
export type AccountCheck =
  | { readonly is: "right"; readonly account: CallerAccount }
  | { readonly is: "unknown"; readonly reason: string }
  | { readonly is: "wrong"; readonly message: string };

type Answer = { readonly account: CallerAccount } | { readonly reason: string };

/** Asks AWS who is calling, once for each Region within some minutes. A refusal is asked again by the next pass. */
export class CallerAccounts {
  readonly #cloudFor: CloudForRegion;
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #known = new Map<string, { readonly account: CallerAccount; readonly askedAtMs: number }>();

  constructor(cloudFor: CloudForRegion, clock: Pick<Clock, "nowMs">) {
    this.#cloudFor = cloudFor;
    this.#clock = clock;
  }

  async of(region: string, signal: AbortSignal): Promise<Answer> {
    const known = this.#known.get(region);
    if (known !== undefined && isRecent(known.askedAtMs, ASKED_EVERY_MS, this.#clock.nowMs())) return known;
    try {
      const { Account: id, Arn = "" } = await this.#cloudFor(region).call(IDENTITY, {}, { signal });
      const [, partition] = Arn.split(":");
      if (id === undefined || !partition) return { reason: `${IDENTITY}: AWS's answer lacks the account` };
      const account = { id, partition };
      this.#known.set(region, { account, askedAtMs: this.#clock.nowMs() });
      return { account };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return { reason: answerText(error) };
    }
  }
}

/** Whether the account that the credentials lead to is the service's own; of a new one, every account is. */
export async function checkAccount(
  { store, accounts }: { readonly store: Store; readonly accounts: CallerAccounts },
  key: ObjectKey,
  region: string,
  signal: AbortSignal,
): Promise<AccountCheck> {
  const answer = await accounts.of(region, signal);
  if ("reason" in answer) return { is: "unknown", reason: answer.reason };
  const { account } = answer;
  const own = accountOf(store, key);
  if (own === undefined || isSameAccount(own, account)) return { is: "right", account };
  return {
    is: "wrong",
    message:
      `This service lives in account ${accountText(own)}, and the credentials in use are of account ` +
      `${accountText(account)}: nothing is read into its ledger, and nothing is written. Run with credentials of its ` +
      "account, or keep the services of another account in a database of their own.",
  };
}

/**
 * The account that a service lives in; undefined of one that has never been reconciled. Where an earlier Holdfast has
 * remembered none, the ARNs of what it has applied say it.
 */
export function accountOf(store: Store, key: ObjectKey): CallerAccount | undefined {
  const stored = store.accountOf(key);
  if (stored !== undefined) return stored;
  for (const { id = "" } of store.applied(key).values()) {
    const account = accountInArn(id);
    if (account !== undefined) return account;
  }
  return undefined;
}

/** Remembers the account before anything is done in it. */
export function rememberAccount(store: Store, { metadata }: WebService, check: AccountCheck): void {
  const { namespace, name, uid } = metadata;
  if (check.is !== "right" || store.accountOf({ namespace, name }) !== undefined) return;
  store.bindAccount({ namespace, name }, uid, check.account);
}

/** What is known of AWS where it is not the service's own, or nobody knows whose it is: nothing. */
export function unseen(kinds: readonly Kind[], reason: string): Observation {
  return {
    resources: [],
    unknownKinds: new Map(kinds.map((kind) => [kind.name, reason])),
    unreadable: [],
  };
}

export function wrongAccount(message: string): Obstacle {
  return { address: addressFrom("account"), reason: "WrongAccount", message };
}
