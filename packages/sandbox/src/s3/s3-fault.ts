import { AwsFault, type AwsFaultOptions } from "../core/service.ts";

export interface S3FaultOptions extends AwsFaultOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that may carry headers, as S3's do. Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class S3Fault extends AwsFault {
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, options: S3FaultOptions = {}) {
    super(code, message, options);
    this.headers = options.headers ?? {};
  }
}

export function noSuchBucket(name: string): S3Fault {
  const extra = { BucketName: name };
  return new S3Fault("NoSuchBucket", "The specified bucket does not exist", { status: 404, extra });
}

export function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): S3Fault {
  return new S3Fault("NoSuchKey", "The specified key does not exist.", { status: 404, extra: { Key: key }, headers });
}

export function noSuchUpload(id: string): S3Fault {
  const message =
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
  return new S3Fault("NoSuchUpload", message, { status: 404, extra: { UploadId: id } });
}

export function accessDenied(): S3Fault {
  return new S3Fault("AccessDenied", "Access Denied", { status: 403 });
}

export function preconditionFailed(condition: string): S3Fault {
  const message = "At least one of the pre-conditions you specified did not hold";
  return new S3Fault("PreconditionFailed", message, { status: 412, extra: { Condition: condition } });
}

export function conflict(key: string): S3Fault {
  const message = "The conditional request cannot succeed due to a conflicting operation against this resource.";
  return new S3Fault("ConditionalRequestConflict", message, { status: 409, extra: { Key: key } });
}

export function invalidArgument(message: string, name: string, value: string): S3Fault {
  return new S3Fault("InvalidArgument", message, { extra: { ArgumentName: name, ArgumentValue: value } });
}

export function invalidRequest(message: string): S3Fault {
  return new S3Fault("InvalidRequest", message);
}

export function malformedXml(): S3Fault {
  const message = "The XML you provided was not well-formed or did not validate against our published schema";
  return new S3Fault("MalformedXML", message);
}

/** S3 answers so to what it does not have, and the sandbox to what it does not have of S3. */
export function notImplemented(what: string): S3Fault {
  const message = `A header you provided implies functionality that is not implemented: ${what}`;
  return new S3Fault("NotImplemented", message, { status: 501 });
}
