import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Spread it into any client of the AWS SDK: `new ECRClient({ ...clientConfig({ url, account }) })`. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: () => Promise<Credentials>;
  /** moto answers an action that it does not know with a 500, which the SDK would otherwise try again. */
  readonly maxAttempts: number;
  /** Only S3 looks at it. */
  readonly forcePathStyle: boolean;
}

export interface AccountOptions {
  /** Of the moto server, or of a registry proxy before it. */
  readonly url: string;
  readonly account: string;
  readonly region?: string;
}

const DEFAULT_REGION = "ap-southeast-2";
const known = new Map<string, Promise<Credentials>>();

/** The configuration of a client that acts in this account of the moto server. */
export function clientConfig(options: AccountOptions): ClientConfig {
  const { url, account, region = DEFAULT_REGION } = options;
  return {
    region,
    endpoint: url,
    credentials: () => credentialsOf(url, account),
    maxAttempts: 1,
    forcePathStyle: true,
  };
}

/**
 * moto forgets its access keys when it is reset, and an unknown key silently acts in moto's default account. All go,
 * since a proxy's clients know the server by another URL.
 */
export function forgetCredentials(): void {
  known.clear();
}

function credentialsOf(url: string, account: string): Promise<Credentials> {
  const key = `${url} ${account}`;
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const fresh = assumeRole(url, account);
  known.set(key, fresh);
  fresh.catch(() => known.delete(key));
  return fresh;
}

/** moto takes the account of a caller from its access key; a role may be assumed that nobody created. */
async function assumeRole(url: string, account: string): Promise<Credentials> {
  const sts = new STSClient({
    region: "us-east-1",
    endpoint: url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  try {
    const { Credentials: issued } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account}:role/windlass-test`,
        RoleSessionName: "windlass-test",
      }),
    );
    if (issued?.AccessKeyId === undefined || issued.SecretAccessKey === undefined) {
      throw new Error(`moto gave no credentials for account ${account}`);
    }
    return {
      accessKeyId: issued.AccessKeyId,
      secretAccessKey: issued.SecretAccessKey,
      sessionToken: issued.SessionToken ?? "",
      // Already due, so that the SDK asks here before every request, also after a reset.
      expiration: new Date(0),
    };
  } finally {
    sts.destroy();
  }
}
