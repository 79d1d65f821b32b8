/**
 * A program for a test to kill: serves the folder that it is given, and prints where.
 *
 * @module
 */

import { serveRegistry } from "../../lib/serve/serve.ts";

const registry = await serveRegistry({ dir: Deno.args[0]! });
await Deno.stdout.write(new TextEncoder().encode(registry.host));
await registry.finished;
