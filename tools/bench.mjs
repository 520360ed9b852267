#!/usr/bin/env node
// npm run bench [-- section … --size …]: see bench/run.ts.
import { bootstrap, buildIfStale, runTypeScript } from './bootstrap.mjs'

bootstrap()
for (const target of ['h5', 'weapp', 'admin']) buildIfStale(target)
await runTypeScript('bench/run.ts')
