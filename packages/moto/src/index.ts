export { type ClientConfig, clientConfig } from "./client-config.ts";
export { type RegistryProxy, registryProxy } from "./registry-proxy.ts";
export { type Moto, type RunningMoto, type StartOptions, startMoto, type UnavailableMoto } from "./start-moto.ts";
