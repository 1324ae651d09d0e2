import type { STSClientConfig } from "@aws-sdk/client-sts";

/** What the AWS clients get beside what the configuration says: other credentials, another transport. */
export type ClientOverrides = Pick<STSClientConfig, "credentials" | "requestHandler" | "maxAttempts">;

/** What every AWS client of the function is made with. */
export type ClientSettings = ClientOverrides & Pick<STSClientConfig, "endpoint" | "region">;
