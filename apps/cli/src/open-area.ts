import { type AccountMapping, type Area, type AreaNames, areaNames, sliceForArea } from "@windlass/account-mapping";
import type { LedgerScope } from "@windlass/deployment";
import { createLedgerStore, type LedgerStore } from "@windlass/ledger-store";
import { type Asked, mendOf, toAccessError } from "./access-error.ts";
import type { AreaOptions } from "./area-options.ts";
import type { AwsClients } from "./aws-clients.ts";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { profileOf } from "./profile-of.ts";
import { requireArea } from "./require-name.ts";

/** An area with the person's own credentials in hand: they are of the mapping's account for it. */
export interface OpenArea {
  readonly name: string;
  readonly area: Area;
  /** The mapping cut down to the area. */
  readonly slice: AccountMapping;
  /** What everything in the account is called. */
  readonly names: AreaNames;
  readonly scope: LedgerScope;
  readonly caller: Caller;
  readonly clients: AwsClients;
  readonly store: LedgerStore;
  /** Awaits what asks AWS: what goes wrong comes as a `CliError` with a mend, where it is known. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

/** Who the person is, as AWS sees them. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** For people: the session of a role, which is the person for single sign-on, or a user's name. */
  readonly name: string;
}

export interface AreaToOpen {
  readonly mapping: AccountMapping;
  readonly name: string;
  readonly options: AreaOptions;
}

/**
 * Opens an area: the one place where clients for areas are made. Asks AWS whose the credentials are.
 *
 * Throws `CliError`: `unknown-area`, `no-credentials`, `sso-expired`, `credentials-rejected`, `wrong-account`,
 * `no-permission`, `aws-unreachable`.
 */
export async function openArea(world: CliWorld, { mapping, name, options }: AreaToOpen): Promise<OpenArea> {
  const { area } = requireArea(mapping, name);
  const profile = profileOf(name, { mapping, options, env: world.env });
  const asked = { area: name, account: area.account, region: area.region, profile };
  const attempt = <T>(work: () => Promise<T>) => attemptIn(asked, work);
  const clients = world.openAws({ region: area.region, profile });
  const caller = await attempt(() => identify(clients, asked));
  const names = areaNames(area);
  return {
    name,
    area,
    slice: sliceForArea(mapping, name),
    names,
    scope: { workload: mapping.workload, area: name, account: area.account },
    caller,
    clients,
    store: createLedgerStore({ client: await clients.s3(), bucket: names.stateBucket }),
    attempt,
  };
}

async function attemptIn<T>(asked: Asked, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toAccessError(error, asked);
  }
}

async function identify(clients: AwsClients, asked: Asked): Promise<Caller> {
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const { Account: account = "", Arn: arn = "" } = await (await clients.sts()).send(new GetCallerIdentityCommand({}));
  if (account === asked.account) return { account, arn, name: nameIn(arn) };
  throw new CliError({
    code: "wrong-account",
    message: "the credentials are of another account than the mapping's for this area",
    where: asked.profile === null ? asked.area : `${asked.area} (profile ${asked.profile})`,
    expected: asked.account,
    found: `${account} (${arn})`,
    hint: mendOf("wrong-account", asked),
  });
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, `arn:aws:iam::<account>:user/<path>/<name>`. */
function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
