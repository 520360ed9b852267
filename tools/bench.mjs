#!/usr/bin/env node
// npm run bench [-- section … --size …]: see bench/run.ts.
import { bootstrap, buildIfStale, runTypeScript } from './bootstrap.mjs'

bootstrap()
const sections = process.argv.slice(2).filter((one) => /^[a-z]+$/.test(one))
if (sections.length === 0 || sections.includes('start'))
  for (const target of ['h5', 'weapp', 'admin']) buildIfStale(target)
await runTypeScript('bench/run.ts')
