import { AwsError } from "../account/aws-error.ts";
import type { Account } from "../account.ts";
import type { ServiceName } from "../services.ts";
import { documentInput } from "../wire/document-input.ts";
import { type SeedCall, SeedFault } from "./calls.ts";
import { BadReference, resolved } from "./values.ts";

/**
 * Makes the calls in the account, one after the other, in its time.
 * @throws SeedFault at the first that the account refuses, or that refers to what no answer has
 */
export async function runSeed(account: Account, calls: readonly SeedCall[]): Promise<void> {
  const answers = new Map<string, object>();
  for (const { number, call, input, as } of calls) {
    const [service, operation] = call.split(":") as [ServiceName, string];
    try {
      const typed = documentInput(service, operation, resolved(input, answers));
      const answer = await account.call(service, operation, typed, { userAgent: "seed-file" });
      if (as !== undefined) answers.set(as, answer);
    } catch (error) {
      throw new SeedFault(`call ${number}, ${call}: ${reasonOf(error)}`);
    }
  }
}

/** In one line, as every reason for not starting. @throws what is none of the file's fault */
function reasonOf(error: unknown): string {
  if (error instanceof BadReference) return error.message;
  if (!(error instanceof AwsError)) throw error;
  return `${error.code}: ${error.message.replaceAll(/\s+/g, " ")}`;
}
