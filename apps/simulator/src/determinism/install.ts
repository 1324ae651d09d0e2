/** Imported first, for what it does: everything that is loaded after it finds the simulation's time. */
import { installVirtualGlobals } from "./virtual-globals.ts";

installVirtualGlobals();
