#!/usr/bin/env node
// What a fresh clone lacks before the server can run: packages, database clients, the two apps it serves, the server as one file.
import { bootstrap, buildIfStale } from './bootstrap.mjs'
import { bundleServer } from './bundle.mjs'

bootstrap()
for (const app of ['h5', 'admin']) buildIfStale(app)
/** Where it is. */
export const server = await bundleServer()
