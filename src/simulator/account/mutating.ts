/** Whether a call asks for a change, which AWS's operations say by their names: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function isMutating(operation: string): boolean {
  return !/^(Describe|Get|List|Lookup|Receive|Test)/.test(operation);
}
