/** Calls that carry a client token. */
import { LIMITS } from "../../model/limits.ts";
import { AwsError } from "../account/aws-error.ts";

type Once = <I extends { ClientToken?: string | undefined }>(
  operation: string,
  run: (input: I) => object,
) => (input: I) => object;

/** ec2/client-token: the same token with the same parameters repeats the answer and does nothing. */
export function buildIdempotency(): Once {
  const answers = new Map<string, { parameters: string; output: object }>();
  return (operation, run) => (input) => {
    if (input.ClientToken === undefined) return run(input);
    const key = `${operation} ${input.ClientToken}`;
    const parameters = JSON.stringify(input);
    const earlier = answers.get(key);
    if (earlier !== undefined) {
      if (earlier.parameters === parameters) return earlier.output;
      throw new AwsError(
        "IdempotentParameterMismatch",
        "The request uses the same client token as a previous, but non-identical request.",
      );
    }
    const output = run(input);
    answers.set(key, { parameters, output });
    if (answers.size > LIMITS.simulatorClientTokens) answers.delete(answers.keys().next().value!);
    return output;
  };
}
