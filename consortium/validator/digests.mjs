// Prints the patch points with what they read like now: for whoever moves the launcher to another version of the client.

import { digest, POINTS } from "./points.mjs";

for (const [why, owner, method] of POINTS) console.log(`${owner.name}.${method} ${digest(owner.prototype[method])} ${why}`);
