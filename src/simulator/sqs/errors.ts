/** What SQS says no with. The codes are those of its Query protocol, which its JSON errors carry beside their own. */
import { AwsError } from "../account/aws-error.ts";

export function noSuchQueue(): AwsError {
  return new AwsError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
}

export function invalidValue(member: string, value: unknown, reason: string): AwsError {
  return new AwsError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${member} is invalid. Reason: ${reason}`,
  );
}

export function invalidHandle(handle: string | undefined): AwsError {
  return new AwsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not valid.`);
}

/** What SQS has and this account does not. */
export function unmodelled(what: string): AwsError {
  return new AwsError(
    "AWS.SimpleQueueService.UnsupportedOperation",
    `The simulated account does not model ${what}.`,
  );
}
